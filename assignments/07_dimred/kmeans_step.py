r"""One step of k-means: everybody to the nearest centre, every centre to its people.

A shop wants to write to its customers in eight tones of voice, not in a hundred thousand. k-means sorts the customers
into K groups: it guesses K typical customers, and improves the guess by the step that you write here, again and again.
Each step makes the groups tighter or leaves them as they are, so it comes to an end.

Maths. X has shape (N, D), a point in each row; C has shape (K, D), a centre in each row. First every point n chooses
the nearest centre; then every centre moves to the mean of the N_k points that have chosen it:

$$\ell_n = \arg\min_k \sum_d (x_{nd} - c_{kd})^2 \qquad
c'_{kd} = \frac{1}{N_k} \sum_{n:\ \ell_n = k} x_{nd}$$

The letter l_n is the label of point n, the number of its centre, and c'_k the new place of centre k. How loose the
groups are is measured by the inertia, the sum of all squared distances between a point and the centre that it chose:

$$J = \sum_n \sum_d (x_{nd} - c_{\ell_n d})^2$$

with the old centres c, the ones by which the points chose. A centre that nobody chose stays where it is.

By hand. X = [[1], [2], [6]] and C = [[0], [5]]. The squared distances to the first centre are 1, 4, 36, to the second
16, 9, 1. So labels = [0, 0, 1]; the centres move to [[1.5], [6]]; and J = 1 + 4 + 1 = 6.

Source: Lloyd, Least squares quantization in PCM (1982); Hastie, Tibshirani & Friedman, The Elements of Statistical
Learning (2009), section 14.3.6.
"""

import numpy as np


def kmeans_step(X, C):
    """Return the labels of all points, the new centres, and the inertia at the old ones.

    Args:
        X: float array, shape (N, D). N points, N at least 1.
        C: array of floats or integers of any type, shape (K, D). K centres, K at least 1; two of them may be the same.

    Returns:
        (labels, C_new, inertia): labels is an integer array, shape (N,): for each point the number of its nearest
        centre, from 0 to K - 1. Where several centres are equally near, it is the first of them; this is tried with
        small whole numbers, whose squares and sums are exact. C_new is a float array, shape (K, D): row k is the mean
        of the points with label k, and row k of C where there are none. inertia is a float, the sum (not the mean) of
        the squared distances of all points to their centres in C, the old ones. The arguments are left as they were.

    Memory: no array of N x K x D numbers in between. An edge case has N = 16,000 points of D = 250 numbers and K = 64
    centres, where such an array takes 2 GB. The limits are 512 MiB and 20 seconds; a loop over the centres or over the
    points keeps to both.

    scipy.cluster does what you write here; a file that uses it is refused.
    """
    raise NotImplementedError
