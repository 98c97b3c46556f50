"""PrairieLearn's external grader: `results.json`, with a score between 0 and 1.

Every test has `points` and `max_points`, for a single one without them turns them off for all. What is not judged is
not `gradable`: the attempt is given back and not counted. A file of more than 1 MB is refused there, so the reports are
cut as far as it takes.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.classroom.exports.numbers import nearest
from grader.classroom.exports.wording import document, not_judged, report, shortened, summary
from grader.classroom.record import Record
from grader.judge import Verdict
from grader.points import points
from grader.report.text import word

__all__ = ["LARGEST", "results"]

LARGEST = 1_000_000


def results(record: Record) -> str:
    """Return `results.json`."""
    if record.not_judged:
        return document({"gradable": False, "message": not_judged(), "format_errors": [not_judged()]})
    reports, most = [report(verdict) for verdict in record.verdicts], LARGEST
    while len(text := document(_whole(record, [shortened(one, most) for one in reports]))) > LARGEST:
        most //= 2
    return text


def _whole(record: Record, reports: Sequence[str]) -> dict[str, Any]:
    share = record.final / record.max_points if record.max_points else Fraction(0)
    return {
        "gradable": True,
        "score": nearest(share),
        "message": summary(record),
        "tests": [_test(verdict, said) for verdict, said in zip(record.verdicts, reports, strict=True)],
    }


def _test(verdict: Verdict, said: str) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "description": verdict.title,
        "points": nearest(points(verdict)),
        "max_points": verdict.max_points,
        "message": word(verdict.state),
        "output": said,
    }
