r"""Variance: how far from the average is usual?

Two machines fill bottles with 500 ml on average. One is off by a drop, the other by a glass, and the average cannot
tell them apart. The variance can: it is the average squared distance from the mean.

Maths. x holds n numbers, mean is their average, and v is one number, in the square of the unit of x:

$$\text{mean} = \frac{1}{n}\sum_i x_i \qquad v = \frac{1}{n - \text{ddof}} \sum_i (x_i - \text{mean})^2$$

ddof stands for delta degrees of freedom. With ddof = 0 this is the variance of just these n numbers. With ddof = 1 it
is the usual estimate of the variance of what they were drawn from: the mean has been computed from the same numbers and
lies closer to them than the true one does, and dividing by n - 1 makes up for it.

The deviations x_i - mean always add up to 0. Their squares do not.

By hand. x = [1, 2, 3]: the mean is 2, the deviations are -1, 0, 1, the squares 1, 0, 1. So v = 2/3 = 0.6667 with
ddof = 0, and v = 2/2 = 1 with ddof = 1.

Source: Freedman, Pisani & Purves, Statistics, chapter 4; Chan, Golub & LeVeque, Algorithms for computing the sample
variance (1983).
"""

import numpy as np


def variance(x, ddof=0):
    """Return the sum of the squared deviations from the mean, divided by n - ddof.

    Args:
        x: float or integer array, shape (n,). The numbers may be huge next to their differences, as are readings of a
            counter that has run for years. They may have an integer type in which their squares have no room, nor
            their sum: NumPy's own x.sum() and x.mean() take care of that.
        ddof: int, 0 or more. How much smaller than n the divisor is.

    Returns:
        v: float, in the square of the unit of x; NaN where n - ddof is 0 or less, since so few numbers cannot tell.
        The argument x is left as it was.

    np.var, np.std and np.cov, x.var() and x.std(), and Python's module statistics do in one call what you write here; a
    file that uses them is refused.
    """
    raise NotImplementedError
