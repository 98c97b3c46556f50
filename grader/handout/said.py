"""Says what has become of a handout, and what to do with it."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from grader.handout.contents import Contents
from grader.handout.target import Laid
from grader.messages import say, say_count

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
    lines = [
        say("{folder}: the learner's repository, without solutions.", folder=folder),
        ", ".join(_counts(made)) + ".",
    ]
    if laid.same or laid.kept or laid.removed:
        written = say_count(len(laid.written), "{number} file written", "{number} files written")
        same = say_count(len(laid.same), "{number} was the same", "{number} were the same")
        removed = say_count(len(laid.removed), "{number} removed", "{number} removed")
        lines.append(f"{written}, {same}, {removed}.")
    lines += [say("Left alone, for somebody has changed it: {file}", file=file) for file in laid.kept[:_MOST]]
    if left := len(laid.kept[_MOST:]):
        more = say_count(
            left,
            "Left alone, for somebody has changed it: {number} more",
            "Left alone, for somebody has changed them: {number} more",
        )
        lines.append(more)
    if along:
        lines.append(say("Came along, for capstones use them: {names}.", names=", ".join(along)))
    return [*lines, "", say("Next:"), *_next(folder)]


def _counts(made: Contents) -> list[str]:
    size = sum(map(len, made.files.values())) / 1e6
    return [
        say_count(len(made.exercises), "{number} exercise", "{number} exercises"),
        say_count(len(set(made.exercises.values())), "{number} topic", "{number} topics"),
        say_count(made.points, "{number} point", "{number} points"),
        say_count(len(made.files) + 1, "{number} file", "{number} files"),
        say("{size:.1f} MB", size=size),
    ]


def _next(folder: Path) -> list[str]:
    there = shlex.quote(str(folder))
    return [
        "  " + say("make -C {folder} grade     what a learner sees first", folder=there),
        "  "
        + say(
            "git -C {folder} init       if it has no history yet; the one of this repository holds the solutions",
            folder=there,
        ),
        "  " + say("Push it as a template repository, or zip it. GitHub Classroom finds its workflow in it."),
    ]
