r"""Apply a scaler: measure everybody by the same ruler.

In training a thousand customers arrive at once, in service one. If the one customer's own mean is subtracted, every
customer becomes a row of zeros. The ruler was made in training, and it is used as it is, today and in a year.

Maths. The state holds mean mu and scale sigma, shape (D,) each, as fit_scaler has learned them from training data. X
has shape (N, D), with any N:

$$Z_{nd} = \frac{X_{nd} - \mu_d}{\sigma_d}$$

By hand. mean = [2, 10], scale = [1, 1] and X = [[5, 12]] give Z = [[3, 2]].

Source: Zinkevich, Rules of Machine Learning (2016), the rules on training-serving skew; Hastie, Tibshirani & Friedman,
The Elements of Statistical Learning (2009), section 7.10.2.
"""

import numpy as np


def apply_scaler(state, X):
    """Return X, measured by a scaler that was fitted before.

    Args:
        state: the tuple (mean, scale) of float arrays, shape (D,), from fit_scaler. scale has no zeros.
        X: float array, shape (N, D), N at least 0. Any data: training, test, or one customer.

    Returns:
        Z: float array, shape (N, D). A row's answer does not depend on the other rows. The arguments are left as they
        were.

    Raises:
        ValueError: X has another number of columns than the state.
    """
    raise NotImplementedError
