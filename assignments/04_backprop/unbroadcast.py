r"""Undo broadcasting: many copies, one gradient.

When NumPy adds a bias of shape (3,) to a table of shape (2, 3), it uses the bias twice without being asked: this is
broadcasting. On the way back the gradient arrives in the large shape, one entry for each copy, and the bias wants one
answer for all of them.

Maths. Broadcasting copies: entry j of x appears in the large array at several places i, and the loss hears of x_j
through all of them. By the chain rule their messages add up:

$$g_j = \sum_{i \text{ copied from } j} \mathrm{grad}_i$$

NumPy writes the two shapes flush right. Copies come about in two ways: along axes that x does not have, which are
added in front, and along axes where x has size 1, which are stretched.

    grad   (4, 2, 3)
    x         (2, 1)      the 4 is added in front, the 1 is stretched to 3

By hand. grad = [[1, 1, 1], [1, 1, 1]] comes back to shape (3,) as [2, 2, 2], and to shape (2, 1) as [[3], [3]].

Source: ARENA, chapter 0, "Backpropagation" (the exercise `unbroadcast`); NumPy's manual, "Broadcasting".
"""

import numpy as np


def unbroadcast(grad, shape):
    """Return the gradient of an array of the given shape that was broadcast to the shape of grad.

    Args:
        grad: float array. The upstream gradient, in the shape after broadcasting.
        shape: tuple of int. The shape before broadcasting; () stands for a single number. It broadcasts to grad.shape.

    Returns:
        g: float array of exactly this shape and of the dtype of grad (for () a single number). Where nothing was
        broadcast, g equals grad. The arguments are left as they were.
    """
    raise NotImplementedError
