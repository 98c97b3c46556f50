"""Fills in the texts of a handout."""

import re
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["classroom", "counted", "filled", "quoted", "topics"]

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


def classroom(points: Mapping[str, int]) -> dict[str, str]:
    """Return what a workflow of GitHub Classroom has to say about each exercise: `steps`, `results` and `runners`.

    The reporter looks for the result of a step in a variable named for its id, and takes letters and digits only.

    Args:
        points: what each exercise is worth.
    """
    ids = _ids(points)
    results = [f"          {ids[name].upper()}_RESULTS: ${{{{steps.{ids[name]}.outputs.result}}}}" for name in points]
    return {
        "steps": "\n".join(_STEP.format(name=name, id=ids[name], points=points[name]) for name in points),
        "results": "\n".join(results),
        "runners": ",".join(ids.values()),
    }


_STEP = """\
      - name: {name}
        id: {id}
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: {name}
          command: .venv/bin/python -m grader grade {name} --finished
          timeout: 10
          max-score: {points}"""


def _ids(names: Iterable[str]) -> dict[str, str]:
    """Return for each exercise a name of letters and digits that no other has, in whatever case."""
    found: dict[str, str] = {}
    for name in names:
        plain = "exercise" + re.sub(r"[^a-z0-9]", "", name.lower())
        while plain in found.values():
            plain += "x"
        found[name] = plain
    return found
