"""Answers are compared in their form first and then in their numbers; nothing broadcasts and NaN never passes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.compare import FLOOR, ROUNDINGS, closeness, difference, same, tolerance
from grader.misfit import misfit
from grader.worker.wire import Seed

NONE: frozenset = frozenset()
HUGE = 2**70
V = np.array([1.0, 2.0, 3.0])
M = np.arange(6.0).reshape(2, 3)
F32 = np.array([1.0, 2.0, 3.0], np.float32)


def form(expected, answer) -> str:
    """The sentence on what is wrong with the form, "" for nothing; a soft one begins with a tilde."""
    found = misfit(expected, answer)
    return "" if found is None else "~" * found.soft + found.of("y")


# --- form ----------------------------------------------------------------------------------------------------------

MISFITS = {
    "none": (V, None, "y is None, expected an array of shape (3,); is a return missing?"),
    "list": (V, [1.0, 2.0, 3.0], "y is a list, expected an array of shape (3,); np.array(...) makes one"),
    "tuple of arrays": (V, (V, V), "y is a tuple of 2 parts. An array of shape (3,) is expected."),
    "comma": (V, (V,), "y is a tuple of 1 part, expected an array of shape (3,); is there a comma behind it?"),
    "comma number": (1.0, (1.0,), "y is a tuple of 1 part, expected a number; is there a comma behind it?"),
    "text": (V, "a", "y is text. An array of shape (3,) is expected."),
    "number for array": (V, 1.0, "y is a number, expected an array of shape (3,)"),
    "0-d for array": (V, np.array(1.0), "y is a number, expected an array of shape (3,)"),
    "array for number": (
        1.0,
        V,
        "y is an array of shape (3,), expected a number: the first axis has not been summed over",
    ),
    "array of one for number": (
        1.0,
        np.ones(1),
        "y is an array of shape (1,), expected a number: the same number of entries, with an axis too many",
    ),
    "column": (V, V[:, None], "y has shape (3, 1), expected (3,): the same number of entries, with an axis too many"),
    "row": (V[:, None], V, "y has shape (3,), expected (3, 1): an axis is missing"),
    "transposed": (M, M.T, "y has shape (3, 2), expected (2, 3): the axes are in another order"),
    "unsummed": (V, M, "y has shape (2, 3), expected (3,): the first axis has not been summed over"),
    "flat": (M, M.ravel(), "y has shape (6,), expected (2, 3)"),
    "empty": (V, np.zeros(0), "y has shape (0,), expected (3,)"),
    "one broadcasts": (V, np.ones(1), "y has shape (1,), expected (3,)"),
    "too few parts": ((1.0, 2.0), (1.0,), "y has 1 part, expected 2"),
    "array for parts": (
        (V, V),
        V,
        "y is an array of shape (3,). 2 parts are expected, written one after the other with commas.",
    ),
    "key missing": ({"a": 1, "b": 2}, {"a": 1}, "y has no key 'b'"),
    "key too many": ({"a": 1}, {"a": 1, "c": 2}, "y has a key that is not expected: 'c'"),
    "braces in a key": ({}, {"{0.x} {": 1}, "y has a key that is not expected: '{0.x} {'"),
    "long key": ({}, {"k" * 99: 1}, "y has a key that is not expected: '" + "k" * 39),
    "tuple of numbers": (V, (1.0, 2.0), "y is a tuple, expected an array of shape (3,); np.array(...) makes one"),
    "number for text": ("a", 1.0, "y is a number. Text is expected."),
    "list for a number": (1.0, [1.0], "y is a list of 1 part. A number is expected."),
    "list for a dict": ({"a": 1}, [1, 2], "y is a list of 2 parts. A dict of 1 part is expected."),
    "dict for an array": (V, {"a": 1}, "y is a dict of 1 part. An array of shape (3,) is expected."),
    "none for one part": ((V,), None, "y is None; is a return missing? 1 part is expected, with a comma behind it."),
    "none for an array of several": ((V, 1.0), (None, 1.0), "y is None, expected an array of shape (3,)"),
    "none in a dict": ({"a": 1.0}, {"a": None}, "y is None. A number is expected."),
    "another number of texts": (["nan"], ["nan", "range"], "y is ['nan', 'range'], expected ['nan']"),
    "texts for none": ([], ["nan"], "y is ['nan'], expected []"),
    "many texts": (["a"], ["a"] * 9, "y has 9 parts, expected 1"),
    "long texts": (["a"], ["a" * 41, "b"], "y has 2 parts, expected 1"),
    "number for a seed": (Seed(1), 1.0, "y is a number. Something else is expected."),
    "something for nothing": (None, V, "y is an array of shape (3,). None is expected."),
    "complex": (V, V + 0j, "y is complex, expected real numbers"),
    "tiny imaginary part": (V, V + 1e-30j, "y is complex, expected real numbers"),
    "half": (
        V,
        V.astype(np.float16),
        "y has dtype float16, which keeps three digits: too few to be judged; compute in float64",
    ),
    "nan": (
        V,
        np.array([1.0, np.nan, 3.0]),
        "y[1] is NaN (not a number), expected a finite number (1 of 3 entries is not finite)",
    ),
    "all nan": (V, V * np.nan, "y[0] is NaN (not a number), expected a finite number (3 of 3 entries are not finite)"),
    "infinite": (M, -np.inf * (M + 1), "y[0, 0] is infinite, expected a finite number (6 of 6 entries are not finite)"),
    "nan number": (1.0, float("nan"), "y is NaN (not a number), expected a finite number"),
    "huge": (1.0, HUGE, "y is a whole number of more than 64 bits, too large for float64"),
    "float for huge": (HUGE, 1.0, "y has dtype float64, expected a whole number of more than 64 bits"),
    "seed": (1.0, Seed(1), "y is something else than numbers, arrays and text. A number is expected."),
    "float64 for float32": (F32, V, "~y has dtype float64, expected float32"),
    "float32 for float64": (V, F32, "~y has dtype float32, expected float64"),
    "ints for floats": (V, np.array([1, 2, 3]), "~y has dtype int64, expected float64"),
    "int for float": (1.0, 1, "~y is a whole number, expected a float"),
    "bool for float": (1.0, True, "~y is a truth value, expected a float"),
    "int for bool": (True, 1, "~y is a whole number, expected a truth value"),
    "float for int": (1, 1.0, "~y is a float, expected a whole number"),
    "bool for int": (1, True, "~y is a truth value, expected a whole number"),
    "float for bool": (True, 1.0, "~y is a float, expected a truth value"),
    "floats for bools": (V > 1, V, "~y has dtype float64, expected bool"),
    "real for complex": (V + 0j, V, "~y has dtype float64, expected complex128"),
}


@pytest.mark.parametrize("kind", MISFITS)
def test_another_form_is_told_in_a_sentence(kind):
    expected, answer, sentence = MISFITS[kind]

    assert form(expected, answer) == sentence


FITTING = {
    "list for tuple": ((1.0, 2.0), [1.0, 2.0]),
    "0-d for number": (1.0, np.array(1.0)),
    "number for 0-d": (np.array(1.0), 1.0),
    "float for float32 number": (np.array(1.5, np.float32), 1.5),
    "float32 number for float": (1.5, np.array(1.5, np.float32)),
    "0-d float64 for float32 number": (np.array(1.5, np.float32), np.array(1.5)),
    "other ints": (np.array([1, 2]), np.array([1, 2], np.uint8)),
    "dict order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "nan for nan": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "inf for inf": (-float("inf"), -float("inf")),
    "empty": (np.zeros((0, 3)), np.zeros((0, 3))),
    "huge": (HUGE, HUGE),
    "half for half": (V.astype(np.float16), V.astype(np.float16)),
    "minus zero": (0.0, -0.0),
    "nested": ({"a": (V, [None, "t"])}, {"a": [V.copy(), (None, "t")]}),
}


@pytest.mark.parametrize("kind", FITTING)
def test_the_same_answer_written_differently_passes(kind):
    expected, answer = FITTING[kind]

    assert form(expected, answer) == ""
    assert same(expected, answer, {})


def test_a_hard_fault_is_told_before_a_soft_one():
    found = misfit((V, V), (F32, V[:2]))

    assert (found.kind, found.place, found.soft) == ("shape", (1,), False)


# --- numbers -------------------------------------------------------------------------------------------------------

UNEQUAL = {
    "value": (V, np.array([1.0, 2.0, 3.1]), (2,)),
    "worst": (V, np.array([1.1, 2.5, 3.1]), (1,)),
    "sign": (V, -V, (2,)),
    "inf": (np.array([np.inf]), np.array([-np.inf]), (0,)),
    "finite for inf": (np.array([np.inf]), np.array([1e308]), (0,)),
    "nan": (np.array([1.0]), np.array([np.nan]), (0,)),
    "number for nan": (np.array([np.nan]), np.array([0.0]), (0,)),
    "int": (3, 4, ()),
    "large ints": (2**53, 2**53 + 1, ()),
    "int arrays": (np.array([2**62]), np.array([2**62 + 1]), (0,)),
    "huge": (HUGE, HUGE + 1, ()),
    "small for huge": (HUGE, 7, ()),
    "bool": (True, False, ()),
    "unsigned": (np.array([0], np.uint8), np.array([255], np.uint8), (0,)),
    "complex": (1 + 1j, 1 - 1j, ()),
    "text": ("a", "b", ()),
    "float for int": (3, 3.0000000001, ()),
}


@pytest.mark.parametrize("kind", UNEQUAL)
def test_other_numbers_are_found_with_the_worst_entry(kind):
    expected, answer, index = UNEQUAL[kind]

    found = difference(expected, answer, {}, NONE)

    assert found is not None
    assert found.index == index
    assert not same(expected, answer, {})


def test_a_difference_names_the_part_and_marks_every_wrong_entry():
    found = difference((V, {"m": M}), (V, {"m": np.where(M > 3, 0.0, M)}), {}, NONE)

    assert found.place == (1, "m")
    assert (found.yours, found.expected) == (0.0, 5.0)
    assert found.wrong.tolist() == (M > 3).tolist()


def test_parts_that_other_checks_judge_are_passed_over():
    assert difference((V, V), (V, -V), {}, frozenset({(1,)})) is None


# --- the tolerance -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-7), (np.float32, 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30], ids=str)
def test_the_tolerance_is_relative(dtype, relative, size):
    expected = np.array([size], dtype)

    inside, outside = (expected * dtype(1 + factor * relative) for factor in (0.9, 1.2))

    assert difference(expected, inside, {}, NONE) is None
    assert difference(expected, outside, {}, NONE) is not None


def test_the_narrower_of_two_floats_sets_the_tolerance():
    off = V * (1 + 5e-5)

    assert difference(V, off, {}, NONE) is not None
    assert difference(V, off.astype(np.float32), {}, NONE) is None
    assert difference(F32, off, {}, NONE) is None


def test_an_error_bar_widens_the_tolerance_at_its_entry_only():
    bars = {(): np.array([1e-6, 0.0])}

    assert difference(np.ones(2), np.array([1 + 0.9e-3, 1.0]), bars, NONE) is None
    assert difference(np.ones(2), np.array([1 + 1.2e-3, 1.0]), bars, NONE).index == (0,)
    assert difference(np.ones(2), np.array([1.0, 1 + 1e-5]), bars, NONE).index == (1,)


def test_bars_of_another_shape_lend_their_largest():
    bars = {(): np.array([1e-6, 0.0, 0.0])}

    assert difference(np.ones(2), np.array([1.0, 1 + 1e-4]), bars, NONE) is None


def test_an_entry_that_cancels_to_zero_is_measured_by_the_largest():
    eps = np.finfo(float).eps
    expected = np.array([0.0, 100.0])

    assert difference(expected, np.array([0.9 * FLOOR * eps * 100, 100.0]), {}, NONE) is None
    assert difference(expected, np.array([1.1 * FLOOR * eps * 100, 100.0]), {}, NONE).index == (0,)


def test_a_zero_alone_has_no_tolerance():
    assert difference(np.zeros(3), np.full(3, 1e-300), {}, NONE) is not None


def test_an_infinite_entry_lends_no_tolerance():
    allowed = tolerance(np.array([np.inf, 1.0]), 0.0)

    assert allowed[1] == pytest.approx(1e-7)
    assert np.isfinite(allowed).all()


def test_a_bar_counts_a_thousand_times():
    assert tolerance(np.zeros(1), np.array([1e-9]))[0] == ROUNDINGS * 1e-9


@pytest.mark.parametrize("dtype", [bool, int, np.uint8], ids=str)
def test_whole_numbers_and_truth_values_are_exact(dtype):
    assert tolerance(np.ones(2, dtype), 0.0).tolist() == [0, 0]


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.lists(st.floats(allow_subnormal=False), min_size=1, max_size=4))
def test_every_answer_is_close_to_itself(numbers):
    value = np.array(numbers)

    ratio, allowed = closeness(value, value.copy(), 0.0)

    assert not ratio.any()
    assert (allowed >= 0).all()
