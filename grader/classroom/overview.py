"""The teacher's page of a class: how it went, which mistakes it makes, and what somebody has to look at.

The heat map has a row for each exercise and in it the exercise's own mistakes, the commonest first: a mistake belongs
to one exercise, so a column for each would be empty almost everywhere. Students who handed in nothing are counted at
the top, and nowhere else.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from grader.classroom.record import Record, Student
from grader.classroom.tally import Exercise, Tally, tally
from grader.messages import say, say_count
from grader.report.page import STATES, render
from grader.report.text import FACES, amount, isolation_lines

if TYPE_CHECKING:
    from grader.classroom.similarity import Pair  # copydetect, which it needs, is an extra

__all__ = ["page"]

_MISTAKES = 5  # columns of the heat map
_TOP = 10
_KINDS = 8
_PAIRS = 50
_SHADES = 5
_BARS = 10


@dataclass(frozen=True)
class Told:
    """A mistake, how many students made it, and what was said to them."""

    students: int
    exercise: str
    name: str
    message: str


@dataclass(frozen=True)
class Cell:
    """One number of a heat map, the name of what was counted, and how dark it is, 0 to 5."""

    students: int
    name: str
    shade: int


@dataclass(frozen=True)
class Bar:
    """One bar of the distribution: a range of points, how many students are in it, and where it is drawn."""

    points: str
    students: int
    x: int
    y: float
    height: float


def page(
    results: Iterable[tuple[Record, float | None]],
    *,
    title: str = "",
    similar: Iterable["Pair"] = (),
    listed: int = 200,
    link: Callable[[Student], str] | None = None,
) -> str:
    """Return the page.

    Args:
        results: every student's record, with the seconds that its grading took, or None; read once.
        title: the page's heading.
        similar: pairs of students whose answers are alike.
        listed: how many students the table of all lists.
        link: returns where a student's own page lies, relative to this one and with `/`; "" for nowhere.
    """
    whole = tally(results, listed)
    exercises = list(whole.exercises.values())
    mistakes = _mistakes(exercises)
    hard = _hard(exercises)
    pairs = sorted(similar, key=lambda pair: (-pair.share, pair.exercise, pair.one, pair.other))
    return render(
        "overview.html",
        title=title or say("The class"),
        whole=whole,
        facts=_facts(whole),
        bars=_bars(whole),
        states=STATES,
        faces={state: face.strip() for state, face in FACES.items()},
        top=mistakes[:_TOP],
        rarer=mistakes[_TOP:],
        heat=_heat(exercises),
        columns=_MISTAKES,
        kinds=_kinds(exercises),
        hard=hard,
        late=sorted(whole.late.items()),
        median_seconds=f"{statistics.median(whole.seconds):.2f}" if whole.seconds else "",
        pairs=pairs[:_PAIRS],
        more_pairs=len(pairs) - len(pairs[:_PAIRS]),
        levels=[(level, number, _rights(level)) for level, number in sorted(whole.levels.items())],
        urgent=_urgent(whole, len(pairs), mistakes, hard),
        amount=amount,
        share=_percent,
        address=lambda student: _address(link, student),
    )


def _percent(part: int | Fraction | float, whole: int) -> str:
    return f"{round(100 * float(part) / whole)} %" if whole else "0 %"


def _address(link: Callable[[Student], str] | None, student: Student) -> str:
    """Return a link that stays beside this page, whatever a student is called."""
    place = link(student) if link else ""
    return "./" + quote(place, safe="/", errors="replace") if place else ""


def _rights(level: str) -> str:
    return " ".join(line.text for line in isolation_lines(level))


def _facts(whole: Tally) -> list[tuple[str, str, str]]:
    """Return name, number and remark of what a class is told by first."""
    judged, total = len(whole.finals), whole.students.total
    handed_in = say_count(whole.handed_in, "{number:,} handed something in", "{number:,} handed something in")
    facts = [(say("students"), f"{total:,}", handed_in)]
    if judged:
        of = say_count(whole.max_points, "of {number} point", "of {number} points")
        facts.append((say("median"), f"{statistics.median(whole.finals):.2f}", of))
        facts.append((say("mean"), amount(whole.sum_finals / judged), of))
    late = sum(whole.late.values())
    share = say("{share} of what was handed in", share=_percent(late, whole.handed_in))
    return [*facts, (say("late"), f"{late:,}", share)]


def _urgent(whole: Tally, pairs: int, top: Sequence[Told], hard: Sequence[Exercise]) -> list[tuple[str, str]]:
    """Return what to look at first: a section of the page, and a sentence."""
    found = []
    if whole.unjudged.total:
        unjudged = say_count(
            whole.unjudged.total,
            "{number:,} student not judged in full: run again",
            "{number:,} students not judged in full: run again",
        )
        found.append(("unjudged", unjudged))
    if top:
        commonest = say_count(
            top[0].students,
            "the commonest mistake, {number:,} student: {mistake}, in {exercise}",
            "the commonest mistake, {number:,} students: {mistake}, in {exercise}",
            mistake=top[0].name,
            exercise=top[0].exercise,
        )
        found.append(("mistakes", commonest))
    if hard and hard[0].done < whole.handed_in:
        done = _percent(hard[0].done, whole.handed_in)
        hardest = say("the hardest exercise: {name}, right or robust for {share}", name=hard[0].name, share=done)
        found.append(("hard", hardest))
    if whole.evidence.total:
        evidence = say_count(
            whole.evidence.total,
            "{number:,} student with evidence to read, no accusation",
            "{number:,} students with evidence to read, no accusation",
        )
        found.append(("evidence", evidence))
    if pairs:
        similar = say_count(
            pairs, "{number:,} pair of similar files to read", "{number:,} pairs of similar files to read"
        )
        found.append(("similar", similar))
    if any(_rights(level) for level in whole.levels):
        found.append(("isolation", say("not all of the code was locked in while it ran")))
    return found


def _bars(whole: Tally) -> list[Bar]:
    """Return the distribution of points in tenths of what could be had; full marks belong to the last."""
    if not whole.finals or not whole.max_points:
        return []
    counts = [0] * _BARS
    for final in whole.finals:
        # A float is some 1e-16 off; a tenth of a point is not.
        counts[min(_BARS - 1, int(_BARS * final / whole.max_points + 1e-9))] += 1
    highest = max(counts)
    bars = []
    for number, students in enumerate(counts):
        low, high = (Fraction(whole.max_points * end, _BARS) for end in (number, number + 1))
        if number == _BARS - 1:
            words = say("{low} to {high}", low=amount(low), high=amount(high))
        else:
            words = say("{low} to under {high}", low=amount(low), high=amount(high))
        height = round(130 * students / highest, 1)
        bars.append(Bar(words, students, 30 + 44 * number, round(160 - height, 1), height))
    return bars


# --- mistakes ------------------------------------------------------------------------------------------------------


def _mistakes(exercises: Sequence[Exercise]) -> list[Told]:
    """Return all mistakes that were made, the commonest first."""
    found = [
        Told(mistake.students, exercise.name, _spaced(mistake.name), mistake.message)
        for exercise in exercises
        for mistake in exercise.mistakes.values()
    ]
    return sorted(found, key=lambda one: (-one.students, one.exercise, one.name))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _shade(students: int, most: int) -> int:
    return math.ceil(_SHADES * students / most) if students else 0


def _heat(exercises: Sequence[Exercise]) -> list[dict[str, Any]]:
    """Return a row for each exercise in which mistakes were made: its commonest, all others, those without a name."""
    made = [exercise for exercise in exercises if exercise.diagnosed or exercise.unknown]
    made.sort(key=lambda exercise: (-exercise.diagnosed - exercise.unknown, exercise.name))
    ranked = {
        exercise.name: sorted(exercise.mistakes.values(), key=lambda mistake: (-mistake.students, mistake.name))
        for exercise in made
    }
    others = {name: sum(mistake.students for mistake in found[_MISTAKES:]) for name, found in ranked.items()}
    numbers = [mistake.students for found in ranked.values() for mistake in found]
    most = max([*numbers, *others.values(), *(exercise.unknown for exercise in made)], default=0)

    def row(exercise: Exercise) -> dict[str, Any]:
        found = ranked[exercise.name][:_MISTAKES]
        cells = [Cell(one.students, _spaced(one.name), _shade(one.students, most)) for one in found]
        empty = [None] * (_MISTAKES - len(found))
        other = others[exercise.name]
        return {
            "name": exercise.name,
            "cells": [*cells, *empty],
            "others": Cell(other, "", _shade(other, most)),
            "unknown": Cell(exercise.unknown, "", _shade(exercise.unknown, most)),
        }

    return [row(exercise) for exercise in made]


def _kinds(exercises: Sequence[Exercise]) -> dict[str, Any]:
    """Return how many students have a finding of which kind, by exercise; the rarest kinds together."""
    totals: dict[str, int] = {}
    for exercise in exercises:
        for kind, students in exercise.kinds.items():
            totals[kind] = totals.get(kind, 0) + students
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))
    shown, rare = kinds[:_KINDS], kinds[_KINDS:]
    made = [exercise for exercise in exercises if exercise.kinds]
    numbers = [[*(e.kinds[kind] for kind in shown), *([sum(e.kinds[k] for k in rare)] if rare else [])] for e in made]
    most = max((number for row in numbers for number in row), default=0)
    rows = [
        {"name": exercise.name, "cells": [Cell(number, "", _shade(number, most)) for number in row]}
        for exercise, row in zip(made, numbers, strict=True)
    ]
    return {"kinds": [*shown, *([say("other")] if rare else [])], "rows": rows}


def _hard(exercises: Sequence[Exercise]) -> list[Exercise]:
    """Return the exercises, those that the fewest have right first; the fewer points, the harder."""

    def ease(exercise: Exercise) -> tuple[int, Fraction]:
        return exercise.done, exercise.points / (exercise.max_points or 1)

    return sorted(exercises, key=ease)
