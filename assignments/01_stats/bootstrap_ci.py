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


def mean(values):
    """Return the mean of the numbers, a float."""
    return float(values.sum() / len(values))


def median(values):
    """Return the number in the middle, or the mean of the two in the middle, a float."""
    ordered = np.sort(values)
    return float((ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2)


def largest(values):
    """Return the largest of the numbers, a float."""
    return float(values.max())


def total(values):
    """Return the sum of the numbers, a float."""
    return float(values.sum())


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
    raise NotImplementedError
