r"""Relative error: do two gradients agree?

You have a gradient from a formula and another one that was measured. They differ by 0.001, and whether that is much
depends: between slopes near 1000 it is nothing, between slopes near 0.001 it is everything. And of a million entries a
single wrong one is enough to spoil what is learnt, so the worst entry is the one to look at.

Maths. x and y have the same shape, and i runs over all their entries:

$$e = \max_i \frac{|x_i - y_i|}{\max(10^{-8},\ |x_i| + |y_i|)}$$

The sum of the two sizes treats x and y alike. e is 0 where all entries are equal, and never larger than 1; at 1 an
entry has the wrong sign, or is 0 in one of the two. The 10^-8 keeps two zeros from becoming 0/0, and counts numbers far
below it as zeros.

By hand. x = [1, 2], y = [1, 2.2]: the errors are 0 / 2 = 0 and 0.2 / 4.2 = 0.0476, so e = 0.0476.

Source: Stanford CS231n, `rel_error` in the assignments, and course notes, Neural Networks Part 3, "Gradient checks".
"""

import numpy as np


def rel_error(x, y):
    """Return the largest relative error between two arrays.

    Args:
        x: float array of any shape, or a float.
        y: float array of the same shape, or a float.

    Returns:
        e: float, from 0 to 1: the maximum over all entries of |x - y| / max(1e-8, |x| + |y|). Two zeros have the error
        0. If an entry is NaN (not a number) in x or in y, e is NaN: such a gradient must not pass for right. The
        arguments are left as they were.

    Raises:
        ValueError: x and y have different shapes, such as (3, 1) and (3,), or they have no entries at all.
    """
    raise NotImplementedError
