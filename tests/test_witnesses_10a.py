"""Factors, elimination and Gibbs sampling against brute force: joint tables, exact fractions, exact laws."""

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import mpmath
import numpy as np
import pytest
from scipy import stats

from grader import key as keys
from grader.checks.chance import SIGMAS, Statistics


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(10)


SIZE = {"rain": 2, "B": 3, "x1": 2, "x10": 4, "E": 3, "F": 2}


def drawn(rng, most: int = 3):
    """A factor of up to `most` variables in any order."""
    names = tuple(str(name) for name in rng.permutation(list(SIZE))[: rng.integers(most + 1)])
    return names, rng.uniform(0.1, 2.0, [SIZE[name] for name in names])


def entry(factor, x: dict[str, int]) -> Fraction:
    """The entry of a factor at an assignment of values to (at least) its variables, exactly."""
    names, table = factor
    return Fraction(float(np.asarray(table)[tuple(x[name] for name in names)]))


def assignments(names):
    return [dict(zip(names, values, strict=True)) for values in product(*(range(SIZE[name]) for name in names))]


def same(one, other) -> bool:
    """Whether two factors are equal up to the order of their axes."""
    return set(one[0]) == set(other[0]) and np.allclose(
        one[1], np.transpose(other[1], [other[0].index(name) for name in one[0]]), rtol=1e-12
    )


# --- factors -------------------------------------------------------------------------------------------------------


def test_a_product_is_that_of_the_entries_at_every_assignment(answer, rng):
    for _ in range(40):
        f, g = drawn(rng), drawn(rng)

        h = answer("factor_product")(f, g)

        assert h[0] == f[0] + tuple(name for name in g[0] if name not in f[0])
        assert np.shape(h[1]) == tuple(SIZE[name] for name in h[0])
        for x in assignments(h[0]):
            assert float(entry(h, x)) == pytest.approx(float(entry(f, x) * entry(g, x)), rel=1e-14)


def test_products_commute_and_associate_up_to_the_order_of_axes(answer, rng):
    multiply = answer("factor_product")
    for _ in range(40):
        f, g, h = drawn(rng), drawn(rng), drawn(rng)

        assert same(multiply(f, g), multiply(g, f))
        assert same(multiply(multiply(f, g), h), multiply(f, multiply(g, h)))


@pytest.mark.parametrize(("one", "other"), [(2, 3), (1, 3), (3, 1)])
def test_a_name_of_two_sizes_is_refused(answer, one, other):
    with pytest.raises(ValueError, match="A has"):
        answer("factor_product")((("A",), np.ones(one)), (("B", "A"), np.ones((2, other))))


def test_summing_out_adds_what_every_observation_leaves(answer, rng):
    reduce = answer("factor_reduce")
    for _ in range(40):
        f = drawn(rng)
        for var in f[0]:
            slices = [reduce(f, var, value) for value in range(SIZE[var])]

            names, table = reduce(f, var)

            assert all(names == kept for kept, _ in slices)
            assert names == tuple(name for name in f[0] if name != var)
            for x in assignments(names):
                parts = [entry(f, {**x, var: value}) for value in range(SIZE[var])]
                assert float(entry((names, table), x)) == pytest.approx(float(sum(parts)), rel=1e-14)
                assert [entry(one, x) for one in slices] == parts


def test_observing_and_summing_out_another_variable_commute(answer, rng):
    reduce = answer("factor_reduce")
    f = (("B", "E", "x10"), rng.uniform(size=(3, 3, 4)))

    assert same(reduce(reduce(f, "E", 2), "B"), reduce(reduce(f, "B"), "E", 2))
    assert same(reduce(reduce(f, "E"), "B"), reduce(reduce(f, "B"), "E"))


# --- elimination ---------------------------------------------------------------------------------------------------


def network(rng):
    """Factors over all variables, a query of one or two, and evidence on up to two others."""
    names = [str(name) for name in rng.permutation(list(SIZE))]
    factors = [((name,), rng.uniform(0.1, 1.0, SIZE[name])) for name in names] + [drawn(rng) for _ in range(4)]
    asked, known = int(rng.integers(1, 3)), int(rng.integers(0, 3))
    evidence = {name: int(rng.integers(SIZE[name])) for name in names[asked : asked + known]}
    return factors, tuple(names[:asked]), evidence, tuple(names[asked + known :])


def enumerated(factors, query, evidence):
    """The answer out of the table of everything, in fractions."""
    total = {tuple(x.values()): Fraction(0) for x in assignments(query)}
    for x in assignments(tuple(SIZE)):
        if all(x[name] == value for name, value in evidence.items()):
            weight = Fraction(1)
            for factor in factors:
                weight *= entry(factor, x)
            total[tuple(x[name] for name in query)] += weight
    z = sum(total.values())
    return {values: weight / z for values, weight in total.items()}, z


def test_elimination_gives_what_the_table_of_everything_gives(answer, rng):
    for _ in range(12):
        factors, query, evidence, order = network(rng)
        exact, total = enumerated(factors, query, evidence)

        names, p, z = answer("variable_elimination")(factors, query, evidence, order)

        assert names == query
        assert z == pytest.approx(float(total), rel=1e-12)
        for values, share in exact.items():
            assert p[values] == pytest.approx(float(share), rel=1e-12)


def test_fifty_networks_agree_with_the_product_of_all_tables(answer, rng):
    letter = dict(zip(SIZE, "abcdef", strict=True))
    for _ in range(50):
        factors, query, evidence, order = network(rng)
        seen = [((name,), np.eye(SIZE[name])[value]) for name, value in evidence.items()]
        scopes = ["".join(letter[name] for name in names) for names, _ in [*factors, *seen]]
        wanted = "".join(letter[name] for name in query)
        r = np.einsum(f"{','.join(scopes)}->{wanted}", *(table for _, table in [*factors, *seen]))

        _, p, z = answer("variable_elimination")(factors, query, evidence, order)

        assert np.allclose(p, r / r.sum(), rtol=1e-12)
        assert z == pytest.approx(r.sum(), rel=1e-12)


def test_the_order_of_elimination_does_not_change_the_answer(answer, rng):
    factors, query, evidence, order = network(rng)
    _, p, z = answer("variable_elimination")(factors, query, evidence, order)

    for other in permutations(order):
        _, q, y = answer("variable_elimination")(factors, query, evidence, other)

        assert np.allclose(p, q, rtol=1e-12)
        assert y == pytest.approx(z, rel=1e-12)


def test_a_chain_of_forty_is_a_product_of_matrices(answer, rng):
    steps = rng.uniform(0.1, 0.5, (39, 4, 4))
    names = [f"x{i}" for i in range(40)]
    factors = [((names[i], names[i + 1]), step) for i, step in enumerate(steps)]

    _, p, z = answer("variable_elimination")(factors, ("x0",), {"x39": 3}, tuple(names[:0:-1]))

    r = np.linalg.multi_dot(list(steps))[:, 3]
    assert np.allclose(p, r / r.sum(), rtol=1e-12)
    assert z == pytest.approx(r.sum(), rel=1e-12)


def test_the_example_of_the_statement_is_exact(answer):
    a, b, c = [3, 2], [[7, 3], [2, 8]], [[9, 1], [4, 6]]  # tenths, the first in fifths
    r = [Fraction(a[i], 5) * sum(Fraction(b[i][j] * c[j][1], 100) for j in range(2)) for i in range(2)]
    factors = [
        (("A",), np.array([0.6, 0.4])),
        (("A", "B"), np.array(b) / 10),
        (("B", "C"), np.array(c) / 10),
    ]

    _, p, z = answer("variable_elimination")(factors, ("A",), {"C": 1}, ("B",))

    assert r == [Fraction(15, 100), Fraction(20, 100)]
    assert z == pytest.approx(0.35)
    assert p.round(4).tolist() == [0.4286, 0.5714]
    assert p == pytest.approx([float(x / sum(r)) for x in r])


def test_evidence_that_cannot_be_is_refused(answer):
    factors = [(("A", "B"), np.array([[1.0, 0.0], [1.0, 0.0]]))]

    with pytest.raises(ValueError, match="probability 0"):
        answer("variable_elimination")(factors, ("A",), {"B": 1}, ())


# --- Gibbs sampling ------------------------------------------------------------------------------------------------


class Scripted:
    """A generator whose uniform numbers are known beforehand."""

    def __init__(self, *numbers: float) -> None:
        self.numbers = list(numbers)

    def random(self) -> float:
        return self.numbers.pop(0)


def weight(J, h, s) -> mpmath.mpf:
    pairs = sum(J[i, j] * s[i] * s[j] for i in range(len(s)) for j in range(i))
    return mpmath.exp(mpmath.mpf(float(pairs + h @ s)))


def conditional(J, h, s, i) -> float:
    """P(s_i = +1 | the others), out of the probabilities of two whole states."""
    up, down = s.copy(), s.copy()
    up[i], down[i] = 1, -1
    return float(weight(J, h, up) / (weight(J, h, up) + weight(J, h, down)))


def symmetric(rng, n):
    J = np.triu(rng.normal(size=(n, n)), 1)
    return J + J.T


def test_every_spin_turns_up_exactly_as_often_as_the_joint_distribution_says(answer, rng):
    J, h = symmetric(rng, 4), rng.normal(size=4)
    for start in product([-1, 1], repeat=4):
        for wanted in product([-1, 1], repeat=4):
            for edge in (1e-9, -1e-9):  # a hair inside and outside of what leads to `wanted` in the last spin
                s, numbers = np.array(start), []
                for i in range(4):
                    p = conditional(J, h, s, i)
                    inside = p - 1e-9 if wanted[i] == 1 else p + 1e-9
                    numbers.append(inside if i < 3 or edge > 0 else 2 * p - inside)
                    s[i] = wanted[i]

                s_new = answer("gibbs_sweep")(J, h, np.array(start), Scripted(*numbers))

                assert tuple(s_new[:3]) == wanted[:3]
                assert s_new[3] == (wanted[3] if edge > 0 else -wanted[3])


def test_a_sweep_leaves_the_ising_distribution_as_it_is(rng):
    J, h = symmetric(rng, 3), rng.normal(size=3)
    states = [np.array(s) for s in product([-1, 1], repeat=3)]
    p = np.array([float(weight(J, h, s)) for s in states])
    p /= p.sum()

    after = np.zeros(len(states))
    for share, start in zip(p, states, strict=True):
        for k, end in enumerate(states):
            s, chance = start.copy(), share
            for i in range(3):
                up = 1 / (1 + np.exp(-2 * (J[i] @ s + h[i])))  # the formula of the statement
                chance *= up if end[i] == 1 else 1 - up
                s[i] = end[i]
            after[k] += chance

    assert np.allclose(after, p, rtol=1e-12)


def test_many_sweeps_find_the_means_that_enumeration_finds(answer):
    rng = np.random.default_rng(104)
    J, h = 0.4 * symmetric(rng, 4), 0.4 * rng.normal(size=4)
    states = np.array(list(product([-1, 1], repeat=4)))
    p = np.array([float(weight(J, h, s)) for s in states])
    s, total = states[0], np.zeros(4)

    for _ in range(10_000):
        s = answer("gibbs_sweep")(J, h, s, rng)
        total += s

    assert np.allclose(total / 10_000, p @ states / p.sum(), atol=0.05)


def test_independent_spins_are_coins(answer):
    rng, h = np.random.default_rng(105), np.array([0.0, 0.5, -1.0])

    up = np.mean([answer("gibbs_sweep")(np.zeros((3, 3)), h, np.ones(3), rng) == 1 for _ in range(4000)], axis=0)

    assert np.allclose(up, 1 / (1 + np.exp(-2 * h)), atol=0.05)


SWEEPS = 800
EXACT = (0.3543, 0.6513, 0.1345)  # of the case by_hand: spin 0 up, spin 1 up, both equal


@pytest.fixture(scope="module")
def chances(library) -> list[Statistics]:
    own = dataclasses.replace(library.exercise("gibbs_sweep"), mistakes=())
    (case,) = (case for case in keys.answer(own).cases if case.name == "by_hand")
    return [check for check in case.checks if isinstance(check, Statistics)]


def test_the_shares_of_the_case_by_hand_are_those_of_enumeration(chances):
    J, h, law = np.array([[0.0, -0.9], [-0.9, 0.0]]), np.array([0.6, 0.2]), {}
    first = conditional(J, h, np.array([-1, 1]), 0)
    for s0, chance in ((1, first), (-1, 1 - first)):
        second = conditional(J, h, np.array([s0, 1]), 1)
        law[s0, 1], law[s0, -1] = chance * second, chance * (1 - second)
    exact = (law[1, 1] + law[1, -1], law[1, 1] + law[-1, 1], law[1, 1] + law[-1, -1])

    assert exact == pytest.approx(EXACT, abs=5e-5)
    for check, share in zip(chances, exact, strict=True):
        deviation = np.sqrt(share * (1 - share) / SWEEPS)
        assert check.deviation[0] == pytest.approx(deviation, rel=0.2)
        assert abs(check.mean[0] - share) < 4 * deviation / np.sqrt(200)


def test_a_right_sweep_is_rejected_less_than_once_in_a_thousand_million(chances):
    alarm = 0.0
    for check, share in zip(chances, EXACT, strict=True):
        low, high = (SWEEPS * (check.mean[0] + side * SIGMAS * check.deviation[0]) for side in (-1, 1))
        alarm += stats.binom.cdf(np.ceil(low) - 1, SWEEPS, share) + stats.binom.sf(np.floor(high), SWEEPS, share)

    assert alarm < 1e-9


LAW_ALONE = (
    "forgets_the_factor_2",
    "counts_every_pair_twice",
    "looks_at_the_state_before_the_sweep",
    "takes_the_more_probable_value",
    "accepts_like_metropolis",
    "exchanges_up_and_down",
    "forgets_the_field_from_outside",
    "uses_one_number_for_all_spins",
    "begins_at_the_last_spin",
)


@pytest.mark.parametrize("name", LAW_ALONE)
def test_a_mistake_in_the_law_lies_more_than_ten_deviations_away(library, name):
    (mistake,) = (m.function for m in library.exercise("gibbs_sweep").mistakes if m.name == name)
    J, h, s = np.array([[0.0, -0.9], [-0.9, 0.0]]), np.array([0.6, 0.2]), np.array([-1, 1])
    grid = (np.arange(100) + 0.5) / 100

    states = np.array([mistake(J, h, s.copy(), Scripted(u, v)) for u in grid for v in grid])

    shares = (*(states == 1).mean(axis=0), (states[:, 0] == states[:, 1]).mean())
    off = [abs(found - p) / np.sqrt(p * (1 - p) / SWEEPS) for found, p in zip(shares, EXACT, strict=True)]
    assert max(off) > 10
