"""Hints, one step further each time; how far somebody is stands in `.grader/hints.json`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.library import write
from grader.messages import say, say_count

__all__ = ["following", "opened", "told"]


def following(root: Path, name: str, texts: Sequence[str]) -> tuple[Sequence[str], int]:
    """Open one hint more than the last time; return those that are open, and how many are left."""
    number = min(_seen(root, name) + 1, len(texts))
    write(root / ".grader" / "hints.json", json.dumps({**_kept(root), name: number}).encode())
    return texts[:number], len(texts) - number


def opened(root: Path, name: str, texts: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the hints of an exercise that are open, and how many are left."""
    number = min(_seen(root, name), len(texts))
    return texts[:number], len(texts) - number


def told(shown: Sequence[str], left: int) -> list[str]:
    """Return the hints that are open, a sentence each, and then how many are left."""
    number = len(shown) + left
    lines = [
        say("Hint {step} of {all}: {text}", step=step, all=number, text=hint) for step, hint in enumerate(shown, 1)
    ]
    more = say_count(left, "There is {number} more.", "There are {number} more.") if left else ""
    return [*lines, more or say("That was the last one.")]


def _seen(root: Path, name: str) -> int:
    number = _kept(root).get(name, 0)
    return max(number, 0) if type(number) is int else 0


def _kept(root: Path) -> dict[str, Any]:
    try:
        kept = json.loads((root / ".grader" / "hints.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}
