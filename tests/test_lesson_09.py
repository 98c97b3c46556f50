"""The numbers in the lesson on systems, computed anew."""

import re
from pathlib import Path

import numpy as np

from tests.pictures import topic_09_system

ROOT = Path(__file__).parent.parent
LESSON = " ".join((ROOT / "assignments" / "09_system" / "README.md").read_text(encoding="utf-8").split())


def test_the_customers_are_measured_as_the_lesson_says(library):
    scaled = library.exercise("apply_scaler").reference(
        (np.array([40.0]), np.array([12.0])), np.array([[30.0], [42.0], [66.0]])
    )

    assert "mean 40 and deviation 12 they lie at -0.83, 0.17 and 2.17" in LESSON
    assert np.round(scaled.ravel(), 2).tolist() == [-0.83, 0.17, 2.17]


def test_the_median_is_as_sturdy_as_the_lesson_says():
    assert "Of [0.5, 0.25, 0.2, 0.15, 0.1] it is 0.2, and if the last number were 1000 it would be 0.25" in LESSON
    assert np.median([0.5, 0.25, 0.2, 0.15, 0.1]) == 0.2
    assert np.median([0.5, 0.25, 0.2, 0.15, 1000]) == 0.25


def test_the_ratio_of_the_lesson(library):
    ratio = library.exercise("update_ratio").reference({"w": np.array([3.0, 4.0])}, {"w": np.array([0.003, -0.004])})

    assert "it is 0.005 / 5 = 0.001" in LESSON
    assert np.isclose(ratio["w"], 0.001)


def test_comparisons_with_nan_are_false():
    nan = float("nan")

    assert not nan < 1
    assert not nan >= 1
    assert nan != nan
    assert "2.303 for ten" in LESSON
    assert round(np.log(10), 3) == 2.303


def test_the_four_runs_are_diagnosed_as_their_titles_say(library):
    from matplotlib.figure import Figure

    figure = Figure()
    topic_09_system.four_runs(figure)

    for axes in figure.axes:
        train, val = (line.get_ydata() for line in axes.lines)
        assert library.exercise("diagnose_curve").reference(train, val) == axes.get_title()
    assert re.search(r"diverging: both grow from 2\.3 to about 10", LESSON)
