"""The list of a class, from a CSV file with whatever columns a school has, and who of it a name means."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.classroom import ClassError
from grader.classroom.lateness import moment
from grader.classroom.record import Student
from grader.messages import say

__all__ = ["Enrolled", "Roster", "folded", "read_table"]

# By which headers the columns go that we know; the first that is there counts. Headers are compared folded.
_COLUMNS = {
    "id": (
        "id",
        "student id",
        "studentid",
        "sis user id",
        "student",
        "username",
        "login",
        "sis login id",
        "matriculation",
    ),
    "name": ("name", "full name", "student name", "display name", "student"),
    "email": ("email", "email address", "e mail", "mail"),
    "section": ("section", "group", "class", "tutorial"),
    "due": ("due", "deadline", "extension"),
    "handed_in": ("handed in", "submitted", "submitted at", "created at", "time"),
}
_LARGEST = 64 << 20


@dataclass(frozen=True)
class Enrolled:
    """One row of a roster: the student, all that they may be called, and times of their own."""

    student: Student
    called: frozenset[str]
    due: datetime | None = None
    handed_in: datetime | None = None


@dataclass(frozen=True)
class Roster:
    """All students of a class, in the order of the file."""

    enrolled: tuple[Enrolled, ...]

    @staticmethod
    def read(file: Path) -> "Roster":
        """Return the roster that a CSV file holds; its separator may be `,`, `;` or a tab.

        Raises:
            ClassError: it cannot be read, or an id is missing or there twice.
        """
        rows = read_table(file)
        seen: dict[str, int] = {}
        found = []
        for number, row in rows:
            one = _enrolled(file, number, row)
            if folded(one.student.id) in seen:
                first = seen[folded(one.student.id)]
                raise ClassError(
                    say(
                        "{file}, line {line}: the id {id} is in line {first} already.",
                        file=file.name,
                        line=number,
                        id=repr(one.student.id),
                        first=first,
                    )
                )
            seen[folded(one.student.id)] = number
            found.append(one)
        if not found:
            raise ClassError(
                say("{file} names nobody. A line is needed for every student, below the headers.", file=file.name)
            )
        return Roster(tuple(found))

    def whose(self, names: Iterable[str]) -> Sequence[Enrolled]:
        """Return whom names can mean: one student, none, or several where nobody can tell.

        An id counts more than anything else; names come from the most to the least telling.
        """
        wanted = [folded(name) for name in names if name]
        for name in wanted:
            if by_id := [one for one in self.enrolled if folded(one.student.id) == name]:
                return by_id
        for name in wanted:
            if called := [one for one in self.enrolled if name in one.called]:
                return called
        return ()


def read_table(file: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Return the rows of a CSV file by their folded headers, each with the number of its line.

    Raises:
        ClassError: it cannot be read as a table.
    """
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise ClassError(say("{file} cannot be read: {why}.", file=file, why=fault.strerror)) from fault
    if len(data) > _LARGEST:
        raise ClassError(say("{file} has {size:,} bytes: that is no list of a class.", file=file, size=len(data)))
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise ClassError(say("{file} is not UTF-8. Save it as `CSV UTF-8`.", file=file)) from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        headers = _told_apart([folded(cell) for cell in next(reader, [])])
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as fault:
        raise ClassError(say("{file} is no CSV file: {why}.", file=file, why=fault)) from None
    return [(number, dict(zip(headers, (cell.strip() for cell in cells), strict=False))) for number, cells in rows]


def _told_apart(headers: Sequence[str]) -> list[str]:
    """Return headers of which each is there once: the first of several alike counts, the others have no meaning."""
    return [f"{header} ({n})" if header in headers[:n] else header for n, header in enumerate(headers)]


def folded(text: str) -> str:
    """Return a text as it is compared: small letters, one blank for all that is between words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() or c in "@.+" else " " for c in plain).split())


def _enrolled(file: Path, number: int, row: Mapping[str, str]) -> Enrolled:
    known = {field: next((row[h] for h in headers if row.get(h)), "") for field, headers in _COLUMNS.items()}
    last, first = row.get("last name", ""), row.get("first name", "")
    name = known["name"] or f"{first} {last}".strip()
    if not known["id"]:
        known["id"] = known["email"] or name
    if not known["id"]:
        raise ClassError(
            say(
                "{file}, line {line}: there is no id. A column `id` is needed, and a name in every row.",
                file=file.name,
                line=number,
            )
        )
    try:
        due, handed_in = moment(known["due"]), moment(known["handed_in"])
    except ValueError as fault:
        raise ClassError(say("{file}, line {line}: {why}.", file=file.name, line=number, why=fault)) from None
    student = Student(known["id"], name, known["email"], known["section"])
    # Whatever a row says may be what a system calls its student, except what whole groups share.
    cells = [cell for header, cell in row.items() if header not in _shared()]
    called = {order for cell in (*cells, name, known["email"].partition("@")[0]) for order in _orders(cell)}
    return Enrolled(student, frozenset(called), due, handed_in)


def _shared() -> set[str]:
    return {header for field in ("section", "due", "handed_in") for header in _COLUMNS[field]}


def _orders(name: str) -> set[str]:
    """Return a name as it is compared, also with the last name first, and as one word: so Canvas names files."""
    words = folded(name.replace(",", " ")).split()
    orders = [words[n:] + words[:n] for n in range(len(words))]
    return {between.join(order) for order in orders for between in (" ", "")}
