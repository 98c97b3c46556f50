"""Canvas: fills one column of the gradebook that a teacher has exported, and leaves every other byte as it is.

Written as Canvas's importer reads: an assignment is told by the number in parentheses behind its title, a student by
ID, SIS User ID, SIS Login ID or name, none of them trusted where two rows may be meant. Computed and read-only columns
are refused, an excused student ("EX") is left alone. Canvas compares two decimals, so there are two.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.classroom import ClassError
from grader.classroom.exports import numbers
from grader.classroom.exports.filling import Filled, Rows, fill, told_scale
from grader.classroom.exports.matching import Total, id_in, name_of, plain, scaled
from grader.classroom.exports.sheet import Cell, Sheet, read
from grader.messages import say, say_count

__all__ = ["fill_in"]

_ABOUT = {"Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account"}
_COMPUTED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_NUMBERED = re.compile(r"(.*\S)\s*\((\d+)\)\s*", re.DOTALL)
_IDS = ("ID", "SIS User ID", "SIS Login ID")
_RANKS = ("the number in the download's name", "id", "e-mail", "name")


def fill_in(data: bytes, totals: Sequence[Total], assignment: str, scale: bool = True, zero: bool = False) -> Filled:
    """Return the gradebook with a class's points in it.

    Args:
        data: the file that Canvas has exported.
        totals: the class.
        assignment: the number in parentheses, the title, or both, as the header has it.
        scale: whether to scale points to what the gradebook says are possible.
        zero: whether who has handed in nothing gets 0.

    Raises:
        ClassError: it is no such file, or has no such column.
    """
    sheet = read(data)
    headers = [cell.value.removeprefix("\ufeff").strip() for cell in (sheet.rows[0] if sheet.rows else ())]
    section = _last_about(headers)
    possible = _possible(sheet)
    column = _column(headers, section, assignment, possible)
    most = numbers.read(possible[column].value) if scale and column < len(possible) else None
    comma = "," if sheet.separator == ";" and _decimal_comma(sheet, section) else "."
    rows = {number: _names(row, headers) for number, row in enumerate(sheet.rows) if number and _is_student(row)}
    excused = {n for n in rows if len(sheet.rows[n]) > column and plain(sheet.rows[n][column].value) == "ex"}
    book = Rows(
        "gradebook",
        sheet,
        column,
        rows,
        _RANKS,
        lambda row: _label(sheet, headers, row),
        dict.fromkeys(excused, say("Left as they are, excused:")),
    )

    def written(row: int, one: Total) -> dict[int, str]:
        return {column: numbers.decimal(scaled(one, most), 2, comma)}

    done = fill(book, totals, _of_student, written, zero)
    return replace(done, said=(say("Column: {name}", name=headers[column]), *told_scale(totals, most), *done.said))


def _last_about(headers: Sequence[str]) -> int:
    """Return where the columns about the student end."""
    first = [header for header in headers[:3] if header]
    names = "Student" in "".join(first[:1]) or first[:2] == ["LastName", "FirstName"]
    last = next((number for number, header in enumerate(headers) if header == "Section"), -1)
    if not names or "ID" not in headers[:3] or last < 0:
        raise ClassError(
            say(
                "this is no gradebook of Canvas's: its first line should name Student, ID and Section. "
                "In Canvas: Grades, Export."
            )
        )
    return last


def _possible(sheet: Sheet) -> tuple[Cell, ...]:
    return next((row for row in sheet.rows[1:4] if "Points Possible" in row[0].value), ())


def _column(headers: Sequence[str], section: int, assignment: str, possible: Sequence[Cell]) -> int:
    there = [n for n in range(section + 1, len(headers)) if headers[n] and not _COMPUTED.search(headers[n])]
    wanted = assignment.strip()
    found = [n for n in there if headers[n] == wanted] or [n for n in there if wanted in _parts(headers[n])]
    listed = "; ".join(headers[n][:80] for n in there) or say("none")
    if not found:
        raise ClassError(
            say("the gradebook has no column {name}. There are: {columns}.", name=repr(wanted), columns=listed)
        )
    if len(found) > 1:
        raise ClassError(
            say_count(
                len(found),
                "{number} column may be {name}. Give the number in parentheses. There are: {columns}.",
                "{number} columns may be {name}. Give the number in parentheses. There are: {columns}.",
                name=repr(wanted),
                columns=listed,
            )
        )
    if found[0] < len(possible) and re.search(r"read\s+only", possible[found[0]].value):
        raise ClassError(
            say("Canvas has marked the column {name} as read only, and would ignore it.", name=repr(headers[found[0]]))
        )
    return found[0]


def _parts(header: str) -> tuple[str, ...]:
    found = _NUMBERED.fullmatch(header)
    return (found[1], found[2]) if found else ()


def _is_student(row: Sequence[Cell]) -> bool:
    values = [cell.value for cell in row]
    if "Points Possible" in values[0] or not any(value.strip() for value in values):
        return False
    return not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", value, re.IGNORECASE) for value in values)


def _decimal_comma(sheet: Sheet, section: int) -> bool:
    cells = [cell.value for row in sheet.rows[1:] for cell in row[section + 1 :]]
    return any(re.fullmatch(r"\s*\d+,\d+\s*", value) for value in cells)


def _names(row: Sequence[Cell], headers: Sequence[str]) -> tuple[Collection[str], ...]:
    about: dict[str, str] = {}
    for header, cell in zip(headers, row, strict=False):
        if header in _ABOUT or header == "Student":
            about.setdefault(header, cell.value)
    name = about.get("Student") or f"{about.get('FirstName', '')} {about.get('LastName', '')}"
    # A school's own number may be Canvas's number of somebody else; in one rank, such a one is nobody's.
    ids = {plain(about.get(header, "")) for header in _IDS}
    return ({plain(about.get("ID", ""))}, ids, {plain(about.get("SIS Login ID", ""))}, {name_of(name)})


def _of_student(one: Total) -> tuple[Collection[str], ...]:
    own, email = plain(one.student.id), plain(one.student.email)
    return ({id_in(one.submission, "canvas")}, {own}, {email}, {name_of(one.student.name), name_of(one.student.id)})


def _label(sheet: Sheet, headers: Sequence[str], row: int) -> str:
    values = [cell.value for cell in sheet.rows[row]]
    return values[0] if headers[0] != "LastName" else " ".join(reversed(values[:2]))
