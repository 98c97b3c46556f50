"""The numbers in the lesson on graphical models, computed anew."""

import itertools
import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from tests.pictures import topic_10_pgm as pictures
from tests.test_lessons import lesson, numbers, rows

FLAT = " ".join(lesson("10_pgm").split())  # a sentence may be broken anywhere


def says(*sentences: str) -> bool:
    return all(sentence in FLAT for sentence in sentences)


@pytest.fixture(scope="module")
def answer(library):
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


# --- factors and elimination -----------------------------------------------------------------------------------------

A, B, C = ("A",), ("A", "B"), ("B", "C")
TENTHS = {A: [6, 4], B: [[7, 3], [2, 8]], C: [[9, 1], [4, 6]]}
FLIGHT = [(names, np.array(table) / 10) for names, table in TENTHS.items()]


def test_the_four_rows_at_the_gate_are_those_of_the_lesson():
    late, storm = Fraction(0), Fraction(0)
    for (a, b, product), (i, j) in zip(rows(lesson("10_pgm"), "A | B"), np.ndindex(2, 2), strict=True):
        factors = [Fraction(n, 10) for n in (TENTHS[A][i], TENTHS[B][i][j], TENTHS[C][j][1])]
        weight = factors[0] * factors[1] * factors[2]
        assert (int(a), int(b)) == (i, j)
        assert numbers(product) == [*map(float, factors), float(weight)]
        late, storm = late + weight, storm + i * weight

    assert (float(late), float(storm)) == (0.35, 0.2)
    assert says("add up to 0.2, all four to 0.35")
    assert says(f"0.2 / 0.35 = {float(storm / late):.3f} of these")


def test_the_tables_in_the_picture_of_the_flight_are_those_of_the_lesson():
    assert says("Below A: no 0.6, yes 0.4.")
    assert says("Below B: 0.7 and 0.3 if there is no storm, 0.2 and 0.8 if there is.")
    assert says("Below C: 0.9 and 0.1 if the plane is not late, 0.4 and 0.6 if it is.")


def test_tables_of_everything_take_as_many_bytes_as_the_lesson_says():
    assert says("thousand million, which take 8.6 GB; at 40 it is 8.8 TB")
    assert round(2**30 * 8 / 1e9, 1) == 8.6
    assert round(2**40 * 8 / 1e12, 1) == 8.8
    assert says("4^24, about 281 million million")
    assert round(4**24 / 1e12) == 281


def test_the_product_by_hand_is_that_of_the_exercise(answer):
    names, table = answer("factor_product")(
        (("A",), np.array([1.0, 2.0])), (("B", "A"), np.array([[3.0, 4.0], [5.0, 6.0]]))
    )

    assert names == ("A", "B")
    assert table.tolist() == [[3, 5], [8, 12]]
    assert says(r"h = \begin{pmatrix} 3 & 5 \\ 8 & 12 \end{pmatrix}")


def test_pushing_the_sum_inwards_gives_the_numbers_of_the_lesson(answer):
    inside = [Fraction(sum(p * TENTHS[C][j][1] for j, p in enumerate(row)), 100) for row in TENTHS[B]]
    outside = [Fraction(p, 10) * s for p, s in zip(TENTHS[A], inside, strict=True)]

    assert [float(s) for s in inside] == [0.25, 0.5]
    assert [float(s) for s in outside] == [0.15, 0.2]
    assert says("0.7 · 0.1 + 0.3 · 0.6 = 0.25 without a storm and 0.2 · 0.1 + 0.8 · 0.6 = 0.5 with one")
    assert says("0.6 · 0.25 = 0.15 and 0.4 · 0.5 = 0.20. Together 0.35")
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


def test_the_largest_tables_are_those_of_the_lesson():
    chain = [(f"x{i}", f"x{i + 1}") for i in range(23)]
    star = [("hub", f"leaf{i}") for i in range(20)]
    leaves = [f"leaf{i}" for i in range(1, 20)]

    assert 4 ** largest(chain, [f"x{i}" for i in range(23, 0, -1)]) == 16
    assert 4 ** largest(chain, [f"x{i}" for i in range(11, 0, -1)]) == 64
    assert 4 ** largest(star, [*leaves, "hub"]) == 16
    assert largest(star, ["hub", *leaves]) == 21
    assert says("all twenty factors have to be multiplied, over 21 variables")
    assert says("from 64 numbers at 3 variables to 2.8e14 at 24 and reach 8 GiB at 15")
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
    for f, g, h in itertools.permutations(FLIGHT):
        names, table = multiply(multiply(f, g), h)
        products.append(np.transpose(table, [names.index(name) for name in "ABC"]))

    assert len({product.shape for product in products}) == 1
    assert np.allclose(products, products[0])


# --- chains ----------------------------------------------------------------------------------------------------------

START, STEP = (
    [Fraction(6, 10), Fraction(4, 10)],
    [[Fraction(7, 10), Fraction(3, 10)], [Fraction(4, 10), Fraction(6, 10)]],
)
WORD = [[Fraction(n, 10) for n in row] for row in ([5, 4, 1], [1, 3, 6])]


def weight(path, diary=(0, 1, 2)):
    steps = zip(path, path[1:], diary[1:], strict=False)
    return START[path[0]] * WORD[path[0]][diary[0]] * math.prod(STEP[i][j] * WORD[j][o] for i, j, o in steps)


def test_the_eight_paths_of_the_diary_have_the_probabilities_of_the_lesson():
    weights = {path: weight(path) for path in itertools.product(range(2), repeat=3)}

    assert max(weights, key=weights.get) == (0, 0, 1)
    assert (float(weights[0, 0, 1]), float(sum(weights.values()))) == (0.01512, 0.03628)
    assert says("= 0.01512, and the eight together 0.03628", "about 1.3 · 10^30")
    assert f"{2**100:.1e}" == "1.3e+30"


def test_the_forward_numbers_are_those_of_the_lesson():
    alpha = [START[j] * WORD[j][0] for j in range(2)]
    found = [alpha]
    for o in (1, 2):
        alpha = [sum(alpha[i] * STEP[i][j] for i in range(2)) * WORD[j][o] for j in range(2)]
        found.append(alpha)

    assert [[float(x) for x in row] for row in found] == [[0.3, 0.04], [0.0904, 0.0342], [0.007696, 0.028584]]
    assert says("= [0.3, 0.04]", "= 0.0904; fever", "= 0.0342", "[0.007696, 0.028584]")
    assert says("healthy 0.3, 0.0904, 0.0077; fever 0.04, 0.0342, 0.0286")


def test_the_forward_numbers_are_zero_on_day_641():
    a, b = (np.array(table, float) for table in (STEP, WORD))
    alpha, log, day = np.array(START, float) * b[:, 0], 0.0, 1
    while alpha.any():
        day, last = day + 1, alpha
        alpha = alpha @ a * b[:, day % 3 - 1]
    scaled = np.array(START, float) * b[:, 0]
    for later in range(1, 3000):
        log, scaled = log + np.log(scaled.sum()), scaled / scaled.sum()
        scaled = scaled @ a * b[:, later % 3]

    assert day == 641
    assert last.any()
    assert np.nextafter(0.0, 1.0) == 5e-324
    assert f"{log / 3000:.2f}" == "-1.16"
    assert says("exactly 0 on day 641", "about -1.16 a day", "between 0 and 5e-324")


def test_the_most_probable_states_make_an_impossible_path():
    paths = {("a", "b"): 0.4, ("b", "a"): 0.3, ("c", "a"): 0.3}
    states = [{s: sum(p for path, p in paths.items() if path[t] == s) for s in "abc"} for t in range(2)]

    assert [max(one, key=one.get) for one in states] == ["a", "a"]
    assert states[1]["a"] == 0.6
    assert ("a", "a") not in paths
    assert max(paths, key=paths.get) == ("a", "b")


def test_the_best_paths_to_each_state_are_those_of_the_lesson():
    delta, pointers = [START[j] * WORD[j][0] for j in range(2)], []
    for o in (1, 2):
        pointers.append([max(range(2), key=lambda i, j=j: delta[i] * STEP[i][j]) for j in range(2)])
        delta = [delta[i] * STEP[i][j] * WORD[j][o] for j, i in enumerate(pointers[-1])]

    assert pointers[0] == [0, 0]
    assert pointers[1][1] == 0
    assert float(delta[1]) == 0.01512
    assert [float(START[0] * WORD[0][0] * STEP[0][j] * WORD[j][1]) for j in range(2)] == [0.084, 0.027]


def kalman(p, looks, q=Fraction(1), r=Fraction(2)):
    found = []
    for look in looks:
        p += q
        p = p * r / (p + r) if look else p
        found.append(p)
    return found


def test_the_level_is_as_sure_as_the_lesson_says():
    assert kalman(Fraction(1), [True] * 3) == [1, 1, 1]
    assert [f"{float(p):.2f}" for p in kalman(Fraction(100), [True] * 3)] == ["1.96", "1.19", "1.05"]
    gap = [float(p) for p in kalman(Fraction(100), [not 20 <= step <= 25 for step in range(1, 41)])]
    width = [f"{2 * p**0.5:.1f}" for p in gap]
    assert (width[0], width[2], width[24], width[25]) == ("2.8", "2.0", "5.3", "2.5")
    assert says("2.8 wide to each side, after three steps 2.0", "opens to 5.3 to each side, and closes to 2.5")
    often = kalman(Fraction(1), [False, True] * 6)[-2:]
    assert [f"{float(p):.3f}" for p in often] == ["2.236", "1.236"]  # the play, which names no numbers
    k = 1e12 / (1e12 + 1e-6)
    assert ((1 - k) * 1e12, (1 - k) ** 2 * 1e12 + k**2 * 1e-6) == (0, 1e-6)


def test_the_four_labellings_have_the_weights_of_the_lesson():
    e, a = [[2, 1], [1, 3]], [[2, 1], [3, 1]]
    weights = {(i, j): e[0][i] * a[i][j] * e[1][j] for i in range(2) for j in range(2)}

    assert weights == {(0, 0): 4, (0, 1): 6, (1, 0): 3, (1, 1): 3}
    assert sum(weights.values()) == 16
    assert f"{math.log(16 / 6):.4f}" == "0.9808"
    assert (10 / 16 - 1, 6 / 16 - 1) == (-0.375, -0.625)
    assert says("Z = 16", "log(16/6) = 0.9808", "0.625 - 1 = -0.375", "0.375 - 1 = -0.625")


# --- Gibbs sampling --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coupling", [0.3, 1.4])
def test_the_walks_are_those_of_the_lesson(coupling):
    shares = pictures._shares_of_yes(coupling, 1000)
    average, exact = f"{np.mean(shares[:300]):.3f}", f"{pictures._exact_share(coupling):.3f}"

    if coupling < 1:
        assert says(f"the average after 300 sweeps is {average} where {exact} is exact")
        assert says(f"around the exact mean {exact}; the average of the 300 sweeps is {average}")
    else:
        first_yes = next(sweep for sweep, share in enumerate(shares) if share > 0)
        assert says(f"stays at 0 for {first_yes} sweeps")
        assert max(shares[100:230]) < 0.5 < min(shares[54:84])
        assert set(shares[54:84]) == {1.0}
        assert shares[233] < 1 <= min(shares[236:300])
        assert says(f"After 300 sweeps the average is {average} where {exact} is exact")
        assert says(f"the average is {average}, where {exact} is exact")
        assert says(f"after 1000 it is {np.mean(shares):.3f}")


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
