r"""Ridge regression: a straight line on a leash.

You predict rents from twenty properties of a flat, and you have thirty flats. Least squares uses all its freedom to
follow the noise, and its coefficients jump about from one sample to the next. Ridge makes large coefficients cost
something: the fit gets a little worse, and predictions for new flats get better.

Maths. X has shape (N, D), an example in each row; y has shape (N,); w has shape (D,); b is a number, and so is lam, the
price of a large w. What is asked for makes this as small as it can be:

$$L(w, b) = \sum_n (y_n - x_n \cdot w - b)^2 + lam \sum_j w_j^2$$

Only w pays. b is the level of the whole line: if all rents rise by 100, b has to rise by 100, at no cost. Where L is
smallest both slopes are 0. The slope in b is minus 2 times the sum of what is missed, so the misses add up to 0:

$$b = \bar y - \bar x \cdot w$$

with ybar the mean of y and xbar, shape (D,), the mean of each column of X. Put this b into L: what remains is about the
centred data, Xc = X - xbar and yc = y - ybar, and has no b any more. Its slope in w is 0 where

$$(X_c^T X_c + lam\, I)\, w = X_c^T y_c$$

I is the matrix of shape (D, D) with ones on its diagonal.

By hand. X = [[1], [2], [3]], y = [2, 4, 9], lam = 2. The means are 2 and 5; centred, the column is [-1, 0, 1] and y is
[-3, -1, 4]. The products add up to 7 and the squares to 2, so w = [7 / (2 + 2)] = [1.75] and b = 5 - 2 * 1.75 = 1.5.
With lam = 0 it would be w = [3.5] and b = -2. Both lines pass through the point of the means, (2, 5).

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 3.4.1.
"""

import numpy as np

from grader.authoring import AtMost, alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns=["w", "b"],
    needs=["least_squares_qr"],
    hints=[
        "What should be predicted for a flat that is average in everything, if lam is so large that w is 0? Nobody can "
        "do better then than the mean of y. So what must b not pay?",
        "Subtract from each column of X its mean, and from y its own. In these data the best line goes through the "
        "origin, and b can be forgotten until w is known.",
        "Solve (Xc.T @ Xc + lam * np.eye(D)) w = Xc.T @ yc; then b is y.mean() - X.mean(axis=0) @ w. Where lam is 0 "
        "and the matrix has no inverse, np.linalg.lstsq(matrix, right_side)[0] gives the shortest w.",
    ],
    why=(
        "Since b is free, adding 100 to all y moves b alone. And a direction of which the data say nothing costs "
        "without helping, so w has no part in it; at lam = 0 the shortest w keeps to that."
    ),
    lesson="Ridge: a line on a leash",
)
def ridge_fit(X, y, lam):
    """Return the weights and the intercept of ridge regression.

    Args:
        X: array of floats or integers, shape (N, D), N >= 1, D >= 1.
        y: array of floats or integers, shape (N,).
        lam: float, 0 or above. The price of w; b is free. It multiplies the sum of the squared weights, and the misses
            are a sum as well, no mean.

    Returns:
        (w, b): w is a float array, shape (D,); b is a float. The arguments are left as they were.

    Where lam is 0 and several w are equally good (fewer examples than features, say), w is the shortest of them, with
    the smallest sum of squares, and b belongs to this w. That is what w tends to when lam tends to 0.

    Any way to w is right: the equation of the statement, least squares on more rows, the singular values, your own
    descent, as long as seven digits are right.
    """
    x_mean, y_mean = X.mean(axis=0), y.mean()
    centred = X - x_mean
    matrix = centred.T @ centred + lam * np.eye(X.shape[1])
    # lstsq, not solve: where lam is 0, the matrix may have no inverse, and the shortest w is wanted.
    w = np.linalg.lstsq(matrix, centred.T @ (y - y_mean))[0]
    return w, float(y_mean - x_mean @ w)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"X": np.array([[1.0], [2.0], [3.0]]), "y": np.array([2.0, 4.0, 9.0]), "lam": 2.0}


@case
def no_penalty(rng):
    """lam = 0 is least squares: eight examples, two features."""
    X = np.round(rng.normal(size=(8, 2)), 2)
    return {"X": X, "y": np.round(3 + X @ [1.5, -2.0] + 0.5 * rng.normal(size=8), 2), "lam": 0.0}


@case
def three_features(rng):
    """Ten examples, three features; the columns are not centred, nor is y."""
    X = np.round(rng.normal([1.0, -2.0, 0.5], size=(10, 3)), 2)
    return {"X": X, "y": np.round(4 + X @ [1.0, 0.5, -1.0] + 0.5 * rng.normal(size=10), 2), "lam": 1.5}


@case
def a_huge_penalty(rng):
    """lam is a million, so w is next to nothing. The prediction for everybody is the mean of y."""
    X = np.round(2 + rng.normal(size=(6, 2)), 2)
    return {"X": X, "y": np.round(7 + rng.normal(size=6), 2), "lam": 1e6}


@case
def more_features_than_examples(rng):
    """Four examples, six features, lam = 0.5: without the penalty there would be no single best w."""
    return {"X": np.round(rng.normal(size=(4, 6)), 2), "y": np.round(5 + rng.normal(size=4), 2), "lam": 0.5}


@case(hidden=True)
def four_features(rng):
    X = np.round(1 + rng.normal(size=(9, 4)), 2)
    return {"X": X, "y": np.round(2 + X.sum(axis=1) + rng.normal(size=9), 2), "lam": 3.0}


# Where a weight is 0, rounding has nothing to be compared with but the size of y: hence a target of its own.
@case(edge=True, checks=[AtMost("sum(abs(w - right_w))", 1e-9)])
def a_column_that_never_changes(rng):
    """Every flat has one kitchen. A column like this explains no difference, so its weight is 0."""
    X = np.column_stack([np.round(rng.normal(size=(6, 2)), 2), np.ones(6)])
    y = np.round(3 + rng.normal(size=6), 2)
    return {"X": X, "y": y, "lam": 1.0, "right_w": _ridge(X, y, 1.0)[0]}


@case(edge=True)
def the_same_column_twice(rng):
    """Two equal columns share the weight equally."""
    x = np.round(rng.normal(size=7), 2)
    return {"X": np.column_stack([x, x]), "y": np.round(1 + 2 * x + 0.3 * rng.normal(size=7), 2), "lam": 0.5}


@case(edge=True)
def the_shortest_w(rng):
    """Two examples, three features, lam = 0: many w meet both examples. The shortest is [2, 2, -1]."""
    return {"X": np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 1.0]]), "y": np.array([1.0, 19.0]), "lam": 0.0}


@case(edge=True, checks=[AtMost("sum(abs(w))", 1e-9)])
def one_example(rng):
    """There is nothing to tell a slope from: w is 0, and b is the only y there is."""
    return {"X": np.array([[2.5, -1.0]]), "y": np.array([4.0]), "lam": 1.0}


@case(edge=True)
def years(rng):
    """A column of years: far from 0, and close to each other."""
    year = np.array([1998.0, 2003.0, 2007.0, 2012.0, 2018.0, 2021.0])
    return {"X": year[:, None], "y": np.round(8 + 0.3 * (year - 2000) + rng.normal(size=6), 2), "lam": 40.0}


@case(edge=True)
def whole_numbers(rng):
    """X and y hold integers; w does not."""
    return {"X": np.array([[1, 0], [2, 1], [4, 1], [3, 3]]), "y": np.array([2, 3, 6, 4]), "lam": 1.0}


@picture(case="by_hand")
def the_line_on_its_leash(axes, arguments, answer):
    """The line passes through the point of the means, the cross, and is less steep than the dotted line of least
    squares. The misses above the line and those below it add up to 0."""
    x, y = arguments["X"][:, 0], arguments["y"]
    w, b = answer
    ends = np.array([0.5, 3.5])
    axes.plot(ends, np.polyval(np.polyfit(x, y, 1), ends), ":", color="#D55E00", label="least squares")
    axes.plot(ends, ends * np.reshape(w, 1)[0] + float(b), "-", color="#0072B2", label="this answer")
    axes.plot(x, y, "o", color="#000000")
    axes.plot([x.mean()], [y.mean()], "x", color="#000000", markersize=10)
    axes.set(xlabel="x", ylabel="y")
    axes.legend(frameon=False)


@alternative
def writes_the_penalty_as_more_rows(X, y, lam):
    # sum of squares + lam |w|^2 is a sum of squares with D more misses: 0 - sqrt(lam) w_j.
    centred, D = X - X.mean(axis=0), X.shape[1]
    rows = np.vstack([centred, np.sqrt(lam) * np.eye(D)])
    w = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(D)]))[0]
    return w, np.mean(y - X @ w)


@alternative
def shrinks_the_singular_values(X, y, lam):
    u, s, vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    present = s > 1e-10 * max(s[0], 1e-300)
    factor = np.where(present, s, 0.0) / np.where(present, s**2 + lam, 1.0)
    w = vt.T @ (factor * (u.T @ (y - np.mean(y))))
    return w, np.mean(y) - np.mean(X, axis=0) @ w


@alternative
def solves_in_the_space_of_the_examples(X, y, lam):
    # w = Xc^T (Xc Xc^T + lam I)^-1 yc: a matrix of shape (N, N), short where the features are many.
    centred = X - X.mean(axis=0)
    w = centred.T @ (np.linalg.pinv(centred @ centred.T + lam * np.eye(len(y)), rcond=1e-12) @ (y - y.mean()))
    return w, float((y - X @ w).sum() / len(y))


@alternative
def solves_for_b_as_well(X, y, lam):
    D = X.shape[1]
    A = np.column_stack([X, np.ones(len(y))])
    penalty = lam * np.eye(D + 1)
    penalty[D, D] = 0
    if lam == 0:
        w = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-12) @ (y - y.mean())
        return w, y.mean() - X.mean(axis=0) @ w
    found = np.linalg.solve(A.T @ A + penalty, A.T @ y)
    return found[:D], found[D]


def _ridge(X, y, lam):
    """w and b of ridge regression, for mistakes to go wrong from."""
    centred, D = X - X.mean(axis=0), X.shape[1]
    rows = np.vstack([centred, np.sqrt(lam) * np.eye(D)])
    w = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(D)]))[0]
    return w, float(y.mean() - X.mean(axis=0) @ w)


@mistake
def makes_b_pay(X, y, lam):
    """The intercept pays the penalty like a weight, so a large lam pulls every prediction towards 0. Should the
    prediction for an average example shrink because somebody wants a small w? See what b becomes for lam = 1e6."""
    A = np.column_stack([X, np.ones(len(y))])
    rows = np.vstack([A, np.sqrt(lam) * np.eye(A.shape[1])])
    found = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(A.shape[1])]))[0]
    return found[:-1], float(found[-1])


@mistake
def returns_b_first(X, y, lam):
    """Both parts are right, and they come back in the other order: (w, b) is asked for, the weights first."""
    w, b = _ridge(X, y, lam)
    return b, w


@mistake
def multiplies_lam_by_n(X, y, lam):
    """The penalty is N times too strong, as for a loss whose misses are averaged. Compare with the L of the statement:
    is its first term a sum or a mean?"""
    return _ridge(X, y, lam * len(y))


@mistake
def squares_lam(X, y, lam):
    """lam went into the equation squared. If you write the penalty as more rows under X, each of them is squared
    afterwards: what has to stand in them?"""
    return _ridge(X, y, lam**2)


@mistake
def forgets_the_two_in_both_slopes(X, y, lam):
    """The penalty is half as strong as it is asked for. Both terms of L are squares, and the slope of each brings a
    factor 2: it cancels only if it is in both."""
    return _ridge(X, y, lam / 2)


@mistake
def subtracts_the_penalty(X, y, lam):
    """lam was subtracted from the diagonal, which makes w longer and not shorter. What sign does the slope of
    lam w^2 have?"""
    centred = X - X.mean(axis=0)
    matrix = centred.T @ centred - lam * np.eye(X.shape[1])
    w = np.linalg.lstsq(matrix, centred.T @ (y - y.mean()))[0]
    return w, float(y.mean() - X.mean(axis=0) @ w)


@mistake
def leaves_the_intercept_out(X, y, lam):
    """The line was sent through the origin: X and y were used as they are, and b is 0. Which line fits points that all
    lie near y = 100?"""
    rows = np.vstack([X, np.sqrt(lam) * np.eye(X.shape[1])])
    return np.linalg.lstsq(rows, np.concatenate([y, np.zeros(X.shape[1])]))[0], 0.0


@mistake
def takes_the_mean_of_y_for_b(X, y, lam):
    """w is right, and b is the mean of y, as it would be if the columns of X had been centred for good. The caller
    will put uncentred x into x * w + b: what has to be subtracted?"""
    return _ridge(X, y, lam)[0], float(y.mean())


@mistake
def scales_the_columns_for_good(X, y, lam):
    """The columns were divided by their standard deviations, and w is that of the scaled columns. The loss of the
    statement knows no such scale; where it is wanted, somebody has to undo it in w."""
    spread = X.std(axis=0)
    w, _ = _ridge((X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0), y, lam)
    return w, float(y.mean() - X.mean(axis=0) @ w)


@mistake
def asks_for_an_inverse_that_may_not_exist(X, y, lam):
    """Right, as long as the matrix has an inverse. At lam = 0 with fewer examples than features it has none, and of the
    many w that fit, the shortest is asked for. Which functions of np.linalg answer that?"""
    centred = X - X.mean(axis=0)
    matrix = centred.T @ centred + lam * np.eye(X.shape[1])
    w = np.linalg.solve(matrix, centred.T @ (y - y.mean()))
    return w, float(y.mean() - X.mean(axis=0) @ w)


@mistake
def makes_b_short_as_well(X, y, lam):
    """Right, except where lam is 0 and many w fit equally well: then w and b together are as short as can be here. b is
    free, so the shortest w alone is asked for. Centre first, and b is out of the way."""
    D = X.shape[1]
    A = np.column_stack([X, np.ones(len(y))])
    rows = np.vstack([A, np.sqrt(lam) * np.eye(D + 1)[:D]])
    found = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(D)]))[0]
    return found[:D], float(found[D])
