"""Finds the exercises in what was handed in, by the names that they have in the course and no others."""

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from grader import handed
from grader.intake import archive, folder
from grader.intake.entry import Contents, Entry, folded, parts
from grader.messages import say, say_count
from grader.outcome import Failed
from grader.sandbox import source

__all__ = ["Submission", "ends", "take", "take_files"]

# What systems leave in archives and folders.
_JUNK = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
_MOST_LINES = 200
_LISTED = tuple(handed.LISTED.split("/"))
_Index = Mapping[tuple[str, ...], Sequence[Entry]]


@dataclass(frozen=True)
class Submission:
    """One learner's files.

    Attributes:
        files: for every expected exercise its text, or the failure that every call to it will meet.
        ignored: names of files that nobody expects, and of those that another one has taken the place of. What came
            with the course is neither.
        faults: sentences for the teacher, about the whole and about names that lead out of it.
    """

    files: Mapping[str, str | Failed]
    ignored: tuple[str, ...]
    faults: tuple[str, ...]


def take(path: Path, expected: Mapping[str, str], known: Set[tuple[str, ...]] = frozenset()) -> Submission:
    """Return what was handed in.

    A file is looked for under its whole name, then without `assignments/`, then by its last name alone; one folder
    around everything is looked through. What cannot be read for a reason of ours is a failure of kind "setup".

    Args:
        path: a folder, a git working tree, a zip archive, or a tar archive.
        expected: by exercise, where its file lies in the course, such as "assignments/04_topic/name.py".
        known: what else lies there, and is nothing to speak of, as `ends` gives it.
    """
    last = {folded(tuple(name.split("/")))[-1] for name in expected.values()}

    def wanted(name: str) -> bool:
        found = parts(name) or ("",)
        return folded(found)[-1] in last or found[-1] == _LISTED[-1]

    found = folder.contents(path) if os.path.isdir(path) else archive.contents(path, wanted)
    return _submission(found, expected, known)


def ends(names: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return the names under which files are found: whole, without `assignments/`, and by their last name alone."""
    whole = [folded(tuple(name.split("/"))) for name in names]
    return frozenset(name[begin:] for name in whole for begin in range(len(name)))


def take_files(files: Sequence[tuple[str, Path]], expected: Mapping[str, str]) -> Submission:
    """Return what was handed in as single files.

    Args:
        files: each by the name that the student gave it, and where it lies.
        expected: as for `take`.
    """
    found = Contents()
    for name, path in files:
        found.add(name, folder.kind(path), partial(source.read, path))
    return _submission(found, expected, frozenset())


def _submission(found: Contents, expected: Mapping[str, str], known: Set[tuple[str, ...]]) -> Submission:
    useful = [entry for entry in found.entries if not _junk(entry)]
    index = _indexed(useful)
    files: dict[str, str | Failed] = {}
    taken: set[int] = set()
    for exercise, name in expected.items():
        here, end = _matching(index, tuple(name.split("/")))
        taken |= {id(entry) for entry in here}
        missing = found.broken or source.failed(say("there is no file {file} in what was handed in.", file=name))
        files[exercise] = _text(here, end) if here else _behind_a_link(index, name) or missing
    handed_out = {folded(name) for name in _handed_out(index)}
    last = {folded(tuple(name.split("/")))[-1] for name in expected.values()}  # of which a second one is to be named
    own = [name for name in index if name in handed_out or (name in known and name[-1] not in last)]
    taken |= {id(entry) for name in own for entry in index[name]}
    ignored = sorted(entry.name for entry in useful if entry.kind != "folder" and id(entry) not in taken)
    faults = [*([found.broken.message] if found.broken else []), *found.faults]
    return Submission(MappingProxyType(files), _some(ignored), _some(faults))


def _handed_out(index: _Index) -> Iterable[tuple[str, ...]]:
    """Return the names of what came with a handout, as its own list among the files says; nothing is done with them."""
    for entry in index.get(_LISTED, ())[:1]:
        text = entry.content(entry.name) if entry.kind == "file" else ""
        with contextlib.suppress(handed.HandedError):
            return [_LISTED, *(tuple(name.split("/")) for name in handed.listed(str(text)).files)]
    return ()


def _junk(entry: Entry) -> bool:
    return any(part.startswith(".") or part.endswith(".egg-info") or part in _JUNK for part in entry.parts)


def _indexed(entries: Iterable[Entry]) -> _Index:
    """Return the entries by their folded names, without the one folder that is around all others."""
    entries = list(entries)
    tops = {entry.parts[0] for entry in entries if len(entry.parts) > 1 or entry.kind == "folder"}
    index: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        inside = len(tops) == 1 and len(entry.parts) > 1
        index.setdefault(folded(entry.parts[int(inside) :]), []).append(entry)
    return index


def _matching(index: _Index, name: tuple[str, ...]) -> tuple[Sequence[Entry], tuple[str, ...]]:
    """Return what lies under the name, or else under the longest end of it under which anything lies; and that end."""
    for begin in range(len(name)):
        if found := index.get(folded(name[begin:])):
            return found, name[begin:]
    return (), name


def _text(found: Sequence[Entry], wanted: tuple[str, ...]) -> str | Failed:
    first = found[0]
    if len(found) > 1:
        names = sorted({entry.name for entry in found})
        if len(names) == 1:
            return source.failed(
                say_count(
                    len(found),
                    "{file} is there {number} time, and nobody knows which one counts.",
                    "{file} is there {number} times, and nobody knows which one counts.",
                    file=first.name,
                )
            )
        return source.failed(
            say("These are one file on many systems: {files}. Keep one of them.", files=", ".join(names[:3]))
        )
    if first.parts[-len(wanted) :] != wanted:
        return source.failed(
            say(
                "{file} should end in {end}, in these small and capital letters.",
                file=first.name,
                end="/".join(wanted),
            )
        )
    if first.kind == "link":
        return source.failed(
            say("{file} is a link to another place. Hand in the file itself: links are not followed.", file=first.name)
        )
    if first.kind == "folder":
        return source.failed(say("{folder} is a folder, where a Python file is expected.", folder=first.name))
    if first.kind == "other":
        return source.failed(say("{file} is not a regular file.", file=first.name))
    return first.content(first.name)


def _behind_a_link(index: _Index, name: str) -> Failed | None:
    """Say so where a folder that should hold the file is a link."""
    whole = tuple(name.split("/"))
    for begin in range(len(whole)):
        for end in range(begin + 1, len(whole)):
            for entry in index.get(folded(whole[begin:end]), ()):
                if entry.kind == "link":
                    return source.failed(
                        say(
                            "{folder} is a link to another place. Hand in the folder itself: links are not followed.",
                            folder=entry.name,
                        )
                    )
    return None


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    left = len(lines) - _MOST_LINES
    if left <= 0:
        return tuple(lines)
    return (*lines[:_MOST_LINES], say_count(left, "... and {number:,} more", "... and {number:,} more"))
