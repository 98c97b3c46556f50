"""Softmax, hinge loss and binary cross-entropy against witnesses that share no code with them."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy import special
from sklearn.metrics import hinge_loss, log_loss


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def slope(f, at, step=1e-6):
    """Central differences of a function that returns a number, entry by entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[index] = step
        found[index] = (f(at + nudge) - f(at - nudge)) / (2 * step)
    return found


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_scipys_along_every_axis(answer, rng, axis):
    x = 300 * rng.normal(size=(4, 5, 3))

    assert np.allclose(answer("softmax")(x, axis), special.softmax(x, axis=axis), rtol=1e-13, atol=0)


def test_softmax_agrees_with_fifty_digits(answer):
    with mpmath.workdps(50):
        powers = [mpmath.e ** mpmath.mpf(v) for v in (1000.0, 999.25, 990.5)]
        exact = [float(power / sum(powers)) for power in powers]

    assert np.allclose(answer("softmax")(np.array([1000.0, 999.25, 990.5])), exact, rtol=1e-14)


def test_softmax_keeps_the_order_and_does_not_see_a_common_number(answer, rng):
    x = rng.normal(size=(6, 4))

    p = answer("softmax")(x)

    assert np.allclose(p.sum(axis=1), 1)
    assert np.array_equal(p.argsort(axis=1), x.argsort(axis=1))
    assert np.allclose(answer("softmax")(x + rng.normal(size=(6, 1))), p)


def test_softmax_gives_a_class_that_is_ruled_out_nothing(answer):
    x = np.array([[0.5, -np.inf, 1.5], [-np.inf, -np.inf, 2.0]])

    p = answer("softmax")(x)

    assert np.array_equal(p == 0, np.isinf(x))
    assert np.allclose(p, special.softmax(x, axis=1), rtol=1e-14, atol=0)


def test_the_hinge_loss_in_fractions(answer, rng):
    x, y = np.round(2 * rng.normal(size=(5, 4)), 2), rng.integers(4, size=5)

    loss, dx = answer("svm_loss")(x, y)

    exact, slopes = Fraction(0), [[Fraction(0)] * 4 for _ in range(5)]
    for n, j in np.ndindex(5, 4):
        missing = Fraction(float(x[n, j])) - Fraction(float(x[n, y[n]])) + 1
        if j != y[n] and missing > 0:
            exact += missing / 5
            slopes[n][j] += Fraction(1, 5)
            slopes[n][y[n]] -= Fraction(1, 5)
    assert np.isclose(loss, float(exact), rtol=1e-13)
    assert np.allclose(dx, np.array(slopes, float), rtol=1e-13)


def test_the_hinge_loss_of_two_classes_is_scikit_learns_at_half_the_distance(answer, rng):
    score, y = rng.normal(size=30), rng.integers(2, size=30)

    loss, _ = answer("svm_loss")(np.stack([-score / 2, score / 2], axis=1), y)

    assert np.isclose(loss, hinge_loss(2 * y - 1, score))


def test_the_gradient_of_the_hinge_loss_is_its_slope_and_its_rows_add_up_to_nothing(answer, rng):
    x, y = rng.normal(size=(6, 4)), rng.integers(4, size=6)

    _, dx = answer("svm_loss")(x, y)

    assert np.allclose(dx, slope(lambda v: answer("svm_loss")(v, y)[0], x), atol=1e-8)
    assert np.allclose(dx.sum(axis=1), 0)


def test_at_a_met_margin_the_gradient_of_the_hinge_loss_lies_below_the_loss_everywhere(answer, rng):
    x, y = np.array([[2.0, 1.0, 0.5, 3.0], [0.25, 1.5, 0.5, 1.25]]), np.array([0, 1])

    loss, dx = answer("svm_loss")(x, y)

    for _ in range(200):  # the loss is convex, and this is what a subgradient is
        step = rng.normal(size=x.shape) * rng.choice([0.01, 1.0, 10.0])
        assert answer("svm_loss")(x + step, y)[0] >= loss + np.sum(dx * step) - 1e-12


def test_binary_cross_entropy_is_scikit_learns_log_loss(answer, rng):
    z, t = 3 * rng.normal(size=40), rng.integers(2, size=40).astype(float)

    loss, _ = answer("bce_with_logits")(z, t)

    assert np.isclose(loss, log_loss(t, special.expit(z)))


def test_binary_cross_entropy_agrees_with_many_digits(answer):
    with mpmath.workdps(400):
        for z, t in ((-1000.0, 1.0), (30.5, 0.25), (-700.0, 0.0), (0.001, 0.5), (9000.0, 0.0)):
            p = 1 / (1 + mpmath.e ** -mpmath.mpf(z))
            exact = -mpmath.mpf(t) * mpmath.log(p) - (1 - mpmath.mpf(t)) * (-mpmath.mpf(z) + mpmath.log(p))
            loss, dz = answer("bce_with_logits")(np.array([z]), np.array([t]))
            assert np.isclose(loss, float(exact), rtol=1e-13, atol=0)
            assert np.isclose(dz[0], float(p - t), rtol=1e-12, atol=1e-16)


def test_binary_cross_entropy_is_softmax_loss_of_two_classes(answer, rng):
    z, t = rng.normal(size=12), rng.integers(2, size=12)

    loss, dz = answer("bce_with_logits")(z, t.astype(float))
    other, dx = answer("softmax_loss")(np.stack([np.zeros(12), z], axis=1), t)

    assert np.isclose(loss, other)
    assert np.allclose(dz, dx[:, 1])


def test_exchanging_the_classes_changes_nothing(answer, rng):
    z, t = rng.normal(size=(3, 4)), rng.uniform(size=(3, 4))

    assert np.isclose(answer("bce_with_logits")(z, t)[0], answer("bce_with_logits")(-z, 1 - t)[0])
