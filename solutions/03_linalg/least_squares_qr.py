r"""Least squares by QR: the best fit, without losing half of the digits.

A line through measured points can hardly meet them all: there are more equations than unknowns. Least squares makes the
squared misses add up to as little as possible. The textbook formula multiplies A by its own transpose on the way, which
squares every difficulty that A has. Fit a line against a clock that counts the seconds since 1970, and that formula
finds nothing; QR, which statistics programs use, does.

Maths. A has shape (m, n) with m >= n, an equation in each row and an unknown for each column; b has shape (m,). The
columns of A are independent: none can be made of the others. What is asked for is

$$x = \arg\min_x \|A x - b\|^2 = \arg\min_x \sum_i \left( \sum_j A_{ij} x_j - b_i \right)^2$$

Write A = Q R. The n columns of Q, shape (m, n), have length 1 and are at right angles, so that Q^T Q = I. R, shape
(n, n), is upper triangular: 0 below its diagonal. A x is nearest to b when what is missed, b - A x, is at right angles
to all that A can reach, so that it has no part along any column of Q:

$$Q^T (b - Q R x) = 0 \quad \Rightarrow \quad R x = Q^T b$$

The last row of R x = Q^T b holds one unknown, the row above two, and so on: solve from the bottom up.

By hand. A = [[3], [4]], b = [5, 10]: the only column has length 5, so Q = [[0.6], [0.8]] and R = [[5]]. Q^T b =
0.6 * 5 + 0.8 * 10 = 11, so x = [11 / 5] = [2.2]. A x = [6.6, 8.8] misses b by [-1.6, 1.2], which is at a right angle to
the column: 3 * (-1.6) + 4 * 1.2 = 0.

Source: Trefethen & Bau, Numerical Linear Algebra (1997), lectures 11 and 19; Hastie, Tibshirani & Friedman, The
Elements of Statistical Learning (2009), section 3.2.3.
"""

import numpy as np
from scipy.linalg import solve_triangular

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns="x",
    needs=["gram_schmidt", "solve_triangular"],
    banned=["numpy.linalg.lstsq", "scipy.linalg.lstsq", "numpy.linalg.pinv", "scipy.linalg.pinv"],
    hints=[
        "Write down the shapes of Q, R and Q^T b for m = 5 and n = 2. How many equations are left, and how many "
        "unknowns?",
        "np.linalg.qr(A) returns Q and R. R x = Q^T b has as many equations as unknowns, and the last of them has one "
        "unknown only.",
        "solve_triangular(R, Q.T @ b) solves from the bottom up, for b of shape (m,) and (m, k) alike. Nowhere does "
        "A.T @ A appear.",
    ],
    why=(
        "At the best x what is missed is at a right angle to every column, so by Pythagoras any step away makes it "
        "longer. Q says this in directions of length 1, without squaring A's condition number."
    ),
    lesson="The best fit is a shadow",
)
def least_squares_qr(A, b):
    """Return the x for which A x is nearest to b, through A = Q R.

    Args:
        A: array of floats or integers, shape (m, n), m >= n >= 1. Its columns are independent.
        b: array of floats or integers, shape (m,), or (m, k) for k right-hand sides at once, each a column.

    Returns:
        x: float array, shape (n,), or (n, k) where b has k columns. The arguments are left as they were.

    Any way to Q and R is right: np.linalg.qr, scipy.linalg.qr, your own reflections, your own Gram-Schmidt. lstsq and
    pinv of numpy.linalg and scipy.linalg are what you write here; a file that uses them is refused.

    Accuracy: an edge case has a column of ones and a column of large, nearly equal numbers. A^T A cannot be told there
    from a matrix whose columns are dependent, and QR has no difficulty.
    """
    Q, R = np.linalg.qr(A)
    return solve_triangular(R, Q.T @ b)


@case
def by_hand(rng):
    """The example of the statement: one unknown, two equations."""
    return {"A": np.array([[3.0], [4.0]]), "b": np.array([5.0, 10.0])}


@case
def a_line(rng):
    """A line through six points that do not lie on one: x is where it begins and how steep it is."""
    t = np.arange(6.0)
    return {"A": np.column_stack([np.ones(6), t]), "b": np.round(1 + 0.5 * t + 0.4 * rng.normal(size=6), 2)}


@case
def three_unknowns(rng):
    """Seven equations, three unknowns."""
    return {"A": np.round(rng.normal(size=(7, 3)), 2), "b": np.round(rng.normal(size=7), 2)}


@case
def two_right_hand_sides(rng):
    """b has shape (5, 2), so x has shape (2, 2): a column for each."""
    return {"A": np.round(rng.normal(size=(5, 2)), 2), "b": np.round(rng.normal(size=(5, 2)), 2)}


@case
def as_many_equations_as_unknowns(rng):
    """m = n: all equations can be met."""
    A = np.array([[1.0, 2.0, 0.5], [3.0, -1.0, 1.0], [-1.0, 0.5, 2.0]])  # of two columns Q may equal its transpose
    return {"A": A, "b": np.round(rng.normal(size=3), 2)}


@case(hidden=True)
def four_unknowns(rng):
    return {"A": np.round(rng.normal(size=(9, 4)), 2), "b": np.round(rng.normal(size=9), 2)}


@case(edge=True)
def seconds_since_1970(rng):
    """A line against a clock: four readings within six seconds in January 2004, when it showed about 2^30 seconds."""
    t = 2.0**30 + np.array([-3.0, -1.0, 1.0, 3.0])
    return {"A": np.column_stack([np.ones(4), t]), "b": np.round(rng.normal(size=4), 2)}


@case(edge=True)
def whole_numbers(rng):
    """A and b hold integers; x does not."""
    return {"A": np.array([[1, 0], [1, 1], [1, 2], [1, 4]]), "b": np.array([1, 3, 2, 5])}


@case(edge=True)
def one_right_hand_side_in_a_column(rng):
    """b has shape (4, 1), so x has shape (2, 1)."""
    return {"A": np.round(rng.normal(size=(4, 2)), 2), "b": np.round(rng.normal(size=(4, 1)), 2)}


@picture(case="a_line")
def the_line_through_the_points(axes, arguments, answer):
    """The dotted misses, from each point straight up or down to the line, have squares that add up to as little as
    possible. A line that leaves all points on one side is not it."""
    t, b = arguments["A"][:, 1], arguments["b"]
    line = arguments["A"] @ np.reshape(answer, 2)
    axes.vlines(t, b, line, linestyles=":", colors="#D55E00")
    axes.plot(t, b, "o", color="#000000", linestyle="none")
    axes.plot(t, line, color="#0072B2", linestyle="-")
    axes.set(title=f"misses squared: {np.sum((line - b) ** 2):.4g}", xlabel="t", ylabel="b")


@alternative
def reflects(A, b):
    # Householder: each reflection turns a column onto an axis; b goes along.
    R, y = np.array(A, dtype=float), np.array(b, dtype=float).reshape(len(b), -1)
    m, n = R.shape
    for j in range(min(n, m - 1)):
        v = R[j:, j].copy()
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        v /= np.linalg.norm(v)
        R[j:] -= 2 * np.outer(v, v @ R[j:])
        y[j:] -= 2 * np.outer(v, v @ y[j:])
    x = np.zeros((n, y.shape[1]))
    for i in reversed(range(n)):
        x[i] = (y[i] - R[i, i + 1 :] @ x[i + 1 :]) / R[i, i]
    return x.reshape(n, *b.shape[1:])


@alternative
def makes_right_angles_one_by_one(A, b):
    # Modified Gram-Schmidt, and a general solver for R.
    Q, n = A.astype(float), A.shape[1]
    R = np.zeros((n, n))
    for j in range(n):
        R[j, j] = np.sqrt(np.sum(Q[:, j] ** 2))
        Q[:, j] /= R[j, j]
        for k in range(j + 1, n):
            R[j, k] = np.sum(Q[:, j] * Q[:, k])
            Q[:, k] -= R[j, k] * Q[:, j]
    return np.linalg.solve(R, Q.T @ b)


@alternative
def takes_the_first_columns_of_a_whole_q(A, b):
    import scipy.linalg

    Q, R = scipy.linalg.qr(A)
    n = A.shape[1]
    return scipy.linalg.solve_triangular(R[:n], Q[:, :n].T @ b)


@alternative
def solves_for_each_right_hand_side_alone(A, b):
    Q, R = np.linalg.qr(A)
    if b.ndim == 1:
        return np.linalg.solve(R, b @ Q)
    return np.stack([np.linalg.solve(R, column @ Q) for column in b.T], axis=1)


@mistake
def multiplies_a_by_its_transpose(A, b):
    """Right, where A is good-natured. A^T A has the square of A's difficulties: where the columns of A point nearly the
    same way, the difference is lost to rounding when the product is formed, and no solver brings it back. Q^T and R do
    without the product."""
    return np.linalg.inv(A.T @ A) @ A.T @ b


@mistake
def keeps_all_columns_of_q(A, b):
    """A matrix with m rows and n columns was handed to a function for square ones: A itself, or an R of m rows, which
    comes with all m columns of Q. The last m - n of these only describe what no A x can reach. How many do the n
    equations of R x = Q^T b need?"""
    Q, R = np.linalg.qr(A, mode="complete")
    return np.linalg.solve(R, Q.T @ b)


@mistake
def hands_a_tall_matrix_to_scipy(A, b):
    """A matrix with m rows and n columns was handed to a function of scipy for square ones: A itself, or an R of m
    rows, which comes with all m columns of Q. The last m - n of these only describe what no A x can reach. How many
    do the n equations of R x = Q^T b need?"""
    Q, R = np.linalg.qr(A, mode="complete")
    return solve_triangular(R, Q.T @ b)


@mistake
def solves_with_the_transpose_of_r(A, b):
    """The other triangle was solved, as if R stood on its head. A = Q R, so the unknowns meet R itself: on which side
    of its diagonal are the zeros?"""
    Q, R = np.linalg.qr(A)
    return np.linalg.solve(R.T, Q.T @ b)


@mistake
def multiplies_by_r(A, b):
    """Q^T b was multiplied by R. It equals R x: what has to be done to get from there to x?"""
    Q, R = np.linalg.qr(A)
    return R @ (Q.T @ b)


@mistake
def stops_at_the_right_hand_side(A, b):
    """This is Q^T b, the parts of b along the columns of Q. The x that is asked for belongs to the columns of A: one
    equation is left to solve."""
    Q, _ = np.linalg.qr(A)
    return Q.T @ b


@mistake
def divides_by_the_diagonal_alone(A, b):
    """Every row was divided by its diagonal entry as if nothing else stood in it. (A solver that is told that R is
    lower triangular does the same.) Above the diagonal R is not 0: the unknowns that are found first have to be
    subtracted from the rows above."""
    Q, R = np.linalg.qr(A)
    return ((Q.T @ b).T / np.diag(R)).T


@mistake
def trusts_the_first_equations(A, b):
    """The first n equations were met exactly, and the others not looked at. All of them have a say in the best fit:
    compare the squared misses of all rows."""
    n = A.shape[1]
    return np.linalg.solve(A[:n], b[:n])


@mistake
def forgets_to_transpose_q(A, b):
    """Q was multiplied with b as it is. Its shape is (m, n), and n numbers have to be made of the m in b: each is the
    product of one column of Q with b."""
    Q, R = np.linalg.qr(A)
    return solve_triangular(R, Q @ b)
