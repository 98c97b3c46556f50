"""Linear algebra against witnesses that share no code with it: exact fractions, long decimals, scipy, scikit-learn."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse.linalg
from scipy.spatial.distance import cdist
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LinearRegression
from sklearn.metrics.pairwise import euclidean_distances

from grader import key as keys
from grader.exercise import Variant
from grader.judge import judge


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def exactly(array) -> list[list[Fraction]]:
    return [[Fraction(float(value)) for value in row] for row in array]


# --- pairwise_sq_dists ---------------------------------------------------------------------------------------------


def test_squared_distances_are_those_of_exact_fractions(answer, rng):
    X, Y = rng.normal(size=(4, 3)), rng.normal(size=(5, 3))

    D = answer("pairwise_sq_dists")(X, Y)

    exact = [[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in exactly(Y)] for x in exactly(X)]
    assert np.allclose(D, np.array(exact, float), rtol=1e-13)


def test_squared_distances_are_those_of_scipy_and_scikit_learn(answer, rng):
    X, Y = rng.normal(size=(30, 7)), rng.normal(size=(20, 7))

    D = answer("pairwise_sq_dists")(X, Y)

    assert np.allclose(D, cdist(X, Y) ** 2, rtol=1e-12)
    assert np.allclose(D, euclidean_distances(X, Y, squared=True), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 100.0, 1e6])
def test_no_distance_of_a_set_to_itself_is_negative_or_far_from_zero(answer, rng, scale):
    X = scale * rng.normal(size=(200, 6))

    D = answer("pairwise_sq_dists")(X, X.copy())

    assert D.min() >= 0
    assert np.isfinite(np.sqrt(D)).all()
    assert np.max(np.diag(D)) < 1e-13 * D.max()
    assert np.allclose(D, D.T, rtol=1e-12, atol=1e-13 * D.max())


def test_squared_distances_of_pixels_are_whole(answer, rng):
    X, Y = (rng.integers(0, 256, (n, 50)).astype(np.uint8) for n in (3, 4))

    D = answer("pairwise_sq_dists")(X, Y)

    assert D.tolist() == [[sum((int(p) - int(q)) ** 2 for p, q in zip(x, y, strict=True)) for y in Y] for x in X]


# --- least_squares_qr ----------------------------------------------------------------------------------------------


def test_least_squares_is_that_of_numpy_scipy_and_scikit_learn(answer, rng):
    A, b = rng.normal(size=(12, 4)), rng.normal(size=12)

    x = answer("least_squares_qr")(A, b)

    assert np.allclose(x, np.linalg.lstsq(A, b, rcond=None)[0], rtol=1e-11)
    assert np.allclose(x, scipy.linalg.pinv(A) @ b, rtol=1e-11)
    assert np.allclose(x, LinearRegression(fit_intercept=False).fit(A, b).coef_, rtol=1e-11)


def test_what_is_missed_is_at_a_right_angle_to_every_column(answer, rng):
    A, b = rng.normal(size=(9, 3)), rng.normal(size=(9, 2))

    x = answer("least_squares_qr")(A, b)

    assert x.shape == (3, 2)
    assert np.abs(A.T @ (A @ x - b)).max() < 1e-14 * np.linalg.norm(A) * np.linalg.norm(b)


def test_no_nearby_x_misses_by_less(answer, rng):
    A, b = rng.normal(size=(8, 3)), rng.normal(size=8)
    x = answer("least_squares_qr")(A, b)
    least = np.sum((A @ x - b) ** 2)

    for _ in range(200):
        assert np.sum((A @ (x + 1e-3 * rng.normal(size=3)) - b) ** 2) > least


def test_a_line_against_the_clock_is_that_of_exact_fractions(answer):
    t = 2.0**30 + np.array([-3.0, -1.0, 1.0, 3.0])
    A, b = np.column_stack([np.ones(4), t]), np.array([0.25, 1.5, -0.75, 2.0])

    x = answer("least_squares_qr")(A, b)

    steps = [Fraction(-3), Fraction(-1), Fraction(1), Fraction(3)]
    slope = sum(s * Fraction(y) for s, y in zip(steps, b, strict=True)) / sum(s * s for s in steps)
    start = sum(map(Fraction, b)) / 4 - slope * 2**30
    assert x == pytest.approx([float(start), float(slope)], rel=1e-6)


def test_the_product_with_the_transpose_is_singular_at_the_clock():
    t = 2.0**30 + np.array([-3.0, -1.0, 1.0, 3.0])
    A = np.column_stack([np.ones(4), t])

    assert np.array_equal(A.T @ A, [[4.0, 2.0**32], [2.0**32, 2.0**62]])
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.solve(A.T @ A, A.T @ np.ones(4))


def test_a_polynomial_of_degree_twelve_keeps_six_digits_where_the_normal_equations_keep_none(answer):
    t = np.linspace(0, 1, 25)
    A, x = np.vander(t, 13, increasing=True), np.array([1.0, -2, 3, -1, 2, 1, -3, 2, 1, -1, 3, 2, -2])
    b = A @ x
    with mpmath.workdps(60):
        M, y = mpmath.matrix(A.tolist()), mpmath.matrix(b.tolist())
        true = np.array([float(v) for v in mpmath.lu_solve(M.T * M, M.T * y)])

    found = answer("least_squares_qr")(A, b)

    assert np.max(np.abs(found - true)) < 1e-6 * np.max(np.abs(true))
    assert np.max(np.abs(np.linalg.inv(A.T @ A) @ A.T @ b - true)) > 1e-2 * np.max(np.abs(true))


# --- power_iteration -----------------------------------------------------------------------------------------------


def test_steps_of_power_iteration_are_powers_of_the_matrix_in_exact_fractions(answer, rng):
    A = rng.integers(-4, 5, (4, 4))
    A, v0 = A + A.T, np.array([1, 2, -1, 3])
    exact = [Fraction(int(v)) for v in v0]
    for _ in range(6):
        exact = [sum(int(a) * x for a, x in zip(row, exact, strict=True)) for row in A]

    lam, v = answer("power_iteration")(A, 6, v0)

    square = sum(x * x for x in exact)
    product = sum(x * int(A[i, j]) * y for i, x in enumerate(exact) for j, y in enumerate(exact))
    direction = np.array([float(x) for x in exact]) / float(square) ** 0.5
    assert lam == pytest.approx(float(product / square), rel=1e-13)
    assert np.allclose(v, direction, rtol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_many_steps_lead_to_the_eigenpair_of_largest_magnitude(answer, rng, sign):
    Q, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    A = sign * (Q * [7.0, -3.0, 2.0, 1.0, 0.5, 0.0]) @ Q.T

    lam, v = answer("power_iteration")((A + A.T) / 2, 100, rng.normal(size=6))

    values, vectors = scipy.sparse.linalg.eigsh((A + A.T) / 2, k=1, which="LM", v0=np.ones(6))
    assert lam == pytest.approx(values[0], rel=1e-12)
    assert lam == pytest.approx(7.0 * sign, rel=1e-12)
    assert abs(v @ vectors[:, 0]) == pytest.approx(1, abs=1e-12)
    assert np.linalg.norm(v) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("scale", [1e-100, 1e100])
def test_the_size_of_the_matrix_does_not_turn_the_vector(answer, rng, scale):
    A, v0 = np.array([[2.0, 1.0, 0.0], [1.0, -3.0, 1.0], [0.0, 1.0, 1.0]]), np.array([1.0, 2.0, 3.0])

    lam, v = answer("power_iteration")(A, 50, v0)
    scaled, same = answer("power_iteration")(scale * A, 50, v0)

    assert scaled == pytest.approx(scale * lam, rel=1e-12)
    assert np.allclose(v, same, rtol=1e-12)


def test_a_vector_that_is_mapped_to_zero_is_kept(answer):
    lam, v = answer("power_iteration")(np.array([[1.0, 1.0], [1.0, 1.0]]), 9, np.array([2.0, -2.0]))

    assert lam == 0
    assert np.allclose(v, [np.sqrt(0.5), -np.sqrt(0.5)])


def test_the_other_sign_of_the_eigenvector_is_right(library):
    exercise = library.exercise("power_iteration")
    key = keys.answer(exercise)

    def negative(A, num_iters, v0):
        lam, v = exercise.reference(A, num_iters, v0)
        return lam, -v

    played = {case.name: keys.play(exercise, Variant("negative", "", negative), case) for case in key.cases}
    assert judge(key, played).state == "robust"


# --- svd_low_rank --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(7, 4), (4, 7), (5, 5)])
def test_the_low_rank_table_is_that_of_scikit_learn(answer, rng, shape):
    A = rng.normal(size=shape)

    for k in (1, 2, 3):
        A_k, err = answer("svd_low_rank")(A, k)
        found = TruncatedSVD(k, algorithm="arpack", random_state=0)
        assert np.allclose(A_k, found.inverse_transform(found.fit_transform(A)), atol=1e-12)
        assert err == pytest.approx(np.sqrt(np.sum((A - A_k) ** 2)), rel=1e-12)


def test_the_low_rank_table_is_that_of_long_decimals(answer, rng):
    A = rng.normal(size=(5, 3))
    with mpmath.workdps(40):
        U, s, V = mpmath.svd_r(mpmath.matrix(A.tolist()))
        exact = [[float(sum(U[i, c] * s[c] * V[c, j] for c in range(2))) for j in range(3)] for i in range(5)]
        left = float(s[2])

    A_k, err = answer("svd_low_rank")(A, 2)

    assert np.allclose(A_k, exact, atol=1e-14)
    assert err == pytest.approx(left, rel=1e-13)


def test_rank_and_error_fall_and_grow_as_they_should(answer, rng):
    A = rng.normal(size=(6, 9))
    tables, errors = zip(*(answer("svd_low_rank")(A, k) for k in range(7)), strict=True)

    assert [np.linalg.matrix_rank(table) for table in tables] == list(range(7))
    assert list(errors) == sorted(errors, reverse=True)
    assert errors[0] == pytest.approx(np.linalg.norm(A), rel=1e-14)
    assert errors[-1] == 0
    assert np.allclose(tables[-1], A, atol=1e-14)


def test_no_other_table_of_the_same_rank_is_nearer(answer, rng):
    A = rng.normal(size=(5, 6))
    A_k, err = answer("svd_low_rank")(A, 2)
    U, s, Vt = scipy.linalg.svd(A_k)
    left, right = U[:, :2] * s[:2], Vt[:2]

    for step in np.geomspace(1e-3, 1, 200):
        other = (left + step * rng.normal(size=left.shape)) @ (right + step * rng.normal(size=right.shape))
        assert np.linalg.norm(A - other) > err
