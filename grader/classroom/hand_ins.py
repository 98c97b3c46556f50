"""Finds what was handed in: folders, archives, git clones, downloads of Canvas and Moodle, or the rows of a table.

anna/, ben.zip, cleo.tar.gz          a folder or an archive each, called like the student
muellermax_LATE_1234_5678_work.zip   as Canvas names what it downloads; single .py files as well
Max Müller_1234_assignsubmission_file_/ or ..._file_work.zip   as Moodle does
submissions.csv                      columns `path` and `id`, and any other of a roster's
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.classroom import ClassError
from grader.classroom.git import last_commit
from grader.classroom.lateness import moment
from grader.classroom.record import Student
from grader.classroom.roster import Enrolled, Roster, read_table
from grader.messages import say, say_count

__all__ = ["HandIn", "assigned", "find", "passed_over"]

_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.(gz|bz2|xz)|tbz2|txz)$", re.IGNORECASE)
_MOODLE = re.compile(r"^(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(file|onlinetext)_?(?P<file>.*)$", re.IGNORECASE)
# Canvas makes one word of a name, and takes every character out of it that is no letter or digit.
_CANVAS = re.compile(r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file_number>\d+)_(?P<file>.+)$")
_AGAIN = re.compile(r"-\d+(?=\.py$)")  # Canvas numbers what a student hands in once more
# What students take for archives as well: theirs all the same, and what is wrong with it is said to them.
_FOREIGN = re.compile(r"\.(rar|7z|gz|ipynb)$", re.IGNORECASE)
_JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class HandIn:
    """One thing that was handed in.

    Attributes:
        name: what it is called, for messages.
        called: what its student may be called, the most telling first.
        alone: the student's id where there is no roster.
        path: the folder or archive; for single files the folder that they lie in.
        files: single files, each by the name that the student gave it and its path.
        when: when it was handed in, None where that is not known.
        faults: what is odd about it, sentences for the teacher.
    """

    name: str
    called: tuple[str, ...]
    alone: str
    path: Path
    files: tuple[tuple[str, Path], ...] = ()
    when: datetime | None = None
    faults: tuple[str, ...] = ()


def find(path: Path) -> list[HandIn]:
    """Return all that was handed in, by name.

    Raises:
        ClassError: there is nothing, or it cannot be read.
    """
    if path.is_file() and path.suffix.lower() in (".csv", ".tsv"):
        return [_of_row(path, number, row) for number, row in read_table(path)]
    if not path.is_dir():
        what = say("{path} is not there.", path=path)
        if _ARCHIVE.search(path.name):
            what = say("{path} is one archive: unpack it first.", path=path)
        needed = say("A folder with one folder or archive for each student is needed, or a CSV file.")
        raise ClassError(f"{what} {needed}")
    try:
        names = sorted(os.listdir(path))
    except OSError as fault:
        raise ClassError(say("{path} cannot be read: {why}.", path=path, why=fault.strerror)) from fault
    found = [one for name in names for one in [_of_entry(path / name)] if one is not None]
    if not found:
        raise ClassError(
            say("{path} holds no folder, no archive and no Python file: nothing was handed in there.", path=path)
        )
    return _joined(found)


def passed_over(path: Path) -> list[str]:
    """Return the names of what lies among submissions and is nobody's: neither folder nor archive."""
    if not path.is_dir():
        return []
    names = [name for name in sorted(os.listdir(path)) if not name.startswith(".") and name not in _JUNK]
    return [name for name in names if _of_entry(path / name) is None]


def _of_row(table: Path, number: int, cells: Mapping[str, str]) -> HandIn:
    if not cells.get("path"):
        raise ClassError(
            say(
                "{file}, line {line}: there is no path. "
                "A column `path` is needed, with a folder or archive in every row.",
                file=table.name,
                line=number,
            )
        )
    path = table.parent / cells["path"]
    called = tuple(cells[header] for header in ("id", "student id", "student", "email", "name") if cells.get(header))
    try:
        when = moment(cells.get("handed in", ""))
    except ValueError as fault:
        raise ClassError(say("{file}, line {line}: {why}.", file=table.name, line=number, why=fault)) from None
    missing = say("{path} is not there ({file}, line {line})", path=cells["path"], file=table.name, line=number)
    faults = () if path.exists() else (missing,)
    called = called or (path.name,)
    return HandIn(cells["path"], called, called[0], path, when=when or _commit_time(path), faults=faults)


def _of_entry(path: Path) -> HandIn | None:
    """Return what one name in the folder stands for; None for what nobody has handed in."""
    name = path.name
    if name.startswith(".") or name in _JUNK:
        return None
    if moodle := _MOODLE.match(name):
        return _of_moodle(path, moodle)
    if path.is_dir():  # also by a link, which is the teacher's own here
        return HandIn(name, (name,), name, path, when=_commit_time(path))
    python = name.endswith(".py")
    if not python and not _ARCHIVE.search(name) and not _FOREIGN.search(name):
        return None
    if canvas := _CANVAS.match(name):
        late = (say("Canvas says that it is late; how late is not in its name"),) if canvas["late"] else ()
        whose, alone = (canvas["number"], canvas["name"]), f"{canvas['name']}_{canvas['number']}"
        files = ((_AGAIN.sub("", canvas["file"]), path),) if python else ()
        return HandIn(name, whose, alone, path.parent if python else path, files, faults=late)
    if python:
        return None
    called = _FOREIGN.sub("", _ARCHIVE.sub("", name))
    return HandIn(name, (called,), called, path)


def _of_moodle(path: Path, found: re.Match[str]) -> HandIn | None:
    whose = (f"Participant {found['number']}", found["number"], found["name"])
    alone = f"{found['name']}_{found['number']}"
    if path.is_dir():
        inside = sorted(one for one in path.iterdir() if _ARCHIVE.search(one.name))
        # One archive in the folder is the submission; files beside it would be its author's own affair.
        return HandIn(path.name, whose, alone, inside[0] if len(inside) == 1 else path)
    if path.name.endswith(".py"):
        return HandIn(path.name, whose, alone, path.parent, ((found["file"], path),))
    return HandIn(path.name, whose, alone, path) if _ARCHIVE.search(path.name) else None


def _joined(found: Sequence[HandIn]) -> list[HandIn]:
    """Join the single files of one student to one submission."""
    whole = [one for one in found if not one.files]
    single: dict[tuple[str, ...], list[HandIn]] = {}
    for one in found:
        if one.files:
            single.setdefault(one.called, []).append(one)
    for parts in single.values():
        files = tuple(file for one in parts for file in one.files)
        faults = tuple(dict.fromkeys(fault for one in parts for fault in one.faults))
        name, more = parts[0].name, len(parts) - 1
        if more:
            name = say_count(more, "{name} and {number} more", "{name} and {number} more", name=name)
        whole.append(replace(parts[0], name=name, files=files, faults=faults))
    return sorted(whole, key=lambda one: one.name)


def _commit_time(path: Path) -> datetime | None:
    return last_commit(path) if (path / ".git").is_dir() else None


# --- whose it is ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assigned:
    """A student, and the one thing that counts of what they have handed in; None where that is nothing."""

    enrolled: Enrolled
    hand_in: HandIn | None
    faults: tuple[str, ...] = ()
    unclear: str = ""  # why nobody can tell which of several things counts


def assigned(found: Sequence[HandIn], roster: Roster | None) -> list[Assigned]:
    """Return every student with what they handed in, in the order of the roster; who is in none comes last, by name."""
    by_student: dict[str, list[HandIn]] = {}
    known = {one.student.id: one for one in (roster.enrolled if roster else ())}
    for one in found:
        whose = roster.whose(one.called) if roster else ()
        if len(whose) == 1:
            by_student.setdefault(whose[0].student.id, []).append(one)
            continue
        stranger = Enrolled(Student(one.alone, one.alone), frozenset())
        if roster:
            words = say("it is in no line of the roster")
            if whose:
                words = say_count(
                    len(whose),
                    "it may be of {number} student of the roster",
                    "it may be of {number} students of the roster",
                )
            one = replace(one, faults=(*one.faults, words))
        known.setdefault(stranger.student.id, stranger)
        by_student.setdefault(stranger.student.id, []).append(one)
    return [_counting(known[student], by_student.get(student, [])) for student in known]


def _counting(enrolled: Enrolled, handed: Sequence[HandIn]) -> Assigned:
    """Choose what counts: the latest, where times tell."""
    if len(handed) <= 1:
        return Assigned(enrolled, handed[0] if handed else None)
    names = ", ".join(one.name for one in handed)
    times = [one.when for one in handed]
    if None in times or len(set(times)) < len(times):
        unclear = say_count(
            len(handed),
            "there is {number} submission, and nobody knows whether it counts: {names}",
            "there are {number} submissions, and nobody knows which counts: {names}",
            names=names,
        )
        return Assigned(enrolled, None, unclear=unclear)
    latest = max(handed, key=lambda one: one.when or datetime.min)
    counts = say_count(
        len(handed),
        "of {number} submission the latest counts, {latest}: {names}",
        "of {number} submissions the latest counts, {latest}: {names}",
        latest=latest.name,
        names=names,
    )
    return Assigned(enrolled, latest, (counts,))
