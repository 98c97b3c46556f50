"""A record says what the verdicts say, exactly, and survives as JSON."""

import json
from fractions import Fraction

import pytest

from grader.classroom.record import document, from_plain, to_plain
from tests.made_records import hostile, record, records

EVERY = [*records(), *hostile()]


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_a_record_survives_as_json_and_prints_as_plain_ascii(number):
    text = document(EVERY[number])

    assert from_plain(json.loads(text)) == EVERY[number]
    assert text.isascii()
    assert not any(ord(character) < 32 and character != "\n" for character in text)


def test_points_are_exact_and_lateness_takes_its_share():
    one = record("ben", "robust", "right", "wrong", kept=Fraction(9, 10))

    assert one.points == 3 + Fraction(10, 3) + Fraction(4, 3)
    assert one.final == Fraction(69, 10)
    assert (to_plain(one)["points"], to_plain(one)["final"], to_plain(one)["max_points"]) == ("23/3", "69/10", "12")


def test_what_is_not_judged_is_named():
    assert record("dora", "right", "not judged", "robust").not_judged == ("softmax_loss",)


def test_a_record_of_another_version_is_refused():
    plain = to_plain(record())

    with pytest.raises(ValueError, match="version 2"):
        from_plain({**plain, "version": 2})
