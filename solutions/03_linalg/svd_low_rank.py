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

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns=["A_k", "err"],
    needs=["projection_matrix"],
    hints=[
        "np.linalg.svd(A, full_matrices=False) returns three parts. Print their shapes for an A of shape (5, 3). Is "
        "the third one V, or V^T?",
        "The first k columns of U belong to the first k numbers of s and to the first k rows of Vt. U * s multiplies "
        "each column of U by its number.",
        "A_k is (U[:, :k] * s[:k]) @ Vt[:k]. What was left out is s[k:]; err is the root of the sum of its squares.",
    ],
    why=(
        "The tables u_i v_i^T are at right angles, so none can stand in for another: of all ways to choose k, the "
        "strongest come nearest to A, and no other table of rank k comes nearer (Eckart and Young)."
    ),
    lesson="How little of a table is enough",
)
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
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], np.sqrt(np.sum(s[k:] ** 2))


@case
def by_hand(rng):
    """The example of the statement, k = 1."""
    return {"A": np.array([[3.0, 0.0], [0.0, 2.0]]), "k": 1}


@case
def taller_than_wide(rng):
    """Five rows, three columns, k = 1."""
    return {"A": np.round(rng.normal(size=(5, 3)), 2), "k": 1}


@case
def wider_than_tall(rng):
    """Three rows, six columns, k = 2."""
    return {"A": np.round(rng.normal(size=(3, 6)), 2), "k": 2}


@case
def a_small_picture(rng):
    """A disc and its shadow, 12 rows and 16 columns with a little noise, k = 2."""
    row, column = np.mgrid[0:12, 0:16]
    disc = np.hypot(row - 5, column - 6) < 4.2
    shadow = (np.hypot(row - 9, column - 10) < 3.2) & ~disc
    return {"A": np.round(1.0 * disc + 0.5 * shadow + 0.03 * rng.normal(size=disc.shape), 2), "k": 2}


@case(hidden=True)
def four_by_seven(rng):
    return {"A": np.round(rng.normal(size=(4, 7)), 2), "k": 2}


@case(edge=True)
def nothing_is_kept(rng):
    """k = 0: A_k is all zeros, and err is the norm of A."""
    return {"A": np.round(rng.normal(size=(3, 4)), 2), "k": 0}


@case(edge=True)
def everything_is_kept(rng):
    """k is as large as it can be: A_k is A, and err is 0."""
    return {"A": np.array([[3.0, 0.0], [0.0, 2.0], [0.0, 0.0]]), "k": 2}


@case(edge=True)
def whole_numbers(rng):
    """A holds integers; A_k does not."""
    return {"A": np.array([[2, 1, 0], [1, 3, 1], [0, 1, 5], [1, 0, 1]]), "k": 1}


@case(edge=True)
def a_single_row(rng):
    """One row of four numbers, and k = 1."""
    return {"A": np.array([[0.0, -2.0, 0.0, 0.0]]), "k": 1}


@picture(case="a_small_picture")
def what_two_directions_show(axes, arguments, answer):
    """Of the 12 directions of the picture two are kept: where the disc is and where its shadow begins can be told, but
    every row is a mixture of the same two rows."""
    A_k, err = answer
    axes.imshow(A_k, cmap="gray_r", vmin=0, vmax=1)
    axes.set(title=f"err = {float(err):.3f}", xticks=[], yticks=[])


@alternative
def adds_direction_by_direction(A, k):
    U, s, Vt = np.linalg.svd(A)
    A_k = np.zeros(A.shape)
    for i in range(k):
        A_k += s[i] * np.outer(U[:, i], Vt[i])
    return A_k, float(np.linalg.norm(A - A_k))


@alternative
def silences_the_weak_ones(A, k):
    from scipy.linalg import diagsvd, svd

    U, s, Vt = svd(A)
    kept = np.where(np.arange(len(s)) < k, s, 0.0)
    return U @ diagsvd(kept, *A.shape) @ Vt, np.sqrt(max(np.sum(s**2) - np.sum(kept**2), 0.0))


@alternative
def projects_the_rows(A, k):
    # The v_i are the eigenvectors of A^T A, which eigh sorts by growing eigenvalue. A v v^T is each row's share in v.
    _, vectors = np.linalg.eigh(A.T @ A)
    V = vectors[:, ::-1][:, :k]
    A_k = A @ V @ V.T
    return A_k, np.sqrt(((A - A_k) ** 2).sum())


@mistake
def forgets_the_strengths(A, k):
    """The directions are mixed with equal weight. Each has a strength, its singular value: where did it go?"""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] @ Vt[:k], np.sqrt(np.sum(s[k:] ** 2))


@mistake
def keeps_the_weakest(A, k):
    """The k last directions were kept. Print s: which of its numbers say the most about A?"""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    first = len(s) - k
    return (U[:, first:] * s[first:]) @ Vt[first:], np.sqrt(np.sum(s[:first] ** 2))


@mistake
def transposes_a_second_time(A, k):
    """The third part of np.linalg.svd is V^T already: its rows are the directions. Here its columns were taken."""
    U, s, V = np.linalg.svd(A)
    return U[:, :k] @ np.diag(s[:k]) @ V[:, :k].T, np.sqrt(np.sum(s[k:] ** 2))


@mistake
def transposes_the_short_form_a_second_time(A, k):
    """The third part of np.linalg.svd is V^T already: its rows are the directions. Here its columns were taken, which
    for a wide A does not even give the shape of A."""
    U, s, V = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ V[:, :k].T, np.sqrt(np.sum(s[k:] ** 2))


@mistake
def returns_what_is_left_over(A, k):
    """This is A - A_k, the part that is to be left out. Its norm is err; the other part is asked for."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, k:] * s[k:]) @ Vt[k:], np.sqrt(np.sum(s[k:] ** 2))


@mistake
def measures_the_first_that_is_left_out(A, k):
    """A_k is right. err is the first singular value that was left out, which is the error in another norm. The
    Frobenius norm counts all that were left out, each by its square."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], max(s[k:], default=0.0)


@mistake
def forgets_the_root(A, k):
    """A_k is right. err is the sum of the squares, and a distance is the root of it."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], np.sum(s[k:] ** 2)


@mistake
def adds_the_strengths_without_squares(A, k):
    """A_k is right. err is the plain sum of what was left out. The directions are at right angles, so their lengths add
    up as in the theorem of Pythagoras."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], np.sum(s[k:])


@mistake
def measures_what_was_kept(A, k):
    """A_k is right. err is the norm of A_k: it grows with k, and an error should become smaller the more is kept."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], np.sqrt(np.sum(s[:k] ** 2))


@mistake
def measures_relative_to_a(A, k):
    """A_k is right. err was divided by the norm of A, which makes a share of it; the norm of the difference itself is
    asked for."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    return (U[:, :k] * s[:k]) @ Vt[:k], np.sqrt(np.sum(s[k:] ** 2) / np.sum(s**2))
