"""Lists a folder, for instance a git working tree, and follows no link in it."""

import os
import stat
from functools import partial
from pathlib import Path

from grader.intake.entry import MOST, Contents
from grader.messages import say
from grader.outcome import Failed
from grader.sandbox import source

__all__ = ["contents", "kind"]

# The longest expected name lies in two folders, and one more may be around all of them.
_DEEPEST = 4


def contents(root: Path) -> Contents:
    """Return what lies in the folder, hidden folders apart, as far down as anything can be expected."""
    found = Contents()
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        folder = waiting.pop()
        try:
            names = sorted(os.listdir(root.joinpath(*folder)))
        except OSError as fault:
            name = "/".join((root.name, *folder))
            why = say("the folder {folder} cannot be read: {why}", folder=name, why=fault.strerror)
            found.broken = Failed("setup", why)
            continue
        for name in names:
            if len(found.entries) >= MOST:
                found.broken = source.failed(
                    say("there are more than {most:,} files. Hand in the course's own alone.", most=MOST)
                )
                return found
            here = (*folder, name)
            what = kind(root.joinpath(*here))
            if what == "folder" and len(here) < _DEEPEST and not name.startswith("."):
                waiting.append(here)
            found.add("/".join(here), what, partial(source.read, root.joinpath(*here), root=root))
    return found


def kind(path: Path) -> str:
    """Return what lies at a path, "file", "folder", "link" or "other", without following a link."""
    try:
        about = os.lstat(path)
    except OSError:
        return "other"
    if source.leads_elsewhere(about):
        return "link"
    if stat.S_ISDIR(about.st_mode):
        return "folder"
    return "file" if stat.S_ISREG(about.st_mode) else "other"
