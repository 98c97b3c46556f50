"""Fills in the texts of a handout."""

import re
from collections.abc import Mapping, Sequence

__all__ = ["counted", "filled", "quoted", "topics"]

_GAP = re.compile(r"\{\{(\w+)\}\}")


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with every `{{fact}}` in it replaced; what else stands in braces is the text's own."""
    return _GAP.sub(lambda gap: facts[gap[1]], text)


def quoted(lines: Sequence[str]) -> str:
    """Return the entries of a list of strings in TOML, one a line."""
    return "".join(f'    "{line}",\n' for line in lines).rstrip("\n")


def counted(exercises: int, topics: int) -> str:
    """Return how many exercises there are, in how many topics."""
    return f"{_number(exercises, 'exercise')} in {_number(topics, 'topic')}"


def _number(many: int, what: str) -> str:
    return f"{many} {what}{'s' * (many != 1)}"


def topics(titles: Mapping[str, str], exercises: Mapping[str, str]) -> str:
    """Return a table of the topics: each with its lesson, its title and how many exercises there are.

    Args:
        titles: the title of each topic.
        exercises: the topic of each exercise.
    """
    lines = ["| topic | exercises | lesson |", "|---|---|---|"]
    for topic, title in titles.items():
        many = sum(one == topic for one in exercises.values())
        lines.append(f"| {topic.split('_')[0]} | {many} | [{title}](assignments/{topic}/README.md) |")
    return "\n".join(lines)
