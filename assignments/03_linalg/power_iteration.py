r"""Power iteration: multiply until one direction is left.

A web page is important if important pages link to it; a portfolio swings most along one mixture of its shares. Such
questions ask for one special vector of a matrix, its dominant eigenvector. The matrix may have millions of rows: then
multiplying by it again and again is all that one can afford, and it is enough.

Maths. A has shape (n, n) and is symmetric. An eigenvector v is a direction that A only stretches: A v = lambda v, where
the number lambda is its eigenvalue, negative where A turns v round. Begin with the start vector v0, shape (n,), brought
to length 1, and repeat num_iters times:

$$v \leftarrow \frac{A v}{\|A v\|}, \qquad \text{and in the end} \quad \lambda = v^T A v = \sum_{ij} v_i A_{ij} v_j$$

The length is the Euclidean one, the root of the sum of the squares. Each multiplication stretches the part of v along
an eigenvector by its eigenvalue, so the part with the largest |lambda| outgrows all others.

If v is an eigenvector, so is -v: either sign of v is right.

By hand. A = [[2, 0], [0, -5]] and v0 = [3, 4]. Of length 1, v is [0.6, 0.8]. One step: A v = [1.2, -4], its length is
4.176, so v = [0.287, -0.958] and lambda = 2 * 0.287^2 - 5 * 0.958^2 = -4.422. After 40 steps v is [0, 1] or [0, -1]
to sixteen digits, and lambda = -5.

Source: Trefethen & Bau, Numerical Linear Algebra (1997), lecture 27.
"""

import numpy as np


def power_iteration(A, num_iters, v0):
    """Return the eigenvalue of largest magnitude and its eigenvector, as far as num_iters multiplications find them.

    Args:
        A: array of floats or integers, shape (n, n), symmetric. Its entries are 0 or of magnitudes between 1e-100 and
            1e100.
        num_iters: int, 0 or more. How many times v is multiplied by A: exactly, also where v hardly changes any more.
        v0: array of floats or integers, shape (n,), not all zero and of any length. The vector to start from.

    Returns:
        (lam, v): v is a float array, shape (n,), of length 1, of either sign. lam is a float, v^T A v of this same v.
        For num_iters = 0, v is v0 brought to length 1. Where A v is the zero vector, v stays as it is and lam is 0.0:
        v is an eigenvector then, with eigenvalue 0. The arguments are left as they were.
    """
    raise NotImplementedError
