"""The data of the capstones are what they are said to be, and what the lesson says of them is true."""

import numpy as np
import pytest

from tests import data_sets
from tests.test_lessons import lesson, numbers, rows

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


@pytest.mark.slow
def test_the_marks_of_the_maps_are_those_of_the_lesson(library):
    names = library.exercise("digits_embedding").reference.__globals__
    pca, *drawn = rows(lesson("13_capstones"), "map of 500 digits")
    facts = names["digits"](0, 500, 30.0, 5, 500)
    X, y = facts["X"], facts["y"]

    def marks(perplexity):
        Z, kept = names["_pca"](X)
        P = names["_joint"](X, perplexity)
        Y = names["_descended"](P, names["_start"](Z), 500)
        five, fifty = (names["_both"](X, y, P, (Z, Y), k) for k in (5, 50))
        assert f"keep {100 * kept.sum():.1f} % of the variance" in LESSON
        return [(five[0][n], five[1][n], fifty[1][n], five[2][n]) for n in (0, 1)]

    for row, found in [(pca, marks(30.0)[0]), *((row, marks(numbers(row[0])[0])[1]) for row in drawn)]:
        for cell, value in zip(row[1:], found, strict=True):
            assert not cell or float(cell) == pytest.approx(value, abs=0.006)
    near = np.argsort(names["_squares"](X), axis=1, kind="stable")[:, :5]
    assert f"read {np.mean(names['_voted'](y, near) == y):.3f} of the digits" in LESSON


def test_a_map_by_chance_is_trusted_as_much_as_the_lesson_says(library):
    names = library.exercise("digits_embedding").reference.__globals__
    X = np.random.default_rng(5).normal(size=(300, 8))

    chance = names["_trust"](X, np.random.default_rng(6).normal(size=(300, 2)), 5)

    assert chance == pytest.approx(0.5, abs=0.03)
    assert "A map that is drawn by chance gets about 0.5." in LESSON
