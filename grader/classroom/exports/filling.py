"""Fills one column of a gradebook, and tells the teacher what was done and who was left out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.classroom.exports.matching import Match, Total, match
from grader.classroom.exports.sheet import Sheet, filled
from grader.clean import clean
from grader.messages import say, say_count

__all__ = ["Filled", "Rows", "fill"]

_NAMED = 20


@dataclass(frozen=True)
class Filled:
    """The file, what there is to say, and whether all points that there are have found their place.

    An excused student's have none, and nobody misses those of who has handed in nothing.
    """

    data: bytes
    said: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class Rows:
    """The rows of students in a gradebook.

    Attributes:
        system: "gradebook" or "worksheet", as the system calls it.
        sheet: the table.
        column: where points go.
        names: by row, the names of its student in ranks, see `matching`.
        ranks: what the ranks are called; a match of the last one is told.
        label: returns what to call a row.
        locked: by row, why its points may not be touched, as the beginning of a list of those it is true of.
    """

    system: str
    sheet: Sheet
    column: int
    names: Mapping[int, Sequence[Collection[str]]]
    ranks: Sequence[str]
    label: Callable[[int], str]
    locked: Mapping[int, str]


def fill(
    rows: Rows,
    totals: Sequence[Total],
    names: Callable[[Total], Sequence[Collection[str]]],
    written: Callable[[int, Total], Mapping[int, str] | str],
    missing_as_zero: bool,
) -> Filled:
    """Return the gradebook with the points in it.

    Args:
        rows: the gradebook.
        totals: the class.
        names: returns a student's names, in the ranks of the rows.
        written: returns what goes into which column of a row, or why nothing does, as `locked` says it.
        missing_as_zero: whether who has handed in nothing gets 0; otherwise their cell stays.
    """
    matched = match(rows.names, [names(one) for one in totals])
    cells: dict[tuple[int, int], str] = {}
    left: dict[str, list[str]] = {}
    for row, (number, _) in matched.student_of.items():
        reason = _reason(rows, row, totals[number], missing_as_zero)
        values = reason or written(row, totals[number])
        if not isinstance(values, str) and max(values) >= len(rows.sheet.rows[row]):
            values = say("Left as they are, their row is too short:")
        if isinstance(values, str):
            left.setdefault(values, []).append(rows.label(row))
        else:
            cells.update({(row, column): value for column, value in values.items()})
    changed = [row for row, column in cells if column == rows.column and _differs(rows, row, cells[row, column])]
    said = [
        say_count(
            len(rows.names),
            "{filled} of {number} row filled, {changed} of them changed.",
            "{filled} of {number} rows filled, {changed} of them changed.",
            filled=len({row for row, _ in cells}),
            changed=len(changed),
        )
    ]
    said += [f"{reason} {_listed(who)}" for reason, who in left.items()]
    said += _unmatched(rows, totals, matched)
    settled = {
        number for row, (number, _) in matched.student_of.items() if row in rows.locked or (row, rows.column) in cells
    }
    nothing = {number for number, one in enumerate(totals) if one.judged and not one.submission}
    whole = settled | nothing == {*range(len(totals))}
    return Filled(filled(rows.sheet, cells), tuple(said), whole)


def _reason(rows: Rows, row: int, one: Total, missing_as_zero: bool) -> str:
    if row in rows.locked:
        return rows.locked[row]
    if not one.judged:
        return say("Left as they are, not judged yet:")
    if one.submission or missing_as_zero:
        return ""
    return say("Left as they are, nothing handed in (--missing-as-zero writes 0):")


def _differs(rows: Rows, row: int, value: str) -> bool:
    return rows.sheet.rows[row][rows.column].value.strip() != value


def _unmatched(rows: Rows, totals: Sequence[Total], matched: Match) -> list[str]:
    last = len(rows.ranks) - 1
    by_last = [rows.label(row) for row, (_, rank) in matched.student_of.items() if rank == last]
    rest = [row for row in rows.names if row not in matched.student_of]
    without, not_in = _outside(rows.system)
    groups = {
        say("Matched by {what} alone, please look:", what=rows.ranks[last]): by_last,
        say("Left as they are, nobody knows who of several it is:"): [
            rows.label(row) for row in rest if row in matched.unclear
        ],
        without: [rows.label(row) for row in rest if row not in matched.unclear],
        not_in: _nowhere(totals, matched),
    }
    return [f"{what} {_listed(who)}" for what, who in groups.items() if who]


def _outside(system: str) -> tuple[str, str]:
    """Return what is said of rows without a record, and of records without a row."""
    if system == "worksheet":
        return say("In the worksheet, without a record:"), say("With a record, not in the worksheet:")
    return say("In the gradebook, without a record:"), say("With a record, not in the gradebook:")


def _nowhere(totals: Sequence[Total], matched: Match) -> list[str]:
    there = {number for number, _ in matched.student_of.values()}
    return [one.student.name or one.student.id for number, one in enumerate(totals) if number not in there]


def _listed(who: Sequence[str]) -> str:
    nameless = say("(no name)")
    names = [" ".join(clean(name).split())[:80] or nameless for name in who[:_NAMED]]
    if more := len(who[_NAMED:]):
        names.append(say_count(more, "and {number} more", "and {number} more"))
    return "; ".join(names)


def told_scale(totals: Sequence[Total], most: Fraction | None) -> list[str]:
    """Return a line where the gradebook's maximum is not the course's."""
    others = sorted({one.max_points for one in totals if most is not None and one.max_points != most})
    if not others:
        return []
    return [say("Points are scaled from {others} to {most}.", others=", ".join(map(str, others)), most=most)]
