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
    raise NotImplementedError
