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

from grader.authoring import Drawn, Holds, alternative, case, exercise, mistake

NOT_NEGATIVE = Holds("sqrt(D) == sqrt(abs(D))")


@exercise(
    points=3,
    difficulty=2,
    returns="D",
    needs=["batch_bilinear"],
    hints=[
        "Multiply out (a - b)^2 for two numbers, and then for two points of two coordinates. Which terms need only x, "
        "which only y, and which both?",
        "The sums of squares are one number for each row. X @ Y.T holds all the sums of products at once. Of the three "
        "terms, one has to be a column, of shape (N, 1), and one a row, so that they spread over the whole table.",
        "(X**2).sum(axis=1)[:, None] is a column and (Y**2).sum(axis=1) a row. Their sum less 2 * X @ Y.T has the "
        "shape of D. np.maximum(..., 0.0) takes care of the rest, and X.astype(float) of whole numbers.",
    ],
    why=(
        "Multiplied out, the square lets two points meet in one product only, so a table of N x M is enough. And what "
        "comes out below 0 can only be rounding, so raising it to 0 brings it nearer to the truth."
    ),
    lesson="Distances: multiply out the square",
)
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
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)
    return np.maximum(squares - 2 * X @ Y.T, 0.0)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"X": np.array([[1.0, 2.0]]), "Y": np.array([[4.0, 6.0], [1.0, 2.0]])}


@case
def four_points_and_three(rng):
    """Points in the plane."""
    return {"X": np.round(rng.normal(size=(4, 2)), 2), "Y": np.round(rng.normal(size=(3, 2)), 2)}


@case
def many_coordinates(rng):
    """Two points and five points of six coordinates."""
    return {"X": np.round(2 * rng.normal(size=(2, 6)), 2), "Y": np.round(2 * rng.normal(size=(5, 6)), 2)}


@case(hidden=True)
def as_many_here_as_there(rng):
    return {"X": np.round(rng.normal(size=(3, 4)), 2), "Y": np.round(rng.normal(size=(3, 4)), 2)}


@case(edge=True, checks=[NOT_NEGATIVE])
def a_set_and_itself(rng):
    """X and Y hold the same 40 points, with coordinates of a few hundred: each point is at distance 0 from itself."""
    X = np.round(100 * rng.normal(size=(40, 3)), 2)
    return {"X": X, "Y": X.copy()}


@case(edge=True, checks=[NOT_NEGATIVE])
def a_set_and_nearly_itself(rng):
    """Each coordinate in Y is the next float to one in X: the smallest difference that there is."""
    X = np.round(100 * rng.normal(size=(40, 3)), 2)
    return {"X": X, "Y": np.nextafter(X, 1000.0)}


@case(edge=True)
def pixels_of_one_byte(rng):
    """Numbers of type uint8, 0 to 255, which cannot hold their own squares."""
    return {"X": rng.integers(0, 256, (3, 4)).astype(np.uint8), "Y": rng.integers(0, 256, (2, 4)).astype(np.uint8)}


@case(edge=True)
def no_points(rng):
    """X holds no point, so the table has no row."""
    return {"X": np.zeros((0, 3)), "Y": np.round(rng.normal(size=(2, 3)), 2)}


@case(edge=True, seconds=20)
def photos_of_forty_thousand_pixels(rng):
    """100 points and 100 points, each with 40,000 coordinates."""
    return {"X": Drawn(11, (100, 40_000)), "Y": Drawn(12, (100, 40_000))}


@alternative
def goes_point_by_point(X, Y):
    D = np.empty((len(X), len(Y)))
    for i, x in enumerate(X.astype(float)):
        D[i] = ((Y - x) ** 2).sum(axis=1)
    return D


@alternative
def asks_scipy(X, Y):
    from scipy.spatial.distance import cdist

    return cdist(X, Y, "sqeuclidean")


@alternative
def sums_with_einsum_and_clips(X, Y):
    X, Y = np.asarray(X, dtype=np.float64), np.asarray(Y, dtype=np.float64)
    D = np.einsum("ik,ik->i", X, X)[:, None] - 2 * np.einsum("ik,jk->ij", X, Y) + np.einsum("jk,jk->j", Y, Y)
    D[D < 0] = 0
    return D


@alternative
def writes_the_squares_beside_the_coordinates(X, Y):
    # (x, |x|^2, 1) times (-2y, 1, |y|^2), all in one product; a rounding error below 0 loses its sign.
    X, Y = X.astype(float), Y.astype(float)
    left = np.column_stack([X, np.linalg.norm(X, axis=1) ** 2, np.ones(len(X))])
    right = np.column_stack([-2 * Y, np.ones(len(Y)), np.linalg.norm(Y, axis=1) ** 2])
    return np.abs(left @ right.T)


@alternative
def adds_coordinate_by_coordinate(X, Y):
    D = np.zeros((len(X), len(Y)))
    for x, y in zip(X.T.astype(float), Y.T.astype(float), strict=True):
        D += np.subtract.outer(x, y) ** 2
    return D


@mistake
def lets_rounding_go_below_zero(X, Y):
    """The formula is right, and rounding has pushed some distances of equal or nearly equal points a little below 0.
    What does a later square root say to that?"""
    X, Y = X.astype(float), Y.astype(float)
    return (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1) - 2 * X @ Y.T


@mistake
def writes_down_all_differences(X, Y):
    """The numbers are right, but all N x M x d differences were in the memory at once. Multiply out the square, and
    count how many numbers each term needs."""
    return ((X[:, None, :].astype(float) - Y[None, :, :]) ** 2).sum(axis=-1)


@mistake
def takes_the_root(X, Y):
    """These are the distances themselves. The squared ones are asked for: the sq in the name says so."""
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)
    return np.sqrt(np.maximum(squares - 2 * X @ Y.T, 0.0))


@mistake
def forgets_the_two(X, Y):
    """The product of x and y is subtracted once. Multiply out (a - b)^2 on paper: how often does a b appear?"""
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)
    return np.maximum(squares - X @ Y.T, 0.0)


@mistake
def adds_the_product(X, Y):
    """The product of x and y is added, which gives |x + y|^2. Try it with two equal points, whose distance is 0."""
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)
    return np.maximum(squares + 2 * X @ Y.T, 0.0)


@mistake
def lays_the_squares_along_the_wrong_axis(X, Y):
    """The sums over the rows of X were spread along the rows of the table, and those of Y along its columns. Row i of D
    belongs to X[i]: which of the two sums has to stand upright, as a column? (Where N equals M nothing stops you, and
    the numbers are wrong in silence.)"""
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).sum(axis=1) + (Y**2).sum(axis=1)[:, None]
    return np.maximum(squares - 2 * X @ Y.T, 0.0)


@mistake
def takes_the_mean(X, Y):
    """The squared differences are averaged over the coordinates, where the sum is asked for. Compare your answer with
    the example of the statement: by what factor is it off?"""
    X, Y = X.astype(float), Y.astype(float)
    squares = (X**2).mean(axis=1)[:, None] + (Y**2).mean(axis=1)
    return np.maximum(squares - 2 * X @ Y.T / X.shape[1], 0.0)


@mistake
def stays_in_whole_numbers(X, Y):
    """Right for floats. A number of type uint8 goes up to 255 and begins again at 0 after it, in a square as in a
    product. Print np.array([200], np.uint8) ** 2."""
    squares = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1)
    return np.maximum(squares - 2 * (X @ Y.T), 0)
