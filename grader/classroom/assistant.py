"""Grades submissions one after the other, in a process of a run's own or on another machine.

An assistant gets texts and gives verdicts as plain data. It knows the course and the class's secret; the code that it
grades knows neither, since that runs in a worker of its sandbox.
"""

import functools
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from grader.classroom import marking
from grader.classroom.journal import Mark
from grader.intake import Submission
from grader.judge import Verdict
from grader.key import Key
from grader.library import Library
from grader.outcome import Failed
from grader.report.json import record
from grader.sandbox import Sandbox

__all__ = ["Assistant", "Plan", "Task", "secret_of"]


@dataclass(frozen=True)
class Plan:
    """How a class is graded: the same for all of it.

    Attributes:
        names: the exercises.
        secret: from which hidden cases are drawn; empty for those of the course.
        per_student: whether every student gets hidden cases of their own.
        most: the level of isolation to go no higher than.
        least: the level of isolation below which nothing is graded.
        assisted: whether a capstone gets references in place of functions that are not right yet.
    """

    names: tuple[str, ...]
    secret: str = ""
    per_student: bool = False
    most: str = "kernel"
    least: str = "seccomp"
    assisted: bool = False


@dataclass(frozen=True)
class Task:
    """What is to be graded anew of one student.

    Attributes:
        student: whose it is.
        digests: by exercise, what the verdict will follow from.
        files: the texts of these exercises and of all that they use, or why there is none.
    """

    student: str
    digests: Mapping[str, str]
    files: Mapping[str, str | Failed]


def secret_of(plan: Plan, student: str) -> str:
    """Return the secret from which the hidden cases of a student are drawn."""
    if not plan.per_student:
        return plan.secret
    return hmac.digest(plan.secret.encode(), student.encode(), "sha256").hex()


class Assistant:
    """Grades tasks of one plan. Keys are decoded once and kept, unless every student has their own."""

    def __init__(self, root: Path, plan: Plan) -> None:
        self._library, self._plan = Library(root), plan
        self._sandbox = Sandbox(most=plan.most)
        self._class_key = functools.cache(lambda name: self._library.key(name, plan.secret))

    def prepare(self, name: str) -> None:
        """Make the key of an exercise, and keep it where other assistants find it."""
        self._library.key(name, "" if self._plan.per_student else self._plan.secret)

    def grade(self, task: Task) -> list[Mark]:
        """Return a mark for every exercise of the task.

        Raises:
            SandboxError: the isolation is lower than the plan asks for; nothing was run.
        """
        self._sandbox.require(self._plan.least)
        submission = Submission(MappingProxyType(dict(task.files)), (), ())
        names = list(task.digests)
        last, marks = time.perf_counter(), []
        found = marking.verdicts(
            submission, names, self._library, self._sandbox, self._key(task.student), self._plan.assisted
        )
        for verdict in found:
            now = time.perf_counter()
            marks.append(self._mark(verdict, task.digests[verdict.name], now - last))
            last = now
        return marks

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()

    def _key(self, student: str) -> Callable[[str], Key]:
        if not self._plan.per_student:
            return self._class_key
        secret = secret_of(self._plan, student)
        return functools.cache(lambda name: self._library.key(name, secret, keep=False))

    def _mark(self, verdict: Verdict, digest: str, seconds: float) -> Mark:
        again = verdict.state == "not judged"
        return Mark(verdict.name, "" if again else digest, self._sandbox.isolation, seconds, record(verdict))
