"""Progress as lines of text. Pure."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from grader.messages import say, say_count
from grader.progress.summary import STATES, Summary
from grader.report.text import Line, amount

__all__ = ["ago", "lines"]

_BAR = 20
_DAYS = 14  # the newest ones that are listed
_LISTED = 5
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


def lines(found: Summary, now: float) -> list[Line]:
    """Return what there is to say about a learner's progress.

    Args:
        found: the summary.
        now: in seconds since 1970.
    """
    if found.last is None:
        return [Line(say("Nothing has been graded yet. `make grade` says which exercise to open first."))]
    told = [
        *_table(found),
        *_over_time([(one.day, one.points) for one in found.days]),
        *_hard(found),
        *_waiting(found, now),
    ]
    return [*told, Line(""), Line(say("Your last try: {ago}.", ago=ago(now - found.last)))]


def ago(seconds: float) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    if seconds < _MINUTE:
        return say("just now")
    if seconds < _HOUR:
        return say_count(int(seconds // _MINUTE), "{number} minute ago", "{number} minutes ago")
    if seconds < _DAY:
        return say_count(int(seconds // _HOUR), "{number} hour ago", "{number} hours ago")
    return say_count(int(seconds // _DAY), "{number} day ago", "{number} days ago")


def _table(found: Summary) -> list[Line]:
    """The states of every topic's exercises, and their points, with a bar that only repeats them."""
    width = max(len(topic.name) for topic in found.topics)
    heads = [say("robust"), say("right"), say("wrong"), say("not started")]
    told = [Line("   ".join([f"{'':{width}}  {'  '.join(heads)}", say("points")]), "bold")]
    for topic in found.topics:
        cells = "  ".join(f"{topic.states[state]:{len(head)}}" for state, head in zip(STATES, heads, strict=True))
        points = f"{amount(topic.points)}/{topic.max_points}"
        told.append(Line(f"{topic.name:{width}}  {cells}   {points:>9}  {_bar(topic.points, topic.max_points)}"))
    total = say("{got} of {most} points", got=amount(found.points), most=found.max_points)
    return [*told, Line(total, "bold")]


def _bar(points: Fraction, most: Fraction | int) -> str:
    full = int(_BAR * points / most) if most else 0
    return "#" * full + "." * (_BAR - full)


def _over_time(days: Sequence[tuple[date, Fraction]]) -> list[Line]:
    most = max(points for _, points in days)
    left = len(days) - _DAYS
    told = [Line(""), Line(say("Points at the end of each day with a try:"), "bold")]
    if left > 0:
        told.append(Line("  " + say_count(left, "({number} earlier day)", "({number} earlier days)"), "dim"))
    return told + [
        Line(f"  {day.isoformat()}  {amount(points):>7}  {_bar(points, most)}") for day, points in days[-_DAYS:]
    ]


def _hard(found: Summary) -> list[Line]:
    if not found.hard:
        return []
    told = [Line(""), Line(say("What took most tries, and is worth looking at again some day:"), "bold")]
    for one in found.hard[:_LISTED]:
        wrong = say_count(one.wrong, "{number} wrong text", "{number} wrong texts")
        state = say("right by now") if one.done else say("not right yet")
        told.append(Line(f"  {one.name}: {wrong}, {state}"))
    return told


def _waiting(found: Summary, now: float) -> list[Line]:
    if not found.waiting:
        return []
    told = [Line(""), Line(say("Begun and not right yet:"), "bold")]
    told += [Line(f"  {one.name}: {one.state}, {ago(now - one.last)}") for one in found.waiting[:_LISTED]]
    left = len(found.waiting) - _LISTED
    return told + ([Line("  " + say_count(left, "and {number} more", "and {number} more"))] if left > 0 else [])
