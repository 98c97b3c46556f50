"""Validators, scalers and diagnoses against witnesses that share no code with them."""

import statistics
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(9)


SPEC = {"n_features": 2, "low": np.array([0.0, -1.0]), "high": np.array([1.0, 1.0]), "classes": np.array([0, 1, 4])}


@pytest.mark.parametrize("seed", range(40))
def test_a_validator_finds_what_was_planted(answer, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.uniform(0, 1, (6, 2)), rng.choice([0, 1, 4], 6)
    planted = set()
    if rng.random() < 0.5:
        X[rng.integers(6), rng.integers(2)] = rng.choice([7.0, -3.0, np.inf, -np.inf])
        planted.add("range")
    if rng.random() < 0.5:
        X[rng.integers(6), rng.integers(2)] = np.nan
        planted.add("nan")
        planted -= set() if (np.abs(X) > 1).any() else {"range"}
    if rng.random() < 0.5:
        y[rng.integers(6)] = 3
        planted.add("label")
    if rng.random() < 0.3:
        y = np.append(y, 0)
        planted.add("length")
    if rng.random() < 0.3:
        X = np.hstack([X, X])
        planted = (planted - {"range"}) | {"shape"}

    assert answer("validate_batch")(X, y, SPEC) == sorted(planted)


def test_a_scaler_is_scikit_learns(answer, rng):
    X = rng.normal(size=(30, 4)) * [1, 1000, 1e-3, 0] + [0, 5, 2, 7]
    theirs = StandardScaler().fit(X)

    mean, scale = answer("fit_scaler")(X)

    assert np.allclose(mean, theirs.mean_)
    assert np.allclose(scale, theirs.scale_)
    other = rng.normal(size=(5, 4))
    assert np.allclose(answer("apply_scaler")((mean, scale), other), theirs.transform(other))


def test_a_scaler_is_scipys_z_score_on_its_own_training_data(answer, rng):
    X = rng.normal(size=(12, 3))

    assert np.allclose(answer("apply_scaler")(answer("fit_scaler")(X), X), stats.zscore(X, axis=0))


def test_one_customer_is_measured_as_among_a_thousand(answer, rng):
    state, X = answer("fit_scaler")(rng.normal(size=(50, 3))), rng.normal(size=(1000, 3))

    assert np.array_equal(answer("apply_scaler")(state, X)[17:18], answer("apply_scaler")(state, X[17:18]))


def test_an_update_ratio_is_the_quotient_of_frobenius_norms(answer, rng):
    params, updates = ({"w": rng.normal(size=(3, 4)), "b": rng.normal(size=5)} for _ in range(2))

    found = answer("update_ratio")(params, updates)

    for name, ratio in found.items():
        assert np.isclose(ratio, stats.tmean(updates[name] ** 2) ** 0.5 / stats.tmean(params[name] ** 2) ** 0.5)


def test_a_tiny_batch_is_learned_as_well_as_least_squares_can(answer, library, rng):
    line = library.exercise("overfit_tiny_batch").reference.__globals__["line"]
    X, y = rng.normal(size=(20, 2)), rng.normal(size=20)
    best = LinearRegression().fit(X[:6], y[:6])

    final, history = answer("overfit_tiny_batch")(line, {"w": np.zeros(2), "b": np.zeros(1)}, X, y, 6, 0.1, 3000)

    assert np.isclose(final, np.mean((best.predict(X[:6]) - y[:6]) ** 2), rtol=1e-8)
    assert len(history) == 3001
    assert (np.diff(history) <= 1e-15).all()


def test_gradient_descent_of_one_weight_is_a_power(answer, library):
    line = library.exercise("overfit_tiny_batch").reference.__globals__["line"]
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])

    _, history = answer("overfit_tiny_batch")(line, {"w": np.zeros(1), "b": np.zeros(1)}, X, y, 2, 0.1, 30)

    assert np.allclose(history, 4 * 0.8 ** (2 * np.arange(31)))


@pytest.mark.parametrize("seed", range(30))
def test_a_diagnosis_follows_the_rules_as_they_are_written(answer, seed):
    rng = np.random.default_rng(seed)
    train = np.abs(rng.choice([0.2, 1.0, 3.0]) ** (np.arange(9) / 4) + 0.05 * rng.normal(size=9)) + 0.01
    val = np.abs(train + rng.choice([0.02, 0.3]) * np.maximum(np.arange(9) - 4, 0) + 0.05 * rng.normal(size=9)) + 0.01
    first = rng.choice([None, 1.0, 2.0])

    def end(curve):
        return statistics.median(curve.tolist()[-5:])

    start = train[0] if first is None else first
    lowest = min(statistics.median(val.tolist()[i : i + 5]) for i in range(5))
    expected = "ok"
    expected = "underfitting" if end(train) > start / 2 else expected
    expected = "overfitting" if lowest < 0.9 * end(val) else expected
    expected = "not_learning" if end(train) > 0.99 * start else expected
    expected = "diverging" if end(train) > 2 * start else expected

    assert answer("diagnose_curve")(train, val, first) == expected
