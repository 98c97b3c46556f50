"""The numbers in the lesson on statistics, computed anew."""

import re
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tests.test_lessons import numbers, rows

TEXT = (Path(__file__).parent.parent / "assignments" / "01_stats" / "README.md").read_text(encoding="utf-8")
WORDS = " ".join(TEXT.split())
# +1 where only the new model is right, -1 where only the old one is.
DIFFERENCES = np.repeat([1.0, -1.0, 0.0], [13, 8, 79])


def interval(times: int) -> tuple[float, float]:
    """The 95 per cent interval of the mean difference, with so many times 100 questions, as the picture draws it."""
    x, rng = np.repeat(DIFFERENCES, times), np.random.default_rng(1)
    lo, hi = np.quantile(x[rng.integers(x.size, size=(4000, x.size))].mean(axis=1), [0.025, 0.975])
    return round(float(lo), 2), round(float(hi), 2)


def test_the_variance_of_one_two_three_is_that_of_the_lesson():
    assert f"v = 2/3 = {np.var([1, 2, 3]):.4f}" in WORDS


def test_the_table_of_two_tosses_is_that_of_the_lesson():
    *outcomes, (_, *averages) = rows(TEXT, "tosses | mean")
    computed = []

    for (_, *cells), tosses in zip(outcomes, product([0, 1], repeat=2), strict=True):
        mean = Fraction(sum(tosses), 2)
        total = sum((x - mean) ** 2 for x in tosses)
        computed.append([mean, total, total / 2, total])
        assert [Fraction(cell) for cell in cells] == computed[-1]
    assert [numbers(row[0]) for row in outcomes] == [list(tosses) for tosses in product([0, 1], repeat=2)]
    assert [Fraction(cell) for cell in averages] == [sum(column) / 4 for column in zip(*computed, strict=True)]


def test_dividing_by_n_gives_the_shares_of_the_picture():
    shares = dict(re.findall(r"([\d.]+) for n = (\d+)", WORDS))

    assert {int(n): float(share) for share, n in shares.items()} == {n: round((n - 1) / n, 2) for n in (2, 3, 5, 12)}


def test_a_float_keeps_of_the_squares_what_the_lesson_says():
    table = rows(TEXT, "x | its square")

    assert [int(x) for x, _, _ in table] == [2**27 - 1, 2**27, 2**27 + 1]
    for x, square, kept in table:
        assert int(square) == int(x) ** 2
        assert int(kept) == int(float(x) ** 2)
    assert sum(int(square) - int(kept) for _, square, kept in table) == 2


def by_squares(k: int) -> float:
    x = 2.0**k + np.array([1.0, -1.0, 0.0])
    return float((x**2).mean() - x.mean() ** 2)


def test_the_two_formulas_part_where_the_lesson_says():
    assert all(abs(by_squares(k) - 2 / 3) < 0.002 for k in range(23))
    assert (by_squares(25), by_squares(26)) == (0.75, 1.0)
    assert all(by_squares(k) == 0 for k in range(27, 31))
    assert all(np.var(2.0**k + np.array([1.0, -1.0, 0.0])) == pytest.approx(2 / 3, rel=1e-12) for k in range(31))


def test_the_people_with_a_yes_are_those_of_the_lesson():
    (_, ill, ill_yes), (_, well, well_yes), (_, everybody, yes) = rows(TEXT, "who | people")

    assert (int(ill), int(well), int(everybody)) == (100, 9900, 10000)
    assert int(ill_yes) == round(0.9 * 100)
    assert int(well_yes) == round(0.09 * 9900)
    assert int(yes) == int(ill_yes) + int(well_yes)
    assert f"{100 * int(ill_yes) / int(yes):.2f} per cent" in WORDS


def test_one_two_and_three_tests_convince_as_the_lesson_says():
    odds = [Fraction(1, 99) * Fraction(90, 9) ** count for count in (1, 2, 3)]
    one, two, three = (float(o / (1 + o)) for o in odds)

    assert odds[1:] == [Fraction(100, 99), Fraction(1000, 99)]
    assert f"{one:.4f}, {two:.4f} and {three:.4f}" in WORDS
    assert f"{one:.2f}, {two:.2f} and {three:.2f}" in WORDS


def test_floats_give_out_where_the_lesson_on_statistics_says():
    with np.errstate(over="ignore", under="ignore"):
        assert np.float64(0.02) ** 190 > 0 == np.float64(0.02) ** 191
        assert np.nextafter(0, 1) == 5e-324
        assert np.isfinite(np.exp(709.0))
        assert np.isinf(np.exp(710.0))
        assert np.exp(-745.0) > 0 == np.exp(-746.0)
        assert np.exp(-782.4) == 0
    assert f"200 times log 0.02 is {200 * np.log(0.02):.1f}" in WORDS


def test_the_example_of_log_sum_exp_is_that_of_the_lesson():
    more = np.log1p(np.exp(-1))

    assert f"= -782.4 + {more:.4f} = {-782.4 + more:.4f}" in WORDS
    assert f"e^-{more:.4f} = {np.exp(-more):.3f}" in WORDS
    assert f"e^-{1 + more:.4f} = {np.exp(-1 - more):.3f}" in WORDS


def test_the_differences_of_the_two_models_are_those_of_the_lesson():
    assert DIFFERENCES.size == 100
    assert f"The mean is {DIFFERENCES.mean():.2f}" in WORDS
    assert 100 * DIFFERENCES.mean() == 83 - 78
    assert f"The variance of the 100 numbers is {DIFFERENCES.var():.4f}" in WORDS
    assert f"its root is {DIFFERENCES.std() / 10:.4f}" in WORDS


def test_the_intervals_of_the_two_models_are_those_of_the_lesson():
    assert "from {:.2f} to {:.2f}. No difference".format(*interval(1)) in WORDS
    assert "from {:.2f} to {:.2f}, and you".format(*interval(10)) in WORDS
    assert "between {:.2f} and {:.2f}, and 0 is among".format(*interval(1)) in WORDS
    assert "between {:.2f} and {:.2f}, and 0 is outside".format(*interval(10)) in WORDS
