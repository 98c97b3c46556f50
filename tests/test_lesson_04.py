"""What the lesson on backpropagation says of numbers, computed anew."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures import topic_04_backprop as pictures

ROOT = Path(__file__).parent.parent
README = (ROOT / "assignments" / "04_backprop" / "README.md").read_text(encoding="utf-8")
LESSON = " ".join(README.split())


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


def numbers(axes: Axes) -> np.ndarray:
    """The three features of eight examples that a panel shows, a row for each feature."""
    return np.array([line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 8])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def drawn(draw: Callable[[Figure], None]) -> Figure:
    figure = Figure()
    draw(figure)
    return figure


def test_guessing_among_ten_classes_costs_what_the_lesson_says():
    assert "the loss was 2.3 an hour ago and is 2.3 now, which is the loss of guessing (ln 10)" in LESSON
    assert round(np.log(10), 1) == 2.3


def test_the_slopes_of_the_chain_multiply_as_the_lesson_says():
    assert "x = 2.001 gives L = 6.003² = 36.036009, and (36.036009 - 36) / 0.001 = 36.009" in LESSON
    assert round(3 * 2.001, 3) == 6.003
    assert round(6.003**2, 6) == 36.036009
    assert round((36.036009 - 36) / 0.001, 3) == 36.009
    assert "dL/dL = 1, times 2y = 12, dL/dy = 12, times the slope 3, dL/dx = 36" in LESSON
    assert (2 * 6, 12 * 3, 6**2) == (12, 36, 36)


def test_the_two_ways_of_a_add_up_as_the_lesson_says():
    def loss(a: float, b: float) -> float:
        return a * b + a

    assert "a = 2.001 gives L = 2.001 · 3 + 2.001 = 8.004, and 0.004 / 0.001 = 4" in LESSON
    assert round(loss(2.001, 3), 3) == 8.004
    assert np.allclose([(loss(2.001, 3) - 8) / 0.001, (loss(2, 3.001) - 8) / 0.001], [4, 2])
    assert "the slope is b · 1 = 3, directly it is 1; together 4" in LESSON


def test_the_graph_of_the_lesson_shows_the_values_and_slopes_that_its_text_says():
    shown = {text.get_text() for text in drawn(pictures.a_has_two_ways).axes[0].texts}

    assert shown >= {"a = 2", "b = 3", "a · b = 6", "L = 6 + 2 = 8", "slope b = 3", "slope a = 2", "slope 1"}
    assert "a · b = 6 with slope b = 3, and also straight to L = 6 + 2 = 8 with slope 1" in LESSON


def test_the_features_of_the_picture_are_on_the_scales_that_its_text_says():
    x, x_hat = (numbers(axes) for axes in drawn(pictures.batch_norm_before_and_after).axes)

    assert (
        "feature 1 has mean 100 and standard deviation 24, feature 2 has 30 and 4.5, feature 3 has -3 and 0.5" in LESSON
    )
    assert np.allclose(x.mean(axis=1), [100, 30, -3])
    assert [round(x[0].std()), *np.round(x[1:].std(axis=1), 1)] == [24, 4.5, 0.5]
    assert "all their numbers lie between -1.8 and 1.4" in LESSON
    assert -1.8 < x_hat.min() < -1.7
    assert 1.3 < x_hat.max() < 1.4
    assert np.allclose(x_hat.mean(axis=1), 0)
    assert np.allclose(x_hat.std(axis=1), 1)


def test_the_picture_of_batch_norm_is_what_the_exercise_computes(answer):
    x, x_hat = (numbers(axes).T for axes in drawn(pictures.batch_norm_before_and_after).axes)

    out, _ = answer("batchnorm_forward")(x, np.ones(3), np.zeros(3), {"mode": "train", "eps": 0.0})

    assert np.allclose(out, x_hat)


def test_the_twins_of_the_lesson_get_what_it_says(answer):
    assert "x = (1, 1, 3, 3) has mean 2, spread 1 (with eps = 0), and x_hat = (-1, -1, 1, 1)" in LESSON
    assert (
        "g = (4, 0, 0, 0). Then mean(g) = 1 and mean(g x_hat) = -1, and the formula gives dx = (2, -2, 0, 0)" in LESSON
    )
    x, g = np.array([[1.0], [1.0], [3.0], [3.0]]), np.array([[4.0], [0.0], [0.0], [0.0]])

    _, cache = answer("batchnorm_forward")(x, np.ones(1), np.zeros(1), {"mode": "train", "eps": 0.0})

    assert cache[0].ravel().tolist() == [-1, -1, 1, 1]
    assert [g.mean(), (g * cache[0]).mean()] == [1, -1]
    assert answer("batchnorm_backward")(g, cache)[0].ravel().tolist() == [2, -2, 0, 0]


def test_the_three_ways_of_the_lesson_add_up_to_the_slope(rng):
    """Each way as its paragraph says, the sum of them against nudged inputs."""
    x, d, gamma, eps, n = rng.normal(size=6), rng.normal(size=6), 1.7, 0.3, 6

    def forward(x):
        return gamma * (x - x.mean()) / np.sqrt(x.var() + eps)

    s, g = np.sqrt(x.var() + eps), gamma * d
    x_hat = (x - x.mean()) / s
    told_s = -(1 / s) * np.sum(g * x_hat)
    assert np.allclose(told_s * x_hat / n, -(1 / s) * x_hat * np.mean(g * x_hat))
    told_c = g / s - (1 / s) * x_hat * np.mean(g * x_hat)
    assert np.isclose(-told_c.sum() / n, -(1 / s) * g.mean())

    ways = told_c - (1 / s) * g.mean()

    nudged = [(np.sum(d * forward(x + h)) - np.sum(d * forward(x - h))) / 2e-6 for h in 1e-6 * np.eye(n)]
    assert np.allclose(ways, nudged, atol=1e-7)
    assert np.allclose(ways, (g - g.mean() - x_hat * np.mean(g * x_hat)) / s)


def test_ones_from_upstream_hide_the_last_term(rng):
    x_hat = rng.normal(size=20)
    x_hat = (x_hat - x_hat.mean()) / x_hat.std()

    for g, hidden in ((np.ones(20), True), (rng.normal(size=20), False)):
        without = g - g.mean()
        assert np.allclose(without, without - x_hat * np.mean(g * x_hat)) == hidden


def test_columns_of_dx_add_up_to_zero_as_the_lesson_asks_to_explain(answer, rng):
    x, gamma, dout = rng.normal(size=(7, 3)), rng.normal(size=3), rng.normal(size=(7, 3))

    _, cache = answer("batchnorm_forward")(x, gamma, np.zeros(3), {"mode": "train"})

    assert np.allclose(answer("batchnorm_backward")(dout, cache)[0].sum(axis=0), 0)


@pytest.mark.parametrize(("gamma", "hidden"), [([2.0, 2.0, 2.0], True), ([2.0, -1.0, 0.5], False)])
def test_equal_gammas_hide_that_gamma_waited_before_the_bracket(gamma, hidden, rng):
    x_hat, d, gamma = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), np.array(gamma)

    def bracket(g):
        return g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)

    assert np.allclose(bracket(gamma * d), gamma * bracket(d)) == hidden


def test_the_averages_of_dropout_run_as_the_text_of_the_picture_says():
    often, seldom = (line.get_ydata() for line in drawn(pictures.averages_of_dropout).axes[0].lines[:2])

    assert "For p = 0.9 it stays near 1 from about a hundred masks on" in LESSON
    assert np.abs(often[100:] - 1).max() < 0.08
    assert (
        "For p = 0.1 it is 0 for the first twelve masks, then jumps, and after a thousand it is still a tenth off"
        in LESSON
    )
    assert np.flatnonzero(seldom)[0] == 12
    assert 0.05 < abs(seldom[-1] - 1) < 0.15


def test_the_symmetric_quotient_at_the_corner_chooses_a_half():
    def relu(x):
        return max(0.0, x)

    assert (relu(1e-3) - relu(-1e-3)) / 2e-3 == 0.5


def test_the_network_of_the_last_play_learns_at_the_rate_of_the_lesson(answer):
    assert "64 examples, 1000 inputs, 100 hidden units, 10 outputs, normal random numbers and a rate of 1e-6" in LESSON
    rng = np.random.default_rng(1)
    x, y, w1, w2 = (rng.normal(size=shape) for shape in ((64, 1000), (64, 10), (1000, 100), (100, 10)))

    losses = []
    for _ in range(60):
        loss, w1, w2 = answer("two_layer_step")(x, y, w1, w2, 1e-6)
        losses.append(loss)

    assert all(after < before for before, after in pairwise(losses))


def test_difficulties_and_points_of_the_table_are_those_of_the_exercises(library):
    rows = re.findall(r"^\| `(\w+)` \| (\d) \| (\d+) \|", README, re.MULTILINE)

    assert len(rows) == 13
    for name, difficulty, points in rows:
        exercise = library.exercise(name)
        assert (exercise.difficulty, exercise.points) == (int(difficulty), int(points)), name


def test_every_exercise_of_the_topic_is_explained_and_played_with(library):
    there = {file.stem for file in (ROOT / "solutions" / "04_backprop").glob("*.py")}

    told = re.findall(r"^- \*\*(\w+)\.\*\* Explain (?:(?!\n- ).)*?Play:", README, re.MULTILINE | re.DOTALL)

    assert set(told) == there
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == there
