"""Sums a history up: by topic, over time, what was hard, and what waits. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from grader.history import Attempt, latest
from grader.judge import DONE

__all__ = ["STATES", "Day", "Hard", "Summary", "Topic", "Waiting", "summary"]

STATES = ("robust", "right", "wrong", "not started")
_HARD_AFTER = 3  # texts that were wrong before one was right


@dataclass(frozen=True)
class Topic:
    """One topic: how many of its exercises are in each of `STATES`, and points.

    A capstone that is blocked counts as not started, and what could not be judged as wrong until it is.
    """

    name: str
    states: Mapping[str, int]
    points: Fraction
    max_points: int


@dataclass(frozen=True)
class Day:
    """The points at the end of a day on which something was graded."""

    day: date
    points: Fraction


@dataclass(frozen=True)
class Hard:
    """An exercise that took several texts: how many were wrong, and whether it is right by now."""

    name: str
    wrong: int
    done: bool


@dataclass(frozen=True)
class Waiting:
    """An exercise that was begun and is not right: its state, and when it was graded last."""

    name: str
    state: str
    last: float


@dataclass(frozen=True)
class Summary:
    """How far a learner has come.

    Attributes:
        topics: every topic of the course, in order.
        days: every day on which something was graded, the oldest first.
        hard: what took most texts, the hardest first.
        waiting: what was begun and is not right, the one that was tried last first.
        last: when something was graded last; None where nothing ever was.
    """

    topics: tuple[Topic, ...]
    days: tuple[Day, ...]
    hard: tuple[Hard, ...]
    waiting: tuple[Waiting, ...]
    last: float | None

    @property
    def points(self) -> Fraction:
        """All points so far."""
        return sum((topic.points for topic in self.topics), Fraction(0))

    @property
    def max_points(self) -> int:
        """What the whole course is worth."""
        return sum(topic.max_points for topic in self.topics)


def summary(
    attempts: Sequence[Attempt], worth: Mapping[str, tuple[str, int]], day_of: Callable[[float], date]
) -> Summary:
    """Return how far a learner has come.

    Args:
        attempts: the whole history, the oldest first; exercises that the course does not have any more are left out.
        worth: topic and points of every exercise, topic by topic.
        day_of: returns the day of a time, where the learner is.
    """
    known = [attempt for attempt in attempts if attempt.name in worth]
    newest = latest(known)
    waiting = [
        Waiting(name, one.state, one.last) for name, one in newest.items() if one.state not in {*DONE, "not started"}
    ]
    return Summary(
        topics=tuple(_topics(newest, worth)),
        days=tuple(_days(known, day_of)),
        hard=tuple(_hard(known, newest)),
        waiting=tuple(sorted(waiting, key=lambda one: -one.last)),
        last=max((attempt.last for attempt in known), default=None),
    )


def _topics(newest: Mapping[str, Attempt], worth: Mapping[str, tuple[str, int]]) -> list[Topic]:
    found = []
    for topic, group in groupby(worth.items(), key=lambda item: item[1][0]):
        names = {name: points for name, (_, points) in group}
        states = [_counted(newest[name].state) if name in newest else "not started" for name in names]
        got = sum((newest[name].points for name in names if name in newest), Fraction(0))
        found.append(Topic(topic, {state: states.count(state) for state in STATES}, got, sum(names.values())))
    return found


def _counted(state: str) -> str:
    return {"blocked": "not started", "not judged": "wrong"}.get(state, state)


def _days(attempts: Sequence[Attempt], day_of: Callable[[float], date]) -> list[Day]:
    """Return the points at the end of each day; what could not be judged leaves the points as they were."""
    now: dict[str, Fraction] = {}
    ends: dict[date, Fraction] = {}
    for attempt in sorted(attempts, key=lambda one: one.first):
        if attempt.state != "not judged":
            now[attempt.name] = attempt.points
        ends[day_of(attempt.first)] = sum(now.values(), Fraction(0))
    return [Day(day, points) for day, points in sorted(ends.items())]


def _hard(attempts: Sequence[Attempt], newest: Mapping[str, Attempt]) -> list[Hard]:
    wrong: dict[str, set[str]] = {}
    for attempt in attempts:
        if attempt.state == "wrong":
            wrong.setdefault(attempt.name, set()).add(attempt.source)
    found = [Hard(name, len(texts), newest[name].state in DONE) for name, texts in wrong.items()]
    return sorted((one for one in found if one.wrong >= _HARD_AFTER), key=lambda one: -one.wrong)
