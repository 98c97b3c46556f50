"""Topic 12, fairness and attributions, against witnesses that share no code with it."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations
from math import comb, isnan

import mpmath
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, recall_score


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def people(rng, n, names):
    """Outcomes, predictions and groups of n people."""
    return rng.integers(0, 2, n), rng.integers(0, 2, n), np.array([names[g] for g in rng.integers(0, len(names), n)])


def fractions_of(y_true, y_pred, groups, outcome=None) -> dict:
    """The exact selection rate of every group, among all or among those with one outcome; None where there is none."""
    found = {}
    for name in set(groups.tolist()):
        chosen = [
            int(p)
            for y, p, g in zip(y_true, y_pred, groups, strict=True)
            if g == name and (outcome is None or y == outcome)
        ]
        found[name] = Fraction(sum(chosen), len(chosen)) if chosen else None
    return found


# --- group_rates -----------------------------------------------------------------------------------------------------


def test_rates_are_those_of_scikit_learn(answer, rng):
    y, p, groups = people(rng, 200, ["a", "b", "c"])

    rates = answer("group_rates")(y, p, groups)

    assert set(rates) == {"a", "b", "c"}
    for name, row in rates.items():
        of = groups == name
        tn, fp, _, tp = confusion_matrix(y[of], p[of], labels=[0, 1]).ravel()
        assert row["n"] == of.sum()
        assert row["accuracy"] == pytest.approx(accuracy_score(y[of], p[of]))
        assert row["tpr"] == pytest.approx(recall_score(y[of], p[of]))
        assert row["fpr"] == pytest.approx(1 - recall_score(y[of], p[of], pos_label=0))
        assert row["fpr"] == pytest.approx(fp / (fp + tn))
        assert row["selection_rate"] == pytest.approx((tp + fp) / of.sum())


def test_the_mean_of_the_groups_weighted_by_their_size_is_the_rate_of_all(answer, rng):
    y, p, groups = people(rng, 90, [3, -4, 11, 12])

    rates = answer("group_rates")(y, p, groups)

    assert sum(row["n"] * row["selection_rate"] for row in rates.values()) / 90 == pytest.approx(p.mean())
    assert sum(row["n"] * row["accuracy"] for row in rates.values()) / 90 == pytest.approx(np.mean(y == p))


def test_rates_are_exact_fractions_and_unknown_ones_nan(answer, rng):
    for _ in range(50):
        y, p, groups = people(rng, 8, ["u", "v", "w"])

        rates = answer("group_rates")(y, p, groups)

        for key, outcome in (("selection_rate", None), ("tpr", 1), ("fpr", 0)):
            for name, exact in fractions_of(y, p, groups, outcome).items():
                assert isnan(rates[name][key]) if exact is None else rates[name][key] == float(exact)


# --- demographic_parity_difference, equalized_odds_difference --------------------------------------------------------


def test_parity_is_the_farthest_pair_in_fractions(answer, rng):
    for _ in range(50):
        y, p, groups = people(rng, 13, ["u", "v", "w", "x"])
        rates = fractions_of(y, p, groups).values()

        d = answer("demographic_parity_difference")(y, p, sensitive_features=groups)

        assert d == pytest.approx(float(max((abs(a - b) for a, b in combinations(rates, 2)), default=0)))


def test_odds_are_the_farthest_pair_with_one_outcome_in_fractions(answer, rng):
    for _ in range(100):
        y, p, groups = people(rng, 11, ["u", "v", "w", "x"])
        known = [[r for r in fractions_of(y, p, groups, k).values() if r is not None] for k in (0, 1)]
        pairs = [abs(a - b) for rates in known for a, b in combinations(rates, 2)]

        d = answer("equalized_odds_difference")(y, p, sensitive_features=groups)

        assert d == pytest.approx(float(max(pairs, default=0)))


def test_other_names_for_the_groups_change_nothing(answer, rng):
    y, p, groups = people(rng, 40, ["u", "v", "w"])
    renamed = np.array([{"u": 7, "v": -1, "w": 3}[name] for name in groups])

    for name in ("demographic_parity_difference", "equalized_odds_difference"):
        one, other = (answer(name)(y, p, sensitive_features=g) for g in (groups, renamed))
        assert one == other
        assert 0 <= one <= 1


def test_outcomes_play_no_part_in_parity_and_a_constant_answer_has_none(answer, rng):
    y, p, groups = people(rng, 40, ["u", "v", "w"])
    parity = answer("demographic_parity_difference")

    assert parity(y, p, sensitive_features=groups) == parity(1 - y, p, sensitive_features=groups)
    assert parity(y, np.ones_like(p), sensitive_features=groups) == 0
    assert answer("equalized_odds_difference")(y, np.zeros_like(p), sensitive_features=groups) == 0


def test_who_is_always_right_has_equal_odds_and_the_parity_of_the_outcomes(answer):
    y, groups = np.array([1, 1, 1, 0, 1, 0, 0, 0]), np.repeat(["u", "v"], 4)

    assert answer("equalized_odds_difference")(y, y, sensitive_features=groups) == 0
    assert answer("demographic_parity_difference")(y, y, sensitive_features=groups) == 0.5


# --- integrated_gradients --------------------------------------------------------------------------------------------


def test_attributions_of_a_quadratic_are_exact_for_any_number_of_steps(answer, rng):
    A, b = rng.normal(size=(4, 4)), rng.normal(size=4)
    A = A + A.T
    x, start = rng.normal(size=4), rng.normal(size=4)

    for steps in (1, 2, 7):
        attr = answer("integrated_gradients")(lambda z: A @ z + b, x, start, steps)

        # Along a line a quadratic's slope is linear, so its mean is the slope in the middle.
        assert attr == pytest.approx((x - start) * (A @ (x + start) / 2 + b))
        assert attr.sum() == pytest.approx((x @ A @ x / 2 + b @ x) - (start @ A @ start / 2 + b @ start))


def test_attributions_approach_the_integrals_of_mpmath(answer):
    x, start = np.array([1.2, -0.4, 0.9]), np.array([-0.3, 0.5, 0.1])

    def f(a, b, c):
        return mpmath.sin(a) * mpmath.exp(b) + mpmath.tanh(a * c)

    def gradient(z):
        return np.array([float(mpmath.diff(f, tuple(z), n)) for n in ((1, 0, 0), (0, 1, 0), (0, 0, 1))])

    attr = answer("integrated_gradients")(gradient, x, start)

    for i in range(3):
        order = tuple(int(i == j) for j in range(3))
        on_road = lambda a, n=order: mpmath.diff(f, tuple(start + float(a) * (x - start)), n)  # noqa: E731
        assert attr[i] == pytest.approx(float((x[i] - start[i]) * mpmath.quad(on_road, [0, 1], maxdegree=3)), abs=1e-3)
    assert attr.sum() == pytest.approx(float(f(*x) - f(*start)), abs=1e-3)


def test_the_midpoint_sum_of_a_cube_is_the_fraction_of_paper(answer):
    x, start, steps = Fraction(7, 3), Fraction(-1, 2), 5
    middles = [start + (Fraction(2 * k - 1, 2 * steps)) * (x - start) for k in range(1, steps + 1)]
    exact = (x - start) * sum(3 * z * z for z in middles) / steps

    attr = answer("integrated_gradients")(lambda z: 3 * z**2, np.array([float(x)]), np.array([float(start)]), steps)

    assert attr[0] == pytest.approx(float(exact), rel=1e-13)


def test_twice_the_steps_leave_a_quarter_of_the_error(answer):
    x, start = np.array([1.5]), np.array([0.0])
    errors = [abs(answer("integrated_gradients")(np.exp, x, start, steps)[0] - (np.exp(1.5) - 1)) for steps in (20, 40)]

    assert errors[0] / errors[1] == pytest.approx(4, rel=1e-3)


def test_alike_inputs_share_equally_and_unused_ones_get_nothing(answer):
    attr = answer("integrated_gradients")(lambda z: np.array([z[1], z[0], 0.0]), np.array([2.0, 2.0, 9.0]), np.zeros(3))

    assert attr == pytest.approx([2, 2, 0], abs=1e-12)


# --- shapley_values --------------------------------------------------------------------------------------------------


def random_game(rng, n) -> dict:
    """A whole number for every coalition."""
    return {frozenset(S): int(rng.integers(-20, 20)) for k in range(n + 1) for S in combinations(range(n), k)}


def by_all_orders(game, n) -> list[Fraction]:
    phi, orders = [Fraction(0)] * n, list(permutations(range(n)))
    for order in orders:
        for place, i in enumerate(order):
            phi[i] += game[frozenset(order[: place + 1])] - game[frozenset(order[:place])]
    return [share / len(orders) for share in phi]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_shares_are_the_average_over_all_orders_in_fractions(answer, rng, n):
    game = random_game(rng, n)

    phi = answer("shapley_values")(game.__getitem__, n)

    assert phi == pytest.approx([float(share) for share in by_all_orders(game, n)], abs=1e-12)
    assert phi.sum() == pytest.approx(game[frozenset(range(n))] - game[frozenset()])


def test_the_shares_of_two_games_add_up(answer, rng):
    one, other = random_game(rng, 5), random_game(rng, 5)

    phi = answer("shapley_values")(lambda S: one[S] + 3 * other[S], 5)

    both = answer("shapley_values")(one.__getitem__, 5), answer("shapley_values")(other.__getitem__, 5)
    assert phi == pytest.approx(both[0] + 3 * both[1])


def test_of_a_sum_everybody_gets_the_own_term_and_strangers_nothing(answer):
    terms = [2.0, -1.0, 0.0, 4.5]

    phi = answer("shapley_values")(lambda S: 100 + sum(terms[i] for i in S), 4)

    assert phi == pytest.approx(terms, abs=1e-12)


def test_the_largest_game_is_asked_once_for_every_coalition(answer):
    asked = []

    phi = answer("shapley_values")(lambda S: asked.append(S) or float(len(S) ** 2), 12)

    assert len(asked) == len(set(asked)) == 2**12
    assert all(type(S) is frozenset for S in asked)
    assert phi == pytest.approx([12.0] * 12)


def test_the_weights_of_a_game_add_up_to_one(answer):
    # Player 0 adds 1 to whatever coalition it joins: its share is the sum of the weights.
    for n in (1, 4, 9):
        assert answer("shapley_values")(lambda S: float(0 in S), n)[0] == pytest.approx(1)
        assert sum(comb(n - 1, s) * Fraction(1, n * comb(n - 1, s)) for s in range(n)) == 1
