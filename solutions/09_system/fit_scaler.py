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

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns=["mean", "scale"],
    needs=["variance"],
    hints=[
        "axis=0 goes down the columns, over the examples. How many numbers does the state have for a table of 100 rows "
        "and 3 columns?",
        "X_train.std(axis=0) is sigma, and np.where can put 1 where a column never varies. Ask its entries whether "
        "they are equal: rounding leaves 0.1, 0.1, 0.1 a deviation of about 1e-17.",
    ],
    why=(
        "A deviation has the unit of its column, so dividing by it makes euros and cents look alike. A column that "
        "never varies offers nothing to measure by, and a scale of 1 leaves its unit alone."
    ),
    lesson="One ruler for everybody",
)
def fit_scaler(X_train):
    """Return the state of a scaler: mean and scale of every column.

    Args:
        X_train: float array, shape (N, D), N at least 1. The training data, and nothing else.

    Returns:
        (mean, scale): float arrays, shape (D,). scale is the standard deviation with the divisor N, and 1.0 for a
        column whose entries are all equal, also where rounding leaves it a tiny deviation instead of 0. The
        argument is left as it was.
    """
    scale = X_train.std(axis=0)
    constant = (X_train == X_train[0]).all(axis=0)  # rounding may leave a std of 1e-17 for 0.1, 0.1, 0.1
    return X_train.mean(axis=0), np.where(constant, 1.0, scale)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"X_train": np.array([[1.0, 10.0], [3.0, 10.0]])}


@case
def columns_of_different_size(rng):
    """Ages, incomes and a rate."""
    return {"X_train": np.round(rng.normal(size=(6, 3)) * [15, 9000, 0.1] + [40, 30000, 0.5], 2)}


@case
def few_rows(rng):
    """Three rows: here the divisor matters."""
    return {"X_train": np.round(rng.normal(size=(3, 2)), 2)}


@case(hidden=True)
def a_larger_table(rng):
    return {"X_train": np.round(5 + rng.normal(size=(12, 4)), 2)}


@case(edge=True)
def a_constant_column(rng):
    """One column is 0.1 everywhere, whose mean is not exactly 0.1 in floats."""
    X = np.round(rng.normal(size=(3, 3)), 2)
    X[:, 1] = 0.1
    return {"X_train": X}


@case(edge=True)
def one_row(rng):
    """A single example: no column varies."""
    return {"X_train": np.array([[3.0, -2.0]])}


@case(edge=True)
def a_column_of_tiny_numbers(rng):
    """One column is a thickness in metres. It varies by billionths, and it varies."""
    X = np.round(rng.normal(size=(4, 2)) * [2, 3] + [10, 20], 2)
    return {"X_train": X * [1, 1e-9]}


@alternative
def computes_with_sums(X_train):
    n = len(X_train)
    mean = X_train.sum(axis=0) / n
    spread = np.sqrt(((X_train - mean) ** 2).sum(axis=0) / n)
    return mean, np.where(np.ptp(X_train, axis=0) == 0, 1.0, spread)


@alternative
def goes_column_by_column(X_train):
    mean, scale = [], []
    for column in X_train.T:
        mean.append(float(np.mean(column)))
        vary = len(set(column.tolist())) > 1
        scale.append(float(np.linalg.norm(column - column.mean()) / len(column) ** 0.5) if vary else 1.0)
    return np.array(mean), np.array(scale)


@mistake
def divides_by_nothing(X_train):
    """A column that does not vary got the scale 0, or the rounding error that stands in its place. Dividing by it makes
    NaN, or a huge number out of nothing."""
    return X_train.mean(axis=0), X_train.std(axis=0)


@mistake
def asks_whether_the_deviation_is_zero(X_train):
    """Right, where the deviation of a constant column is exactly 0. The mean of 0.1, 0.1, 0.1 is not exactly 0.1 in
    floats, and what rounding leaves over became the scale. Ask whether the entries are equal."""
    scale = X_train.std(axis=0)
    return X_train.mean(axis=0), np.where(scale == 0, 1.0, scale)


@mistake
def takes_small_for_constant(X_train):
    """Right, unless a column of small numbers varies: np.isclose takes a deviation of a billionth for 0. Ask whether
    the entries are equal."""
    scale = X_train.std(axis=0)
    return X_train.mean(axis=0), np.where(np.isclose(scale, 0), 1.0, scale)


@mistake
def takes_one_ruler_for_all(X_train):
    """There is one mean and one scale for the whole table, repeated. Ages and incomes need a ruler each: which axis
    runs over the examples?"""
    ones = np.ones(X_train.shape[1])
    return X_train.mean() * ones, (X_train.std() or 1.0) * ones


@mistake
def keeps_the_variance(X_train):
    """scale is the variance, in squared units. Divided by it, incomes in euros and in cents come out differently."""
    variance = X_train.var(axis=0)
    return X_train.mean(axis=0), np.where((X_train == X_train[0]).all(axis=0), 1.0, variance)


@mistake
def divides_by_one_less(X_train):
    """The divisor is N - 1. That is the estimate of a population's variance; the docstring asks for N here."""
    constant = (X_train == X_train[0]).all(axis=0)
    spread = X_train.std(axis=0, ddof=1) if len(X_train) > 1 else np.ones(X_train.shape[1])
    return X_train.mean(axis=0), np.where(constant, 1.0, spread)


@mistake
def takes_the_median(X_train):
    """mean holds the medians. They are sturdier against outliers, but another ruler than the one that is asked for."""
    constant = (X_train == X_train[0]).all(axis=0)
    return np.median(X_train, axis=0) + 0.0, np.where(constant, 1.0, X_train.std(axis=0))
