"""What exports say in words: the report of `grader grade`, what lateness took, and why there are no points yet."""

import json
from typing import Any

from grader.classroom import ClassError
from grader.classroom.record import Record
from grader.clean import clean, for_json
from grader.judge import Verdict
from grader.report.text import amount, isolation_lines, verdict_lines

__all__ = ["NOT_JUDGED", "NotJudgedError", "document", "feedback", "lateness", "report", "shortened", "summary"]

NOT_JUDGED = "This could not be graded, for a reason that is not yours. Nothing is lost: it will be graded again."
_SHOWN = 10


class NotJudgedError(ClassError):
    """There are no points yet, for a reason of ours, and the format has no word for that."""

    def __init__(self, record: Record) -> None:
        names = ", ".join(record.not_judged)
        super().__init__(f"not judged, for a reason of ours: {names}. Grade it again; no points were written")


def report(verdict: Verdict) -> str:
    """Return what `grader grade` says about one exercise."""
    path = f"assignments/{verdict.topic}/{verdict.name}.py"
    return "\n".join(line.text for line in verdict_lines(verdict, path))


def feedback(record: Record) -> str:
    """Return the whole report on a submission, for the student."""
    return "\n\n".join([summary(record), *map(report, record.verdicts)])


def summary(record: Record) -> str:
    """Return the submission in a few lines, for the student."""
    lines = [f"{amount(record.points)} of {record.max_points} points."]
    lines += [lateness(record)] if record.kept != 1 else []
    if record.ignored:
        more = len(record.ignored) - _SHOWN
        names = ", ".join(clean(name).replace("\n", " ")[:100] for name in record.ignored[:_SHOWN])
        lines.append(
            f"Files that are no exercise were not used: {names}" + (f", and {more} more." if more > 0 else ".")
        )
    return "\n".join([*lines, *(line.text for line in isolation_lines(record.isolation))])


def lateness(record: Record) -> str:
    """Return what lateness took."""
    days = f"{record.days_late} day{'' if record.days_late == 1 else 's'} late"
    return f"{days}: {record.kept} of the points count, {amount(record.final)} of {record.max_points}."


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text that is longer than `most` characters, and that it is cut."""
    return text if len(text) <= most else text[: max(0, most - 4)].rstrip() + " ..."


def document(plain: Any) -> str:
    """Return plain data as JSON in ASCII, in which no terminal and no CI system finds a command."""
    return for_json(json.dumps(plain, indent=1)) + "\n"
