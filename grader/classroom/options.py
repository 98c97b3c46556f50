"""Options that several of the teacher's commands have: which exercises, the deadline, and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from grader.messages import say

if TYPE_CHECKING:
    from grader.classroom.lateness import Policy
    from grader.library import Place

__all__ = ["chosen", "exercises", "late_work", "policy"]

_Command = Callable[..., Any]


class _Time(click.ParamType[Any]):
    """A time in ISO 8601, with its offset from UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        from grader.classroom.lateness import moment

        try:
            return moment(value) if isinstance(value, str) else value
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


class _Percent(click.ParamType[Any]):
    """A share between 0 and 1, written in percent."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        if not isinstance(value, str):
            return value
        try:
            share = Fraction(value.removesuffix("%").strip().replace(",", ".")) / 100
        except (ValueError, ZeroDivisionError):
            self.fail(say("{text} is no number of percent, such as 10", text=repr(value)), param, ctx)
        if not 0 <= share <= 1:
            self.fail(say("{text} is not between 0 and 100 percent", text=value), param, ctx)
        return share


_EXERCISES = (
    click.option("--exercise", "names", multiple=True, help="Only this exercise; may be given several times."),
    click.option("--topic", "topics", multiple=True, help="Only this topic, such as 04; may be given several times."),
)
_LATE = (
    click.option("--due", type=_Time(), help="The deadline, such as 2026-10-31T23:59+01:00."),
    click.option("--grace", type=int, default=0, metavar="MINUTES", help="How long after it work is still on time."),
    click.option("--late-per-day", type=_Percent(), default="0", help="What every day begun costs, in percent."),
    click.option("--late-most", type=_Percent(), default="100", help="What lateness costs at most, in percent."),
    click.option("--late-days", type=int, help="After how many days nothing counts any more."),
)


def exercises(command: _Command) -> _Command:
    """Give a command the options `--exercise` and `--topic`."""
    return _with(command, _EXERCISES)


def late_work(command: _Command) -> _Command:
    """Give a command the options of a deadline; it gets them as further keywords, for `policy`."""
    return _with(command, _LATE)


def _with(command: _Command, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command


def policy(late: Mapping[str, Any]) -> "Policy":
    """Return what late work costs."""
    from grader.classroom.lateness import Policy

    grace = timedelta(minutes=late["grace"])
    return Policy(late["due"], grace, late["late_per_day"], late["late_most"], late["late_days"])


def chosen(places: Mapping[str, "Place"], names: Sequence[str], topics: Sequence[str]) -> tuple[str, ...]:
    """Return the exercises that are meant, in the course's order; all of them where nothing is said."""
    for name in names:
        if name not in places:
            raise click.UsageError(say("there is no exercise {name}. `grader grade` lists them all.", name=repr(name)))
    known = {place.topic for place in places.values()}
    for topic in topics:
        if not any(topic in (one, one.split("_")[0]) for one in known):
            raise click.UsageError(
                say(
                    "there is no topic {topic}. There are: {topics}.",
                    topic=repr(topic),
                    topics=", ".join(sorted(known)),
                )
            )
    if not names and not topics:
        return tuple(places)
    wanted = {*topics}
    return tuple(n for n, p in places.items() if n in names or {p.topic, p.topic.split("_")[0]} & wanted)
