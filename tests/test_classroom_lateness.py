"""What a deadline costs is exact, and follows from times alone."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.classroom.lateness import ON_TIME, Lateness, Policy, moment

DUE = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
TENTH = Policy(DUE, grace=timedelta(minutes=10), per_day=Fraction(1, 10), most=Fraction(1, 2), days=7)
AFTER = {
    "a week before": (timedelta(days=-7), ON_TIME),
    "at the deadline": (timedelta(0), ON_TIME),
    "within the grace": (timedelta(minutes=10), ON_TIME),
    "just after it": (timedelta(minutes=11), Lateness(1, Fraction(9, 10))),
    "exactly a day": (timedelta(days=1), Lateness(1, Fraction(9, 10))),
    "a day and a second": (timedelta(days=1, seconds=1), Lateness(2, Fraction(4, 5))),
    "as much as it can cost": (timedelta(days=7), Lateness(7, Fraction(1, 2))),
    "too late": (timedelta(days=7, seconds=1), Lateness(8, Fraction(0))),
}


@pytest.mark.parametrize("when", AFTER)
def test_every_day_begun_costs_its_share(when):
    after, expected = AFTER[when]

    assert TENTH.of(DUE + after) == expected


def test_time_zones_are_heeded():
    assert TENTH.of(datetime.fromisoformat("2026-11-01T01:05:00+01:00")) == ON_TIME
    assert TENTH.of(datetime.fromisoformat("2026-10-31T23:30:00-01:00")) == Lateness(1, Fraction(9, 10))


def test_nothing_is_taken_off_where_a_time_or_a_deadline_is_not_known():
    assert TENTH.of(None) == ON_TIME
    assert Policy(per_day=Fraction(1)).of(DUE + timedelta(days=9)) == ON_TIME


def test_a_students_own_deadline_counts():
    own = DUE + timedelta(days=3)

    assert TENTH.of(own, own) == ON_TIME
    assert TENTH.of(own + timedelta(days=1), own) == Lateness(1, Fraction(9, 10))


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00+01:00", "2026-10-31T23:59"])
def test_what_is_no_time_anywhere_is_refused(text):
    with pytest.raises(ValueError, match=r"no time|leaves open"):
        moment(text)


def test_an_empty_time_is_none():
    assert moment(" ") is None
