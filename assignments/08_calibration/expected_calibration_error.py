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
    raise NotImplementedError
