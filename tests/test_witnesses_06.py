"""Ridge, logistic regression, nearest neighbours and the lasso against witnesses that share no code with them."""

import itertools
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy import optimize
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(6)


# --- ridge ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lam", [0.01, 1.0, 50.0])
@pytest.mark.parametrize("shape", [(20, 3), (5, 8)])
def test_ridge_is_that_of_scikit_learn(answer, rng, shape, lam):
    X = rng.normal(3.0, 2.0, shape)
    y = rng.normal(10.0, 1.0, shape[0])

    w, b = answer("ridge_fit")(X, y, lam)

    witness = Ridge(alpha=lam, solver="svd", tol=1e-12).fit(X, y)
    assert np.allclose(w, witness.coef_, rtol=1e-9)
    assert b == pytest.approx(witness.intercept_, rel=1e-9)


def test_the_ridge_of_the_statement_in_exact_fractions(answer):
    x, y, lam = [1, 2, 3], [2, 4, 9], 2
    x_mean, y_mean = Fraction(sum(x), 3), Fraction(sum(y), 3)
    w = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / (sum((a - x_mean) ** 2 for a in x) + lam)

    found, b = answer("ridge_fit")(np.array(x, float)[:, None], np.array(y, float), float(lam))

    assert found[0] == pytest.approx(float(w), rel=1e-14)
    assert b == pytest.approx(float(y_mean - w * x_mean), rel=1e-14)


def test_no_step_away_from_the_ridge_makes_the_loss_smaller(answer, rng):
    X, y = rng.normal(1.0, 1.0, (12, 4)), rng.normal(size=12)
    w, b = answer("ridge_fit")(X, y, 0.7)

    def loss(p):
        return np.sum((y - X @ p[:4] - p[4]) ** 2) + 0.7 * np.sum(p[:4] ** 2)

    point = np.append(w, b)
    slopes = optimize.approx_fprime(point, loss, 1e-6)
    around = [loss(point + 0.01 * rng.normal(size=5)) for _ in range(50)]
    assert np.abs(slopes).max() < 1e-4
    assert min(around) > loss(point)


def test_the_misses_of_ridge_add_up_to_zero_and_a_shift_of_y_moves_b_alone(answer, rng):
    X, y = rng.normal(1.0, 1.0, (12, 4)), rng.normal(size=12)

    w, b = answer("ridge_fit")(X, y, 2.0)
    w_shifted, b_shifted = answer("ridge_fit")(X, y + 100.0, 2.0)

    assert abs(np.sum(y - X @ w - b)) < 1e-12
    assert np.allclose(w, w_shifted, rtol=1e-10)
    assert b_shifted == pytest.approx(b + 100.0)


def test_at_no_price_ridge_is_the_limit_from_above(answer, rng):
    X, y = rng.normal(size=(3, 6)), rng.normal(size=3)

    w, b = answer("ridge_fit")(X, y, 0.0)
    w_near, b_near = answer("ridge_fit")(X, y, 1e-9)

    assert np.allclose(X @ w + b, y)
    assert np.allclose(w, w_near, atol=1e-5)  # of 1e-9 beside entries of about 1 seven digits are lost
    assert b == pytest.approx(b_near, abs=1e-5)


# --- logistic regression -------------------------------------------------------------------------------------------


def tumours() -> tuple[np.ndarray, np.ndarray]:
    """Three columns of the breast cancer data beside a column of ones, and 1 for a benign tumour."""
    data = load_breast_cancer()
    chosen = data.data[:, [1, 8, 9]]
    return np.column_stack([np.ones(len(chosen)), chosen]), data.target


def test_logistic_regression_is_that_of_scikit_learn(answer):
    X, y = tumours()

    theta = answer("logistic_newton")(X, y, 15)

    witness = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-12).fit(X, y)
    assert np.allclose(theta, witness.coef_[0], rtol=1e-6)


def test_the_slope_is_zero_at_the_end_and_as_many_ones_are_expected_as_there_are(answer):
    X, y = tumours()
    theta = answer("logistic_newton")(X, y)

    with mpmath.workdps(30):
        score = [mpmath.fdot(map(float, row), map(float, theta)) for row in X]
        h = [1 / (1 + mpmath.exp(-s)) for s in score]
        slopes = [mpmath.fdot([a - int(b) for a, b in zip(h, y, strict=True)], map(float, c)) / len(y) for c in X.T]

    assert max(abs(slope) for slope in slopes) < 1e-10
    assert float(sum(h)) == pytest.approx(y.sum(), rel=1e-10)


def test_the_odds_of_the_statement_are_three_to_one(answer):
    theta = answer("logistic_newton")(np.ones((4, 1)), np.array([1, 1, 1, 0]))

    assert theta[0] == pytest.approx(float(mpmath.log(3)), rel=1e-14)


def test_newton_needs_fewer_than_15_steps_on_data_that_cannot_be_separated(answer, rng):
    for _ in range(20):
        X = np.column_stack([np.ones(40), rng.normal(size=(40, 3))])
        y = (rng.random(40) < 0.4).astype(int)
        at_most_14 = answer("logistic_newton")(X, y, 14)

        assert np.array_equal(at_most_14, answer("logistic_newton")(X, y, 50))


def test_separated_answers_end_with_a_finite_theta_after_about_25_steps(answer):
    X, y = np.column_stack([np.ones(6), [1.0, 2.0, 2.5, 3.5, 4.0, 5.5]]), np.array([0, 0, 0, 1, 1, 1])
    steps = [answer("logistic_newton")(X, y, n) for n in range(50)]

    first = next(n for n in range(50) if np.array_equal(steps[n], steps[-1]))

    assert 20 <= first <= 30
    assert np.isfinite(steps[-1]).all()
    assert np.array_equal(X @ steps[-1] > 0, y == 1)


# --- nearest neighbours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 3, 7, 30])
def test_nearest_neighbours_are_those_of_scikit_learn(answer, rng, k):
    X_train, y_train, X = rng.normal(size=(30, 4)), rng.integers(-2, 3, 30), rng.normal(size=(50, 4))

    labels = answer("knn_predict")(X_train, y_train, X, k)

    witness = KNeighborsClassifier(k, algorithm="brute").fit(X_train, y_train)
    assert np.array_equal(labels, witness.predict(X))


@pytest.mark.parametrize("k", [1, 2, 4, 6])
def test_ties_between_whole_numbers_are_decided_as_exact_arithmetic_decides_them(answer, rng, k):
    X_train, y_train, X = rng.integers(0, 4, (12, 2)), rng.integers(0, 3, 12), rng.integers(0, 4, (20, 2))

    def label(x):
        far = [(sum((int(a) - int(b)) ** 2 for a, b in zip(x, t, strict=True)), j) for j, t in enumerate(X_train)]
        votes = [int(y_train[j]) for _, j in sorted(far)[:k]]
        return min(set(votes), key=lambda one: (-votes.count(one), one))

    assert answer("knn_predict")(X_train, y_train, X, k).tolist() == [label(x) for x in X]


# --- the lasso -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lam", [0.02, 0.2, 0.8])
@pytest.mark.parametrize("shape", [(30, 5), (10, 15)])
def test_the_lasso_is_that_of_scikit_learn(answer, rng, shape, lam):
    X = rng.normal(size=shape) * rng.uniform(0.5, 2.0, shape[1])
    y = X[:, :2] @ [2.0, -1.0] + 0.1 * rng.normal(size=shape[0])

    w = answer("lasso_cd")(X, y, lam, 20_000)

    witness = Lasso(alpha=lam, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y)
    assert np.allclose(w, witness.coef_, atol=1e-6)
    assert np.array_equal(w == 0, witness.coef_ == 0)


def test_no_weight_of_the_lasso_has_a_reason_to_move(answer, rng):
    X, y, lam = rng.normal(size=(20, 6)), rng.normal(size=20), 0.15
    w = answer("lasso_cd")(X, y, lam)

    pull = X.T @ (y - X @ w) / 20

    assert 0 < np.sum(w == 0) < 6
    assert np.allclose(pull[w != 0], lam * np.sign(w[w != 0]), atol=1e-9)
    assert np.all(np.abs(pull[w == 0]) < lam)


def test_the_lasso_is_the_best_of_all_choices_of_signs(answer, rng):
    X, y, lam = rng.normal(size=(9, 3)), rng.normal(size=9), 0.2

    def loss(w):
        return np.sum((y - X @ w) ** 2) / 18 + lam * np.sum(np.abs(w))

    candidates = []
    for signs in itertools.product([-1, 0, 1], repeat=3):
        s = np.array(signs)
        w, on = np.zeros(3), s != 0
        w[on] = np.linalg.solve(X[:, on].T @ X[:, on] / 9, X[:, on].T @ y / 9 - lam * s[on])
        if np.array_equal(np.sign(w), s):
            candidates.append(w)

    assert np.allclose(answer("lasso_cd")(X, y, lam), min(candidates, key=loss), atol=1e-9)


def test_above_the_largest_product_all_lasso_weights_are_zero_and_below_one_is_not(answer, rng):
    X, y = rng.normal(size=(10, 4)), rng.normal(size=10)
    largest = np.abs(X.T @ y).max() / 10

    assert not answer("lasso_cd")(X, y, 1.0001 * largest).any()
    assert np.count_nonzero(answer("lasso_cd")(X, y, 0.9999 * largest)) == 1


def test_the_lasso_at_no_price_is_least_squares(answer, rng):
    X, y = rng.normal(size=(12, 4)), rng.normal(size=12)

    assert np.allclose(answer("lasso_cd")(X, y, 0.0), np.linalg.lstsq(X, y)[0], atol=1e-8)
