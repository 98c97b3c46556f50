"""Hints, one step further each time; how far somebody is stands in `.grader/hints.json`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.library import write
from grader.messages import say, say_count

__all__ = ["following", "seen", "told"]


def following(root: Path, name: str, texts: Sequence[str]) -> tuple[int, Sequence[str]]:
    """Return how many of the hints to show now, one more than the last time, and the hints."""
    number = min(seen(root, name) + 1, len(texts))
    write(root / ".grader" / "hints.json", json.dumps({**_kept(root), name: number}).encode())
    return number, texts


def told(number: int, texts: Sequence[str]) -> list[str]:
    """Return the first hints as lines, and how many more there are."""
    lines = [
        say("Hint {step} of {all}: {text}", step=step, all=len(texts), text=text)
        for step, text in enumerate(texts[:number], start=1)
    ]
    rest = len(texts) - number
    more = say_count(rest, "There is {number} more.", "There are {number} more.") if rest else ""
    return [*lines, more or say("That was the last one.")]


def seen(root: Path, name: str) -> int:
    """Return how many hints for an exercise have been shown."""
    number = _kept(root).get(name, 0)
    return max(number, 0) if type(number) is int else 0


def _kept(root: Path) -> dict[str, Any]:
    try:
        kept = json.loads((root / ".grader" / "hints.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}
