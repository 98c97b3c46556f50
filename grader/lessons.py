"""Reads a topic's lesson: its parts by their headings, and what it asks to explain and to play with.

A lesson is `assignments/<topic>/README.md`, Markdown that people write. Two forms are relied on: headings, and under
`## Explain and play` one item for each exercise, `- **name.** Explain why ... Play: ...`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Lesson", "of_topic", "parse"]

_HEADING = re.compile(r"(#{1,6}) +(.+?) *#*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_ITEM = re.compile(r"^- \*\*(\w+)\.\*\*\s+(.*?)(?=\n- \*\*|\Z)", re.DOTALL | re.MULTILINE)
_ASKS = "Explain and play"


@dataclass(frozen=True)
class Lesson:
    """One topic's lesson.

    Attributes:
        title: its first heading; "" where there is none.
        parts: by heading, the Markdown below it, deeper headings included.
        explain: by exercise, what to explain once it works; a sentence.
        play: by exercise, what to try out.
    """

    title: str
    parts: Mapping[str, str]
    explain: Mapping[str, str]
    play: Mapping[str, str]


def of_topic(root: Path, topic: str) -> Lesson:
    """Return the lesson of a topic; an empty one where it is missing or cannot be read."""
    try:
        return parse((root / "assignments" / topic / "README.md").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return parse("")


def parse(text: str) -> Lesson:
    """Return the lesson that a Markdown text holds."""
    lines = text.split("\n")
    headings = _headings(lines)
    parts: dict[str, str] = {}
    for number, (line, depth, heading) in enumerate(headings):
        end = next((after for after, other, _ in headings[number + 1 :] if other <= depth), len(lines))
        parts.setdefault(heading, "\n".join(lines[line + 1 : end]).strip())
    asked = {name: " ".join(words.split()) for name, words in _ITEM.findall(parts.get(_ASKS, ""))}
    split = {name: words.partition(" Play: ") for name, words in asked.items()}
    return Lesson(
        title=next((heading for _, depth, heading in headings if depth == 1), ""),
        parts=parts,
        explain={name: explain for name, (explain, _, _) in split.items()},
        play={name: play for name, (_, _, play) in split.items() if play},
    )


def _headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """Return line, depth and words of every heading; what stands in a fence is none."""
    found, fence = [], ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence[0] * len(line.strip()) and len(mark[1]) >= len(fence):
            fence = ""
        elif not fence and (heading := _HEADING.fullmatch(line)):
            found.append((number, len(heading[1]), heading[2]))
    return found
