r"""The bootstrap: error bars for any number that you can compute.

Your model answers 100 questions and is right on 83. With other questions it might have been 80, or 86; but you have no
other questions. The bootstrap makes new data out of the old: it draws from them with replacement, again and again, and
watches how much the result moves. It asks for no formula, so it works for medians, ratios and scores as well.

Maths. x holds n numbers and stat makes one number of n. Draw n_boot resamples, each of n entries of x, every one drawn
from all of x, so that some come twice and others not at all. The b-th resample gives the number

$$t_b = \text{stat}(x_{i_1}, \dots, x_{i_n}) \qquad i_1, \dots, i_n \text{ drawn independently from } 1, \dots, n$$

The q quantile of these numbers, written Q(q), is the one that a share q of them lies below; Q(0.5) is their median. The
percentile interval leaves out the share alpha, half of it at each end:

$$\text{lo} = Q(\alpha/2) \qquad \text{hi} = Q(1 - \alpha/2)$$

alpha = 0.05 gives a 95 per cent interval.

By hand. x = [2, 4] has four resamples, equally likely: (2, 2), (2, 4), (4, 2) and (4, 4). Their means are 2, 3, 3, 4.
So about a quarter of the t are 2, half of them 3 and a quarter 4. For alpha = 0.1 we have Q(0.05) = 2 and Q(0.95) = 4:
the interval is (2, 4), and chance has no say in it, if there are enough resamples.

Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13; Efron & Hastie, Computer Age
Statistical Inference (2016), chapters 10 and 11.
"""

import numpy as np

from grader.authoring import (
    Named,
    Random,
    Repeatable,
    Seed,
    alternative,
    case,
    drive,
    exercise,
    given,
    mistake,
)

BY_CHANCE = Random(parts=["lo", "hi"], seed="rng")


@given
def mean(values):
    """Return the mean of the numbers, a float."""
    return float(values.sum() / len(values))


@given
def median(values):
    """Return the number in the middle, or the mean of the two in the middle, a float."""
    ordered = np.sort(values)
    return float((ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2)


@given
def largest(values):
    """Return the largest of the numbers, a float."""
    return float(values.max())


@given
def total(values):
    """Return the sum of the numbers, a float."""
    return float(values.sum())


@exercise(
    points=5,
    difficulty=3,
    returns=["lo", "hi", "draws_from_rng", "draws_from_np_random", "x", "'calls of stat, as far as n_boot'"],
    needs=["variance"],
    banned=["scipy.stats.bootstrap"],
    hints=[
        "Write the numbers 2 and 4 on two slips of paper, draw one, put it back, draw again: this is one resample. "
        "What happens if you do not put it back?",
        "rng.integers(n, size=n) gives n places in x, some of them more than once, and x[places] is a resample. "
        "Collect stat of n_boot of these in a list.",
        "np.quantile(values, q) takes q as a fraction, np.percentile wants it in per cent. Two ends share alpha: "
        "leave out half of it below, and half above.",
    ],
    why=(
        "Resamples are to your data as your data are to the world: so, for most statistics, the spread over resamples "
        "is about that over new data. Putting back keeps the draws independent."
    ),
    lesson="The bootstrap: error bars for anything",
)
def bootstrap_ci(x, stat, n_boot, alpha, rng):
    """Return the percentile bootstrap interval of a statistic.

    Args:
        x: float array, shape (n,), n at least 1. The data.
        stat: function that takes an array of shape (n,) and returns a float, such as the four above. It knows
            nothing of axes, and it may be any other function.
        n_boot: int, a hundred or more. How many resamples are drawn.
        alpha: float, a fraction between 0 and 1, not per cent. The share of the resampled statistics that lies outside
            of the interval, half of it on each side.
        rng: np.random.Generator. Every random number comes from it, and none from np.random or from a generator of
            your own: so whoever calls decides whether the same numbers are drawn again.

    Returns:
        (lo, hi): two floats, lo <= hi. The same x, stat, n_boot and alpha, and a generator in the same state, give the
        same answer. With another seed it is another one, so yours is compared with many. There are several definitions
        of a quantile, which differ by less than chance does here; any will do. The argument x is left as it was.

    scipy.stats.bootstrap does in one call what you write here; a file that uses it is refused.
    """
    places = rng.integers(len(x), size=(n_boot, len(x)))
    values = [stat(resample) for resample in x[places]]
    lo, hi = np.quantile(values, [alpha / 2, 1 - alpha / 2])
    return float(lo), float(hi)


@drive
def calls_with_a_generator(bootstrap_ci, x, stat, n_boot, alpha, rng):
    """Call the function; where rng is ["sources", generator], ["x", generator] or ["calls", generator], report what it
    drew from, or x, or how often stat was called, counted as far as n_boot.

    A caller who writes lo, hi = bootstrap_ci(...) does not notice whether a tuple, a list or an array comes back.
    """
    what, rng = rng if isinstance(rng, list) else ("", rng)
    source, numpys = rng.bit_generator, np.random.get_state(legacy=False)["state"]
    before = repr(source.state), source.seed_seq.n_children_spawned, numpys["pos"], numpys["key"].tobytes()
    calls = []

    def counted(values):
        calls.append(None)
        return stat(values)

    answer = bootstrap_ci(x, counted if what == "calls" else stat, n_boot, alpha, rng)
    try:
        lo, hi = answer
    except (TypeError, ValueError):
        return answer
    numpys = np.random.get_state(legacy=False)["state"]
    after = repr(source.state), source.seed_seq.n_children_spawned, numpys["pos"], numpys["key"].tobytes()
    if what == "sources":
        return None, None, before[:2] != after[:2], before[2:] != after[2:]
    if what == "calls":
        return None, None, None, None, None, min(len(calls), n_boot)
    return (None, None, None, None, x) if what == "x" else (lo, hi)


# With few numbers many resamples share a value, and alpha is such that both quantiles lie well inside of such a heap:
# the answer is the same for every seed (but for one in 1e9) and for every definition of a quantile. In waiting_times
# both ends move by 11 times what chance varies them by when alpha is taken for alpha / 2.
@case(checks=[BY_CHANCE])
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([2.0, 4.0]), "stat": Named("mean"), "n_boot": 200, "alpha": 0.1, "rng": Seed(11)}


@case(checks=[BY_CHANCE])
def the_median_of_three(rng):
    """In one resample of four the median of three is the smallest of them, and in one of four the largest."""
    x = np.array([31.5, 2.25, 8.75])
    return {"x": x, "stat": Named("median"), "n_boot": 200, "alpha": 0.12, "rng": Seed(12)}


@case(checks=[BY_CHANCE])
def the_largest_of_three(rng):
    """A statistic that can only move to one side: no resample has a number that x does not have."""
    x = np.array([2.0, 9.0, 5.0])
    return {"x": x, "stat": Named("largest"), "n_boot": 300, "alpha": 0.26, "rng": Seed(13)}


@case
def the_total_of_four_alike(rng):
    """Each resample holds four times 2.5, whatever is drawn."""
    return {"x": np.full(4, 2.5), "stat": Named("total"), "n_boot": 100, "alpha": 0.1, "rng": Seed(20)}


@case(checks=[BY_CHANCE, Repeatable()])
def waiting_times(rng):
    """The total of fifteen skewed numbers, alpha = 0.5; the same generator gives the same answer twice."""
    x = np.round(20 * rng.exponential(size=15) + 1, 2)
    return {"x": x, "stat": Named("total"), "n_boot": 500, "alpha": 0.5, "rng": Seed(14)}


@case(hidden=True, checks=[BY_CHANCE])
def twelve_measurements(rng):
    x = np.round(rng.normal(50.0, 12.0, 12), 2)
    return {"x": x, "stat": Named("mean"), "n_boot": 500, "alpha": 0.5, "rng": Seed(15)}


@case(edge=True)
def all_the_same(rng):
    """Where the data do not vary, the interval has no width."""
    return {"x": np.full(4, 2.5), "stat": Named("median"), "n_boot": 100, "alpha": 0.1, "rng": Seed(16)}


@case(edge=True)
def a_single_number(rng):
    """One number: there is nothing else to draw."""
    return {"x": np.array([7.25]), "stat": Named("mean"), "n_boot": 100, "alpha": 0.1, "rng": Seed(17)}


@case(edge=True)
def draws_from_nothing_else(rng):
    """The generator rng is used, and that of np.random, which belongs to the whole program, is not."""
    x = np.array([3.0, 1.0, 9.0, 2.0, 5.0])
    return {"x": x, "stat": Named("mean"), "n_boot": 100, "alpha": 0.1, "rng": ["sources", Seed(18)]}


@case(edge=True)
def as_many_resamples_as_are_asked_for(rng):
    """The calls of stat are counted: there is one for each of 1,200 resamples."""
    x = np.round(rng.normal(50.0, 12.0, 15), 2)
    return {"x": x, "stat": Named("mean"), "n_boot": 1200, "alpha": 0.1, "rng": ["calls", Seed(21)]}


@case(edge=True)
def leaves_x_alone(rng):
    """x is in the order in which it was, and holds the numbers that it held."""
    x = np.array([3.0, 1.0, 9.0, 2.0, 5.0])
    return {"x": x, "stat": Named("mean"), "n_boot": 100, "alpha": 0.1, "rng": ["x", Seed(19)]}


@alternative
def chooses_values_one_resample_at_a_time(x, stat, n_boot, alpha, rng):
    values = []
    for _ in range(n_boot):
        values.append(stat(rng.choice(x, size=len(x), replace=True)))
    values.sort()
    return values[int(alpha / 2 * n_boot)], values[int((1 - alpha / 2) * n_boot)]


@alternative
def applies_along_an_axis(x, stat, n_boot, alpha, rng):
    resamples = x[np.floor(rng.random((n_boot, x.size)) * x.size).astype(int)]
    values = np.apply_along_axis(stat, 1, resamples)
    return np.percentile(values, [50 * alpha, 100 - 50 * alpha], method="hazen")


@alternative
def draws_how_often_each_number_comes(x, stat, n_boot, alpha, rng):
    counts = rng.multinomial(len(x), np.full(len(x), 1 / len(x)), size=n_boot)
    values = np.sort([stat(np.repeat(x, count)) for count in counts])
    left_out = round(n_boot * alpha / 2)
    return [values[left_out], values[-1 - left_out]]


def _values(x, stat, n_boot, rng):
    return [stat(resample) for resample in x[rng.integers(len(x), size=(n_boot, len(x)))]]


def _interval(values, alpha):
    lo, hi = np.quantile(values, [alpha / 2, 1 - alpha / 2])
    return float(lo), float(hi)


@mistake
def does_not_put_back(x, stat, n_boot, alpha, rng):
    """The numbers were drawn without being put back, so every resample holds the same numbers in another order, and
    the statistic never moves."""
    resamples = rng.permuted(np.tile(x, (n_boot, 1)), axis=1)
    return _interval([stat(row) for row in resamples], alpha)


@mistake
def leaves_alpha_out_on_each_side(x, stat, n_boot, alpha, rng):
    """The quantiles are alpha and 1 - alpha, so that twice alpha lies outside. Both ends together may leave out alpha:
    how much is that for each?"""
    lo, hi = np.quantile(_values(x, stat, n_boot, rng), [alpha, 1 - alpha])
    return float(lo), float(hi)


@mistake
def takes_fractions_for_per_cent(x, stat, n_boot, alpha, rng):
    """Both ends lie near the smallest value: fractions were handed to a function that wants per cent. np.percentile has
    50 in the middle, np.quantile 0.5."""
    lo, hi = np.percentile(_values(x, stat, n_boot, rng), [alpha / 2, 1 - alpha / 2])
    return float(lo), float(hi)


@mistake
def goes_two_deviations_to_each_side(x, stat, n_boot, alpha, rng):
    """This is the middle, plus and minus 1.96 standard deviations of the resampled statistics. It would fit a bell
    curve and alpha = 0.05. Look at a histogram of the statistics: is it symmetric? And where did alpha go?"""
    values = _values(x, stat, n_boot, rng)
    middle, half = float(np.mean(values)), 1.96 * float(np.std(values))
    return middle - half, middle + half


@mistake
def trusts_the_bell_curve(x, stat, n_boot, alpha, rng):
    """This is the statistic of the data, plus and minus as many standard deviations of the resampled ones as a bell
    curve asks for. The bootstrap needs no bell curve: the quantiles of the resampled statistics can be read off."""
    from scipy.stats import norm

    half = float(norm.ppf(1 - alpha / 2)) * float(np.std(_values(x, stat, n_boot, rng)))
    return stat(x) - half, stat(x) + half


@mistake
def turns_the_interval_round(x, stat, n_boot, alpha, rng):
    """The quantiles were mirrored at the statistic of the data. That is another interval, called the basic one; the
    percentile interval takes the quantiles as they are."""
    lo, hi = _interval(_values(x, stat, n_boot, rng), alpha)
    return 2 * stat(x) - hi, 2 * stat(x) - lo


@mistake
def takes_quantiles_of_the_data(x, stat, n_boot, alpha, rng):
    """These are quantiles of x itself: where a single number may lie. The question is where the statistic of n numbers
    may lie."""
    return _interval(x, alpha)


@mistake
def exchanges_the_two_sizes(x, stat, n_boot, alpha, rng):
    """n resamples of n_boot numbers were drawn, instead of n_boot resamples of n numbers. The size of a resample
    decides how much the statistic varies, and it has to be that of your data."""
    return _interval([stat(resample) for resample in x[rng.integers(len(x), size=(len(x), n_boot))]], alpha)


@mistake
def draws_one_number_less(x, stat, n_boot, alpha, rng):
    """A resample has one number less than x. A total is smaller then, and means vary more than with n numbers."""
    places = rng.integers(len(x), size=(n_boot, max(len(x) - 1, 1)))
    return _interval([stat(resample) for resample in x[places]], alpha)


@mistake
def draws_as_many_as_it_likes(x, stat, n_boot, alpha, rng):
    """The interval is right as far as chance allows, but fewer than n_boot resamples were drawn. Whoever asks for more
    of them wants to know the ends more exactly. What says how many yours are?"""
    return _interval(_values(x, stat, 1000, rng), alpha)


@mistake
def always_takes_the_mean(x, stat, n_boot, alpha, rng):
    """The mean of each resample was taken, whatever stat is. The caller decides what is computed of a resample."""
    return _interval(x[rng.integers(len(x), size=(n_boot, len(x)))].mean(axis=1), alpha)


@mistake
def draws_from_the_whole_programs_generator(x, stat, n_boot, alpha, rng):
    """The random numbers came from np.random, or from a new generator, so that the caller's rng has no say in them.
    (Other parts of the program that draw from np.random then get other numbers than before.) You were handed a source
    of randomness."""
    return _interval([stat(resample) for resample in x[np.random.randint(len(x), size=(n_boot, len(x)))]], alpha)


@mistake
def brings_a_seed_of_its_own(x, stat, n_boot, alpha, rng):
    """A generator with a seed of its own was made, so that the answer is the same whatever rng the caller gives. Then
    nobody can see how much chance there is in it. Draw from rng."""
    return _interval(_values(x, stat, n_boot, np.random.default_rng(42)), alpha)


@mistake
def hands_over_all_resamples_at_once(x, stat, n_boot, alpha, rng):
    """stat was called once, with the whole table of resamples. It makes one number of one resample; a spread needs
    many numbers."""
    return _interval(stat(x[rng.integers(len(x), size=(n_boot, len(x)))]), alpha)
