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

from grader.authoring import Drawn, UpTo, alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["mean", "components", "explained_ratio"],
    needs=["svd_low_rank", "covariance_matrix"],
    checks=[UpTo("components", "row signs")],
    hints=[
        "Draw the four points of the example. Along which line do they differ most, and through which point does this "
        "line go? What would change if 1000 were added to all first coordinates?",
        "np.linalg.svd(..., full_matrices=False) of the centred table returns U, s and V^T. In which order are the "
        "numbers of s, and are the directions the rows or the columns of its third part?",
        "The mean over the rows goes off first. The components are the first k rows of V^T. The shares are the squares "
        "of the first k numbers of s, divided by the sum of the squares of all of them.",
    ],
    why=(
        "However the axes are turned, a point's squared distance from the mean is the sum of its squared coordinates. "
        "So the variances always add up to the same whole, and what a map hides is known."
    ),
    lesson="PCA: the directions that show most",
)
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
    mean = X.mean(axis=0)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean, Vt[:k], s[:k] ** 2 / np.sum(s**2)


def stretched(rng, n, strengths):
    """A cloud about a mean of its own, spread along turned axes by these strengths, with two decimals."""
    Q, _ = np.linalg.qr(rng.normal(size=(len(strengths), len(strengths))))
    m = np.round(rng.uniform(2, 5, len(strengths)), 1)
    return np.round(m + (rng.normal(size=(n, len(strengths))) * strengths) @ Q.T, 2)


@case
def by_hand(rng):
    """The example of the statement, k = 1."""
    return {"X": np.array([[14.0, 8.0], [6.0, 2.0], [8.5, 7.0], [11.5, 3.0]]), "k": 1}


@case
def a_cloud_in_the_plane(rng):
    """Thirty points in the plane, and both components."""
    turn, along = np.array([[0.8, 0.6], [-0.6, 0.8]]), np.array([2.0, 0.5])
    return {"X": np.round([3.0, 1.0] + (rng.normal(size=(30, 2)) * along) @ turn, 2), "k": 2}


@case
def two_of_four(rng):
    """Nine points with four coordinates, k = 2."""
    return {"X": stretched(rng, 9, [4.0, 2.0, 1.0, 0.5]), "k": 2}


@case(edge=True)
def fewer_points_than_coordinates(rng):
    """Four points with seven coordinates, k = 2."""
    return {"X": stretched(rng, 4, [5.0, 3.0, 1.5, 1.0, 0.5, 0.5, 0.5]), "k": 2}


@case
def one_column_in_other_units(rng):
    """The second column is in cents and the others in euros: it is what varies most, and that is to be said."""
    return {"X": np.round(stretched(rng, 7, [2.0, 1.0, 0.5]) * [1.0, 100.0, 1.0], 2), "k": 1}


@case(hidden=True)
def three_of_five(rng):
    return {"X": stretched(rng, 11, [6.0, 3.0, 1.5, 0.7, 0.3]), "k": 3}


@case(edge=True)
def all_directions(rng):
    """k = D: the shares sum to 1."""
    return {"X": stretched(rng, 6, [3.0, 1.5, 0.5]), "k": 3}


@case(edge=True)
def whole_numbers(rng):
    """X holds integers."""
    return {"X": np.array([[7, 1, 0], [2, 3, 1], [9, 1, 5], [4, 0, 1], [1, 8, 2]]), "k": 2}


@case(edge=True)
def a_column_that_never_varies(rng):
    """The third column is 2.5 for everybody: no component has a share in it."""
    X = stretched(rng, 6, [3.0, 1.0, 0.4])
    X[:, 2] = 2.5
    return {"X": X, "k": 2}


@case(edge=True)
def two_points(rng):
    """N = 2: there is one direction, from the one to the other, and its share is all."""
    return {"X": np.array([[1.0, 2.0, 4.0], [3.0, 3.0, 2.0]]), "k": 1}


@case(edge=True)
def the_same_point_often(rng):
    """Every point stands there three times; that changes no direction and no share."""
    return {"X": np.repeat(stretched(rng, 5, [3.0, 1.0, 0.4]), 3, axis=0), "k": 2}


@case(edge=True, seconds=20)
def sixteen_thousand_coordinates(rng):
    """20 points of 16,000 numbers, k = 1."""
    return {"X": Drawn(73, (20, 16_000)), "k": 1}


@picture(case="a_cloud_in_the_plane")
def the_new_axes(axes, arguments, answer):
    """Two lines through the mean, at a right angle. Each is as long as the points are spread along it, two standard
    deviations to either side: the first one lies along the cloud, the second one across."""
    mean, components, ratio = (np.asarray(part, float) for part in answer)
    X = arguments["X"]
    axes.plot(X[:, 0], X[:, 1], "o", color="#000000", markersize=3, linestyle="none")
    whole = np.sum((X - X.mean(axis=0)) ** 2) / len(X)
    for v, share, colour, style in zip(components, ratio, ("#0072B2", "#D55E00"), ("-", "--"), strict=True):
        ends = mean + 2 * np.sqrt(whole * share) * np.array([[-1.0], [1.0]]) * v
        axes.plot(ends[:, 0], ends[:, 1], color=colour, linestyle=style, label=f"share {share:.3f}")
    axes.legend(frameon=False)
    axes.set(aspect="equal", xlabel="first column", ylabel="second column")


@alternative
def turns_the_covariance(X, k):
    if X.shape[1] > X.shape[0]:  # the table of all points with all points has the same eigenvalues
        c = X - np.mean(X, axis=0)
        values, u = np.linalg.eigh(c @ c.T)
        v = (c.T @ u[:, ::-1][:, :k]).T
        return X.sum(axis=0) / len(X), v / np.linalg.norm(v, axis=1, keepdims=True), values[::-1][:k] / values.sum()
    values, vectors = np.linalg.eigh(np.cov(X, rowvar=False))
    order = np.argsort(values)[::-1]
    return X.mean(axis=0), vectors[:, order[:k]].T, values[order[:k]] / np.sum(values)


@alternative
def points_the_other_way(X, k):
    from scipy.linalg import svd

    m = np.average(X, axis=0)
    U, s, _ = svd((X - m).T, full_matrices=False)
    return m, -U.T[:k], s[:k] ** 2 / np.sum((X - m) ** 2)


@alternative
def makes_the_largest_entry_positive(X, k):
    mean = X.mean(axis=0)
    c = X - mean
    Vt = np.linalg.svd(c, full_matrices=False)[2]
    components = np.array([v * np.sign(v[np.argmax(np.abs(v))]) for v in Vt[:k]])
    variances = np.sum((c @ components.T) ** 2, axis=0)
    return mean, components, variances / np.sum(c * c)


def _pca(X, k, mean=None):
    mean = X.mean(axis=0) if mean is None else mean
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return X.mean(axis=0), Vt[:k], s[:k] ** 2 / np.sum(s**2), s, Vt


@mistake
def forgets_to_centre(X, k):
    """The decomposition is that of X itself, so the first direction leads from the origin to the cloud instead of along
    it. Add 1000 to one column: nobody's differences have changed, but your first component has."""
    return _pca(X, k, mean=0.0)[:3]


@mistake
def keeps_the_weakest(X, k):
    """These are the directions in which the points differ least. np.linalg.eigh sorts by growing eigenvalue, so the
    strongest direction comes last."""
    mean, _, _, s, Vt = _pca(X, k)
    return mean, Vt[::-1][:k], (s**2 / np.sum(s**2))[::-1][:k]


@mistake
def leaves_the_strongest_for_last(X, k):
    """These are the right components, in the wrong order: the one with the largest share has to come first."""
    mean, components, ratio, _, _ = _pca(X, k)
    return mean, components[::-1], ratio[::-1]


@mistake
def shares_in_the_selection(X, k):
    """mean and components are right. The shares were taken of what the k components explain together, so that they
    always sum to 1, and nobody sees what was left out. A share of what is asked for?"""
    mean, components, ratio, _, _ = _pca(X, k)
    return mean, components, ratio / ratio.sum()


@mistake
def shares_of_the_singular_values(X, k):
    """mean and components are right. The shares were made of the singular values themselves. A singular value is a
    spread, such as a standard deviation: what is the variance then?"""
    mean, components, _, s, _ = _pca(X, k)
    return mean, components, s[:k] / s.sum()


@mistake
def returns_the_variances(X, k):
    """mean and components are right. These are the variances along the components, in squared units; their shares in
    the whole variance are asked for."""
    mean, components, _, s, _ = _pca(X, k)
    return mean, components, s[:k] ** 2 / (len(X) - 1)


@mistake
def adds_the_shares_up(X, k):
    """mean and components are right. Each entry of explained_ratio counts what all components up to it explain. The
    share of each by itself is asked for."""
    mean, components, ratio, _, _ = _pca(X, k)
    return mean, components, np.cumsum(ratio)


@mistake
def transposes_a_second_time(X, k):
    """mean and shares are right. The third part of np.linalg.svd is V^T already, whose rows are the directions. Here
    its columns were taken."""
    mean, _, ratio, _, V = _pca(X, k)
    return mean, V[:, :k].T, ratio


@mistake
def takes_the_rows_of_eigh(X, k):
    """mean and shares are right. np.linalg.eigh has its directions in the columns of its second part; here rows of it
    were taken, each of which mixes one coordinate of all directions."""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(X, rowvar=False)))
    order = np.argsort(-values)
    return X.mean(axis=0), vectors[order][:k], values[order][:k] / values.sum()


@mistake
def lays_the_components_in_columns(X, k):
    """The components stand in the columns, shape (D, k), and the statement has one in each row. (Where k equals D the
    shape does not tell.)"""
    mean, components, ratio, _, _ = _pca(X, k)
    return mean, components.T, ratio


@mistake
def stretches_the_components(X, k):
    """mean and shares are right. Each component was multiplied by its strength; a direction has length 1."""
    mean, components, ratio, s, _ = _pca(X, k)
    return mean, components * s[:k, None], ratio


@mistake
def divides_by_the_spread(X, k):
    """Every column was divided by its standard deviation. That is often wise, and it is another analysis: here columns
    keep their units (and a column that never varies would be divided by 0)."""
    c = (X - X.mean(axis=0)) / X.std(axis=0)
    if not np.isfinite(c).all():
        return X.mean(axis=0), np.full((k, X.shape[1]), np.nan), np.full(k, np.nan)
    _, s, Vt = np.linalg.svd(c, full_matrices=False)
    return X.mean(axis=0), Vt[:k], s[:k] ** 2 / np.sum(s**2)


@mistake
def centres_every_row(X, k):
    """The mean was taken within each point, over its coordinates. It is the mean point that has to go: one mean for
    each column, over all points."""
    mean = X.mean(axis=1, keepdims=True)
    _, s, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean[:, 0], Vt[:k], s[:k] ** 2 / np.sum(s**2)


@mistake
def takes_the_mean_off_the_callers_table(X, k):
    """The answer is right, but the caller's X has been centred as well: -= changes an array where it lies. (And an
    array of integers refuses it.)"""
    mean = X.mean(axis=0)
    X -= mean
    _, s, Vt = np.linalg.svd(X, full_matrices=False)
    return mean, Vt[:k], s[:k] ** 2 / np.sum(s**2)


@mistake
def builds_the_table_of_all_columns(X, k):
    """Right, as long as there are few columns. Somewhere a table of D x D numbers is made: the covariance of D columns
    is one, and all D right singular vectors are another. With N points there are no more than N directions to find."""
    mean = X.mean(axis=0)
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(X, rowvar=False)))
    return mean, vectors[:, ::-1][:, :k].T, values[::-1][:k] / values.sum()
