"""Marks one submission by itself, for systems that call for one at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from grader.classroom import marking
from grader.classroom.lateness import Lateness
from grader.classroom.record import Record, Student
from grader.judge import Verdict
from grader.library import Library
from grader.sandbox import Sandbox

__all__ = ["marked"]


def marked(
    path: Path,
    library: Library,
    names: Sequence[str],
    sandbox: Sandbox,
    student: Student,
    handed_in: datetime | None,
    late: Lateness,
    assisted: bool = False,
) -> Record:
    """Return the record of one submission. What is not judged is tried once more.

    Args:
        path: what was handed in, a folder or an archive.
        library: the course.
        names: the exercises.
        sandbox: where the learner's code runs.
        student: whose it is.
        handed_in: when; None where that is not known.
        late: what that means.
        assisted: whether a capstone gets references in place of functions that are not right yet.
    """
    key = cache(library.key)
    submission = marking.taken(path, library, marking.with_used(library, names))
    verdicts: dict[str, Verdict] = {}
    for _ in range(2):
        waiting = [name for name in names if name not in verdicts or verdicts[name].state == "not judged"]
        found = marking.verdicts(submission, waiting, library, sandbox, key, assisted) if waiting else ()
        verdicts |= {verdict.name: verdict for verdict in found}
    return Record(
        student=student,
        submission=path.name,
        handed_in=handed_in.isoformat() if handed_in else "",
        days_late=late.days,
        kept=late.kept,
        isolation=sandbox.isolation,
        verdicts=tuple(verdicts[name] for name in names),
        ignored=submission.ignored,
        faults=submission.faults,
        evidence=marking.of_files(submission.ignored),
    )
