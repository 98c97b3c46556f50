"""What a class adds up to: counters that are fed one record after the other and do not grow with the class.

Of every student a few numbers are kept; of what is listed by name, the first ones only, and how many there are.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, TypeVar

from grader.classroom.record import Record, Student
from grader.judge import Verdict
from grader.messages import say, say_count
from grader.points import points
from grader.report.page import counted

__all__ = ["Exercise", "Listed", "Mistake", "Row", "Tally", "tally"]

T = TypeVar("T")
_SENTENCES, _LETTERS = 6, 300  # of one student, and of one sentence
_SLOWEST = 10


@dataclass
class Listed(Generic[T]):
    """The first of many, and how many there are."""

    most: int
    first: list[T] = field(default_factory=list)
    total: int = 0

    def add(self, one: T) -> None:
        """Count one, and keep it if there is room."""
        self.total += 1
        if len(self.first) < self.most:
            self.first.append(one)

    @property
    def left(self) -> int:
        """How many are not kept."""
        return self.total - len(self.first)


@dataclass(frozen=True)
class Row:
    """One student in a list: who, and what there is to say."""

    student: Student
    said: tuple[str, ...]


@dataclass
class Mistake:
    """A likely cause, and how many students it was said to."""

    name: str
    message: str
    students: int = 0


@dataclass
class Exercise:
    """One exercise, over all students who handed something in.

    Attributes:
        states: how many students are in which state.
        mistakes: by kind and name of a diagnosis.
        unknown: how many have findings and no diagnosis.
        kinds: how many students have a finding of which kind of check.
        points: of all of them together.
    """

    name: str
    topic: str
    max_points: int
    states: Counter[str] = field(default_factory=Counter)
    mistakes: dict[tuple[str, str], Mistake] = field(default_factory=dict)
    unknown: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    points: Fraction = Fraction(0)

    @property
    def done(self) -> int:
        """How many have it right, or robust."""
        return self.states["right"] + self.states["robust"]

    @property
    def diagnosed(self) -> int:
        """How many were told a likely cause."""
        return sum(mistake.students for mistake in self.mistakes.values())

    def add(self, verdict: Verdict, worth: Fraction) -> None:
        """Count one student's verdict, and what it is worth."""
        self.states[verdict.state] += 1
        self.points += worth
        self.max_points = max(self.max_points, verdict.max_points)  # of what was not judged it may be unknown
        if verdict.state in ("blocked", "not judged"):
            return
        self.kinds.update({finding.check for finding in verdict.findings})
        if verdict.diagnosis:
            kind, name, message = verdict.diagnosis.kind, verdict.diagnosis.name, verdict.diagnosis.message
            mistake = self.mistakes.setdefault((kind, name), Mistake(name, message))
            mistake.students += 1
            # Of what is said with the learner's own numbers in it, the same in whatever order students come.
            mistake.message = min(mistake.message, message, key=lambda said: (len(said), said))
        elif verdict.findings:
            self.unknown += 1


@dataclass
class Tally:
    """A class, added up."""

    students: Listed[tuple[Student, Fraction, Fraction, str]]
    unjudged: Listed[Row] = field(default_factory=lambda: Listed(100))
    evidence: Listed[Row] = field(default_factory=lambda: Listed(100))
    odd: Listed[Row] = field(default_factory=lambda: Listed(50))
    exercises: dict[str, Exercise] = field(default_factory=dict)
    max_points: int = 0
    handed_in: int = 0
    finals: "array[float]" = field(default_factory=lambda: array("d"))  # of those who handed in and are all judged
    sum_finals: Fraction = Fraction(0)
    levels: Counter[str] = field(default_factory=Counter)
    late: Counter[tuple[int, Fraction]] = field(default_factory=Counter)
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    _slow: list[tuple[float, int, Student]] = field(default_factory=list)

    @property
    def slowest(self) -> list[tuple[float, Student]]:
        """The submissions that took longest, the slowest first."""
        return [(seconds, student) for seconds, _, student in sorted(self._slow, key=lambda one: (-one[0], -one[1]))]

    def add(self, record: Record, seconds: float | None) -> None:
        """Count one student's record."""
        said = counted([verdict.state for verdict in record.verdicts]) if record.submission else say("nothing")
        worth = [points(verdict) for verdict in record.verdicts]  # exact, and so not cheap
        total = sum(worth, Fraction(0))
        final = total * record.kept
        self.students.add((record.student, total, final, said))
        self.max_points = max(self.max_points, record.max_points)
        if seconds is not None:
            self.seconds.append(seconds)
            # A tie goes to whoever came first.
            heapq.heappush(self._slow, (seconds, -self.students.total, record.student))
            if len(self._slow) > _SLOWEST:
                heapq.heappop(self._slow)
        self._add_lists(record)
        for verdict, of_it in zip(record.verdicts, worth, strict=True):
            made = Exercise(verdict.name, verdict.topic, verdict.max_points)
            exercise = self.exercises.setdefault(verdict.name, made)
            if record.submission:
                exercise.add(verdict, of_it)
        if record.submission:
            self._add_handed_in(record, final)

    def _add_handed_in(self, record: Record, final: Fraction) -> None:
        self.handed_in += 1
        self.levels[record.isolation] += 1
        if record.days_late:
            self.late[record.days_late, record.kept] += 1
        if not record.not_judged:
            self.finals.append(float(final))
            self.sum_finals += final

    def _add_lists(self, record: Record) -> None:
        for listed, sentences in (
            (self.unjudged, _unjudged(record)),
            (self.evidence, _evidence(record)),
            (
                self.odd,
                [*record.faults, *(say("not expected, not used: {name}", name=name) for name in record.ignored)],
            ),
        ):
            if sentences:
                listed.add(Row(record.student, _some(sentences)))


def tally(results: Iterable[tuple[Record, float | None]], listed: int) -> Tally:
    """Add up a class, read once.

    Args:
        results: every student's record, with the seconds that its grading took, or None.
        listed: how many students to keep for the table of all.
    """
    whole = Tally(Listed(listed))
    for record, seconds in results:
        whole.add(record, seconds)
    return whole


def _unjudged(record: Record) -> list[str]:
    found = [verdict for verdict in record.verdicts if verdict.state == "not judged"]
    unknown = say("no reason is known")
    return [f"{one.name}: {one.findings[0].message if one.findings else unknown}" for one in found]


def _evidence(record: Record) -> list[str]:
    of_code = [f"{verdict.name}: {sentence}" for verdict in record.verdicts for sentence in verdict.evidence]
    return [*record.evidence, *of_code]


def _some(sentences: list[str]) -> tuple[str, ...]:
    left = len(sentences) - _SENTENCES
    shown = [sentence[:_LETTERS] for sentence in sentences[:_SENTENCES]]
    if left <= 0:
        return tuple(shown)
    return (*shown, say_count(left, "... and {number} more, in the record", "... and {number} more, in the record"))
