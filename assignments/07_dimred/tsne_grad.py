r"""The gradient of t-SNE: which way should every point of the map go?

t-SNE begins with points scattered on a sheet of paper, one for each customer, and moves them until neighbours in the
table are neighbours on paper. How far the paper is from the table is one number, a Kullback-Leibler divergence; its
gradient says which way each point has to go. It reads like a net of springs: some pairs pull, others push.

Maths. P has shape (n, n): P_ij is the share of the pair i, j in all neighbourhood in the table. It is symmetric, 0 on
the diagonal, and sums to 1. Y has shape (n, d): the points on paper, with d = 2 usually. There the shares are made with
a kernel that falls slowly, that of Student's t distribution with one degree of freedom:

$$w_{ij} = \frac{1}{1 + \|y_i - y_j\|^2}, \qquad w_{ii} = 0, \qquad
Q_{ij} = \frac{w_{ij}}{\sum_{kl} w_{kl}}$$

where y_i is the row i of Y, ||y_i - y_j||^2 the squared distance of two rows, and the sum runs over all ordered pairs,
(k, l) as well as (l, k). The divergence, in nats, and its gradient are

$$KL = \sum_{ij} P_{ij} \log \frac{P_{ij}}{Q_{ij}} \qquad
\frac{\partial KL}{\partial y_i} = 4 \sum_j (P_{ij} - Q_{ij})\, w_{ij}\, (y_i - y_j)$$

A pair with P_ij = 0 adds nothing to KL: 0 log 0 counts as 0.

By hand. Three points on a line (d = 1), y = 0, 1, 3. The squared distances of the pairs 12, 13, 23 are 1, 9, 4, so w =
0.5, 0.1, 0.2; all ordered pairs sum to 1.6, and Q = 0.3125, 0.0625, 0.125. With P = 0.30, 0.15, 0.05:

    KL = 2 (0.30 log(0.30 / 0.3125) + 0.15 log(0.15 / 0.0625) + 0.05 log(0.05 / 0.125))
       = 2 (-0.0122 + 0.1313 - 0.0458) = 0.1465
    first point: 4 ((0.30 - 0.3125) * 0.5 * (0 - 1) + (0.15 - 0.0625) * 0.1 * (0 - 3))
       = 4 (0.00625 - 0.02625) = -0.08

The other two entries of the gradient are 0.095 and -0.015; all three sum to 0, since moving the whole map changes
nothing.

Source: van der Maaten & Hinton, Visualizing data using t-SNE (2008), section 3.2 and appendix A.
"""

import numpy as np


def tsne_grad(P, Y):
    """Return the Kullback-Leibler divergence of the map from the table, and its gradient.

    Args:
        P: float array, shape (n, n), n at least 2. Symmetric, 0 on the diagonal, all entries 0 or more, sum 1. Entries
            off the diagonal may be 0, too.
        Y: float array, shape (n, d). The points of the map; several of them may lie in the same place.

    Returns:
        (kl, grad): kl is a float, in nats, summed over all ordered pairs; pairs with P = 0 add nothing. grad is a float
        array, shape (n, d), dkl/dY. The arguments are left as they were.
    """
    raise NotImplementedError
