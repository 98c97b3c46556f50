"""Moodle: fills the offline grading worksheet that a teacher has downloaded.

Its headers are in the site's language, and Moodle takes them in that language only; so they stay, and columns are told
by what is in them. The identifier is the first column in which every row has one word and a number of its own
("Participant 1001"). The grades stand to the left of the maximum, a column with the same number in every row. Where
that leaves a doubt the teacher names the column.

Moodle passes over a grade above the maximum without a word, so points are scaled to it. It also passes over a grade
that was changed on the site after the download: download the worksheet last.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.classroom import ClassError
from grader.classroom.exports import numbers
from grader.classroom.exports.filling import Filled, Rows, fill, told_scale
from grader.classroom.exports.matching import Total, id_in, name_of, plain, scaled
from grader.classroom.exports.sheet import Cell, Sheet, read
from grader.clean import for_csv, for_html
from grader.messages import say, say_count

__all__ = ["Columns", "fill_in"]

_IDENTIFIER = re.compile(r"\s*(\D*?)\s*(\d+)\s*")
_NUMBER = "number\n"  # which no cell is, once it is made plain
_RANKS = ("participant number", "id", "e-mail", "name")


@dataclass(frozen=True)
class Columns:
    """The headers of columns, where a teacher says them; "" leaves it to what is in the columns.

    `comments` is the column of feedback comments; without it none is touched.
    """

    grade: str = ""
    identifier: str = ""
    maximum: str = ""
    comments: str = ""


def fill_in(data: bytes, totals: Sequence[Total], columns: Columns, scale: bool = True, zero: bool = False) -> Filled:
    """Return the worksheet with a class's points in it.

    Args:
        data: the file that Moodle has given.
        totals: the class; `comment` of each goes into the column of comments.
        columns: which columns are which, as far as the teacher says so.
        scale: whether to scale points to the maximum; otherwise what is above it is left out.
        zero: whether who has handed in nothing gets 0.

    Raises:
        ClassError: it is no such file, or nobody can tell which column is which.
    """
    sheet = read(data)
    if len(sheet.rows) < 2:
        raise ClassError(
            say("the worksheet names nobody. In Moodle: View all submissions, Download grading worksheet.")
        )
    table = _Table(sheet)
    identifier = table.named(columns.identifier) if columns.identifier else table.identifier()
    maximum = table.maximum(columns)
    grade = table.grade(columns, maximum)
    comments = table.named(columns.comments) if columns.comments else None
    most = numbers.read(table.values(maximum)[0]) if maximum is not None else None
    comma = "," if any("," in value for n in (grade, maximum) if n is not None for value in table.values(n)) else "."
    others = [n for n in range(len(table.headers)) if n not in (grade, maximum, comments)]
    names = {number: _names(row, identifier, others) for number, row in table.rows.items()}
    book = Rows("worksheet", sheet, grade, names, _RANKS, lambda row: table.label(row, identifier), table.locked())

    def written(row: int, one: Total) -> Mapping[int, str] | str:
        got = scaled(one, most if scale else None)
        if most is not None and got > most:
            return say("Left as they are, more than the maximum, {most}:", most=most)
        values = {grade: numbers.decimal(got, 2, comma)}
        return values if comments is None else {**values, comments: _comment(one)}

    done = fill(book, totals, _of_student, written, zero)
    head = say(
        "Grades: {grades}; students: {students}", grades=table.headers[grade], students=table.headers[identifier]
    )
    return replace(done, said=(head, *(told_scale(totals, most) if scale else []), *done.said))


def _comment(one: Total) -> str:
    return "".join(f"<p>{for_csv(for_html(line))}</p>" for line in one.comment.split("\n") if line.strip())


def _names(row: Sequence[Cell], identifier: int, others: Sequence[int]) -> tuple[Collection[str], ...]:
    whole = row[identifier].value if identifier < len(row) else ""
    found = _IDENTIFIER.fullmatch(whole)
    cells = {row[n].value for n in others if n < len(row)}
    everything = {plain(value) for value in cells}
    numbered = {plain(whole), f"{_NUMBER}{found[2]}" if found else ""}
    return (numbered, everything, everything, {name_of(value) for value in cells})


def _of_student(one: Total) -> tuple[Collection[str], ...]:
    own, number = one.student.id, id_in(one.submission, "moodle")
    # A number in an id may be a school's own; only the whole identifier, or Moodle's own file name, tells.
    numbered = {plain(own), f"{_NUMBER}{number}" if number else ""}
    return (numbered, {plain(own)}, {plain(one.student.email)}, {name_of(one.student.name), name_of(own)})


class _Table:
    """The worksheet, and which of its columns is which."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.headers = [cell.value.removeprefix("\ufeff").strip() for cell in sheet.rows[0]]
        self.rows = {n: row for n, row in enumerate(sheet.rows) if n and any(cell.value.strip() for cell in row)}

    def values(self, column: int) -> list[str]:
        return [row[column].value.strip() if column < len(row) else "" for row in self.rows.values()]

    def named(self, header: str) -> int:
        found = [n for n, there in enumerate(self.headers) if there == header.strip()]
        if len(found) != 1:
            name, columns = repr(header), "; ".join(self.headers)
            if not found:
                raise ClassError(
                    say("the worksheet has no column {name}. There are: {columns}.", name=name, columns=columns)
                )
            raise ClassError(
                say_count(
                    len(found),
                    "the worksheet has {number} column {name}. There are: {columns}.",
                    "the worksheet has {number} columns {name}. There are: {columns}.",
                    name=name,
                    columns=columns,
                )
            )
        return found[0]

    def identifier(self) -> int:
        for column in range(len(self.headers)):
            found = [_IDENTIFIER.fullmatch(value) for value in self.values(column)]
            whole = [one for one in found if one is not None and one[1]]
            same = len({one[1] for one in whole}) == 1 and len({one[2] for one in whole}) == len(self.rows)
            if same and len(whole) == len(self.rows):
                return column
        raise ClassError(
            say(
                "nobody can tell which column is the one with identifiers such as `Participant 1001`. "
                "Name it by --identifier. There are: {columns}.",
                columns="; ".join(self.headers),
            )
        )

    def maximum(self, columns: Columns) -> int | None:
        if columns.maximum:
            return self.named(columns.maximum)
        found = [n for n, header in enumerate(self.headers) if header.casefold() == "maximum grade"]
        if not found:
            found = [n for n in range(1, len(self.headers)) if self._constant(n) and self._numbers(n - 1)]
        if len(found) == 1 and self._constant(found[0]):
            return found[0]
        if columns.grade:
            return None
        raise ClassError(
            say(
                "nobody can tell which column is the one with the maximum, the same number in every row. "
                "Name it by --maximum, or that of grades by --column. There are: {columns}.",
                columns="; ".join(self.headers),
            )
        )

    def grade(self, columns: Columns, maximum: int | None) -> int:
        if columns.grade:
            return self.named(columns.grade)
        found = [n for n, header in enumerate(self.headers) if header == "Grade"]
        return found[0] if len(found) == 1 else maximum - 1 if maximum else self.named("Grade")

    def locked(self) -> dict[int, str]:
        """Return the rows whose grade Moodle says cannot be changed, where it says so in English."""
        found = [n for n, header in enumerate(self.headers) if header == "Grade can be changed"]
        values = self.values(found[0]) if found else []
        return {
            row: say("Left as they are, locked:")
            for row, value in zip(self.rows, values, strict=False)
            if value == "No"
        }

    def label(self, row: int, identifier: int) -> str:
        cells = [cell.value for cell in self.rows[row]]
        return " ".join([*cells[identifier : identifier + 1], *cells[identifier + 1 : identifier + 2]])

    def _constant(self, column: int) -> bool:
        values = set(self.values(column))
        most = numbers.read(values.pop()) if len(values) == 1 else None
        return most is not None and most > 0

    def _numbers(self, column: int) -> bool:
        return all(value in ("", "-") or numbers.read(value) is not None for value in self.values(column))
