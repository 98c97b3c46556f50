r"""Expected calibration error: how far from its word is a model, on average?

A reliability curve shows ten gaps between what was promised and what happened. To compare two models, or to write a
test that fails when a model has become too sure of itself, one number is handier: the mean gap, where a bin with a
thousand predictions counts a thousand times as much as a bin with one.

Maths. With bins as for the reliability curve (bin b reaches from b/B up to (b + 1)/B, the last includes 1), c_b the
number of predictions in a bin and N of all:

$$\text{ece} = \sum_{b\,:\,c_b > 0} \frac{c_b}{N}\, \left| \text{frac\_pos}_b - \text{mean\_p}_b \right|$$

Empty bins have no gap and no weight.

By hand. p = [0.1, 0.1, 0.9, 0.9, 0.9], y = [0, 1, 1, 1, 0], two bins: the gaps are |0.5 - 0.1| = 0.4 with weight 2/5
and |0.667 - 0.9| = 0.233 with weight 3/5. So ece = 0.16 + 0.14 = 0.30.

Source: Naeini, Cooper & Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning (2015), section
"Experiments"; Guo, Pleiss, Sun & Weinberger, On calibration of modern neural networks (2017), section 2.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns="ece",
    needs=["reliability_curve"],
    hints=[
        "One bin has a thousand predictions and a gap of 0.01, another one prediction and a gap of 0.9. What is the "
        "mean gap of a prediction?",
        "The weight c_b / N times the gap of two means is the absolute difference of two sums, divided by N. So empty "
        "bins need no care at all: their sums are 0.",
    ],
    why=(
        "A bin's weight times its gap is the distance between two sums over its cases, of y and of p, divided by N. "
        "So errors cancel within a bin, never between two, and an empty bin drops out."
    ),
    lesson="Is the score a probability?",
)
def expected_calibration_error(y_true, p, n_bins=10):
    """Return the mean gap between prediction and frequency, every bin weighed by its number of predictions.

    Args:
        y_true: integer array, shape (N,), of zeros and ones; N is at least 1.
        p: float array, shape (N,), from 0 to 1, both included.
        n_bins: int, at least 1. The number of bins of equal width. A prediction at the border of two belongs to the
            upper one, 1 to the last.

    Returns:
        ece: float, from 0 to 1. The arguments are left as they were.
    """
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)
    gaps = np.abs(np.bincount(bins, weights=y_true - p, minlength=n_bins))
    return float(gaps.sum() / len(p))


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
def uneven_bins(rng):
    """Most predictions are small, and the few large ones are far off."""
    p = np.round(np.concatenate([rng.uniform(0.01, 0.09, 20), [0.93, 0.97]]), 3)
    return {"y_true": np.concatenate([np.zeros(19, int), [1, 0, 0]]), "p": p}


@case
def sixty_predictions(rng):
    """Sixty predictions in five bins."""
    return {**predictions(rng, 60), "n_bins": 5}


@case
def too_sure_and_too_shy(rng):
    """One bin promises too much, another too little."""
    p = np.array([0.2, 0.22, 0.24, 0.21, 0.8, 0.82, 0.84, 0.81])
    return {"y_true": np.array([1, 1, 0, 1, 0, 0, 1, 0]), "p": p, "n_bins": 4}


@case(hidden=True)
def other_predictions(rng):
    return {**predictions(rng, 37), "n_bins": 3}


@case(edge=True)
def sure_and_wrong(rng):
    """Predictions of exactly 0 and exactly 1, all of them wrong: the gap cannot be larger."""
    return {"y_true": np.array([1, 0, 0]), "p": np.array([0.0, 1.0, 1.0])}


@case(edge=True)
def keeps_its_word(rng):
    """One half is predicted, and one half happens."""
    return {"y_true": np.array([1, 0, 0, 1]), "p": np.full(4, 0.5)}


@case(edge=True)
def at_a_border(rng):
    """Predictions exactly at the border of two bins; the lower one is inhabited, too, and its gap has another sign."""
    return {"y_true": np.array([1, 1, 0, 0]), "p": np.array([0.5, 0.5, 0.4, 0.3]), "n_bins": 2}


@case(edge=True)
def one_prediction(rng):
    """A single prediction of 0.7, which came true."""
    return {"y_true": np.array([1]), "p": np.array([0.7])}


@alternative
def weighs_the_gaps(y_true, p, n_bins=10):
    ece, bins = 0.0, np.minimum(np.floor(p * n_bins), n_bins - 1)
    for b in np.unique(bins):
        inside = bins == b
        ece += inside.mean() * abs(y_true[inside].mean() - p[inside].mean())
    return ece


@alternative
def adds_one_by_one(y_true, p, n_bins=10):
    gaps = [0.0] * n_bins
    for label, value in zip(y_true.tolist(), p.tolist(), strict=True):
        gaps[min(int(value * n_bins), n_bins - 1)] += label - value
    return sum(abs(gap) for gap in gaps) / len(p)


def _gaps(y_true, p, n_bins, upper=False):
    """Count and gap (frequency less prediction) of the bins that are inhabited; `upper`: closed at their upper ends."""
    bins = np.ceil(p * n_bins) - 1 if upper else np.minimum((p * n_bins).astype(int), n_bins - 1)
    found = [b for b in np.unique(bins) if b >= 0]
    return (
        np.array([(bins == b).sum() for b in found]),
        np.array([y_true[bins == b].mean() - p[bins == b].mean() for b in found]),
    )


@mistake
def lets_every_bin_count_alike(y_true, p, n_bins=10):
    """The gaps were averaged over the bins that are inhabited. Should a bin with one prediction count as much as one
    with a thousand?"""
    _, gaps = _gaps(y_true, p, n_bins)
    return float(np.abs(gaps).mean())


@mistake
def divides_by_the_number_of_bins(y_true, p, n_bins=10):
    """The gaps were added up and divided by the number of all bins, the empty ones included. What do the weights of the
    statement add up to?"""
    _, gaps = _gaps(y_true, p, n_bins)
    return float(np.abs(gaps).sum() / n_bins)


@mistake
def lets_gaps_cancel(y_true, p, n_bins=10):
    """Gaps of both signs cancel: promising too much in one bin makes up for promising too little in another. Both are
    errors; take absolute values before you add."""
    count, gaps = _gaps(y_true, p, n_bins)
    return float(abs((count * gaps).sum()) / len(p))


@mistake
def squares_the_gaps(y_true, p, n_bins=10):
    """The gaps were squared. The statement asks for their absolute values."""
    count, gaps = _gaps(y_true, p, n_bins)
    return float((count * gaps**2).sum() / len(p))


@mistake
def takes_the_largest_gap(y_true, p, n_bins=10):
    """This is the largest gap of all bins. It is a useful number, too, but another one: here every prediction
    counts."""
    _, gaps = _gaps(y_true, p, n_bins)
    return float(np.abs(gaps).max())


@mistake
def asks_every_prediction(y_true, p, n_bins=10):
    """The gap was taken for each prediction by itself. One that says 0.7 has a gap of 0.3 or of 0.7, whatever happens:
    a promise of a probability can only be held against many. That is what bins are for."""
    return float(np.abs(y_true - p).mean())


@mistake
def closes_the_bins_above(y_true, p, n_bins=10):
    """Right, where no prediction is at a border. The bins were closed at their upper ends, so that predictions of
    exactly 0 are lost and those at a border are in the lower bin."""
    count, gaps = _gaps(y_true, p, n_bins, upper=True)
    return float((count * np.abs(gaps)).sum() / len(p))
