"""What exports say in words: the report of `grader grade`, what lateness took, and why there are no points yet."""

import json
from typing import Any

from grader.classroom import ClassError
from grader.classroom.record import Record
from grader.clean import clean, for_json
from grader.judge import Verdict
from grader.messages import say, say_count
from grader.report.text import amount, isolation_lines, verdict_lines, worth

__all__ = ["NotJudgedError", "document", "feedback", "lateness", "not_judged", "report", "shortened", "summary"]

_SHOWN = 10


class NotJudgedError(ClassError):
    """There are no points yet, for a reason of ours, and the format has no word for that."""

    def __init__(self, record: Record) -> None:
        names = ", ".join(record.not_judged)
        super().__init__(
            say("not judged, for a reason of ours: {names}. Grade it again; no points were written", names=names)
        )


def not_judged() -> str:
    """Return what a student is told of work that is not judged."""
    return say("This could not be graded, for a reason that is not yours. Nothing is lost: it will be graded again.")


def report(verdict: Verdict) -> str:
    """Return what `grader grade` says about one exercise."""
    path = f"assignments/{verdict.topic}/{verdict.name}.py"
    return "\n".join(line.text for line in verdict_lines(verdict, path))


def feedback(record: Record) -> str:
    """Return the whole report on a submission, for the student."""
    return "\n\n".join([summary(record), *map(report, record.verdicts)])


def summary(record: Record) -> str:
    """Return the submission in a few lines, for the student."""
    lines = [worth(record.points, record.max_points) + "."]
    lines += [lateness(record)] if record.kept != 1 else []
    if record.ignored:
        more = len(record.ignored) - _SHOWN
        names = ", ".join(clean(name).replace("\n", " ")[:100] for name in record.ignored[:_SHOWN])
        if more > 0:
            lines.append(
                say_count(
                    more,
                    "Files that are no exercise were not used: {names}, and {number} more.",
                    "Files that are no exercise were not used: {names}, and {number} more.",
                    names=names,
                )
            )
        else:
            lines.append(say("Files that are no exercise were not used: {names}.", names=names))
    return "\n".join([*lines, *(line.text for line in isolation_lines(record.isolation))])


def lateness(record: Record) -> str:
    """Return what lateness took."""
    return say_count(
        record.days_late,
        "{number} day late: {share} of the points count, {points} of {most}.",
        "{number} days late: {share} of the points count, {points} of {most}.",
        share=record.kept,
        points=amount(record.final),
        most=record.max_points,
    )


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text that is longer than `most` characters, and that it is cut."""
    return text if len(text) <= most else text[: max(0, most - 4)].rstrip() + " ..."


def document(plain: Any) -> str:
    """Return plain data as JSON in ASCII, in which no terminal and no CI system finds a command."""
    return for_json(json.dumps(plain, indent=1)) + "\n"
