"""Says which row of a gradebook is which student's, and never guesses between two.

Rows and students both have names, in ranks from the most telling to the least. In the order of the ranks, a row and a
student belong together where they share a name of that rank and nobody else, in the whole table and the whole class,
has it as well.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.record import Record, Student

__all__ = ["Match", "Total", "id_in", "match", "name_of", "plain", "scaled", "total"]

_Names = Sequence[Collection[str]]


@dataclass(frozen=True)
class Total:
    """As much of a record as a gradebook needs."""

    student: Student
    submission: str
    points: Fraction
    max_points: int
    judged: bool
    comment: str = ""


def total(record: Record, comment: str = "") -> Total:
    """Return what a gradebook needs of a record."""
    return Total(record.student, record.submission, record.final, record.max_points, not record.not_judged, comment)


def scaled(one: Total, most: Fraction | None) -> Fraction:
    """Return the points in proportion to the maximum that the gradebook has; as they are where it has none."""
    return one.points * most / one.max_points if most is not None and one.max_points else one.points


@dataclass(frozen=True)
class Match:
    """Which rows are whose.

    Attributes:
        student_of: by row, the number of the student, and the rank of the name that told.
        unclear: rows that share a name with some student, but not with one alone.
    """

    student_of: Mapping[int, tuple[int, int]]
    unclear: Collection[int]


def match(rows: Mapping[int, _Names], students: Sequence[_Names]) -> Match:
    """Return which row is whose; both have equally many ranks."""
    found: dict[int, tuple[int, int]] = {}
    taken: set[int] = set()
    unclear: set[int] = set()
    for rank in range(max((len(names) for names in rows.values()), default=0)):
        by_row = _holders((row, names[rank]) for row, names in rows.items())
        by_student = _holders((number, names[rank]) for number, names in enumerate(students))
        for row, names in rows.items():
            if row in found:
                continue
            shared = [name for name in names[rank] if name in by_student]
            candidates = {number for name in shared for number in by_student[name]}
            rivals = {other for name in shared for other in by_row[name]}
            if len(candidates) == 1 and rivals == {row} and not candidates & taken:
                (number,) = candidates
                found[row] = number, rank
                taken.add(number)
            elif candidates:
                unclear.add(row)
    return Match(found, unclear - set(found))


def _holders(named: Iterable[tuple[int, Collection[str]]]) -> dict[str, set[int]]:
    holders: dict[str, set[int]] = {}
    for number, names in named:
        for name in names:
            if name:
                holders.setdefault(name, set()).add(number)
    return holders


def plain(text: str) -> str:
    """Return a text as it is compared: small letters, one blank for all between words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def name_of(text: str) -> str:
    """Return a person's name as it is compared; `Müller, Max` is `max müller`."""
    last, comma, first = text.partition(",")
    return plain(f"{first} {last}") if comma and "," not in first else plain(text)


_IN_CANVAS = re.compile(r"^[^_]+_(?:LATE_)?(\d+)_\d+_")
_IN_MOODLE = re.compile(r"_(\d+)_assignsubmission_")


def id_in(submission: str, system: str) -> str:
    """Return the number that Canvas or Moodle has put into the name of what it let the teacher download; else ""."""
    if system == "canvas":
        found = _IN_CANVAS.match(submission)
        return found[1] if found else ""
    numbers = set(_IN_MOODLE.findall(submission))  # a student's own name or file may hold another
    return numbers.pop() if len(numbers) == 1 else ""
