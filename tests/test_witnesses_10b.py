"""Topic 10, chains (hidden Markov models, Kalman filter, conditional random field), against independent witnesses.

All paths of a short chain can be listed, in exact fractions; a Kalman filter is nothing but conditioning in one large
normal distribution; and scipy knows normal densities.
"""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy.linalg import solve_discrete_are
from scipy.optimize import approx_fprime
from scipy.special import log_softmax
from scipy.stats import multivariate_normal

from grader import key as keys

mpmath.mp.dps = 40


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(10)


# --- hidden Markov models --------------------------------------------------------------------------------------------

PATIENT = ([6, 4], [[7, 3], [4, 6]], [[5, 4, 1], [1, 3, 6]])  # tenths


def fractions(tenths):
    if isinstance(tenths, list):
        return [fractions(part) for part in tenths]
    return Fraction(tenths, 10)


def random_tenths(rng, k, v):
    """Three tables of whole numbers, of which a tenth each is a weight; they need not add up to 1."""
    return rng.integers(1, 10, k).tolist(), rng.integers(0, 10, (k, k)).tolist(), rng.integers(1, 10, (k, v)).tolist()


def weight(tables, path, obs):
    pi, a, b = tables
    found = pi[path[0]] * b[path[0]][obs[0]]
    for (i, j), o in zip(itertools.pairwise(path), obs[1:], strict=True):
        found = found * a[i][j] * b[j][o]
    return found


def weights(tables, obs):
    """The exact weight of every path."""
    paths = itertools.product(range(len(tables[0])), repeat=len(obs))
    return {path: weight(tables, path, obs) for path in paths}


def logs(tables):
    with np.errstate(divide="ignore"):
        return [np.log(np.array(table, float)) for table in tables]


def log(fraction):
    return float(mpmath.log(mpmath.mpf(fraction.numerator) / fraction.denominator))


def test_the_examples_of_the_statements_are_exact_sums_over_eight_paths(answer):
    tables, obs = [fractions(table) for table in PATIENT], np.array([0, 1, 2])
    found = weights(tables, obs)

    log_alpha, loglik = answer("hmm_forward")(*logs(tables), obs)
    path, logp = answer("hmm_viterbi")(*logs(tables), obs)

    assert np.exp(log_alpha) == pytest.approx(np.array([[0.3, 0.04], [0.0904, 0.0342], [0.007696, 0.028584]]))
    assert sum(found.values()) == Fraction(3628, 100000)
    assert loglik == pytest.approx(log(Fraction(3628, 100000)), rel=1e-13)
    assert path.tolist() == [0, 0, 1]
    assert max(found.values()) == Fraction(1512, 100000)
    assert logp == pytest.approx(log(Fraction(1512, 100000)), rel=1e-13)


@pytest.mark.parametrize(("k", "v", "steps"), [(2, 3, 7), (3, 4, 5), (4, 2, 4), (1, 2, 3)])
def test_forward_numbers_are_exact_sums_over_all_paths(answer, rng, k, v, steps):
    tables, obs = [fractions(table) for table in random_tenths(rng, k, v)], rng.integers(0, v, steps)

    log_alpha, loglik = answer("hmm_forward")(*logs(tables), obs)

    for t, j in np.ndindex(steps, k):
        exact = sum(w for path, w in weights(tables, obs[: t + 1]).items() if path[-1] == j)
        assert log_alpha[t, j] == (pytest.approx(log(exact), rel=1e-12) if exact else -np.inf)
    assert loglik == pytest.approx(log(sum(weights(tables, obs).values())), rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_no_path_is_more_probable_than_viterbis(answer, seed):
    rng = np.random.default_rng(seed)
    tables, obs = [fractions(table) for table in random_tenths(rng, 3, 5)], rng.integers(0, 5, 6)
    found = weights(tables, obs)

    path, logp = answer("hmm_viterbi")(*logs(tables), obs)

    assert logp == pytest.approx(log(max(found.values())), rel=1e-12)
    assert float(found[tuple(path.tolist())] / max(found.values())) == 1


def test_of_equal_paths_viterbis_is_the_smallest_read_from_its_end(answer):
    scores = np.array([[0.0, -1.0], [-1.0, -2.0]])  # exact in floats, so that paths tie exactly
    obs = np.array([0, 1, 0, 0])

    for pi, a, b in itertools.product((scores[0], scores[1], scores[0][::-1]), (scores, scores[::-1]), (scores * 0,)):
        totals = {p: pi[p[0]] + sum(a[i, j] for i, j in itertools.pairwise(p)) for p in np.ndindex(2, 2, 2, 2)}
        best = [p for p, total in totals.items() if total == max(totals.values())]

        path, _ = answer("hmm_viterbi")(pi, a, b, obs)

        assert tuple(path.tolist()) == min(best, key=lambda p: p[::-1])


def test_a_path_of_thousand_steps_has_the_log_probability_that_viterbi_says(answer, rng):
    pi, a, b = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3), 3), rng.dirichlet(np.ones(5), 3)
    obs = rng.integers(0, 5, 1000)

    path, logp = answer("hmm_viterbi")(np.log(pi), np.log(a), np.log(b), obs)
    exact = weight([[mpmath.mpf(float(p)) for p in pi], a.tolist(), b.tolist()], path.tolist(), obs.tolist())

    assert logp == pytest.approx(float(mpmath.log(exact)), rel=1e-12)


def test_a_likelihood_of_five_thousand_steps_is_that_of_forty_digits(answer, rng):
    pi, a, b = rng.dirichlet(np.ones(2)), rng.dirichlet(np.ones(2), 2), rng.dirichlet(np.ones(4), 2)
    obs = rng.integers(0, 4, 5000)

    _, loglik = answer("hmm_forward")(np.log(pi), np.log(a), np.log(b), obs)
    alpha = [mpmath.mpf(float(pi[j])) * float(b[j, obs[0]]) for j in range(2)]
    for o in obs[1:]:
        alpha = [(alpha[0] * float(a[0, j]) + alpha[1] * float(a[1, j])) * float(b[j, o]) for j in range(2)]

    assert sum(alpha) < mpmath.mpf(10) ** -400
    assert loglik == pytest.approx(float(mpmath.log(sum(alpha))), rel=1e-12)


def test_an_impossible_series_has_minus_infinity_and_no_nan(answer):
    with np.errstate(divide="ignore"):
        a = np.log(np.array([[0.0, 1.0], [0.0, 1.0]]))

    log_alpha, loglik = answer("hmm_forward")(a[0], a, a, np.array([1, 0, 1]))

    assert loglik == -np.inf
    assert not np.isnan(log_alpha).any()


def test_only_ties_of_viterbi_leave_a_choice_to_rounding(library):
    """The best path that goes through another state at some step is the second best; it has to be clearly worse."""
    ties = ("all_paths_are_equally_probable", "two_paths_that_change_places")
    for case in keys.answer(library.exercise("hmm_viterbi")).cases:
        log_pi, log_a, log_b, obs = case.arguments
        path, logp = case.expected.value
        ahead, behind = [log_pi + log_b[:, obs[0]]], [np.zeros(len(log_pi))]
        for o in obs[1:]:
            ahead.append(np.max(ahead[-1][:, None] + log_a, axis=0) + log_b[:, o])
        for o in obs[:0:-1]:
            behind.insert(0, np.max(log_a + log_b[:, o] + behind[0], axis=1))
        through = np.array(ahead) + np.array(behind)
        through[np.arange(len(obs)), path] = -np.inf

        assert (logp - through.max() > 1e-6) == (case.name not in ties), case.name


# --- the Kalman filter -----------------------------------------------------------------------------------------------


def spread(rng, n):
    root = rng.normal(size=(n, n))
    return root @ root.T + 0.1 * np.eye(n)


def world(rng, n, d):
    return rng.normal(size=(n, n)), rng.normal(size=(d, n)), spread(rng, n), spread(rng, d)


def test_the_scalar_example_is_exact_in_fractions(answer):
    before, r, y = Fraction(1) + 1, Fraction(2), Fraction(3)
    after = 1 / (1 / before + 1 / r)

    one = np.ones((1, 1))
    m_new, P_new, loglik = answer("kalman_step")(np.zeros(1), one, np.array([3.0]), one, one, one, 2 * one)

    assert (m_new.item(), P_new.item()) == (after * (y / r), after) == (1.5, 1)
    assert loglik == pytest.approx(multivariate_normal(0, 4).logpdf(3), rel=1e-14)
    assert f"{loglik:.4f}" == "-2.7371"


@pytest.mark.parametrize(("n", "d"), [(1, 1), (2, 1), (3, 2), (2, 4)])
def test_the_filter_is_conditioning_in_one_large_normal_distribution(answer, rng, n, d):
    f, h, q, r = world(rng, n, d)
    m, p, steps = rng.normal(size=n), spread(rng, n), 5
    y = rng.normal(size=(steps, d))

    # State and noises are independent at first; every later number is linear in them.
    start = np.concatenate([m, np.zeros(steps * (n + d))])
    cov = np.zeros((len(start),) * 2)
    blocks = [p, *[q] * steps, *[r] * steps]
    ends = np.cumsum([0, *(len(block) for block in blocks)])
    for block, at in zip(blocks, ends, strict=False):
        cov[at : at + len(block), at : at + len(block)] = block
    parts = np.split(np.eye(len(start)), ends[1:-1])
    state, seen = parts[0], []
    for t in range(steps):
        state = f @ state + parts[1 + t]
        seen.append(h @ state + parts[1 + steps + t])
    seen = np.concatenate(seen)
    s = seen @ cov @ seen.T
    gain = state @ cov @ seen.T @ np.linalg.inv(s)

    total = 0.0
    for row in y:
        m, p, loglik = answer("kalman_step")(m, p, row, f, h, q, r)
        total += loglik

    assert np.allclose(m, state @ start + gain @ (y.ravel() - seen @ start), rtol=1e-8)
    assert np.allclose(p, state @ cov @ state.T - gain @ s @ gain.T, rtol=1e-6, atol=1e-10)
    assert total == pytest.approx(multivariate_normal(seen @ start, s).logpdf(y.ravel()), rel=1e-8)


def test_a_missing_measurement_is_one_of_endless_noise(answer, rng):
    f, h, q, r = world(rng, 2, 2)
    m, p = rng.normal(size=2), spread(rng, 2)

    alone = answer("kalman_step")(m, p, None, f, h, q, r)
    useless = answer("kalman_step")(m, p, np.ones(2), f, h, q, 1e14 * r)

    assert np.allclose(alone[0], f @ m)
    assert np.allclose(alone[0], useless[0])
    assert np.allclose(alone[1], useless[1])
    assert alone[2] == 0.0


def test_a_perfect_gauge_is_believed(answer, rng):
    f, _, q, r = world(rng, 3, 3)
    y = rng.normal(size=3)

    m_new, P_new, _ = answer("kalman_step")(rng.normal(size=3), spread(rng, 3), y, f, np.eye(3), q, 1e-12 * r)

    assert np.allclose(m_new, y)
    assert np.allclose(P_new, 1e-12 * r, rtol=1e-6, atol=0)


def test_after_ten_thousand_steps_the_covariance_is_symmetric_and_solves_riccatis_equation(answer):
    f, h = np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    q, r = 1e-6 * np.array([[1.0, 0.3], [0.3, 1.0]]), np.array([[100.0]])
    m, p = np.zeros(2), 1e9 * np.eye(2)
    y = np.zeros(1)

    for _ in range(10_000):
        m, p, _ = answer("kalman_step")(m, p, y, f, h, q, r)

    before = solve_discrete_are(f.T, h.T, q, r)
    assert np.abs(p - p.T).max() <= 1e-14 * np.abs(p).max()
    assert np.linalg.eigvalsh(p).min() > 0
    assert np.allclose(f @ p @ f.T + q, before, rtol=1e-8)


def test_sharp_gauges_after_no_knowledge_leave_what_forty_digits_leave(answer):
    p, r = mpmath.mpf(1e12), mpmath.mpf(1e-6)
    one = np.ones((1, 1))

    _, P_new, _ = answer("kalman_step")(np.zeros(1), 1e12 * one, np.ones(1), one, one, 0 * one, 1e-6 * one)

    assert P_new.item() == pytest.approx(float(p * r / (p + r)), rel=1e-12)


def test_thirty_gauges_have_the_log_likelihood_of_their_mean(answer, rng):
    h, y = np.ones((30, 1)), 0.25 + 1e-6 * rng.normal(size=30)
    one, r = np.ones((1, 1)), 2e-12

    m_new, P_new, loglik = answer("kalman_step")(np.array([0.25]), 1e-12 * one, y, one, h, 1e-12 * one, r * np.eye(30))

    s = mpmath.matrix(30, 30)
    for i, j in np.ndindex(30, 30):
        s[i, j] = mpmath.mpf(2e-12) + (mpmath.mpf(r) if i == j else 0)
    off = mpmath.matrix([mpmath.mpf(float(v)) - 0.25 for v in y])
    square = (off.T * mpmath.lu_solve(s, off))[0]
    exact = -(square + mpmath.log(mpmath.det(s)) + 30 * mpmath.log(2 * mpmath.pi)) / 2
    assert loglik == pytest.approx(float(exact), rel=1e-10)
    assert P_new.item() == pytest.approx(1 / (1 / 2e-12 + 30 / r))
    assert m_new.item() == pytest.approx(0.25 + 30 / 31 * (y - 0.25).mean(), rel=1e-12)


# --- the conditional random field ------------------------------------------------------------------------------------


def path_score(emissions, transitions, path):
    """The score of a path, in forty digits."""
    total = sum(mpmath.mpf(float(emissions[t, k])) for t, k in enumerate(path))
    return total + sum(mpmath.mpf(float(transitions[i, j])) for i, j in itertools.pairwise(path))


def enumerated(emissions, transitions, y):
    """The loss and its gradients by listing all paths."""
    steps, k = emissions.shape
    power = {p: mpmath.exp(path_score(emissions, transitions, p)) for p in itertools.product(range(k), repeat=steps)}
    z = sum(power.values())
    d_emissions, d_transitions = np.zeros((steps, k)), np.zeros((k, k))
    for path, w in [*((p, float(w / z)) for p, w in power.items()), (tuple(y), -1.0)]:
        for t, label in enumerate(path):
            d_emissions[t, label] += w
        for i, j in itertools.pairwise(path):
            d_transitions[i, j] += w
    return float(mpmath.log(z) - path_score(emissions, transitions, y)), d_emissions, d_transitions


def test_the_example_of_the_statement_is_exact_in_sixteenths(answer):
    e, a = [[2, 1], [1, 3]], [[2, 1], [3, 1]]
    powers = {(i, j): Fraction(e[0][i] * a[i][j] * e[1][j]) for i in range(2) for j in range(2)}
    z = sum(powers.values())

    nll, d_emissions, d_transitions = answer("crf_nll")(np.log(e), np.log(a), np.array([0, 1]))

    assert (z, powers[0, 1]) == (16, 6)
    assert nll == pytest.approx(math.log(16 / 6), rel=1e-14)
    assert np.allclose(d_emissions, [[-0.375, 0.375], [0.4375, -0.4375]], rtol=1e-14)
    expected = [[float(powers[i, j] / z) - ((i, j) == (0, 1)) for j in range(2)] for i in range(2)]
    assert np.allclose(d_transitions, expected, rtol=1e-14)
    assert expected == [[0.25, -0.625], [0.1875, 0.1875]]


@pytest.mark.parametrize(("steps", "k"), [(1, 3), (2, 2), (5, 3), (4, 4), (3, 1)])
@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
def test_loss_and_gradients_are_sums_over_all_paths(answer, rng, steps, k, shift):
    emissions, transitions = shift + rng.normal(size=(steps, k)), rng.normal(size=(k, k))
    y = rng.integers(0, k, steps)

    found = answer("crf_nll")(emissions, transitions, y)

    for part, exact in zip(found, enumerated(emissions, transitions, y), strict=True):
        assert np.allclose(part, exact, rtol=1e-10, atol=1e-11)


def test_both_gradients_are_the_measured_slopes(answer, rng):
    emissions, transitions, y = rng.normal(size=(4, 3)), rng.normal(size=(3, 3)), np.array([0, 2, 2, 2])

    def loss(flat):
        return answer("crf_nll")(flat[:12].reshape(4, 3), flat[12:].reshape(3, 3), y)[0]

    _, d_emissions, d_transitions = answer("crf_nll")(emissions, transitions, y)
    measured = approx_fprime(np.concatenate([emissions.ravel(), transitions.ravel()]), loss, 1e-7)

    assert np.allclose(np.concatenate([d_emissions.ravel(), d_transitions.ravel()]), measured, atol=1e-6)


def test_one_word_is_the_softmax_loss_of_one_row(answer, rng):
    row = rng.normal(size=(1, 5))

    nll, d_emissions, d_transitions = answer("crf_nll")(row, rng.normal(size=(5, 5)), np.array([3]))

    assert nll == pytest.approx(-log_softmax(row[0])[3], rel=1e-14)
    assert np.allclose(d_emissions, np.exp(log_softmax(row, axis=1)) - np.eye(5)[[3]])
    assert not d_transitions.any()


def test_a_text_of_six_hundred_words_keeps_what_all_chains_keep(answer, rng):
    emissions, transitions = rng.normal(size=(600, 3)), rng.normal(size=(3, 3)) - 4
    y = rng.integers(0, 3, 600)

    nll, d_emissions, d_transitions = answer("crf_nll")(emissions, transitions, y)
    other, *_ = answer("crf_nll")(emissions + rng.normal(size=(600, 1)), transitions + 2.5, y)

    assert nll > 0
    assert np.abs(d_emissions.sum(axis=1)).max() < 1e-10  # the labels of a word share one probability
    assert abs(d_transitions.sum()) < 1e-8  # as many pairs are expected as are seen
    assert other == pytest.approx(nll, rel=1e-11)  # what all paths have more changes nothing


def test_the_chain_without_rewards_for_pairs_is_many_softmax_losses(answer, rng):
    emissions, y = rng.normal(size=(7, 4)), rng.integers(0, 4, 7)

    nll, d_emissions, _ = answer("crf_nll")(emissions, np.full((4, 4), 0.7), y)

    assert nll == pytest.approx(-log_softmax(emissions, axis=1)[np.arange(7), y].sum(), rel=1e-13)
    assert np.allclose(d_emissions, np.exp(log_softmax(emissions, axis=1)) - np.eye(4)[y])
