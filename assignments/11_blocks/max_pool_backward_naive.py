r"""Max pooling, backwards: only the winner could have changed anything.

On the way forwards each window kept its largest number. Nudge any other number of the window a little, and the maximum
stays what it is. So the whole gradient of a window goes to the pixel that won it.

Maths. Forwards, y_{ncij} is the maximum of the window at row i s and column j s. Write g for dout and (u, v) for the
place of the winner of window (i, j):

$$\frac{\partial L}{\partial x_{ncuv}} = \sum_{(i,j)\ \text{won by}\ (u,v)} g_{ncij}$$

The sum runs over all windows that this pixel has won: where windows overlap, one pixel may win several contests. Where
the largest number stands in a window more than once, the maximum has a kink. Whoever of the winners is chosen is right,
and so is sharing among them, as long as the shares are not negative and add up to 1.

By hand. x = [[1, 5, 2], [4, 3, 6]], windows of 2 x 2, stride 1, dout = [[10, 20]]: 5 has won the first window and 6 the
second, so dx = [[0, 10, 0], [0, 0, 20]].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 9.3; Stanford CS231n, assignment 2,
`max_pool_backward_naive`.
"""

import numpy as np


def max_pool_backward_naive(dout, cache):
    """Return dloss/dx, given dloss/dout.

    Args:
        dout: float array, shape (N, C, H', W'). The upstream gradient dloss/dout.
        cache: the tuple (x, pool_param) that max_pool_forward_naive was given: x of shape (N, C, H, W), pool_param a
            dict with the ints "pool_height", "pool_width" and "stride".

    Returns:
        dx: float array, the shape and dtype of x. Where several numbers of a window are its largest, its gradient goes
        to one of them or is shared among them; in either case dx adds up to the sum of dout. Pixels that are in no
        window have slope 0. The arguments are left as they were.
    """
    raise NotImplementedError
