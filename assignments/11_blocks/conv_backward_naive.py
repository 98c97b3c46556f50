r"""Convolution, backwards: every window reports to all that it saw.

A pixel in the middle of a picture is seen by many windows; the loss hears of it through each of them. A filter is used
at every position of every picture. The backward pass adds up what all these meetings have to say.

Maths. Forwards, with a border of `pad` zeros around x, and s the stride:

$$y_{nfij} = b_f + \sum_{c,p,q} x^{pad}_{n,\,c,\,i s + p,\,j s + q}\; w_{f,c,p,q}$$

Write g for dout, shape (N, F, H', W'). Nudge one weight, one bias, one pixel, and ask which outputs move:

$$\frac{\partial L}{\partial w_{fcpq}} = \sum_{n,i,j} g_{nfij}\; x^{pad}_{n,\,c,\,i s + p,\,j s + q} \qquad
\frac{\partial L}{\partial b_f} = \sum_{n,i,j} g_{nfij}$$

$$\frac{\partial L}{\partial x^{pad}_{n,c,u,v}} = \sum_{f,i,j} g_{nfij}\; w_{f,\,c,\,u - i s,\,v - j s}$$

where the last sum runs over the windows (i, j) that contain the pixel (u, v). The gradient of x is the part of it that
lies inside the border. A pixel that no window has looked at has slope 0.

By hand. x = [[1, 2, 3]], w = [[1, 10]], b = [0], stride 1, pad 0 and dout = [[5, 7]]: the windows are [1, 2] and [2,
3]. dw = 5 [1, 2] + 7 [2, 3] = [19, 31], db = 12, and the pixels hear [5, 50, 0] + [0, 7, 70]: dx = [[5, 57, 70]].

Source: Stanford CS231n, assignment 2, `conv_backward_naive`; Goodfellow, Bengio & Courville, Deep Learning (2016),
section 9.5.
"""

import numpy as np


def conv_backward_naive(dout, cache):
    """Return dloss/dx, dloss/dw and dloss/db, given dloss/dout.

    Args:
        dout: float array, shape (N, F, H', W'). The upstream gradient dloss/dout.
        cache: the tuple (x, w, b, conv_param) that conv_forward_naive was given: x of shape (N, C, H, W), w of shape
            (F, C, HH, WW), b of shape (F,), conv_param a dict with the ints "stride" and "pad" (which may be 0).

    Returns:
        (dx, dw, db): float arrays in the shapes of x, w and b and of their dtype. Pixels that no window has looked at
        have slope 0. The arguments are left as they were.

    Loops are welcome. A file that uses correlate, convolve, correlate2d or convolve2d of scipy.signal is refused.
    """
    raise NotImplementedError
