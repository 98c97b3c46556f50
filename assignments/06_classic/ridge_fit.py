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
    raise NotImplementedError
