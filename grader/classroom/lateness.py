"""What a deadline costs: exact shares, from times alone and never from the clock."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from grader.messages import say

__all__ = ["ON_TIME", "Lateness", "Policy", "moment"]


@dataclass(frozen=True)
class Lateness:
    """How many days after the deadline have begun, and the share of points that is kept."""

    days: int
    kept: Fraction


ON_TIME = Lateness(0, Fraction(1))


@dataclass(frozen=True)
class Policy:
    """What late work costs.

    Attributes:
        due: the deadline, with an offset from UTC; None where there is none.
        grace: how long after it work is as good as on time.
        per_day: the share of the points that every day begun after the deadline costs, 0 to 1.
        most: the largest share that lateness costs, 0 to 1.
        days: after how many days nothing counts any more; None where it never comes to that.
    """

    due: datetime | None = None
    grace: timedelta = timedelta(0)
    per_day: Fraction = Fraction(0)
    most: Fraction = Fraction(1)
    days: int | None = None

    def of(self, handed_in: datetime | None, due: datetime | None = None) -> Lateness:
        """Return the lateness of what was handed in at a time; where that is not known nothing is taken off.

        Args:
            handed_in: when, with an offset from UTC.
            due: this student's own deadline, where it is not that of all.
        """
        due = due or self.due
        if handed_in is None or due is None or handed_in <= due + self.grace:
            return ON_TIME
        days = math.ceil((handed_in - due) / timedelta(days=1))
        if self.days is not None and days > self.days:
            return Lateness(days, Fraction(0))
        return Lateness(days, 1 - min(self.per_day * days, self.most))


def moment(text: str) -> datetime | None:
    """Return the time that a text in ISO 8601 says, None for an empty one.

    Raises:
        ValueError: it says none, or leaves open in which part of the world.
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            say("{text} is no time. Write it as 2026-10-31T23:59+01:00", text=repr(text.strip()[:60]))
        ) from None
    if found.tzinfo is None:
        raise ValueError(
            say(
                "{text} leaves open where. Add the offset from UTC, as in {time}+01:00",
                text=repr(text.strip()),
                time=text.strip(),
            )
        )
    return found
