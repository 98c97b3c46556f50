r"""Logistic regression by Newton's method: how likely is yes?

A student who learned two hours failed and one who learned five passed: what are the chances after three and a half?
Logistic regression draws the curve from "hardly ever" to "nearly always" that makes the past most likely. It is the
first thing to try where the answer is yes or no, and Newton's method finds the curve in a handful of steps.

Maths. X has shape (N, D), y has shape (N,) and holds 0 and 1, theta has shape (D,). If the curve should not be forced
through one half at x = 0, a column of X holds ones. The probability of a 1, the loss, its slope and its curvature are

$$h_n = \frac{1}{1 + e^{-x_n \cdot \theta}} \qquad
L = -\frac{1}{N} \sum_n \left( y_n \log h_n + (1 - y_n) \log (1 - h_n) \right)$$

$$g_j = \frac{1}{N} \sum_n (h_n - y_n)\, x_{nj} \qquad
H_{jk} = \frac{1}{N} \sum_n h_n (1 - h_n)\, x_{nj} x_{nk}$$

with g of shape (D,) and H of shape (D, D). Newton's method replaces L by the parabola that has the same value, slope
and curvature at theta, and goes to the lowest point of it: theta becomes theta - s, where s solves H s = g.

By hand. X = [[1], [1], [1], [1]], y = [1, 1, 1, 0]. At theta = [0] every h is 0.5, so g = [0.5 - 0.75] = [-0.25] and
H = [[0.25]]: theta becomes [1]. There h = 0.7311, g = [-0.0189], H = [[0.1966]] and theta becomes [1.0963]. It ends at
[1.0986], log 3, where h is 0.75: three of four.

If a line separates the ones from the zeros without an error, there is no best theta: the steeper the curve, the better,
without end. Newton's steps go on then, and the slope becomes e times smaller at each. So there has to be a tol.

Source: Stanford CS229, lecture notes 1, on logistic regression and on Newton's method; Hastie, Tibshirani & Friedman,
The Elements of Statistical Learning (2009), section 4.4.1.
"""

import math

import numpy as np
from scipy.special import expit

from grader.authoring import AtLeast, Drawn, alternative, case, exercise, mistake, picture

# s / |s| is 1 for a score above 0, -1 for one below, and NaN for 0, infinity and NaN, which equal neither.
ALL_ON_THE_RIGHT_SIDE = AtLeast("share((X @ theta) / abs(X @ theta), 2 * y - 1)", 1.0)


@exercise(
    points=5,
    difficulty=3,
    returns="theta",
    needs=["sigmoid", "ridge_fit"],
    hints=[
        "Begin with the example of the statement, where theta is a single number. What are h, g and H at theta = 0, "
        "and where does the step lead?",
        "For all columns at once g is X.T @ (h - y) / N. In H every row of X is weighted by its h (1 - h): multiply "
        "the rows by a column of weights, or the columns of X.T by a row of weights. No matrix of shape (N, N) is "
        "needed.",
        "Repeat at most max_iter times: compute h from X @ theta, then g, and leave the loop if no entry of g is "
        "larger than tol. Else H is (X.T * weights) @ X / N, and np.linalg.solve(H, g) is what theta loses. The look "
        "at g comes before the step, so that H is never solved where nothing is left to gain.",
    ],
    why=(
        "The loss never bends downwards, so its slope can be 0 only where it is lowest. Newton's step uses the bend "
        "to tell how far that is, and near it each step about doubles the right digits."
    ),
    lesson="Newton's method: ask the parabola",
)
def logistic_newton(X, y, max_iter=50, tol=1e-10):
    """Return the theta of logistic regression, found by Newton's method from theta = 0.

    Args:
        X: array of floats or integers, shape (N, D). Its columns are independent. A column of ones, if there is to be
            one, is there already.
        y: integer array of any integer type, shape (N,). 0 or 1.
        max_iter: int. The largest number of steps; data that cannot be separated need fewer than 15.
        tol: float. Once no entry of g is larger than tol in absolute value, theta is returned.

    Returns:
        theta: float array, shape (D,). Seven digits are compared. The arguments are left as they were.

    Data that can be separated: theta is finite, and X @ theta is above 0 for every 1 and below 0 for every 0. Nothing
    else is asked of it. tol ends the walk there after about 25 steps, while H can still be solved.

    Memory and time: no array of shape (N, N). An edge case has N = 30,000, where such an array would take 7.2 GB; the
    limits are 512 MiB and, for at most 20 steps, 20 seconds. A loop over the examples keeps to both.

    Other ways than Newton's to the same theta are right as well if they are as accurate: the loss has a single lowest
    point. (scipy.optimize.root finds where g is 0; scipy.optimize.minimize looks at L, which is flat there, and often
    stops a digit too early.)
    """
    N, D = X.shape
    theta = np.zeros(D)
    for _ in range(max_iter):
        h = expit(X @ theta)
        g = X.T @ (h - y) / N
        if np.abs(g).max() <= tol:
            break
        H = (X.T * (h * (1 - h))) @ X / N
        theta = theta - np.linalg.solve(H, g)
    return theta


def not_separable(rng, N, D):
    """Numbers with two decimals behind a column of ones; the first D rows occur twice, once with either answer.

    Whatever separates would have to give these rows, which are independent, a score of 0: only theta = 0 does. No
    entry of theta is small and H is curved enough for a slope of tol to be less than a tenth of what is tolerated.
    """
    while True:
        X = np.column_stack([np.ones(N - D), np.round(rng.normal(size=(N - D, D - 1)), 2)])
        y = (rng.random(N - D) < expit(X @ np.linspace(0.5, 1.5, D))).astype(int)
        X, y = np.concatenate([X, X[:D]]), np.concatenate([y, 1 - y[:D]])
        if np.linalg.svd(X[:D], compute_uv=False)[-1] < 0.3:
            continue
        theta = logistic_newton(X, y)
        h = expit(X @ theta)
        curved = np.linalg.eigvalsh((X.T * (h * (1 - h))) @ X / N)[0]
        if np.abs(theta).min() > 0.2 and curved > 0.05:
            return X, y


@case
def by_hand(rng):
    """The example of the statement: three of four, whatever is known of them."""
    return {"X": np.ones((4, 1)), "y": np.array([1, 1, 1, 0]), "max_iter": 20}


@case
def hours_of_learning(rng):
    """Ten students, the hours that they learned, and whether they passed."""
    hours = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0])
    return {"X": np.column_stack([np.ones(10), hours]), "y": np.array([0, 0, 0, 1, 0, 0, 1, 1, 1, 1])}


@case
def two_features(rng):
    """Sixteen examples, a column of ones and two features."""
    X, y = not_separable(rng, 16, 3)
    return {"X": X, "y": y}


@case
def without_a_column_of_ones(rng):
    """One feature alone: the curve passes through one half at x = 0."""
    x = np.array([-2.0, -1.0, 0.5, 1.0, 2.0, -0.5])
    return {"X": x[:, None], "y": np.array([0, 0, 1, 0, 1, 1]), "max_iter": 20}


@case(hidden=True)
def three_features(rng):
    X, y = not_separable(rng, 24, 4)
    return {"X": X, "y": y}


@case(edge=True, checks=[ALL_ON_THE_RIGHT_SIDE])
def a_line_separates_them(rng):
    """Everybody with more than three hours passed, and nobody else: the curve would like to be a step."""
    hours = np.array([1.0, 2.0, 2.5, 3.5, 4.0, 5.5])
    return {"X": np.column_stack([np.ones(6), hours]), "y": np.array([0, 0, 0, 1, 1, 1])}


@case(edge=True, checks=[ALL_ON_THE_RIGHT_SIDE])
def a_line_in_the_plane_separates_them(rng):
    """Two features that are useless one by one, and separate the answers together."""
    x = np.array([[1.0, 2.0], [2.0, 3.5], [3.0, 3.75], [4.0, 5.5], [2.0, 1.0], [3.0, 2.25], [4.0, 2.5], [5.0, 4.0]])
    return {"X": np.column_stack([np.ones(8), x]), "y": np.array([0, 0, 0, 0, 1, 1, 1, 1])}


@case(edge=True, checks=[ALL_ON_THE_RIGHT_SIDE])
def nobody_failed(rng):
    """Only ones: the more certain, the better, without end."""
    return {"X": np.column_stack([np.ones(4), [1.0, -1.0, 0.5, -0.5]]), "y": np.array([1, 1, 1, 1])}


@case(edge=True)
def a_column_in_euros(rng):
    """Incomes of some 30,000 beside a column of ones: the weights differ in size as much as the columns do."""
    euros = np.array([18_000.0, 22_500.0, 27_000.0, 31_000.0, 36_500.0, 42_000.0, 47_500.0, 30_000.0])
    return {"X": np.column_stack([np.ones(8), euros]), "y": np.array([0, 0, 1, 0, 1, 1, 1, 0])}


@case(edge=True)
def labels_of_one_byte(rng):
    """Labels of type uint8, which cannot be negative, and whole numbers in X."""
    return {
        "X": np.array([[1, 0], [1, 1], [1, 2], [1, 3], [1, 4]]),
        "y": np.array([0, 1, 0, 1, 1], dtype=np.uint8),
    }


@case(edge=True, seconds=20)
def thirty_thousand_examples(rng):
    """N = 30,000 and D = 4, at most 20 steps."""
    return {"X": Drawn(148, (30_000, 4)), "y": Drawn(149, (30_000,), below=2), "max_iter": 20}


@picture(case="hours_of_learning")
def the_curve_through_the_answers(axes, arguments, answer):
    """The curve rises from 0 to 1 and is 0.5 where both answers are as many. The ones lie above it, the zeros below,
    and the distances to the ones add up to the same as those to the zeros."""
    hours, y = arguments["X"][:, 1], arguments["y"]
    t = np.linspace(0, 6.5, 200)
    score = np.reshape(answer, 2) @ np.array([np.ones(200), t])
    axes.plot(t, 1 / (1 + np.exp(-np.clip(score, -500, 500))), "-", color="#0072B2")
    axes.plot(hours, y, "o", color="#000000")
    axes.axhline(0.5, color="#D55E00", linestyle=":")
    axes.set(xlabel="hours", ylabel="probability of passing", ylim=(-0.05, 1.05))


@alternative
def goes_example_by_example(X, y, max_iter=50, tol=1e-10):
    theta = np.zeros(X.shape[1])
    for _ in range(max_iter):
        g, H = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
        for x, label in zip(X, y, strict=True):
            h = 1 / (1 + math.exp(-(x @ theta)))
            g += (h - label) * x
            H += h * (1 - h) * (x[:, None] * x)
        if max(abs(g)) / len(y) <= tol:
            return theta
        theta = theta - np.linalg.inv(H) @ g
    return theta


@alternative
def fits_weighted_least_squares_again_and_again(X, y, max_iter=50, tol=1e-10):
    # IRLS: theta is the least squares fit of X to z = X theta + (y - h) / w, with weights w = h (1 - h).
    theta = np.zeros(X.shape[1])
    for _ in range(max_iter):
        score = X @ theta
        h = 1 / (1 + np.exp(-score))
        if np.max(np.abs(X.T @ (y - h))) / len(y) <= tol:
            break
        weights = np.maximum(h * (1 - h), 1e-200)
        root, z = np.sqrt(weights), score + (y - h) / weights
        theta = np.linalg.lstsq(X * root[:, None], z * root)[0]
    return theta


@alternative
def writes_the_labels_as_signs(X, y, max_iter=50, tol=1e-10):
    signs = 2.0 * y - 1.0
    Z = X * signs[:, None]
    theta = np.zeros(Z.shape[1])
    for _ in range(max_iter):
        doubt = 0.5 - 0.5 * np.tanh(Z @ theta / 2)
        g = -np.mean(Z * doubt[:, None], axis=0)
        if np.all(np.abs(g) <= tol):
            break
        H = np.einsum("n,nj,nk->jk", doubt * (1 - doubt), Z, Z) / len(y)
        theta -= np.linalg.solve(H, g)
    return theta


@alternative
def asks_scipy_where_the_slope_is_zero(X, y, max_iter=50, tol=1e-10):
    from scipy.optimize import root

    scale = np.abs(X).max(axis=0)
    A, N = X / scale, len(y)

    def slope(theta):
        return A.T @ (expit(A @ theta) - y) / N

    def curvature(theta):
        h = expit(A @ theta)
        return (A.T * (h * (1 - h))) @ A / N

    return root(slope, np.zeros(A.shape[1]), jac=curvature, tol=tol).x / scale


def _newton(X, y, max_iter, tol, step):
    """Newton's method with another step(theta, g, H), for mistakes to go wrong from; the rest as in the reference."""
    N, D = X.shape
    theta = np.zeros(D)
    for _ in range(max_iter):
        h = expit(X @ theta)
        g = X.T @ (h - y) / N
        if np.abs(g).max() <= tol:
            break
        theta = step(theta, g, (X.T * (h * (1 - h))) @ X / N)
    return theta


@mistake
def walks_uphill(X, y, max_iter=50, tol=1e-10):
    """H cannot be solved. Mostly theta has walked uphill then, to where all h (1 - h) are 0: the step was added, or a
    sign is turned round in h or in g. Print H and the loss after each step, and compare the first one with the example
    of the statement."""
    return _newton(X, y, max_iter, tol, lambda theta, g, H: theta + np.linalg.solve(H, g))


@mistake
def goes_down_the_slope_without_the_curvature(X, y, max_iter=50, tol=1e-10):
    """This is a descent with g alone, which has not arrived after max_iter steps. Newton divides by the curvature: H
    tells how long the step has to be in each direction."""
    return _newton(X, y, max_iter, tol, lambda theta, g, H: theta - g)


@mistake
def forgets_the_weights(X, y, max_iter=50, tol=1e-10):
    """H is X^T X / N here, without h (1 - h). That is the curvature of a straight line's loss; for this curve it is at
    least four times too much, and the steps are that much too short."""
    return _newton(X, y, max_iter, tol, lambda theta, g, H: theta - np.linalg.solve(X.T @ X / len(y), g))


@mistake
def averages_the_slope_and_adds_up_the_curvature(X, y, max_iter=50, tol=1e-10):
    """g is a mean and H is a sum, so each step is N times too short. Divide both by N, or neither: in the step it
    cancels."""
    return _newton(X, y, max_iter, tol, lambda theta, g, H: theta - np.linalg.solve(len(y) * H, g))


@mistake
def adds_up_the_slope_and_averages_the_curvature(X, y, max_iter=50, tol=1e-10):
    """g is a sum and H is a mean, so each step is N times too long. Divide both by N, or neither: in the step it
    cancels."""
    return _newton(X, y, max_iter, tol, lambda theta, g, H: theta - len(y) * np.linalg.lstsq(H, g)[0])


@mistake
def takes_the_labels_for_signs(X, y, max_iter=50, tol=1e-10):
    """The labels went into h - y as -1 and 1, and h lies between 0 and 1: for a label of -1 the difference is never 0,
    however sure h is. Which two numbers can h come close to?"""
    return _newton(X, np.where(y == 1, 1.0, -1.0), max_iter, tol, lambda theta, g, H: theta - np.linalg.lstsq(H, g)[0])


@mistake
def stops_after_one_step(X, y, max_iter=50, tol=1e-10):
    """This is theta after the first step. The parabola fits the loss only near the place where it was drawn: draw a new
    one at the new theta. Is the return inside the loop?"""
    return _newton(X, y, 1, tol, lambda theta, g, H: theta - np.linalg.solve(H, g))


@mistake
def writes_the_weights_into_a_square_matrix(X, y, max_iter=50, tol=1e-10):
    """The numbers are right, but np.diag made a matrix of shape (N, N) of the N weights, and it is nearly all zeros.
    What does it do to the rows of X that a product of the rows with the weights does not?"""
    N, D = X.shape
    theta = np.zeros(D)
    for _ in range(max_iter):
        h = expit(X @ theta)
        g = X.T @ (h - y) / N
        if np.abs(g).max() <= tol:
            break
        theta = theta - np.linalg.solve(X.T @ np.diag(h * (1 - h)) @ X / N, g)
    return theta


@mistake
def never_looks_at_the_slope(X, y, max_iter=50, tol=1e-10):
    """Right, unless a line separates the answers: theta grows at every step then, all h become 0 or 1, all weights
    h (1 - h) become 0, and H cannot be solved any more. Where in the loop can you tell that nothing is left to gain?"""
    return _newton(X, y, max_iter, -1.0, lambda theta, g, H: theta - np.linalg.solve(H, g))
