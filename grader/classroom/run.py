"""One run over a class: what has to be graded is, and the journal knows all of it afterwards.

What a verdict follows from is made into a digest: the text of the exercise and of all that it uses, the key, the
grader's own code, and how it is graded. What the journal holds under the same digest is not graded again.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from grader.classroom import marking
from grader.classroom.assistant import Plan, Task, secret_of
from grader.classroom.hand_ins import Assigned
from grader.classroom.journal import Journal, Mark
from grader.classroom.lateness import Policy
from grader.classroom.record import Record
from grader.grading import not_judged
from grader.intake import Submission
from grader.library import Library
from grader.messages import say
from grader.outcome import Failed
from grader.report import json as report
from grader.sandbox.level import LEVELS

__all__ = ["Graders", "Run"]

# What says nothing about a verdict: how results are shown, and how a class is gone through.
_BESIDE = {
    "classroom",
    "report",
    "cli.py",
    "__main__.py",
    "pytest_plugin.py",
    "desk.py",
    "hints.py",
    "paths.py",
    "own_gradients.py",
}


class Graders(Protocol):
    """Whoever grades tasks: processes of this machine, or a cluster."""

    def prepare(self, names: Iterable[str]) -> None:
        """Make the keys of exercises."""
        ...

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Mark] | Exception]]:
        """Yield every task with its marks, or with the fault that kept it from being graded."""
        ...


class Run:
    """A class, the journal of what has been graded of it, and the plan by which it is."""

    def __init__(self, library: Library, plan: Plan, students: Sequence[Assigned], journal: Journal) -> None:
        self._library, self._plan, self._journal = library, plan, journal
        self.students = students

    def go(self, graders: Graders, done: Callable[[int], None] = lambda _: None) -> None:
        """Grade all that the journal does not hold, and once more what was not judged.

        Args:
            graders: who does it.
            done: is told how many students are finished, now and then.
        """
        self._go(graders, self.students, done)
        again = [one for one in self.students if "" in self._journal.digests(one.enrolled.student.id).values()]
        if again:
            self._go(graders, again, lambda _: None)

    def _go(self, graders: Graders, students: Sequence[Assigned], done: Callable[[int], None]) -> None:
        finished = 0

        def tasks() -> Iterator[Task]:
            nonlocal finished
            for one in students:
                task = self._task(one)
                if task is not None:
                    yield task
                else:
                    finished += 1

        for task, marks in graders.grade(tasks()):
            self._journal.keep(task.student, self._faulty(task, marks) if isinstance(marks, Exception) else marks)
            finished += 1
            done(finished)
        done(finished)

    def _task(self, one: Assigned) -> Task | None:
        """Return what is to be graded anew of a student; None where that is nothing."""
        student, files = one.enrolled.student.id, self.submission(one).files
        kept = self._journal.digests(student)
        anew = {name: digest for name, digest in self._follows_from(student, files).items() if kept.get(name) != digest}
        needed = {name for exercise in anew for name in (exercise, *self._uses[exercise])}
        return Task(student, anew, {name: files[name] for name in files if name in needed}) if anew else None

    def _follows_from(self, student: str, files: Mapping[str, str | Failed]) -> dict[str, str]:
        """Return by exercise a digest of all that the verdict on it follows from."""
        secret = secret_of(self._plan, student)
        digests = {}
        for name in self._plan.names:
            found = hashlib.sha256(self._digests[name])
            for part in (secret, *(repr(files[other]) for other in (name, *self._uses[name]))):
                found.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
            digests[name] = found.hexdigest()
        return digests

    def record(self, one: Assigned, policy: Policy) -> tuple[Record, float]:
        """Return all that is known of a student, and how many seconds grading took."""
        submission, hand_in = self.submission(one), one.hand_in
        marks = self._journal.marks(one.enrolled.student.id)
        verdicts = tuple(report.verdict(marks[name].verdict) for name in self._plan.names)
        when = one.enrolled.handed_in or (hand_in.when if hand_in else None)
        late = policy.of(when, one.enrolled.due)
        record = Record(
            student=one.enrolled.student,
            submission=hand_in.name if hand_in else "",
            handed_in=when.isoformat() if when else "",
            days_late=late.days,
            kept=late.kept,
            isolation=min((marks[name].isolation for name in self._plan.names), key=LEVELS.index),
            verdicts=verdicts,
            ignored=submission.ignored,
            faults=(*one.faults, *(hand_in.faults if hand_in else ()), *submission.faults),
            evidence=marking.of_files(submission.ignored),
        )
        return record, sum(marks[name].seconds for name in self._plan.names)

    def submission(self, one: Assigned) -> Submission:
        """Take in what a student has handed in."""
        names = self._with_used
        if one.unclear:
            return Submission(dict.fromkeys(names, Failed("setup", one.unclear)), (), ())
        if one.hand_in is None:
            return marking.nothing(names)
        if one.hand_in.files:
            return marking.of_single_files(one.hand_in.files, self._library, names)
        return marking.taken(one.hand_in.path, self._library, names)

    def _faulty(self, task: Task, fault: Exception) -> list[Mark]:
        """Return marks that blame nobody, of a task that could not be graded."""
        marks = []
        for name in task.digests:
            message = say("the grader could not grade it: {why}", why=f"{type(fault).__name__}: {fault}")
            verdict = not_judged(self._library.places[name], message, self._library.key(name))
            marks.append(Mark(name, "", self._plan.most, 0.0, report.record(verdict)))
        return marks

    @cached_property
    def _with_used(self) -> list[str]:
        return marking.with_used(self._library, self._plan.names)

    @cached_property
    def _uses(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(marking.with_used(self._library, [name])[1:]) for name in self._plan.names}

    @cached_property
    def _digests(self) -> dict[str, bytes]:
        """By exercise a digest of all but the student's own texts."""
        plan = repr((self._plan.most, self._plan.assisted)).encode()
        code = _code()
        return {
            name: b"".join([code, plan, *(self._library.digest(n) for n in (name, *self._uses[name]))])
            for name in self._plan.names
        }


def _code() -> bytes:
    """Return a digest of the grader's own code, as far as a verdict follows from it."""
    here = Path(__file__).parent.parent
    found = hashlib.sha256(f"{sys.version_info[:3]} {version('numpy')} {version('scipy')}".encode())
    for file in sorted(here.rglob("*.py")):
        if file.relative_to(here).parts[0] not in _BESIDE:
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.digest()
