"""A record says what the verdicts say, exactly, and survives as JSON."""

import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from grader.classroom.record import document, from_plain, to_plain
from tests.made_records import hostile, record, records

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "record.json").read_text(encoding="utf-8"))
EVERY = [*records(), *hostile()]


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_a_record_survives_as_json_and_prints_as_plain_ascii(number):
    text = document(EVERY[number])

    assert from_plain(json.loads(text)) == EVERY[number]
    assert text.isascii()
    assert not any(ord(character) < 32 and character != "\n" for character in text)


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_a_record_is_what_its_schema_says(number):
    jsonschema.validate(json.loads(document(EVERY[number])), SCHEMA)


BREAKING = {
    "a number for points": {"points": 3},
    "a decimal": {"final": "2.5"},
    "another version": {"version": 2},
    "a time nowhere": {"handed_in": "2026-10-31T23:59"},
    "a level that is none": {"isolation": "somewhat"},
    "a student without an id": {"student": {"id": "", "name": "", "email": "", "section": ""}},
}


@pytest.mark.parametrize("kind", BREAKING)
def test_the_schema_bites(kind):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**to_plain(record()), **BREAKING[kind]}, SCHEMA)


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
