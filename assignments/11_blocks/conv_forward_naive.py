r"""Convolution, forwards: one small pattern, looked for everywhere.

A photograph of a cat is a cat wherever the cat sits. A fully connected layer would have to learn that again for every
place; a convolution slides one small filter over the picture and asks the same question at each position, with the
same few weights.

Maths. x has shape (N, C, H, W): N pictures of C channels, H rows and W columns. w has shape (F, C, HH, WW): F filters.
b has shape (F,). First `pad` rows and columns of zeros are put around every picture, on all four sides. The filter's
corner then stands at row i s and column j s, where s is the stride:

$$y_{nfij} = b_f + \sum_{c,p,q} x^{pad}_{n,\,c,\,i s + p,\,j s + q}\; w_{f,c,p,q}$$

There are as many positions as fit: H' = 1 + (H + 2 pad - HH) // s rows and W' = 1 + (W + 2 pad - WW) // s columns, in
whole numbers. What is left over at the lower and right border is not looked at. The filter is not turned around: what
is called convolution in deep learning is a cross-correlation.

By hand. One picture [[1, 2], [3, 4]], one filter [[1, 10]], b = [100], stride 1, pad 0: each of the two rows has one
position, 1 + 20 + 100 = 121 and 3 + 40 + 100 = 143. So out is [[121], [143]].

Source: LeCun et al., Gradient-based learning applied to document recognition (1998), section II; Goodfellow, Bengio &
Courville, Deep Learning (2016), section 9.1; Stanford CS231n, assignment 2, `conv_forward_naive`.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """Return the layer's output, and what the backward pass will need.

    Args:
        x: float array, shape (N, C, H, W). The pictures.
        w: float array, shape (F, C, HH, WW). The filters; HH is at most H + 2 pad, and WW at most W + 2 pad.
        b: float array, shape (F,). The biases.
        conv_param: dict with two ints, "stride" (at least 1, the same for rows and columns) and "pad" (at least 0).

    Returns:
        (out, cache): out is a float array of shape (N, F, H', W') and of x's dtype, with H' = 1 + (H + 2 pad - HH) //
        stride and W' likewise; cache is the tuple (x, w, b, conv_param). The arguments are left as they were.

    Loops are welcome. A file that uses correlate, convolve, correlate2d or convolve2d of scipy.signal is refused.
    """
    raise NotImplementedError
