r"""Least squares by QR: the best fit, without losing half of the digits.

A line through measured points can hardly meet them all: there are more equations than unknowns. Least squares makes the
squared misses add up to as little as possible. The textbook formula multiplies A by its own transpose on the way, which
squares every difficulty that A has. Fit a line against a clock that counts the seconds since 1970, and that formula
finds nothing; QR, which statistics programs use, does.

Maths. A has shape (m, n) with m >= n, an equation in each row and an unknown for each column; b has shape (m,). The
columns of A are independent: none can be made of the others. What is asked for is

$$x = \arg\min_x \|A x - b\|^2 = \arg\min_x \sum_i \left( \sum_j A_{ij} x_j - b_i \right)^2$$

Write A = Q R. The n columns of Q, shape (m, n), have length 1 and are at right angles, so that Q^T Q = I. R, shape
(n, n), is upper triangular: 0 below its diagonal. A x is nearest to b when what is missed, b - A x, is at right angles
to all that A can reach, so that it has no part along any column of Q:

$$Q^T (b - Q R x) = 0 \quad \Rightarrow \quad R x = Q^T b$$

The last row of R x = Q^T b holds one unknown, the row above two, and so on: solve from the bottom up.

By hand. A = [[3], [4]], b = [5, 10]: the only column has length 5, so Q = [[0.6], [0.8]] and R = [[5]]. Q^T b =
0.6 * 5 + 0.8 * 10 = 11, so x = [11 / 5] = [2.2]. A x = [6.6, 8.8] misses b by [-1.6, 1.2], which is at a right angle to
the column: 3 * (-1.6) + 4 * 1.2 = 0.

Source: Trefethen & Bau, Numerical Linear Algebra (1997), lectures 11 and 19; Hastie, Tibshirani & Friedman, The
Elements of Statistical Learning (2009), section 3.2.3.
"""

import numpy as np
from scipy.linalg import solve_triangular


def least_squares_qr(A, b):
    """Return the x for which A x is nearest to b, through A = Q R.

    Args:
        A: array of floats or integers, shape (m, n), m >= n >= 1. Its columns are independent.
        b: array of floats or integers, shape (m,), or (m, k) for k right-hand sides at once, each a column.

    Returns:
        x: float array, shape (n,), or (n, k) where b has k columns. The arguments are left as they were.

    Any way to Q and R is right: np.linalg.qr, scipy.linalg.qr, your own reflections, your own Gram-Schmidt. lstsq and
    pinv of numpy.linalg and scipy.linalg are what you write here; a file that uses them is refused.

    Accuracy: an edge case has a column of ones and a column of large, nearly equal numbers. A^T A cannot be told there
    from a matrix whose columns are dependent, and QR has no difficulty.
    """
    raise NotImplementedError
