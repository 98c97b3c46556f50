r"""Pairwise squared distances: how far is everything from everything else?

To find the old photos that are most like a new one, a program needs a table: the distance from every new photo to every
old one. The obvious way first writes down all differences, and for a few thousand photos these do not fit into the
memory. A formula from school makes one matrix product of it.

Maths. X has shape (N, d), a point in each row; Y has shape (M, d); D has shape (N, M). Let x be the row i of X, y the
row j of Y, and k run over their d coordinates. Multiply out the square as in (a - b)^2 = a^2 + b^2 - 2 a b:

$$D_{ij} = \sum_k (x_k - y_k)^2 = \sum_k x_k^2 + \sum_k y_k^2 - 2 \sum_k x_k y_k$$

The first sum belongs to a row of X alone, the second to a row of Y alone, and the third is the entry (i, j) of the
matrix product X Y^T. A difference of N x M points with d coordinates each never appears.

The price is rounding. If x and y are equal, two large numbers cancel, and what remains can be 0, or something like
1e-11, or -1e-11. No squared distance is negative, and a later square root would answer NaN: so what falls below 0 is
set to 0.

By hand. X = [[1, 2]], Y = [[4, 6], [1, 2]]: the squares of X sum to 5, those of Y to 52 and 5, the products to 16
and 5. So D = [[5 + 52 - 32, 5 + 5 - 10]] = [[25, 0]]; and the point (1, 2) is indeed 3 and 4 away from (4, 6).

Source: Deisenroth, Faisal & Ong, Mathematics for Machine Learning (2020), section 3.3; Stanford CS231n, assignment 1,
`compute_distances_no_loops`.
"""

import numpy as np


def pairwise_sq_dists(X, Y):
    """Return the squared Euclidean distance of every row of X to every row of Y.

    Args:
        X: float64 array, shape (N, d), or integer array of any type. N points; N may be 0.
        Y: array of the dtype of X, shape (M, d). M points, at least one.

    Returns:
        D: float64 array, shape (N, M); D[i, j] is the sum of the squared differences between X[i] and Y[j]. Integers
        count as floats: pixels of type uint8, which holds 0 to 255 and starts again at 0 after that, may have negative
        differences and large squares all the same. The arguments are left as they were.

    Rounding: in float64 the formula is precise enough, and so is the sum of squared differences. The distance of a
    point to itself may come out as 0 or as a small positive number. No entry is below 0, not even by a rounding error.

    Memory and time: no array of N x M x d numbers in between. An edge case has N = M = 100 photos of d = 40,000 pixels,
    where such an array would take 3.2 GB; the limits are 512 MiB and 20 seconds. A loop over the points keeps to both.
    """
    raise NotImplementedError
