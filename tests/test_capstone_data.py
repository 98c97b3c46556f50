"""The data of the capstones are what they are said to be, and what the lesson says of them is true."""

import numpy as np
import pytest

from tests import data_sets
from tests.test_lessons import lesson

LESSON = " ".join(lesson("13_capstones").split())


@pytest.mark.parametrize("name", ["digits", "tumours"])
def test_the_data_are_those_that_scikit_learn_ships(name):
    made = getattr(data_sets, name)()

    with np.load(data_sets.FOLDER / f"{name}.npz", allow_pickle=False) as kept:
        assert set(kept.files) == set(made)
        for key, value in made.items():
            assert np.array_equal(kept[key], value), key
        assert str(kept["licence"]) in LESSON


def test_there_are_as_many_as_the_lesson_says():
    assert len(data_sets.digits()["labels"]) == 1797 == 1197 + 600
    assert data_sets.tumours()["rare"].sum() == 40
    assert (1 - data_sets.tumours()["rare"]).sum() == 357
    assert round(100 * np.sqrt(0.97 * 0.03 / 600), 1) == 0.7
    assert "which is 0.7 per cent" in LESSON


def test_digits_are_read_as_well_as_the_lesson_says(library, capsys):
    exercise = library.exercise("digits_network")
    names = exercise.reference.__globals__

    shares = []
    for number in (3, 8, 12):
        facts = names["split"](number)
        truth = facts.pop("y_test")
        labels, linear = names["four_trainings"](exercise.reference, *facts.values())
        shares.append((np.mean(labels == truth), np.mean(linear == truth)))

    assert "96 to 98 of a hundred digits are read rightly, and 95 to 97 by the linear model" in LESSON
    assert all(0.96 <= network <= 0.985 and 0.95 <= linear <= 0.975 for network, linear in shares)
