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
    raise NotImplementedError
