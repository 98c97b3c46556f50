"""The gradebook: one line for every student, for people and their spreadsheets.

Points stand there twice: rounded to two decimals, halves up, and exactly, as `23/3 of 38`, which no spreadsheet takes
for a date.
"""

import csv
import io
from collections.abc import Sequence

from grader.classroom.record import Record
from grader.clean import for_csv
from grader.points import points, rounded

__all__ = ["head", "line"]

_FIRST = ("id", "name", "email", "section", "final", "points", "max_points", "kept", "days_late", "handed_in", "state")
_LAST = ("final_exact", "points_exact", "isolation", "submission")


def head(names: Sequence[str]) -> str:
    """Return the first line of a gradebook of the exercises `names`."""
    return _csv([*_FIRST, *names, *_LAST])


def line(record: Record) -> str:
    """Return a student's line."""
    student, most = record.student, record.max_points
    left = len(record.not_judged)
    whole = "judged" if record.submission else "nothing handed in"
    state = f"{left} not judged" if left else whole
    exercises = ["" if verdict.state == "not judged" else rounded(points(verdict)) for verdict in record.verdicts]
    return _csv(
        [
            *(student.id, student.name, student.email, student.section),
            *("" if left else rounded(record.final), rounded(record.points), str(most), rounded(record.kept)),
            *(str(record.days_late), record.handed_in, state),
            *exercises,
            *(f"{record.final} of {most}", f"{record.points} of {most}", record.isolation, record.submission),
        ]
    )


def _csv(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow([for_csv(cell) for cell in cells])
    return stream.getvalue()
