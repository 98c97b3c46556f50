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

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns="Z",
    needs=["fit_scaler"],
    hints=[
        "What is the mean of a single customer's row, and what is left when it is subtracted?",
        "The state has shape (D,) twice, and X (N, D): NumPy repeats them for every row. Before that, compare the "
        "number of columns with the state's: a table of one column would be repeated, too, and nobody would notice.",
    ],
    why=(
        "Mean and scale are a part of the model, as its weights are: only while they stay fixed does the same z "
        "always mean the same x, for one customer as for a thousand."
    ),
    lesson="One ruler for everybody",
)
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
    mean, scale = state
    if X.shape[1] != len(mean):
        raise ValueError(f"X has {X.shape[1]} columns, the scaler was fitted to {len(mean)}")
    return (X - mean) / scale


@case
def by_hand(rng):
    """The example of the statement: one customer."""
    return {"state": (np.array([2.0, 10.0]), np.array([1.0, 1.0])), "X": np.array([[5.0, 12.0]])}


@case
def test_data(rng):
    """Five rows that are not those of the training."""
    state = (np.array([40.0, 30000.0, 0.5]), np.array([15.0, 9000.0, 0.1]))
    return {"state": state, "X": np.round(rng.normal(size=(5, 3)) * [15, 9000, 0.1] + [45, 25000, 0.4], 2)}


@case(hidden=True)
def other_data(rng):
    return {"state": (np.array([-1.0, 2.0]), np.array([0.5, 4.0])), "X": np.round(rng.normal(size=(4, 2)), 2)}


@case(edge=True)
def a_column_too_few(rng):
    """One column, where the scaler knows two. It would be repeated without a word."""
    return {"state": (np.array([2.0, 10.0]), np.array([1.0, 2.0])), "X": np.array([[5.0], [6.0]])}


@case(edge=True)
def columns_too_many(rng):
    """Two columns, where the scaler knows one. Its state would be repeated without a word."""
    return {"state": (np.array([2.0]), np.array([4.0])), "X": np.array([[5.0, 6.0], [7.0, 8.0]])}


@case(edge=True)
def a_small_scale(rng):
    """A column of small numbers, and one customer far away from all others: no number is too small or too large."""
    state = (np.array([0.0003, 40.0]), np.array([0.0001, 15.0]))
    return {"state": state, "X": np.array([[0.0005, 50.0], [0.0002, 1000.0]])}


@case(edge=True)
def nobody(rng):
    """No rows."""
    return {"state": (np.array([2.0, 10.0]), np.array([1.0, 2.0])), "X": np.zeros((0, 2))}


@alternative
def multiplies_by_the_inverse(state, X):
    mean, scale = state
    if mean.shape != X.shape[1:]:
        raise ValueError("the columns do not fit the scaler")
    return X * (1 / scale) - mean / scale


@alternative
def goes_row_by_row(state, X):
    Z = np.empty(X.shape)
    if X.shape[1] != state[0].size:
        raise ValueError("columns")
    for n, row in enumerate(X):
        Z[n] = [(x - m) / s for x, m, s in zip(row, *state, strict=True)]
    return Z


@mistake
def fits_anew(state, X):
    """Mean and scale were computed from X, and the state was not used. In service one customer comes at a time; look at
    what their own mean makes of them."""
    scale = X.std(axis=0) if len(X) else np.ones(X.shape[1])
    if X.shape[1] != len(state[0]):
        raise ValueError("columns")
    return (X - (X.mean(axis=0) if len(X) else 0.0)) / np.where(scale == 0, 1.0, scale)


@mistake
def repeats_a_column_without_a_word(state, X):
    """Right, where the columns fit. A table with a single column was stretched over all of them: an income was measured
    by the ruler for ages. The docstring asks for a ValueError there."""
    mean, scale = state
    return (X - mean) / scale


@mistake
def forgets_the_scale(state, X):
    """The mean was subtracted, and nothing was divided."""
    mean, _ = state
    if X.shape[1] != len(mean):
        raise ValueError("columns")
    return X - mean


@mistake
def multiplies_by_the_scale(state, X):
    """Multiplied by the scale instead of divided: columns that vary much now vary much more."""
    mean, scale = state
    if X.shape[1] != len(mean):
        raise ValueError("columns")
    return (X - mean) * scale


@mistake
def divides_first(state, X):
    """The scale was divided out before the mean was subtracted, and the mean was left in the old units. Brackets: first
    the difference, then the quotient."""
    mean, scale = state
    if X.shape[1] != len(mean):
        raise ValueError("columns")
    return X / scale - mean
