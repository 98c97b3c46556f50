"""AUC, reliability, Platt and isotonic regression against witnesses that share no code with them."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy.optimize import isotonic_regression, minimize
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(8)


@pytest.mark.parametrize("values", [3, 10, 1000])
def test_the_area_is_scikit_learns_and_that_of_all_pairs_in_fractions(answer, rng, values):
    y, scores = rng.integers(2, size=60), rng.integers(values, size=60) / values

    found = answer("roc_auc")(y, scores)

    pairs = [(a, b) for a in scores[y == 1] for b in scores[y == 0]]
    exact = sum(Fraction(1) if a > b else Fraction(1, 2) if a == b else Fraction(0) for a, b in pairs) / len(pairs)
    assert np.isclose(found, float(exact), rtol=1e-14)
    assert np.isclose(found, roc_auc_score(y, scores))


def test_the_area_sees_the_order_alone(answer, rng):
    y, scores = rng.integers(2, size=50), np.round(rng.normal(size=50), 1)

    assert answer("roc_auc")(y, scores) == answer("roc_auc")(y, np.exp(scores) - 7)
    assert np.isclose(answer("roc_auc")(y, -scores), 1 - answer("roc_auc")(y, scores))


def test_a_reliability_curve_is_scikit_learns_where_bins_are_inhabited(answer, rng):
    p = rng.uniform(size=300)
    y = (rng.uniform(size=300) < p).astype(int)

    mean_p, frac_pos, count = answer("reliability_curve")(y, p, 7)

    theirs = calibration_curve(y, p, n_bins=7)
    assert np.allclose(frac_pos[count > 0], theirs[0])
    assert np.allclose(mean_p[count > 0], theirs[1])
    assert np.array_equal(count, np.histogram(p, bins=7, range=(0, 1))[0])


def test_the_calibration_error_is_the_mean_gap_of_the_curve(answer, rng):
    p = np.concatenate([rng.uniform(size=80), [0.0, 1.0, 1.0]])
    y = rng.integers(2, size=83)

    mean_p, frac_pos, count = answer("reliability_curve")(y, p, 5)

    gap = np.nansum(count / 83 * np.abs(frac_pos - mean_p))
    assert np.isclose(answer("expected_calibration_error")(y, p, 5), gap)
    assert np.isclose(answer("expected_calibration_error")(np.tile(y, 3), np.tile(p, 3), 5), gap)


@pytest.mark.parametrize("seed", range(5))
def test_platts_numbers_are_where_another_minimiser_ends(answer, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(1.0, 2.0, 40)
    y = (rng.uniform(size=40) < 1 / (1 + np.exp(1 - scores))).astype(int)
    ones = y.sum()
    t = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (40 - ones + 2))

    a, b = answer("platt_fit")(scores, y)

    def loss(theta):
        p = 1 / (1 + np.exp(-(theta[0] * scores + theta[1])))
        return -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p))

    found = minimize(loss, [0.5, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000})
    assert np.allclose([a, b], found.x, atol=1e-5)
    p = 1 / (1 + np.exp(-(a * scores + b)))
    assert abs(np.sum((p - t) * scores)) < 1e-9
    assert abs(np.sum(p - t)) < 1e-9


def test_platts_slope_scales_with_the_scores(answer, rng):
    scores, y = rng.normal(size=30), rng.integers(2, size=30)

    a, b = answer("platt_fit")(scores, y)
    small, same = answer("platt_fit")(1e4 * scores, y)

    assert np.isclose(small, a / 1e4)
    assert np.isclose(same, b)


@pytest.mark.parametrize("seed", range(8))
def test_an_isotonic_fit_is_scikit_learns_and_scipys(answer, seed):
    rng = np.random.default_rng(seed)
    scores, y = rng.integers(9, size=40) / 9, rng.normal(size=40)
    w = rng.uniform(0.5, 3.0, 40) if seed % 2 else None

    x, fit = answer("isotonic_fit")(scores, y, w)

    theirs = IsotonicRegression().fit(scores, y, sample_weight=w)
    assert np.allclose(fit, theirs.predict(x))
    weights = np.ones(40) if w is None else w
    total = np.array([weights[scores == value].sum() for value in x])
    means = np.array([np.average(y[scores == value], weights=weights[scores == value]) for value in x])
    assert np.allclose(fit, isotonic_regression(means, weights=total).x)


def test_an_isotonic_fit_keeps_the_mean_and_does_not_change_when_repeated(answer, rng):
    scores, y = rng.permutation(25) * 1.0, rng.normal(size=25)

    x, fit = answer("isotonic_fit")(scores, y)

    assert (np.diff(fit) >= 0).all()
    assert np.isclose(fit.mean(), y.mean())
    assert np.allclose(answer("isotonic_fit")(x, fit)[1], fit)
