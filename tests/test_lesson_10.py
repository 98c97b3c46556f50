"""The numbers in the lesson on graphical models, computed anew."""

import re
from fractions import Fraction
from functools import cache
from itertools import permutations

import numpy as np
import pytest

from tests.pictures import topic_10_pgm as pictures
from tests.test_lessons import lesson, numbers, rows


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(lesson("10_pgm").split())


@pytest.fixture(scope="module")
def answer(library):
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


def says(text: str, pattern: str) -> tuple[float, ...]:
    """The numbers that the lesson has in the brackets of a pattern."""
    found = re.search(pattern, text)
    assert found, pattern
    return tuple(float(number) for number in found.groups())


# --- factors and elimination ---------------------------------------------------------------------------------------

A, B, C = ("A",), ("A", "B"), ("B", "C")
TENTHS = {A: [6, 4], B: [[7, 3], [2, 8]], C: [[9, 1], [4, 6]]}
FLIGHT = [(names, np.array(table) / 10) for names, table in TENTHS.items()]


def test_the_four_rows_at_the_gate_are_those_of_the_lesson(text):
    late, storm = Fraction(0), Fraction(0)
    for (a, b, product), (i, j) in zip(rows(lesson("10_pgm"), "A | B"), np.ndindex(2, 2), strict=True):
        factors = [Fraction(n, 10) for n in (TENTHS[A][i], TENTHS[B][i][j], TENTHS[C][j][1])]
        weight = factors[0] * factors[1] * factors[2]
        assert (int(a), int(b)) == (i, j)
        assert numbers(product) == [*map(float, factors), float(weight)]
        late, storm = late + weight, storm + i * weight

    assert (float(late), float(storm)) == (0.35, 0.2)
    assert "add up to 0.2, all four to 0.35" in text
    assert says(text, r"0\.2 / 0\.35 = (0\.571)") == (round(float(storm / late), 3),)


def test_the_tables_in_the_picture_of_the_flight_are_those_of_the_lesson(text):
    assert "Below A: no 0.6, yes 0.4." in text
    assert "Below B: 0.7 and 0.3 if there is no storm, 0.2 and 0.8 if there is." in text
    assert "Below C: 0.9 and 0.1 if the plane is not late, 0.4 and 0.6 if it is." in text


def test_tables_of_everything_take_as_many_bytes_as_the_lesson_says(text):
    assert "thousand million, which take 8.6 GB; at 40 it is 8.8 TB" in text
    assert round(2**30 * 8 / 1e9, 1) == 8.6
    assert round(2**40 * 8 / 1e12, 1) == 8.8
    assert "4^24, about 281 million million" in text
    assert round(4**24 / 1e12) == 281


def test_the_product_by_hand_is_that_of_the_exercise(answer, text):
    names, table = answer("factor_product")(
        (("A",), np.array([1.0, 2.0])), (("B", "A"), np.array([[3.0, 4.0], [5.0, 6.0]]))
    )

    assert names == ("A", "B")
    assert table.tolist() == [[3, 5], [8, 12]]
    assert r"h = \begin{pmatrix} 3 & 5 \\ 8 & 12 \end{pmatrix}" in text


def test_pushing_the_sum_inwards_gives_the_numbers_of_the_lesson(answer, text):
    inside = [Fraction(sum(p * TENTHS[C][j][1] for j, p in enumerate(row)), 100) for row in TENTHS[B]]
    outside = [Fraction(p, 10) * s for p, s in zip(TENTHS[A], inside, strict=True)]

    assert [float(s) for s in inside] == [0.25, 0.5]
    assert [float(s) for s in outside] == [0.15, 0.2]
    assert "0.7 · 0.1 + 0.3 · 0.6 = 0.25 without a storm and 0.2 · 0.1 + 0.8 · 0.6 = 0.5 with one" in text
    assert "0.6 · 0.25 = 0.15 and 0.4 · 0.5 = 0.20. Together 0.35" in text
    _, p, z = answer("variable_elimination")(FLIGHT, ("A",), {"C": 1}, ("B",))
    assert z == pytest.approx(0.35)
    assert p[1] == pytest.approx(4 / 7)


def largest(scopes, order) -> int:
    """The number of variables in the largest product of an elimination."""
    most, left = 0, [set(scope) for scope in scopes]
    for name in order:
        joined = set().union(*(scope for scope in left if name in scope))
        left = [scope for scope in left if name not in scope] + [joined - {name}]
        most = max(most, len(joined))
    return most


def test_the_largest_tables_are_those_of_the_lesson(text):
    chain = [(f"x{i}", f"x{i + 1}") for i in range(23)]
    star = [("hub", f"leaf{i}") for i in range(20)]
    leaves = [f"leaf{i}" for i in range(1, 20)]

    assert 4 ** largest(chain, [f"x{i}" for i in range(23, 0, -1)]) == 16
    assert 4 ** largest(chain, [f"x{i}" for i in range(11, 0, -1)]) == 64
    assert 4 ** largest(star, [*leaves, "hub"]) == 16
    assert largest(star, ["hub", *leaves]) == 21
    assert "all twenty factors have to be multiplied, over 21 variables" in text
    assert "from 64 numbers at 3 variables to 2.8e14 at 24 and reach 8 GiB at 15" in text
    assert 4**3 == 64
    assert f"{4**24:.1e}" == "2.8e+14"
    assert 8 * 4**15 == 8 * 2**30


def test_the_board_tells_nothing_new_once_the_plane_is_known(answer):
    ask = answer("variable_elimination")

    _, before, _ = ask(FLIGHT, ("A",), {"B": 1}, ("C",))
    _, after, _ = ask(FLIGHT, ("A",), {"B": 1, "C": 1}, ())

    assert np.allclose(before, after)


def test_the_three_tables_have_one_product_in_all_six_orders(answer):
    multiply, products = answer("factor_product"), []
    for f, g, h in permutations(FLIGHT):
        names, table = multiply(multiply(f, g), h)
        products.append(np.transpose(table, [names.index(name) for name in "ABC"]))

    assert len({product.shape for product in products}) == 1
    assert np.allclose(products, products[0])


# --- Gibbs sampling ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coupling", [0.3, 1.4])
def test_the_walks_are_those_of_the_lesson(text, coupling):
    shares = pictures._shares_of_yes(coupling, 1000)
    average, exact = f"{np.mean(shares[:300]):.3f}", f"{pictures._exact_share(coupling):.3f}"

    if coupling < 1:
        assert f"the average after 300 sweeps is {average} where {exact} is exact" in text
        assert f"around the exact mean {exact}; the average of the 300 sweeps is {average}" in text
    else:
        first_yes = next(sweep for sweep, share in enumerate(shares) if share > 0)
        assert f"stays at 0 for {first_yes} sweeps" in text
        assert max(shares[100:230]) < 0.5 < min(shares[54:84])
        assert set(shares[54:84]) == {1.0}
        assert shares[233] < 1 <= min(shares[236:300])
        assert f"After 300 sweeps the average is {average} where {exact} is exact" in text
        assert f"the average is {average}, where {exact} is exact" in text
        assert f"after 1000 it is {np.mean(shares):.3f}" in text


def test_the_exact_shares_are_those_of_a_program_that_adds_up_all_states(answer):
    for coupling in (0.3, 1.4):
        ring = [(("abcdefgh"[i], "abcdefgh"[(i + 1) % 8]), np.exp([[coupling, -coupling], [-coupling, coupling]]))
                for i in range(8)]  # fmt: skip
        alone = [((name,), np.exp([-0.1, 0.1])) for name in "abcdefgh"]

        _, p, _ = answer("variable_elimination")([*ring, *alone], ("a",), {}, tuple("hgfedcb"))

        assert p[1] == pytest.approx(pictures._exact_share(coupling), rel=1e-12)


def test_starting_from_all_yes_and_from_all_no_differs_for_strong_couplings_only(answer):
    def average(coupling, start):
        rng, s, total = np.random.default_rng(4), np.full(8, start), 0.0
        for _ in range(300):
            s = answer("gibbs_sweep")(pictures._ring(coupling), np.full(8, 0.1), s, rng)
            total += (s == 1).mean()
        return total / 300

    assert abs(average(0.2, 1) - average(0.2, -1)) < 0.1
    assert abs(average(1.4, 1) - average(1.4, -1)) > 0.3
