r"""Low rank: how little of a table is enough?

A grey photograph is a table of numbers, a million for a small one; so is "who bought what". Most of such a table can be
said in a few rows and columns that are mixed in different strengths. The singular value decomposition finds the best
few, and it says beforehand how much is lost.

Maths. A has shape (m, n); r is the smaller of m and n. Every A can be written as

$$A = U S V^T = \sum_{i=1}^{r} s_i\, u_i v_i^T$$

with the columns u_i of U, shape (m, r), of length 1 and at right angles, the same for the columns v_i of V, shape
(n, r), and strengths s_1 >= s_2 >= ... >= 0, the singular values. u_i v_i^T is a whole table of shape (m, n), with the
entry u_a v_b in row a and column b. Of all tables of rank k, that is, made of k such products, none is nearer to A than

$$A_k = \sum_{i=1}^{k} s_i\, u_i v_i^T, \qquad err = \|A - A_k\|_F = \sqrt{\sum_{i=k+1}^{r} s_i^2}$$

where the norm with the F, for Frobenius, is the root of the sum of all squared entries: the usual distance, between
tables.

By hand. A = [[3, 0], [0, 2]] is 3 times [1, 0]^T [1, 0] plus 2 times [0, 1]^T [0, 1], so s = [3, 2]. For k = 1 the
stronger one stays: A_1 = [[3, 0], [0, 0]] and err = 2. For k = 0 nothing stays, and err = sqrt(9 + 4) = 3.606.

Source: Eckart & Young, The approximation of one matrix by another of lower rank (1936); Deisenroth, Faisal & Ong,
Mathematics for Machine Learning (2020), sections 4.5 and 4.6.
"""

import numpy as np


def svd_low_rank(A, k):
    """Return the best approximation of rank k, and how far it is from A.

    Args:
        A: array of floats or integers, shape (m, n), m and n at least 1.
        k: int, from 0 to min(m, n). How many of the strongest directions to keep.

    Returns:
        (A_k, err): A_k is a float array, shape (m, n); for k = 0 it is all zeros. err is a float, the Frobenius norm of
        A - A_k: the root of the sum of the squares of the singular values that were left out, and 0 where none was.
        The arguments are left as they were.

    np.linalg.svd does the decomposition; putting the parts together is yours. Where s_k equals s_k+1 there would be
    several best answers; this does not occur.
    """
    raise NotImplementedError
