"""Says what has become of a handout, and what to do with it."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from grader.handout import page
from grader.handout.contents import Contents
from grader.handout.target import Laid

__all__ = ["told"]

_MOST = 10


def told(folder: Path, made: Contents, laid: Laid, along: Sequence[str]) -> list[str]:
    """Return lines for whoever has asked for the handout.

    Args:
        folder: where it lies.
        made: what it holds.
        laid: what became of each file.
        along: the exercises that are there because a capstone uses them.
    """
    size = sum(map(len, made.files.values())) / 1e6
    counted = page.counted(len(made.exercises), len(set(made.exercises.values())))
    lines = [
        f"{folder}: the learner's repository, without solutions.",
        f"{counted}, {made.points} points; {len(made.files) + 1} files, {size:.1f} MB.",
    ]
    if laid.same or laid.kept or laid.removed:
        lines.append(f"{len(laid.written)} files written, {len(laid.same)} were the same, {len(laid.removed)} removed.")
    lines += _listed("Left alone, for somebody has changed it", laid.kept)
    lines += [f"Came along, for capstones use them: {', '.join(along)}."] if along else []
    return [*lines, "", "Next:", *_next(folder)]


def _listed(head: str, names: Sequence[str]) -> list[str]:
    more = [f"{head}: {len(names) - _MOST} more"] if len(names) > _MOST else []
    return [f"{head}: {name}" for name in names[:_MOST]] + more


def _next(folder: Path) -> list[str]:
    there = shlex.quote(str(folder))
    return [
        f"  make -C {there} grade     what a learner sees first",
        f"  git -C {there} init       if it has no history yet; the one of this repository holds the solutions",
        "  Push it as a template repository, or zip it. GitHub Classroom finds its workflow in it.",
    ]
