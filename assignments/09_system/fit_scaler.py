r"""Fit a scaler: learn what is usual, once.

One column holds ages, another incomes; gradient descent crawls along the one and jumps along the other. Scaling brings
all columns to the same size. What "the same size" means has to be learned from the training data, once, and kept:
whoever comes later is measured by the same ruler.

Maths. X_train has shape (N, D). For every column d the state keeps its mean and its standard deviation:

$$\mu_d = \frac{1}{N}\sum_n X_{nd} \qquad \sigma_d = \sqrt{\frac{1}{N}\sum_n (X_{nd} - \mu_d)^2}$$

A column that never varies has sigma_d = 0, and dividing by it would give 0 / 0. Such a column keeps its scale: 1 stands
in the place of 0.

By hand. X_train = [[1, 10], [3, 10]]: the means are 2 and 10, the deviations 1 and 0, so the state is mean = [2, 10]
and scale = [1, 1].

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 7.10.2, on doing it without
looking at the test data; Zinkevich, Rules of Machine Learning (2016), the rules on training-serving skew.
"""

import numpy as np


def fit_scaler(X_train):
    """Return the state of a scaler: mean and scale of every column.

    Args:
        X_train: float array, shape (N, D), N at least 1. The training data, and nothing else.

    Returns:
        (mean, scale): float arrays, shape (D,). scale is the standard deviation with the divisor N, and 1.0 for a
        column whose entries are all equal, also where rounding leaves it a tiny deviation instead of 0. The
        argument is left as it was.
    """
    raise NotImplementedError
