"""Hints come one step further each time, and remember how far they were."""

import json

import pytest

from grader.hints import following, opened, told

TEXTS = ("one", "two", "three")


def asked(root, times: int, name: str = "triple") -> list[int]:
    return [len(following(root, name, TEXTS)[0]) for _ in range(times)]


def test_each_time_one_more_hint_is_shown_and_never_more_than_there_are(tmp_path):
    assert asked(tmp_path, 5) == [1, 2, 3, 3, 3]


def test_the_hints_come_along(tmp_path):
    assert following(tmp_path, "triple", TEXTS) == (("one",), 2)
    assert following(tmp_path, "triple", TEXTS) == (("one", "two"), 1)


def test_looking_opens_no_hint(tmp_path):
    assert opened(tmp_path, "triple", TEXTS) == ((), 3)
    asked(tmp_path, 2)

    assert opened(tmp_path, "triple", TEXTS) == (("one", "two"), 1)
    assert opened(tmp_path, "triple", TEXTS[:1]) == (("one",), 0)


def test_what_is_open_is_said_with_how_many_are_left():
    assert told(("a", "b"), 1) == ["Hint 1 of 3: a", "Hint 2 of 3: b", "There is 1 more."]
    assert told(("a",), 2)[-1] == "There are 2 more."
    assert told(("a",), 0)[-1] == "That was the last one."


def test_every_exercise_counts_for_itself(tmp_path):
    asked(tmp_path, 2)

    assert asked(tmp_path, 1, "other") == [1]
    assert asked(tmp_path, 1) == [3]


def test_how_far_somebody_is_stands_in_one_small_file(tmp_path):
    asked(tmp_path, 2)
    asked(tmp_path, 1, "other")

    assert json.loads((tmp_path / ".grader" / "hints.json").read_text()) == {"triple": 2, "other": 1}


def test_where_a_hint_was_taken_away_the_last_is_shown(tmp_path):
    asked(tmp_path, 3)

    assert following(tmp_path, "triple", TEXTS[:2]) == (TEXTS[:2], 0)


DAMAGED = {
    "empty": b"",
    "half": b'{"triple": 2',
    "no JSON": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a number": b"3",
    "nothing": b"null",
    "text for a number": b'{"triple": "2"}',
    "a fraction": b'{"triple": 1.5}',
    "a truth value": b'{"triple": true}',
    "below zero": b'{"triple": -7}',
    "nested too deeply": b"[" * 100_000,
    "too many digits": b'{"triple": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_begins_anew(tmp_path, damage):
    file = tmp_path / ".grader" / "hints.json"
    file.parent.mkdir()
    file.write_bytes(damage)

    assert asked(tmp_path, 2) == [1, 2]


def test_a_number_beyond_the_last_hint_shows_all(tmp_path):
    file = tmp_path / ".grader" / "hints.json"
    file.parent.mkdir()
    file.write_text('{"triple": 900, "kept": [1]}')

    assert asked(tmp_path, 1) == [3]
    assert json.loads(file.read_text()) == {"triple": 3, "kept": [1]}


def test_where_nothing_can_be_written_there_is_a_hint_all_the_same(tmp_path):
    (tmp_path / ".grader").write_text("a file in the way")

    assert asked(tmp_path, 2) == [1, 1]


def test_a_folder_in_the_place_of_the_file_does_no_harm(tmp_path):
    (tmp_path / ".grader" / "hints.json").mkdir(parents=True)

    assert asked(tmp_path, 2) == [1, 1]
    assert list((tmp_path / ".grader").iterdir()) == [tmp_path / ".grader" / "hints.json"]
