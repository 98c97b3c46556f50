r"""The affine layer, backwards: who gets how much of the blame?

The loss tells the layer, through dout, how it would react to each output. Before anything can learn, the layer has to
say what this means for each weight, for each bias, and for the inputs, which are the outputs of the layer before.

Maths. Forwards, with x laid out in rows, X of shape (N, D), w of shape (D, M) and b of shape (M,):

$$y_{nm} = \sum_d x_{nd} w_{dm} + b_m$$

Write g for dout, shape (N, M). A number that takes part in several outputs adds up what it hears from each:

$$\frac{\partial L}{\partial x_{nd}} = \sum_m g_{nm} w_{dm} \qquad
\frac{\partial L}{\partial w_{dm}} = \sum_n x_{nd} g_{nm} \qquad
\frac{\partial L}{\partial b_m} = \sum_n g_{nm}$$

The letters that are summed over say which product this is. A gradient has the shape of the thing that it belongs to.

By hand. x = [[1, 2]], w = [[1], [10]] and dout = [[3]] give dx = [[3, 30]], dw = [[3], [6]], db = [3].

Source: Stanford CS231n, assignment 1, `affine_backward`; Goodfellow, Bengio & Courville, Deep Learning (2016), section
6.5.
"""

import numpy as np


def affine_backward(dout, cache):
    """Return dloss/dx, dloss/dw and dloss/db, given dloss/dout.

    Args:
        dout: float array, shape (N, M). The upstream gradient dloss/dout.
        cache: the tuple (x, w, b) that affine_forward was given: x of shape (N, d_1, ..., d_k), w of shape (D, M) with
            D = d_1 * ... * d_k, b of shape (M,).

    Returns:
        (dx, dw, db): float arrays in the shapes of x, w and b and of their dtype. The loss may be a mean over the
        examples or not: that is contained in dout already. The arguments are left as they were.
    """
    raise NotImplementedError
