r"""The affine layer, forwards: every output is a weighted sum.

A bank scores a payment by giving each of its features a weight, adding up, and adding a base score. An affine (or
fully connected) layer does this for a whole batch of examples and for several scores at once; an example may be a row
of a table or a picture.

Maths. Example n is laid out as one row x_n of D numbers, D = d_1 * ... * d_k. With w of shape (D, M) and b of shape
(M,), the outputs have shape (N, M):

$$y_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m$$

or, for the whole batch at once, Y = X W + b, where X has shape (N, D).

By hand. x = [[1, 2]], w = [[1], [10]], b = [5] gives out = [[1*1 + 2*10 + 5]] = [[26]].

The backward pass will need x, w and b again, so the forward pass hands them on as they came in, in what is called a
cache.

Source: Stanford CS231n, assignment 1, `affine_forward`; Goodfellow, Bengio & Courville, Deep Learning (2016), chapter
6.
"""

import numpy as np


def affine_forward(x, w, b):
    """Return the outputs of an affine layer, and the cache for the backward pass.

    Args:
        x: float array, shape (N, d_1, ..., d_k). N examples of D = d_1 * ... * d_k numbers each, for instance
            pictures. N may be 0.
        w: float array, shape (D, M). The weights; row d belongs to number d of an example, counted as x.reshape counts.
        b: float array, shape (M,). The biases.

    Returns:
        (out, cache): out is a float array of shape (N, M) and of the dtype of x; cache is the tuple (x, w, b), each as
        it came in, x in its original shape. The arguments are left as they were.
    """
    raise NotImplementedError
