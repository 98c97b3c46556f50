"""Variance, Bayes' rule, log-sum-exp and the bootstrap against witnesses that share no code with them."""

import statistics
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import mpmath
import numpy as np
import pytest
from scipy import special, stats


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(1)


# --- variance ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ddof", [0, 1, 2, 3])
def test_variance_is_that_of_numpy_and_of_exact_fractions(answer, rng, ddof):
    for n in range(4, 9):
        x = rng.normal(5.0, 3.0, n)
        exact = [Fraction(value) for value in x]
        mean = sum(exact) / n

        v = answer("variance")(x, ddof)

        assert v == pytest.approx(np.var(x, ddof=ddof), rel=1e-13)
        assert v == pytest.approx(float(sum((e - mean) ** 2 for e in exact) / (n - ddof)), rel=1e-13)


def test_variance_of_a_sample_and_of_a_population_are_those_of_the_standard_library(answer, rng):
    x = rng.uniform(-4.0, 9.0, 11)

    assert answer("variance")(x) == pytest.approx(statistics.pvariance(x.tolist()), rel=1e-13)
    assert answer("variance")(x, ddof=1) == pytest.approx(statistics.variance(x.tolist()), rel=1e-13)


def test_variance_ignores_a_shift_and_squares_a_scale(answer, rng):
    x = rng.normal(size=9)

    assert answer("variance")(x + 1e8) == pytest.approx(answer("variance")(x), rel=1e-6)
    assert answer("variance")(-3 * x, 1) == pytest.approx(9 * answer("variance")(x, 1), rel=1e-13)


def test_variance_with_ddof_one_is_right_on_average_over_all_samples_of_a_population(answer):
    population = np.array([0.0, 1.0, 5.0, 6.0])
    true = statistics.pvariance(population.tolist())

    samples = [np.array(sample) for sample in product(population, repeat=3)]

    assert np.mean([answer("variance")(s, 1) for s in samples]) == pytest.approx(true, rel=1e-13)
    assert np.mean([answer("variance")(s, 0) for s in samples]) == pytest.approx(true * 2 / 3, rel=1e-13)


@pytest.mark.parametrize(("n", "ddof"), [(0, 0), (0, 1), (1, 1), (2, 2), (1, 2)])
def test_variance_of_too_few_numbers_is_nan(answer, n, ddof):
    assert np.isnan(answer("variance")(np.ones(n), ddof))


def test_variance_of_bytes_does_not_wrap(answer):
    x = np.array([0, 255, 128, 250], dtype=np.uint8)

    assert answer("variance")(x) == pytest.approx(statistics.pvariance([0, 255, 128, 250]))


# --- Bayes' rule ---------------------------------------------------------------------------------------------------


def by_fractions(prior, rows):
    weights = [Fraction(float(p)) for p in prior]
    for row in rows:
        weights = [w * Fraction(float(p)) for w, p in zip(weights, row, strict=True)]
    return [float(w / sum(weights)) for w in weights]


def test_posterior_is_that_of_exact_fractions(answer, rng):
    for n, k in [(0, 2), (1, 3), (4, 5), (50, 2), (700, 3)]:
        prior, rows = rng.dirichlet(np.ones(k)), rng.uniform(0.01, 0.02, (n, k))

        assert np.allclose(answer("bayes_posterior")(prior, rows), by_fractions(prior, rows), rtol=1e-10, atol=0)


def test_posterior_is_the_share_among_simulated_patients(answer, rng):
    ill = rng.random(400_000) < 0.1
    yes = rng.random(ill.size) < np.where(ill, 0.9, 0.2)
    again = rng.random(ill.size) < np.where(ill, 0.7, 0.3)

    post = answer("bayes_posterior")(np.array([0.1, 0.9]), np.array([[0.9, 0.2], [0.7, 0.3]]))

    assert post[0] == pytest.approx(ill[yes & again].mean(), abs=0.01)


def test_posterior_does_not_depend_on_the_order_of_the_evidence(answer, rng):
    prior, rows = rng.dirichlet(np.ones(3)), rng.uniform(0.1, 0.9, (4, 3))

    posts = [answer("bayes_posterior")(prior, rows[list(order)]) for order in permutations(range(4))]

    assert np.allclose(posts, posts[0], rtol=1e-13)


def test_yesterdays_posterior_is_todays_prior(answer, rng):
    prior, rows = rng.dirichlet(np.ones(4)), rng.uniform(0.1, 0.9, (5, 4))
    post = prior

    for row in rows:
        post = answer("bayes_posterior")(post, row)

    assert np.allclose(post, answer("bayes_posterior")(prior, rows), rtol=1e-13)


def test_posterior_of_an_impossible_class_is_zero_and_the_rest_share_one(answer):
    post = answer("bayes_posterior")(np.array([0.0, 0.5, 0.3, 0.2]), np.array([[0.9, 0.0, 0.2, 0.6]]))

    assert post[0] == post[1] == 0
    assert np.allclose(post[2:], [1 / 3, 2 / 3])


def test_posterior_survives_a_million_pieces_of_evidence(answer):
    rows = np.tile([[1e-300, 1e-5], [1e-5, 1e-300]], (500_000, 1))

    assert np.allclose(answer("bayes_posterior")(np.array([0.2, 0.8]), rows), [0.2, 0.8], atol=1e-4)


# --- log-sum-exp ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1, -2, -3])
def test_log_sum_exp_is_that_of_scipy_along_every_axis(answer, rng, axis, keepdims):
    for scale in (1.0, 100.0, 10_000.0):
        x = scale * rng.normal(size=(3, 1, 4))

        y = answer("logsumexp")(x, axis, keepdims)

        wanted = special.logsumexp(x, axis=axis, keepdims=keepdims)
        assert np.shape(y) == np.shape(wanted)
        assert np.allclose(y, wanted, rtol=1e-14, atol=1e-14)


def test_log_sum_exp_has_the_digits_of_fifty_digit_arithmetic(answer, rng):
    for offset in (-10_000, -700, 0, 700, 10_000):
        x = offset + rng.normal(size=7)

        with mpmath.workdps(50):
            exact = mpmath.log(mpmath.fsum(mpmath.exp(mpmath.mpf(float(value))) for value in x))

        assert float(answer("logsumexp")(x)) == pytest.approx(float(exact), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([-np.inf, -np.inf], -np.inf),
        ([np.inf, np.inf], np.inf),
        ([np.inf, -np.inf], np.inf),
        ([-np.inf, 5.0], 5.0),
        ([np.inf, 5.0], np.inf),
    ],
)
def test_log_sum_exp_treats_infinities_as_the_logarithms_of_nothing_and_of_everything(answer, x, y):
    assert answer("logsumexp")(np.array(x)) == y


def test_log_sum_exp_moves_with_its_input(answer, rng):
    x = rng.normal(size=(4, 3))

    assert np.allclose(answer("logsumexp")(x + 123.0, 1), 123.0 + answer("logsumexp")(x, 1))


def test_log_sum_exp_keeps_single_precision(answer, rng):
    x = rng.normal(size=(4, 3)).astype(np.float32)

    for axis in (None, 0):
        assert answer("logsumexp")(x, axis).dtype == np.float32


# --- bootstrap -----------------------------------------------------------------------------------------------------


def exact_interval(x, stat, alpha):
    """The quantiles of stat over all n ** n resamples."""
    values = np.sort([stat(np.array(resample)) for resample in product(x, repeat=len(x))])
    ends = np.array([alpha / 2, 1 - alpha / 2]) * len(values)
    return tuple(values[np.ceil(ends).astype(int) - 1])


@pytest.mark.parametrize("stat", [np.mean, np.median, np.max])
def test_bootstrap_interval_is_that_over_all_resamples(answer, stat):
    x = np.array([1.0, 2.0, 4.0, 9.0])

    lo, hi = answer("bootstrap_ci")(x, stat, 20_000, 0.21, np.random.default_rng(5))

    assert (lo, hi) == pytest.approx(exact_interval(x, stat, 0.21), abs=1e-12)


def test_the_cases_of_few_numbers_have_the_answer_of_all_resamples(library):
    named = {"mean": np.mean, "median": np.median, "largest": np.max}
    exercise = library.exercise("bootstrap_ci")
    cases = [case.make(np.random.default_rng(0)) for case in exercise.cases if not case.edge]
    small = [{**case, "stat": named[case["stat"].name]} for case in cases if len(case["x"]) <= 3]

    assert len(small) == 3
    for case in small:
        wanted = exact_interval(case["x"], case["stat"], case["alpha"])
        for seed in range(40):
            assert exercise.reference(**{**case, "rng": np.random.default_rng(seed)}) == wanted


def test_bootstrap_interval_is_that_of_scipy_but_for_chance(answer, rng):
    x = rng.exponential(size=40)
    wanted = stats.bootstrap(
        (x,), np.mean, n_resamples=20_000, confidence_level=0.9, method="percentile", rng=np.random.default_rng(8)
    ).confidence_interval

    found = answer("bootstrap_ci")(x, np.mean, 20_000, 0.1, np.random.default_rng(9))

    assert found == pytest.approx(tuple(wanted), abs=0.01)


def test_bootstrap_intervals_of_the_mean_cover_as_often_as_they_say(answer):
    rng = np.random.default_rng(2)

    def mean(values):
        return values.sum() / len(values)

    intervals = [answer("bootstrap_ci")(rng.gamma(4.0, size=40), mean, 300, 0.1, rng) for _ in range(300)]
    covered = np.mean([lo <= 4.0 <= hi for lo, hi in intervals])

    assert covered == pytest.approx(0.9, abs=0.06)


def test_bootstrap_repeats_itself_with_the_same_generator_and_leaves_all_else_alone(answer):
    x = np.array([3.0, 1.0, 2.0, 8.0, 4.5])
    state = np.random.get_state()[1].copy()

    one, other = (answer("bootstrap_ci")(x, np.mean, 200, 0.1, np.random.default_rng(3)) for _ in range(2))

    assert one == other
    assert np.array_equal(state, np.random.get_state()[1])
    assert x.tolist() == [3.0, 1.0, 2.0, 8.0, 4.5]
