r"""Validate a batch: what is it that comes in?

A model for loan applications runs for a month before somebody notices that since an update all incomes arrive in cents.
It did not crash; it answered. Before you ask how to train a system, ask what its inputs are, and have a small program
ask the same at every batch.

Maths. X should have shape (N, D), a row for each example and a column for each feature, and y shape (N,), the number of
each example's class. spec says what is expected: D is `n_features`; column d lies between low_d and high_d, the limits
included; a class is one of `classes`. A problem has a code:

    "dtype"    X holds neither floats nor integers (truth values and complex numbers are neither)
    "shape"    X is not of shape (N, n_features), for any N
    "nan"      an entry of X is NaN (not a number)
    "range"    an entry of X is below low_d or above high_d; infinity is, NaN is not
    "length"   y has another number of entries than X has rows
    "label"    an entry of y is not among the classes

A question that cannot be asked is not a problem of its own: of truth values and complex numbers nobody asks "nan" and
"range"; "range" needs the right shape; "length" needs at least one axis, along which X has its rows.

By hand. n_features = 2, low = [0, 0], high = [1, 150], classes = [0, 1]. X = [[0.5, 200]], y = [2]: column 1 is above
150, and there is no class 2. The answer is ["label", "range"].

Source: Zinkevich, Rules of Machine Learning (2016), the rules on training-serving skew; Breck et al., The ML test score
(2017), section II.
"""

import numpy as np


def validate_batch(X, y, spec):
    """Return the codes of all problems of a batch.

    Args:
        X: array of any type and shape; it should be of floats or integers, shape (N, n_features).
        y: integer array, shape (M,). M should be N.
        spec: dict with "n_features" (int), "low" and "high" (float arrays, shape (n_features,), the limits of each
            column, both allowed) and "classes" (integer array, the known labels).

    Returns:
        problems: list of str, the codes of the statement, each once and in alphabetical order; [] where all is well, an
        empty batch included. Nothing is raised, whatever comes in. The arguments are left as they were.
    """
    raise NotImplementedError
