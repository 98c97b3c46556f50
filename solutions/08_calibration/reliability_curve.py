r"""Reliability curve: does the model keep its word?

A weather service says "rain with 30 per cent" on a hundred days. If it keeps its word, it rains on about thirty of
them. To see whether a model does, put its predictions into bins and compare, in each bin, what was promised with what
happened.

Maths. y_true holds N zeros and ones, p N probabilities. There are B = n_bins bins of equal width: bin b reaches from
b/B up to (b + 1)/B, the lower end included and the upper one not, except for the last, which includes 1 as well.
Prediction n falls into bin

$$b_n = \min(\lfloor p_n B \rfloor,\; B - 1)$$

and for every bin, with c_b the number of its predictions,

$$\text{mean\_p}_b = \frac{1}{c_b} \sum_{n\,:\,b_n = b} p_n \qquad
\text{frac\_pos}_b = \frac{1}{c_b} \sum_{n\,:\,b_n = b} y_n$$

A bin without predictions has no mean; both are NaN (not a number) there, which is not the same as 0.

By hand. p = [0.1, 0.1, 0.9, 0.9, 0.9], y = [0, 1, 1, 1, 0], two bins: mean_p = [0.1, 0.9], frac_pos = [0.5, 0.667],
count = [2, 3].

Source: Murphy & Winkler, Reliability of subjective probability forecasts (1977); Niculescu-Mizil & Caruana, Predicting
good probabilities with supervised learning (2005), section 2.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["mean_p", "frac_pos", "count"],
    needs=["segment_sum"],
    hints=[
        "Into which of ten bins do 0.0, 0.37 and 1.0 fall? How many bins does your rule make, and do all N predictions "
        "appear in the counts?",
        "(p * n_bins).astype(int) is the number of the bin, but for one value. Then it is a sum over segments, three "
        "times: of ones, of p and of y.",
        "np.bincount(bins, minlength=n_bins) counts, and with weights=p it adds up p. Divide where the count is not 0, "
        "and put np.nan where it is.",
    ],
    why=(
        "A promise such as 30 per cent is kept or broken only by many cases together. A bin collects cases of nearly "
        "the same promise, so that there is a share to hold it against."
    ),
    lesson="Is the score a probability?",
)
def reliability_curve(y_true, p, n_bins=10):
    """Return for every bin the mean prediction, the share of ones, and the number of predictions.

    Args:
        y_true: integer array, shape (N,), of zeros and ones. N may be 0.
        p: float array, shape (N,), from 0 to 1, both included.
        n_bins: int, at least 1. The number of bins.

    Returns:
        (mean_p, frac_pos, count): float arrays, shape (n_bins,), NaN where a bin is empty; and an integer array, shape
        (n_bins,), which adds up to N. A prediction exactly at the border of two bins belongs to the upper one, 1 to the
        last. The arguments are left as they were.
    """
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)
    count = np.bincount(bins, minlength=n_bins)
    size = np.where(count > 0, count, np.nan)
    mean_p = np.bincount(bins, weights=p, minlength=n_bins) / size
    frac_pos = np.bincount(bins, weights=y_true, minlength=n_bins) / size
    return mean_p, frac_pos, count


def predictions(rng, number):
    """Labels and predictions with three decimals, none at the border of two of up to ten bins."""
    p = np.round(rng.uniform(0.011, 0.989, number), 2) + 0.003
    return {"y_true": rng.integers(2, size=number), "p": np.round(p, 3)}


@case
def by_hand(rng):
    """The example of the statement."""
    p = np.array([0.1, 0.1, 0.9, 0.9, 0.9])
    return {"y_true": np.array([0, 1, 1, 1, 0]), "p": p, "n_bins": 2}


@case
def five_bins(rng):
    """Sixty predictions in five bins."""
    return {**predictions(rng, 60), "n_bins": 5}


@case
def an_overconfident_model(rng):
    """400 predictions of a model that exaggerates: what it calls 0.9 happens less often."""
    truth = np.linspace(0.02, 0.98, 400)
    exaggerated = np.round(truth**2 / (truth**2 + (1 - truth) ** 2), 3)
    return {"y_true": (rng.random(400) < truth).astype(int), "p": np.clip(exaggerated + 0.0004, 0, 1)}


@case(hidden=True)
def other_predictions(rng):
    return {**predictions(rng, 45), "n_bins": 4}


@case(edge=True)
def certain_ones(rng):
    """Some predictions are exactly 1: they belong to the last bin."""
    p = np.array([1.0, 0.95, 1.0, 0.05])
    return {"y_true": np.array([1, 0, 1, 0]), "p": p}


@case(edge=True)
def certain_zeros(rng):
    """Some predictions are exactly 0: they belong to the first bin."""
    return {"y_true": np.array([0, 1, 0]), "p": np.array([0.0, 0.0, 0.6]), "n_bins": 4}


@case(edge=True)
def at_the_borders(rng):
    """Predictions of 0.25, 0.5 and 0.75 in four bins belong to the upper one of the two."""
    return {"y_true": np.array([1, 0, 1, 1]), "p": np.array([0.25, 0.5, 0.75, 0.5]), "n_bins": 4}


@case(edge=True)
def empty_bins(rng):
    """Most bins have no predictions."""
    return {"y_true": np.array([1, 0]), "p": np.array([0.33, 0.36])}


@case(edge=True)
def no_predictions(rng):
    """Nothing has been predicted at all."""
    return {"y_true": np.zeros(0, int), "p": np.zeros(0), "n_bins": 3}


@picture(case="an_overconfident_model")
def promised_and_happened(axes, arguments, answer):
    """What happened against what was promised, a point for each bin. On the diagonal a model keeps its word; this one
    is below it on the right, where it promises too much, and above it on the left."""
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8)
    axes.plot(answer[0], answer[1], marker="o")
    axes.set(xlabel="mean prediction", ylabel="share of ones", xlim=(0, 1), ylim=(0, 1))


@alternative
def goes_bin_by_bin(y_true, p, n_bins=10):
    mean_p, frac_pos, count = [], [], []
    for b in range(n_bins):
        lower = p * n_bins >= b
        inside = lower if b == n_bins - 1 else lower & (p * n_bins < b + 1)
        count.append(int(inside.sum()))
        mean_p.append(p[inside].mean() if count[-1] else np.nan)
        frac_pos.append(y_true[inside].mean() if count[-1] else np.nan)
    return np.array(mean_p), np.array(frac_pos), np.array(count)


@alternative
def adds_one_by_one(y_true, p, n_bins=10):
    sums = np.zeros((3, n_bins))
    for label, value in zip(y_true, p, strict=True):
        sums[:, min(int(value * n_bins), n_bins - 1)] += (value, label, 1)
    with np.errstate(invalid="ignore"):
        return sums[0] / sums[2], sums[1] / sums[2], sums[2].astype(int)


def _curve(y_true, p, bins, n_bins):
    keep = (bins >= 0) & (bins < n_bins)
    bins, p, y_true = bins[keep], p[keep], y_true[keep]
    count = np.bincount(bins, minlength=n_bins)
    size = np.where(count > 0, count, np.nan)
    sums = (np.bincount(bins, weights=values, minlength=n_bins) for values in (p, y_true))
    return (*(total / size for total in sums), count)


@mistake
def loses_the_ones(y_true, p, n_bins=10):
    """Predictions of exactly 1 are in no bin: the last bin was closed before its upper end. Do the counts add up to
    N?"""
    return _curve(y_true, p, (p * n_bins).astype(int), n_bins)


@mistake
def makes_a_bin_too_many(y_true, p, n_bins=10):
    """There is an eleventh bin for predictions of exactly 1. How many bins were asked for?"""
    bins = (p * n_bins).astype(int)
    return _curve(y_true, p, bins, max(n_bins, int(bins.max(initial=0)) + 1))


@mistake
def loses_the_zeros(y_true, p, n_bins=10):
    """Predictions of exactly 0 are in no bin, and those at a border in the lower one: the bins were closed at their
    upper ends. The statement closes them at the lower ones."""
    return _curve(y_true, p, np.ceil(p * n_bins).astype(int) - 1, n_bins)


@mistake
def says_zero_for_an_empty_bin(y_true, p, n_bins=10):
    """Right, where every bin has predictions. An empty bin was said to have the mean 0. No data is not the same as a
    frequency of zero; the docstring asks for NaN."""
    mean_p, frac_pos, count = _curve(y_true, p, np.minimum((p * n_bins).astype(int), n_bins - 1), n_bins)
    return np.nan_to_num(mean_p), np.nan_to_num(frac_pos), count


@mistake
def answers_with_middles_of_bins(y_true, p, n_bins=10):
    """mean_p holds the middle of every bin. Predictions are not spread evenly inside a bin; take the mean of those that
    are there."""
    mean_p, frac_pos, count = _curve(y_true, p, np.minimum((p * n_bins).astype(int), n_bins - 1), n_bins)
    return np.where(np.isnan(mean_p), np.nan, (np.arange(n_bins) + 0.5) / n_bins), frac_pos, count


@mistake
def makes_bins_of_equal_number(y_true, p, n_bins=10):
    """Each bin has as many predictions as the others: the borders were taken from the sorted predictions. The statement
    asks for bins of equal width."""
    ranks = np.argsort(np.argsort(p, kind="stable"), kind="stable")
    return _curve(y_true, p, ranks * n_bins // max(len(p), 1), n_bins)


@mistake
def answers_with_sums(y_true, p, n_bins=10):
    """These are sums: each has still to be divided by how many predictions its bin has."""
    mean_p, frac_pos, count = _curve(y_true, p, np.minimum((p * n_bins).astype(int), n_bins - 1), n_bins)
    return mean_p * count, frac_pos * count, count
