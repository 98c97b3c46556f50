"""Where the wrong entries lie, in a few words, and no words where there is nothing to say."""

import numpy as np
import pytest

from grader.locate import where

X = np.array([[-1.0, 2.0, 0.0], [3.0, -4.0, -5.0]])
ROW = np.array([[True, True, True], [False, False, False]])
ONE = np.array([[False, True, False], [False, False, False]])
CUBE = np.zeros((2, 3, 4), bool)
CUBE[:, 1, :] = True


LIES = {
    "number": (np.array(True), {}, ""),
    "one": (np.array([True]), {}, ""),
    "all": (np.ones((2, 3), bool), {"x": X}, "(all 6 entries differ)"),
    "negative": (X < 0, {"x": X}, "(3 of 6 entries differ, all where x < 0)"),
    "positive": (X > 0, {"x": X}, "(2 of 6 entries differ, all where x > 0)"),
    "zero": (X == 0, {"x": X}, "(1 of 6 entries differs, where x == 0)"),
    "other shape": (X < 0, {"dout": X.T, "x": X}, "(3 of 6 entries differ, all where x < 0)"),
    "no help": (X < 0, {"dout": -np.ones((2, 3)), "x": X}, "(3 of 6 entries differ, all where x < 0)"),
    "nothing known": (X > 0, {}, "(2 of 6 entries differ)"),
    "row": (ROW, {}, "(3 of 6 entries differ, all in row 0)"),
    "row, not sign": (ROW, {"x": X}, "(3 of 6 entries differ, all in row 0)"),
    "column": (ROW.T, {}, "(3 of 6 entries differ, all in column 0)"),
    "single": (ONE, {}, "(1 of 6 entries differs)"),
    "single of a sign": (ONE, {"x": X}, "(1 of 6 entries differs)"),
    "slice": (CUBE, {}, "(8 of 24 entries differ, all at index 1 of axis 1)"),
    "vector": (np.array([True, True, False]), {}, "(2 of 3 entries differ)"),
    "both signs": (X != 0, {"x": X}, "(5 of 6 entries differ)"),
}


@pytest.mark.parametrize("kind", LIES)
def test_the_place_of_the_wrong_entries_is_told(kind):
    wrong, fields, text = LIES[kind]

    assert where(wrong, fields) == text


def test_the_tightest_condition_is_told():
    wide = np.array([-1.0, -1.0, -1.0, 1.0])
    tight = np.array([-1.0, -1.0, 1.0, 1.0])

    assert where(np.array([True, True, False, False]), {"a": wide, "b": tight}).endswith("all where b < 0)")


def test_a_few_of_many_negative_entries_do_not_make_a_rule():
    x = -np.ones(10)
    x[-1] = 1
    wrong = np.zeros(10, bool)
    wrong[:2] = True

    assert where(wrong, {"x": x}) == "(2 of 10 entries differ)"
