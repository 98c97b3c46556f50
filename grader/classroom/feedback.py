"""A student's page: what the submission is worth, what is wrong, why, and what to look at first.

It says what the terminal says, and nothing that is for the teacher alone. The same record gives the same bytes.
"""

from fractions import Fraction

from grader.classroom.record import Record
from grader.messages import say, say_count
from grader.next_step import how_to_start
from grader.report.page import Block, block, counted, exact, render
from grader.report.text import amount

__all__ = ["lateness", "page"]

_NEXT = ("wrong", "right", "blocked", "not started")  # what to look at first, in this order


def page(record: Record) -> str:
    """Return the page of one student."""
    blocks = [block(verdict, number) for number, verdict in enumerate(record.verdicts, start=1)]
    return render(
        "feedback.html",
        who=record.student.name or record.student.id,
        about=_about(record),
        final=amount(record.final),
        final_exact=exact(record.final),
        most=record.max_points,
        states=counted([verdict.state for verdict in record.verdicts]),
        lateness=lateness(record),
        open=_open(record),
        nothing=_nothing(record),
        files=record.ignored,
        first=_first(blocks) if record.submission else None,
        blocks=blocks,
        begun=[one for one in blocks if one.state != "not started"],
        waiting=[one for one in blocks if one.state == "not started"],
        how_to_start=how_to_start(),
    )


def _about(record: Record) -> str:
    student = record.student
    known = [student.id if student.name else "", student.section]
    handed_in = say("handed in {time}", time=record.handed_in.replace("T", " ")) if record.handed_in else ""
    return " · ".join(part for part in (*known, record.submission, handed_in) if part)


def lateness(record: Record) -> str:
    """Return what lateness does to the points, "" where it was not late."""
    if not record.days_late and record.kept == 1:
        return ""
    late = say("It was not handed in late.")
    if record.days_late:
        late = say_count(
            record.days_late,
            "It was handed in {number} day late; a day that has begun counts as a day.",
            "It was handed in {number} days late; a day that has begun counts as a day.",
        )
    if record.kept == 1:
        return " ".join([late, say("No points are taken off.")])
    worth = say("The exercises are worth {points} points.", points=amount(record.points))
    if exact(record.points):
        worth = say(
            "The exercises are worth {points} (exactly {exact}) points.",
            points=amount(record.points),
            exact=exact(record.points),
        )
    counts = say("So {share} of that counts: {points} points.", share=_share(record.kept), points=amount(record.final))
    return f"{worth} {late} {counts}"


def _share(kept: Fraction) -> str:
    return f"{amount(kept * 100)} %" if (kept * 100).denominator == 1 else str(kept)


def _open(record: Record) -> str:
    if not record.not_judged:
        return ""
    names = ", ".join(record.not_judged)
    return say(
        "The points are not final: {names} could not be judged. That is not your mistake; it will be graded again.",
        names=names,
    )


def _nothing(record: Record) -> str:
    if record.submission:
        return ""
    return say(
        "Nothing was found that is yours. If you did hand something in, tell your teacher: it may have another name."
    )


def _first(blocks: list[Block]) -> Block | None:
    """Choose what to look at first: of what is wrong the first in the course's order, then what is nearly done."""
    todo = [one for one in blocks if one.state in _NEXT]
    return min(todo, key=lambda one: _NEXT.index(one.state), default=None)
