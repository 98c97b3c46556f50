r"""The lasso by coordinate descent: which columns matter at all?

A hundred measurements of every patient, and only a few of them have to do with the disease. Ridge gives each of the
hundred a weight; the lasso charges for the size of a weight instead of its square, and at this price most weights are
not small but exactly 0. What is left can be read, and need not be measured a hundred times.

Maths. X has shape (N, D), with column x_j for each feature; y has shape (N,), w has shape (D,), and there is no
intercept. What is asked for makes this as small as it can be:

$$F(w) = \frac{1}{2N} \sum_n (y_n - x_n \cdot w)^2 + lam \sum_j |w_j|$$

Let all weights but w_j rest. With r = y - X w, the misses, and

$$c = \frac{x_j \cdot x_j}{N} \qquad p = \frac{x_j \cdot r}{N} + c\, w_j$$

F is, as a function of w_j alone, c/2 w_j^2 - p w_j + lam |w_j| and a constant. For w_j > 0 its slope is
c w_j - p + lam; it is 0 at (p - lam) / c, which lies above 0 only if p > lam. For w_j < 0 it is 0 at (p + lam) / c,
which lies below 0 only if p < -lam. Otherwise the lowest point is the corner at 0. In one line, with the soft
threshold S:

$$w_j \leftarrow \frac{S(p, lam)}{c} \qquad S(p, lam) = \mathrm{sign}(p)\, \max(|p| - lam, 0)$$

Do this for one j after the other, each time with the r of the newest w, and go round until nothing moves.

By hand. X = [[2, 1], [2, -1]], y = [3, 1], lam = 1.5. The columns are at right angles, with c = 4 and c = 1. At w = 0
p is 4 for the first: w_1 = (4 - 1.5) / 4 = 0.625. For the second p is 1, below lam: w_2 = 0. A second round changes
nothing, so w = [0.625, 0]. From lam = 4 on both would be 0.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 3.8.6; Friedman, Hastie &
Tibshirani, Regularization paths for generalized linear models via coordinate descent (2010), section 2.1.
"""

import numpy as np


def lasso_cd(X, y, lam, n_iter=1000, tol=1e-10):
    """Return the weights of the lasso, found by going round the coordinates.

    Args:
        X: array of floats or integers, shape (N, D). It is used as it is: nothing is centred or scaled.
        y: array of floats or integers, shape (N,).
        lam: float, 0 or above. The price of the weights; the misses are averaged, and halved, as in the statement.
        n_iter: int. The largest number of rounds.
        tol: float. The walk ends after a round in which no weight has moved by more than tol.

    Returns:
        w: float array, shape (D,). A weight that is 0 in the best w is exactly 0. The weight of a column that holds
        only zeros is 0. The arguments are left as they were.

    Seven digits of w are compared. F is flat near its lowest point, and when F has stopped changing in its tenth digit,
    w is right to five: look at w and not at F. The order of the coordinates is yours, and other ways to the same w are
    right as well if they are as accurate: in all cases there is a single best w.
    """
    raise NotImplementedError
