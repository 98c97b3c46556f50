r"""Principal components: the few directions in which the data differ most.

A table of customers has sixty columns, and nobody can look at sixty axes. But columns go together: who orders often
also pays much, writes reviews, and sends things back. PCA turns the axes so that the first one shows as much of the
differences between customers as one axis can, the second one as much as possible of what is left, and so on; and it
says which share each of them shows.

Maths. X has shape (N, D), a point in each row. The mean m has shape (D,); X - m is the table with the mean taken off
every row, and its singular value decomposition is

$$X - m = U S V^T = \sum_i s_i\, u_i v_i^T, \qquad s_1 \ge s_2 \ge \dots \ge 0$$

The components are the first k right singular vectors v_i, each of shape (D,), of length 1 and at right angles to each
other. The variance along v_i is proportional to s_i^2, so the share of the whole variance that lies along v_i is

$$\rho_i = \frac{s_i^2}{\sum_j s_j^2}$$

where j runs over all directions, not only over the k that are kept.

If v points along a direction, so does -v: either sign of each component is right.

By hand. X = [[14, 8], [6, 2], [8.5, 7], [11.5, 3]] has the mean [10, 5]. What is left is [4, 3], [-4, -3], [-1.5, 2],
[1.5, -2]: two points along [0.8, 0.6], 5 to either side, and two at a right angle to it, 2.5 to either side. So the
squares s^2 are 25 + 25 = 50 and 6.25 + 6.25 = 12.5. For k = 1 the component is [0.8, 0.6] or [-0.8, -0.6], and its
share 50 / 62.5 = 0.8.

Source: Pearson, On lines and planes of closest fit to systems of points in space (1901); Deisenroth, Faisal & Ong,
Mathematics for Machine Learning (2020), sections 10.2 and 10.4.
"""

import numpy as np


def pca_fit(X, k):
    """Return the mean, the first k principal components, and the share of the variance that each explains.

    Args:
        X: array of floats or integers, shape (N, D). N points, at least 2; D may be far larger than N. Columns keep
            their units: nothing is divided by a standard deviation.
        k: int, from 1 to min(N, D). How many components. The first k singular values of the centred table are above 0
            and all different, so that nothing but the signs is left open.

    Returns:
        (mean, components, explained_ratio): mean is a float array, shape (D,). components is a float array, shape
        (k, D); its rows are of length 1, at right angles to each other, in the order of descending variance, each of
        either sign. explained_ratio is a float array, shape (k,): the variance along each component as a share of the
        variance along all directions, so for k < D it may sum to less than 1. The arguments are left as they were.

    np.linalg does the decomposition; putting the parts together is yours.

    Memory: an edge case has N = 20 points of D = 16,000 numbers, and the limit is 512 MiB. A table of D x D numbers
    would take 2 GB; there are at most N directions to be found.
    """
    raise NotImplementedError
