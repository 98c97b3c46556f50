r"""Power iteration: multiply until one direction is left.

A web page is important if important pages link to it; a portfolio swings most along one mixture of its shares. Such
questions ask for one special vector of a matrix, its dominant eigenvector. The matrix may have millions of rows: then
multiplying by it again and again is all that one can afford, and it is enough.

Maths. A has shape (n, n) and is symmetric. An eigenvector v is a direction that A only stretches: A v = lambda v, where
the number lambda is its eigenvalue, negative where A flips v to the opposite side. ||v|| is the Euclidean length of v,
the root of the sum of its squared entries. Begin with the start vector v0, shape (n,), brought to length 1 by dividing
it by its length, and repeat num_iters times:

$$v \leftarrow \frac{A v}{\|A v\|}, \qquad \text{and in the end} \quad \lambda = v^T A v = \sum_{ij} v_i A_{ij} v_j$$

A symmetric A has n eigenvectors at right angles, and any v is a sum of parts along them. Each multiplication stretches
every part by its own eigenvalue, so the part with the largest |lambda| outgrows all others, if v0 has any of it. And
where A v = lambda v, the number v^T A v is lambda v^T v, which is lambda, since v has length 1.

If v is an eigenvector, so is -v: either sign of v is right.

By hand. A = [[2, 0], [0, -5]] and v0 = [3, 4]. Of length 1, v is [0.6, 0.8]. One step: A v = [1.2, -4], its length is
4.176, so v = [0.287, -0.958] and lambda = 2 * 0.287^2 - 5 * 0.958^2 = -4.422. After 40 steps v is [0, 1] or [0, -1],
give or take 1e-16, and lambda = -5.

Source: Trefethen & Bau, Numerical Linear Algebra (1997), lecture 27.
"""

import numpy as np


def power_iteration(A, num_iters, v0):
    """Return the eigenvalue of largest magnitude and its eigenvector, as far as num_iters multiplications find them.

    Args:
        A: array of floats or integers, shape (n, n), symmetric. Its entries are 0 or of magnitudes between 1e-100 and
            1e100, so that no square is too large or too small for a float.
        num_iters: int, 0 or more. How many times v is multiplied by A: exactly, also where v hardly changes any more.
        v0: array of floats or integers, shape (n,), not all zero. The vector to start from; it need not have length 1.
            Its entries are 0 or of magnitudes between 1e-20 and 1e20.

    Returns:
        (lam, v): v is a float array, shape (n,), of length 1, of either sign. lam is a float, v^T A v of this same v.
        For num_iters = 0, v is v0 brought to length 1. Where all entries of A v are exactly 0, v stays as it is and lam
        is 0.0: v is an eigenvector then, with eigenvalue 0. The arguments are left as they were.
    """
    raise NotImplementedError
