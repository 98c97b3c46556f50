r"""Max pooling, forwards: was it here, more or less?

A filter has answered to a cat's ear at one of a hundred positions. For what comes next it is enough to know that it did
and roughly where. Max pooling keeps the loudest answer of each neighbourhood and forgets the rest, which makes the
pictures smaller and the network less particular about a pixel to the left or right.

Maths. x has shape (N, C, H, W). A window of PH rows and PW columns stands with its corner at row i s and column j s,
where s is the stride; every channel is a matter of its own:

$$y_{ncij} = \max_{0 \le p < PH,\; 0 \le q < PW} x_{n,\,c,\,i s + p,\,j s + q}$$

There are H' = 1 + (H - PH) // s rows and W' = 1 + (W - PW) // s columns of windows, in whole numbers: only windows that
lie inside the picture count, and no border is put around it. With a stride smaller than the window, windows overlap.

By hand. x = [[1, 5, 2], [4, 3, 6]] with windows of 2 x 2 and stride 1: the maxima of [1, 5, 4, 3] and [5, 2, 3, 6] give
out = [[5, 6]].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 9.3; Stanford CS231n, assignment 2,
`max_pool_forward_naive`.
"""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    """Return the maximum of every window, and what the backward pass will need.

    Args:
        x: float array, shape (N, C, H, W). Its numbers may all be negative.
        pool_param: dict with three ints, all at least 1: "pool_height" (at most H) and "pool_width" (at most W), the
            size of a window, and "stride", by which windows move in both directions.

    Returns:
        (out, cache): out is a float array of shape (N, C, H', W') and of x's dtype, with H' = 1 + (H - pool_height) //
        stride and W' likewise; cache is the tuple (x, pool_param). The arguments are left as they were.
    """
    raise NotImplementedError
