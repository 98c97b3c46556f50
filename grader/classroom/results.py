"""Writes what a class gets: gradebook, a record and a feedback page for every student, and the teacher's overview.

All of it is made from the journal and what was handed in, one student at a time, so that it is the same however the
run went, and needs no more memory for a large class than for a small one. A file is written whole or not at all.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import IO

from grader.classroom import ClassError, gradebook
from grader.classroom.record import Record, document
from grader.messages import say

__all__ = ["file_name", "put", "whole", "written"]

_PARTS = ("records", "feedback")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")


def written(
    folder: Path, names: Sequence[str], found: Iterable[tuple[Record, float]], page: Callable[[Record], str]
) -> Iterator[tuple[Record, float]]:
    """Write all that is made student by student, and hand on what it is made of.

    Args:
        folder: where.
        names: the exercises, in the order of the gradebook's columns.
        found: of all students the record, and how many seconds grading took.
        page: makes a student's feedback page.

    Raises:
        ClassError: something cannot be written.
    """
    try:
        for part in _PARTS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        names_now = set()
        with whole(folder / "gradebook.csv") as book:
            book.write(("\ufeff" + gradebook.head(names)).encode())
            for record, seconds in found:
                name = file_name(record.student.id)
                names_now.add(name)
                put(folder / "records" / f"{name}.json", document(record))
                put(folder / "feedback" / f"{name}.html", page(record))
                book.write(gradebook.line(record).encode())
                yield record, seconds
        _put_aside(folder, names_now)
    except OSError as fault:
        where = fault.filename or folder
        raise ClassError(
            say(
                "{file} cannot be written: {why}. What is graded is kept; run it again.",
                file=where,
                why=fault.strerror,
            )
        ) from fault


def _put_aside(folder: Path, names: Set[str]) -> None:
    """Move what is about nobody in this run out of the way of those who read all there is: an earlier run, with another
    roster, has known other students."""
    for part in _PARTS:
        for file in (folder / part).iterdir():
            if file.stem not in names:
                (folder / "former" / part).mkdir(parents=True, exist_ok=True)
                file.replace(folder / "former" / part / file.name)


def file_name(student: str) -> str:
    """Return the name, without ending, of all files about a student: safe everywhere, and another one for every id."""
    if _PLAIN.fullmatch(student) and not student.endswith("."):
        return student
    readable = re.sub(r"[^a-z0-9]+", "-", student.casefold()).strip("-")[:40]
    # `~` is in no id that stands for itself, so that no other id comes to this name.
    return f"{readable or 'student'}~{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def put(file: Path, text: str) -> None:
    """Write a file whole, unless it holds the same already."""
    data = text.encode()
    with contextlib.suppress(OSError):
        if file.read_bytes() == data:
            return
    with whole(file) as stream:
        stream.write(data)


@contextlib.contextmanager
def whole(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name once all of it is written."""
    part = file.with_name(f".{file.name}.part")
    try:
        with open(part, "wb") as stream:
            yield stream
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
