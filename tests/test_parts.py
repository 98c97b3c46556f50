"""Places in an answer, what messages call them, and numbers that are told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.parts import at, entry, leaves, name_of, numbers, parse, put

VALUE = (1, {"mask": [2, 3], 4: ()}, "text")


def test_every_leaf_comes_with_its_place_in_order():
    assert list(leaves(VALUE)) == [((0,), 1), ((1, "mask", 0), 2), ((1, "mask", 1), 3), ((2,), "text")]


def test_a_leaf_alone_has_the_empty_place():
    assert list(leaves(5)) == [((), 5)]


def test_at_returns_what_leaves_found():
    assert all(at(VALUE, place) == leaf for place, leaf in leaves(VALUE))


@pytest.mark.parametrize(
    ("value", "place"),
    [(1, (0,)), ((1,), (1,)), ((1,), ("a",)), ({"a": 1}, (0,)), ("text", (0,)), (np.zeros(2), (0,)), (None, (0,))],
    ids=str,
)
def test_a_place_that_is_not_there_is_a_lookup_error(value, place):
    with pytest.raises(LookupError):
        at(value, place)


def test_put_changes_a_copy_at_one_place():
    changed = put(VALUE, (1, "mask", 0), 9)

    assert changed == (1, {"mask": [9, 3], 4: ()}, "text")
    assert VALUE[1]["mask"] == [2, 3]


@pytest.mark.parametrize(
    ("text", "returns", "place"),
    [
        ("dx", "dx", ()),
        ("cache[1]", "cache", (1,)),
        ("dw", ["dx", "dw"], (1,)),
        ("cache[1]['mask']", ["out", "cache"], (1, 1, "mask")),
        ("cache[12]", ["out", "cache"], (1, 12)),
    ],
    ids=str,
)
def test_what_an_author_writes_is_a_place_and_its_name_says_it_again(text, returns, place):
    assert parse(text, returns) == place
    assert name_of(place, returns) == text


@pytest.mark.parametrize("text", ["dy", "", "dx + 1", "dx[", "[0]", "dx[0", "dx[-1]", "dx.T"])
def test_another_text_is_no_place(text):
    with pytest.raises(ValueError, match="is not"):
        parse(text, ["dx", "dw"])


def test_the_whole_of_several_parts_is_your_answer():
    assert name_of((), ("dx", "dw")) == "your answer"


@pytest.mark.parametrize(("index", "text"), [((), ""), ((3,), "[3]"), ((3, 2), "[3, 2]")], ids=str)
def test_an_index_reads_as_it_is_written(index, text):
    assert entry(index) == text


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        (1.5, 2.0, ("1.5", "2")),
        (-1.936891234, 0.0, ("-1.93689", "0")),
        (1.0000001, 1.0, ("1.0000001", "1")),
        (-0.0, 1.0, ("0", "1")),
        (True, False, ("True", "False")),
        (True, 1.5, ("True", "1.5")),
        (3, 4, ("3", "4")),
        (1 + 2j, 1 - 2j, ("1+2j", "1-2j")),
        (float("nan"), 1.0, ("nan", "1")),
        (10**50, 1, ("100000...000000 (51 digits)", "1")),
        (10**50 + 10**25, 10**50, (str(10**50 + 10**25), str(10**50))),
    ],
    ids=str,
)
def test_two_numbers_read_with_as_many_digits_as_it_takes(one, other, texts):
    assert numbers(one, other) == texts


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.floats() | st.integers() | st.booleans(), st.integers(1, 9) | st.floats(1e-16, 1e-12))
def test_two_unequal_numbers_never_read_the_same(one, step):
    other = one + step

    texts = numbers(one, other)

    assert one == other or one != one or texts[0] != texts[1]
