"""Gradescope: `results.json` for one submission. `archive` builds what is uploaded there.

A test for every exercise, with the report that `grader grade` prints. Of hidden cases it says name and kind. The score
of the whole is given beside the tests' and counts in their place, so that nothing is rounded twice.

Gradescope knows no word for *not judged*: every number is a grade. A run that writes no results is shown as "failed to
execute correctly", scores nothing, and can be run again. So `results` raises, and nothing is to be written.
"""

import json
from dataclasses import dataclass
from typing import Any

from grader.classroom.exports.numbers import nearest
from grader.classroom.exports.wording import NotJudgedError, document, report, summary
from grader.classroom.record import Record, Student
from grader.judge import Verdict
from grader.messages import say
from grader.points import points

__all__ = ["Metadata", "metadata", "results"]


def results(record: Record) -> str:
    """Return `results.json`.

    Raises:
        NotJudgedError: there are no points yet; write nothing, and end with a status that is not 0.
    """
    if record.not_judged:
        raise NotJudgedError(record)
    whole = {
        "score": nearest(record.final),
        "output": summary(record),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(verdict) for verdict in record.verdicts],
    }
    return document(whole)


def _test(verdict: Verdict) -> dict[str, Any]:
    got = points(verdict)
    return {
        "name": verdict.name,
        "score": nearest(got),
        "max_score": verdict.max_points,
        "status": "passed" if got == verdict.max_points else "failed",
        "output": report(verdict),
        "tags": [verdict.topic],
        "visibility": "visible",
    }


@dataclass(frozen=True)
class Metadata:
    """What Gradescope says of a submission: whose it is, when it came, and when it was due; "" where it is not said."""

    student: Student
    handed_in: str
    due: str


def metadata(text: str) -> Metadata:
    """Return what `submission_metadata.json` says.

    The time is that of handing in, never that of the run: an old submission that is graded again stays as late as it
    was.

    Raises:
        ValueError: it is not the file that Gradescope writes.
    """
    whole = json.loads(text)
    try:
        users = whole.get("users") or []
        names = [str(user.get("name") or "") for user in users]
        emails = [str(user.get("email") or "") for user in users]
        due = str((whole.get("assignment") or {}).get("due_date") or "")
        student = Student(str(whole["id"]), " and ".join(names), " and ".join(emails))
        return Metadata(student, str(whole.get("created_at") or ""), due)
    except (AttributeError, KeyError, TypeError) as fault:
        raise ValueError(
            say("it is not Gradescope's submission_metadata.json ({why})", why=f"{type(fault).__name__}: {fault}")
        ) from None
