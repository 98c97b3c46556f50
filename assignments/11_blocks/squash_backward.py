r"""Squash, backwards: turning and stretching are different matters.

Nudge a vector in its own direction, and it becomes longer or shorter: how much of that survives depends on how flat the
curve of lengths is there. Nudge it sideways, and it turns; squash scales that by the same factor as the vector itself.

Maths. Forwards v = f(n) s, with n = ||s|| and

$$f(n) = \frac{n}{1 + n^2} \qquad f'(n) = \frac{1 - n^2}{(1 + n^2)^2}$$

s is an array of vectors along one of its axes. Write g for dv, the upstream gradient, and s.g for the inner product of
a vector of s with its own g. s_k reaches the loss by two ways: directly, through v_k = f s_k, and through n, whose
slope in s_k is s_k / n and which all entries of v depend on:

$$\frac{\partial L}{\partial s_k} = f(n)\, g_k + f'(n)\,(s \cdot g)\,\frac{s_k}{n}$$

At s = 0 both terms tend to 0, and so the gradient there is 0.

By hand. s = [3, 4] and g = [1, 0]: n = 5, f = 5 / 26 = 0.1923, f' = -24 / 676 = -0.03550, s.g = 3. So ds = [0.1923, 0]
- 0.1065 * [0.6, 0.8] = [0.1284, -0.0852].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), equation 1, differentiated.
"""

import numpy as np


def squash_backward(dv, cache):
    """Return dloss/ds, given dloss/dv for v = squash(s, axis).

    Args:
        dv: float array, the shape of s. The upstream gradient dloss/dv.
        cache: the tuple (s, axis) that squash was given: s a float array of any shape with at least one axis, axis an
            int. The lengths of the vectors along this axis are 0, or from 1e-100 to 1e100.

    Returns:
        ds: float array, the shape and dtype of s. It is 0 for a vector of zeros. The arguments are left as they were.
    """
    raise NotImplementedError
