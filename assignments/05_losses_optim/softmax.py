r"""Softmax: scores become probabilities.

A network gives every class a score, any number at all. A hospital that asks "how likely is each?" needs numbers that
are positive and add up to 1. Softmax turns the one into the other and keeps the order: a higher score is a higher
probability.

Maths. x is an array of scores along one of its axes, and every slice along this axis is a matter of its own:

$$p_i = \frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}$$

for any number m: e^{-m} is a factor above and below the fraction bar alike. The choice of m decides whether the
computer can follow. e^1000 is more than a float can hold, and if all powers are 0, the quotient is 0 / 0. With the
largest score of the slice for m, no power is larger than 1, and one of them is 1.

By hand. x = [1, 2, 3]: the powers are 2.718, 7.389 and 20.086, their sum is 30.193, so p = [0.0900, 0.2447, 0.6652].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 4.1 and 6.2.2.3.
"""

import numpy as np


def softmax(x, axis=-1):
    """Return the softmax of x along an axis.

    Args:
        x: float array, any shape with at least one axis, none of length 0. The scores; they may be as large as 1e4 or
            as small as -1e4, also beside each other. Minus infinity is the score of a class that is ruled out; at least
            one score of every slice is finite.
        axis: int. The axis along which probabilities add up to 1; the last one by default.

    Returns:
        p: float array, the shape and dtype of x; 0 where x is minus infinity. The argument is left as it was.

    softmax, log_softmax and logsumexp of scipy.special are what you write here; a file that uses them is refused.
    """
    raise NotImplementedError
