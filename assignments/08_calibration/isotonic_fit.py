r"""Isotonic regression: a staircase that makes scores keep their word.

Platt's sigmoid has one shape, and a model's scores may be wrong in another. Isotonic regression assumes nothing but the
order: whoever has a higher score should not get a lower probability. Among all such staircases it finds the one that is
nearest to what has happened.

Maths. scores holds N numbers, y N outcomes and w N weights, all above 0. Equal scores come first: they cannot be told
apart, so they become one point, with the weighted mean of their y and the sum of their weights. Let x_1 < ... < x_K be
the different scores, y_k and w_k their outcomes and weights. What is asked for is

$$\min_{f_1 \le f_2 \le \dots \le f_K} \; \sum_k w_k\, (y_k - f_k)^2$$

Go from left to right and keep a list of blocks, each with its weighted mean. A new point begins a block of its own. As
long as the last block's mean is not above the mean of the one before it, merge the two: the weighted mean of both takes
their place, and the weights add up. A merged block is lower than the last one was, so look to the left again. This is
called pooling adjacent violators.

By hand. y = [1, 3, 2, 4, 3, 5] with scores in order and weights 1: 3 and 2 violate, and become 2.5, 2.5; then 4 and 3
become 3.5, 3.5. So f = [1, 2.5, 2.5, 3.5, 3.5, 5].

Source: Barlow, Bartholomew, Bremner & Brunk, Statistical inference under order restrictions (1972), section 1.2;
Zadrozny & Elkan, Transforming classifier scores into accurate multiclass probability estimates (2002), section 3.
"""

import numpy as np


def isotonic_fit(scores, y, w=None):
    """Return the different scores in order, and the best non-decreasing fit at each.

    Args:
        scores: float array, shape (N,), in any order, often with equal entries; N is at least 1.
        y: float or integer array, shape (N,). What happened.
        w: float array, shape (N,), above 0, the weights; None for equal ones.

    Returns:
        (x_sorted, y_fit): float arrays, shape (K,): the K different scores in increasing order, and the fitted value at
        each, which never decreases. The arguments are left as they were.

    isotonic_regression of scipy.optimize does in one call what you write here; a file that uses it is refused.
    """
    raise NotImplementedError
