"""GitHub Classroom: the `result` of a grading step, on which both formulas of the reporter agree.

The reporter shows `passes / len(tests) * max_score` and hands `sum(tests[].score)` on to Classroom. With partial credit
the two differ, unless all tests are worth the same. So the points are cut into equal parts, small enough that what
every exercise has earned is a whole number of them, and every part is a test. Where that takes more than 200 parts,
the share of all points is replaced by the closest fraction with a denominator of at most 200; nothing but all points
becomes all, and nothing but none becomes none. Both formulas are computed in doubles; the score of the last part that
passes takes what they differ by, about 1e-15, so that they agree to the last bit.

What is not judged has `max_score` 0: the reporter then tells Classroom nothing, and an earlier grade stays.
"""

import base64
import json
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.classroom.exports.wording import lateness, not_judged, report, shortened
from grader.classroom.record import Record
from grader.clean import for_json
from grader.messages import say
from grader.points import points
from grader.report.text import word

__all__ = ["result"]

_PARTS = 200
_MESSAGE = 500
# The result travels as one variable of the environment; Linux allows 128 KiB for each.
_LARGEST = 120_000
_Row = tuple[str, bool, str]


def result(record: Record) -> str:
    """Return the step's output `result`: JSON in base64, on one line."""
    for most in (_MESSAGE, 100, 0):
        data = _encoded(_payload(record, most))
        if len(data) <= _LARGEST:
            break
    return data


def _encoded(payload: dict[str, Any]) -> str:
    return base64.b64encode(for_json(json.dumps(payload)).encode("ascii")).decode("ascii")


def _payload(record: Record, most: int) -> dict[str, Any]:
    if record.not_judged:
        test = _test(say("not judged"), "error", 0.0, shortened(not_judged(), most))
        return {"version": 1, "status": "error", "max_score": 0, "message": not_judged(), "tests": [test]}
    if not record.max_points:
        return {"version": 1, "status": "pass", "max_score": 0, "tests": [_test(say("no exercise"), "pass", 0.0, "")]}
    rows = _by_exercise(record) or _of_the_whole(record)
    scores = _scores([passed for _, passed, _ in rows], record.max_points)
    tests = [
        _test(name, "pass" if passed else "fail", score, "" if passed else shortened(said, most))
        for (name, passed, said), score in zip(rows, scores, strict=True)
    ]
    status = "pass" if all(passed for _, passed, _ in rows) else "fail"
    return {"version": 1, "status": status, "max_score": record.max_points, "tests": tests}


def _test(name: str, status: str, score: float, message: str) -> dict[str, Any]:
    said = {"message": message} if message else {}
    about = {"test_code": "", "filename": "", "line_no": 0, "duration": 0}
    return {"name": name, "status": status, "score": score, **said, **about}


def _by_exercise(record: Record) -> list[_Row]:
    """Return a row for every part of the points; nothing where there would be too many."""
    earned = [points(verdict) * record.kept for verdict in record.verdicts]
    part = _common([*earned, *(Fraction(verdict.max_points) for verdict in record.verdicts)])
    if record.max_points / part > _PARTS:
        return []
    rows = []
    for verdict, got in zip(record.verdicts, earned, strict=True):
        most, passing = int(verdict.max_points / part), int(got / part)
        whole = f"{lateness(record)}\n{report(verdict)}" if record.kept != 1 else report(verdict)
        for number in range(most):
            said = (
                whole if number == passing else say("see {name}, part {number}", name=verdict.name, number=passing + 1)
            )
            part_of = say("{name}, part {number} of {most}", name=verdict.name, number=number + 1, most=most)
            rows.append((part_of, number < passing, said))
    return rows


def _common(values: Sequence[Fraction]) -> Fraction:
    """Return the largest fraction of which all values are whole multiples; some value is not 0."""
    below = math.lcm(*(value.denominator for value in values))
    return Fraction(math.gcd(*(int(value * below) for value in values)), below)


def _of_the_whole(record: Record) -> list[_Row]:
    exact = record.final / record.max_points
    share = exact.limit_denominator(_PARTS)
    if share in (0, 1) and share != exact:
        share = Fraction(1 if exact < Fraction(1, 2) else _PARTS - 1, _PARTS)
    states = ", ".join(f"{v.name}: {word(v.state)}" for v in record.verdicts if points(v) < v.max_points)
    passing, most = share.numerator, share.denominator
    return [
        (
            say("points, part {number} of {most}", number=number + 1, most=most),
            number < passing,
            states if number == passing else say("see above"),
        )
        for number in range(most)
    ]


def _scores(passed: Sequence[bool], max_score: int) -> list[float]:
    """Return scores whose sum, added up in doubles from first to last, is `passes / len(tests) * max_score`."""
    shown = sum(passed) / len(passed) * max_score
    each = shown / (sum(passed) or 1)
    last = max((number for number, good in enumerate(passed) if good), default=-1)
    scores, total = [], 0.0
    for number, good in enumerate(passed):
        score = 0.0 if not good else shown - total if number == last else each
        scores.append(score)
        total += score
    return scores
