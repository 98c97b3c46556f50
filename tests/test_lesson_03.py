"""The numbers in the lesson on linear algebra, computed anew."""

import re
from fractions import Fraction

import numpy as np
import pytest

from tests.pictures import topic_03_linalg as pictures
from tests.test_lessons import lesson, numbers, rows


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(lesson("03_linalg").split())


def test_a_matrix_times_a_vector_is_what_both_readings_give(text):
    A, x = np.array([[1, 0], [1, 1], [1, 2]]), np.array([2, 3])

    assert [row @ x for row in A] == [2, 5, 8]
    assert np.array_equal(2 * A[:, 0] + 3 * A[:, 1], [2, 5, 8])
    assert "1·2 + 0·3 = 2, then 5, then 8" in text
    assert "2 times [1, 1, 1] and 3 times [0, 1, 2], together [2, 5, 8]" in text
    assert np.hypot(3, 4) == 5
    assert np.dot([3, 4], [-4, 3]) == 0


def test_the_distance_of_two_points_is_that_of_the_lesson(text):
    x, y = np.array([1, 2]), np.array([4, 6])

    assert f"{x @ x} + {y @ y} - 2·{x @ y} = {np.sum((x - y) ** 2)}" in text
    assert np.array_equal(y - x, [3, 4])


def test_the_table_of_memory_counts_eight_bytes_a_number():
    n, d = 100, 40_000
    units = {"MB": 10**6, "GB": 10**9, "kB": 10**3}
    counts = [n * d, n * n * d, n * n]

    for (_, cell, size), count in zip(rows(lesson("03_linalg"), "what | numbers"), counts, strict=True):
        number, unit = size.split()
        assert numbers(cell.split("=")[1]) == [count]
        assert 8 * count == round(float(number) * units[unit])


def test_equal_points_with_squares_of_a_hundred_thousand_are_off_by_about_1e_11(text):
    assert "about 100 000, a distance of 0 may come out as 1e-11, or as -1e-11" in text
    assert 1e-11 < np.spacing(100_000.0) < 2e-11


def test_the_shadow_is_that_of_the_lesson(text):
    a, b = np.array([3, 4]), np.array([5, 10])
    x = Fraction(int(a @ b), int(a @ a))
    missed = [int(bi) - x * int(ai) for ai, bi in zip(a, b, strict=True)]

    assert f"x = {a @ b} / {a @ a} = {float(x)}" in text
    assert [float(x * int(ai)) for ai in a] == [6.6, 8.8]
    assert [float(m) for m in missed] == [-1.6, 1.2]
    assert sum(m * m for m in missed) == 2**2
    assert 3 * missed[0] + 4 * missed[1] == 0
    assert 11**2 + 2**2 == 125 == b @ b == 5**2 + 10**2
    assert x * x * int(a @ a) == 11**2


def test_the_triangle_is_solved_from_the_bottom_up():
    assert np.array_equal(np.array([[2, 1], [0, 4]]) @ [2, 3], [7, 12])


def test_the_square_of_the_clock_swallows_what_tells_the_columns_apart(text):
    for T in (0, 7, 2**30):
        t = [T - 3, T - 1, T + 1, T + 3]
        assert (sum(t), sum(s * s for s in t)) == (4 * T, 4 * T**2 + 20)
    assert 4 * (2**30) ** 2 == 2**62
    assert f"{np.spacing(2.0**62):.0f} apart" in text
    assert 2.0**62 + 20 == 2.0**62
    assert str(np.datetime64("1970-01-01T00:00:00") + np.timedelta64(2**30, "s")).startswith("2004-01")


def test_the_lost_digits_are_those_of_the_lesson():
    normal, by_qr = zip(*(pictures._errors(10**power) for power in range(10)), strict=True)

    assert max(normal[0], by_qr[0]) < 1e-15
    assert max(by_qr) < 1e-7
    assert 0.5e-4 < normal[6] < 2e-4
    assert round(normal[7], 2) == 0.01
    assert 0.3 < normal[8] < 0.4
    assert normal[9] > 0.95
    growth = np.diff(np.log10([by_qr[1], by_qr[9]]))[0] / 8, np.diff(np.log10([normal[1], normal[7]]))[0] / 6
    assert [round(float(digits)) for digits in growth] == [1, 2]


def test_the_condition_number_of_the_product_is_the_square():
    A = np.random.default_rng(3).normal(size=(7, 3))
    s = np.linalg.svd(A, compute_uv=False)

    assert np.isclose(np.linalg.cond(A), s[0] / s[-1])
    assert np.isclose(np.linalg.cond(A.T @ A), np.linalg.cond(A) ** 2)


def test_the_steps_of_power_iteration_are_those_of_the_table():
    A, v, at = np.diag([2.0, -5.0]), np.array([0.6, 0.8]), 0

    for steps, vector, value in rows(lesson("03_linalg"), "steps | v"):
        while at < int(steps):
            v, at = A @ v / np.linalg.norm(A @ v), at + 1
        signed = v * np.sign(v[0])
        assert numbers(vector) == [round(float(entry), 3) for entry in signed]
        assert float(value) == round(float(v @ A @ v), 3)


def test_the_eigenvalue_approaches_with_the_square_of_the_vector():
    A, v = np.diag([2.0, -5.0]), np.array([0.6, 0.8])
    found = []
    for _ in range(8):
        v = A @ v / np.linalg.norm(A @ v)
        found.append((abs(v[0]), v @ A @ v + 5))

    first, second = np.array(found).T
    assert first[-1] / first[-2] == pytest.approx(2 / 5, rel=1e-4)
    assert second[-1] / second[-2] == pytest.approx(4 / 25, rel=1e-4)


def test_powers_of_3000_end_where_the_lesson_says(text):
    assert "from the 89th power on" in text
    assert np.isfinite(np.float64(3000) ** 88)
    with np.errstate(over="ignore"):
        assert np.isinf(np.float64(3000) ** 89)


def test_the_arrows_turn_by_the_angles_of_the_lesson(text):
    A, v, angles = np.array([[2, 1], [1, 2]]), np.array([0.8, -0.6]), []
    for _ in range(5):
        angles.append(round(float(np.degrees(np.arctan2(v[1], v[0])))))
        v = A @ v

    start, *later = angles
    assert f"a start vector at {start} degrees" in text
    assert "The steps lie at {}, {}, {} and {} degrees".format(*later) in text
    assert np.allclose(np.linalg.eigh(A)[0], [1, 3])


def test_the_small_picture_loses_what_the_lesson_says(text):
    A = pictures._small_picture()
    s = np.linalg.svd(A, compute_uv=False)

    assert A.shape == (12, 16)
    assert "12 by 16 pixels" in text
    quoted = [float(err) for err in re.findall(r"err (\d\.\d\d)", text)]
    assert quoted == [round(float(np.sqrt(np.sum(s[k:] ** 2))), 2) for k in (1, 2, 4)]
    assert np.isclose(np.sum(A**2), np.sum(s**2))


def test_the_counted_numbers_are_those_of_the_lesson(text):
    assert 20 * (200 + 200 + 1) == 8020
    assert 200 * 200 == 40_000
    assert "8020 instead of 40 000, a fifth" in text
    assert f"{4 * (12 + 16 + 1)} instead of {12 * 16}" in text


def test_tables_of_two_directions_are_at_right_angles():
    U, _, Vt = np.linalg.svd(np.random.default_rng(3).normal(size=(5, 4)), full_matrices=False)

    assert abs(np.sum(np.outer(U[:, 0], Vt[0]) * np.outer(U[:, 1], Vt[1]))) < 1e-15


def test_the_start_that_is_an_eigenvector_stays_and_the_one_beside_it_does_not():
    A, v = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, -1.0])

    assert np.array_equal(A @ v, v)
    w = np.array([1.0, -0.9999])
    for _ in range(30):
        w = A @ w / np.linalg.norm(A @ w)
    assert w @ A @ w == pytest.approx(3)


def test_a_polynomial_of_degree_twelve_loses_its_coefficients_and_keeps_its_curve():
    t = np.linspace(0, 1, 40)
    A, b = np.vander(t, 13, increasing=True), np.exp(np.sin(4 * t))
    normal = np.linalg.solve(A.T @ A, A.T @ b)
    Q, R = np.linalg.qr(A)
    by_qr = np.linalg.solve(R, Q.T @ b)

    assert np.max(np.abs(normal - by_qr) / np.abs(by_qr)) > 1e-3
    assert np.max(np.abs(A @ normal - A @ by_qr)) < 1e-2
