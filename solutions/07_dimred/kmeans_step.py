r"""One step of k-means: everybody to the nearest centre, every centre to its people.

A shop wants to write to its customers in eight tones of voice, not in a hundred thousand. k-means sorts the customers
into K groups: it guesses K typical customers, and improves the guess by the step that you write here, again and again.
Each step makes the groups tighter or leaves them as they are, so it comes to an end.

Maths. X has shape (N, D), a point in each row; C has shape (K, D), a centre in each row. First every point n chooses
the nearest centre; then every centre moves to the mean of the N_k points that have chosen it:

$$\ell_n = \arg\min_k \sum_d (x_{nd} - c_{kd})^2 \qquad
c'_{kd} = \frac{1}{N_k} \sum_{n:\ \ell_n = k} x_{nd}$$

The letter l_n is the label of point n, the number of its centre, and c'_k the new place of centre k. How loose the
groups are is measured by the inertia, the sum of all squared distances between a point and the centre that it chose:

$$J = \sum_n \sum_d (x_{nd} - c_{\ell_n d})^2$$

with the old centres c, the ones by which the points chose. A centre that nobody chose stays where it is.

By hand. X = [[1], [2], [6]] and C = [[0], [5]]. The squared distances to the first centre are 1, 4, 36, to the second
16, 9, 1. So labels = [0, 0, 1]; the centres move to [[1.5], [6]]; and J = 1 + 4 + 1 = 6.

Source: Lloyd, Least squares quantization in PCM (1982); Hastie, Tibshirani & Friedman, The Elements of Statistical
Learning (2009), section 14.3.6.
"""

import numpy as np

from grader.authoring import Drawn, alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns=["labels", "C_new", "inertia"],
    needs=["pairwise_sq_dists", "segment_sum"],
    banned=["scipy.cluster"],
    hints=[
        "Make the table of all squared distances for the example, a row for each point and a column for each centre. "
        "Where in a row do you read the label, and which number of the row belongs into the inertia?",
        "If D is this table, of shape (N, K), argmin and min along its rows give labels and distances. A table can be "
        "filled column by column, one centre at a time. labels == k picks the points of centre k: what if there are "
        "none?",
        "Begin C_new as a copy of C, in floats. Then, for each k, where any label is k, write the mean of those rows "
        "of X into row k. Nothing else has to be done for a centre without points.",
    ],
    why=(
        "Each half of the step does its best while the other rests, so J can never rise; and since there are only so "
        "many ways to hand out labels, repeating the step must come to rest."
    ),
    lesson="k-means: take turns",
)
def kmeans_step(X, C):
    """Return the labels of all points, the new centres, and the inertia at the old ones.

    Args:
        X: float array, shape (N, D). N points, N at least 1.
        C: array of floats or integers of any type, shape (K, D). K centres, K at least 1; two of them may be the same.

    Returns:
        (labels, C_new, inertia): labels is an integer array, shape (N,): for each point the number of its nearest
        centre, from 0 to K - 1. Where several centres are equally near, it is the first of them; this is tried with
        small whole numbers, whose squares and sums are exact. C_new is a float array, shape (K, D): row k is the mean
        of the points with label k, and row k of C where there are none. inertia is a float, the sum (not the mean) of
        the squared distances of all points to their centres in C, the old ones. The arguments are left as they were.

    Memory: no array of N x K x D numbers in between. An edge case has N = 16,000 points of D = 250 numbers and K = 64
    centres, where such an array takes 2 GB. The limits are 512 MiB and 20 seconds; a loop over the centres or over the
    points keeps to both.

    scipy.cluster does what you write here; a file that uses it is refused.
    """
    D = np.column_stack([((X - c) ** 2).sum(axis=1) for c in C])
    labels = D.argmin(axis=1)
    C_new = C.astype(float)
    for k in range(len(C)):
        if (labels == k).any():
            C_new[k] = X[labels == k].mean(axis=0)
    return labels, C_new, D.min(axis=1).sum()


def groups(rng, sizes, homes):
    """Points around homes that lie at least 6 apart, none further from its home than 1 along each axis; centres too."""
    homes = np.array(homes, dtype=float)
    owner = rng.permutation(np.repeat(np.arange(len(homes)), sizes))
    X = homes[owner] + np.round(rng.uniform(-1, 1, (len(owner), homes.shape[1])), 2)
    return {"X": np.round(X, 2), "C": np.round(homes + rng.uniform(-1, 1, homes.shape), 2)}


@case
def by_hand(rng):
    """The example of the statement."""
    return {"X": np.array([[1.0], [2.0], [6.0]]), "C": np.array([[0.0], [5.0]])}


@case
def three_groups(rng):
    """Twelve points in the plane, three centres near them."""
    return groups(rng, [3, 4, 5], [[-4, -3], [4, -2], [0, 5]])


@case
def round_the_corner(rng):
    """One centre is 3 away along two axes, the other one 5 along a single axis: which is nearer?"""
    X = np.array([[0.0, 0.0, 0.5], [0.5, 0.25, 0.0], [0.0, 6.5, 0.0], [3.5, 2.0, 1.0], [-0.25, 4.0, -1.5]])
    return {"X": X, "C": np.array([[3.0, 3.0, 0.0], [0.0, 5.0, 0.0]])}


@case
def one_crowd(rng):
    """Twelve points in a single crowd, divided among three centres that lie within it."""
    X = np.round(2 * rng.normal(size=(12, 2)), 2)
    return {"X": X, "C": np.array([[1.5, 0.25], [-1.25, 1.0], [-0.25, -1.5]])}


@case(hidden=True)
def four_axes(rng):
    return groups(rng, [2, 5, 4], [[5, 0, 0, 0], [0, -5, 0, 3], [-3, 0, 6, 0]])


@case(edge=True)
def nobody_comes(rng):
    """The third centre is so far away that no point chooses it: it stays where it is."""
    X = np.array([[1.25, 0.5], [2.0, -0.75], [-3.0, 1.5], [-2.5, 0.25]])
    return {"X": X, "C": np.array([[1.5, 0.0], [-3.0, 0.5], [40.0, 30.5]])}


@case(edge=True)
def in_the_middle(rng):
    """The last point is as near to one centre as to the other: the first one gets it."""
    X = np.array([[0.0, 1.0], [4.0, 2.0], [5.0, 0.0], [2.0, 3.0]])
    return {"X": X, "C": np.array([[0.0, 0.0], [4.0, 0.0]])}


@case(edge=True)
def two_centres_in_one_place(rng):
    """The second and the third centre are the same: the second gets the points, and the third none."""
    X = np.array([[0.0, 1.0], [1.0, 5.0], [2.0, 6.0], [1.0, 0.0]])
    return {"X": X, "C": np.array([[1.0, 1.0], [1.0, 6.0], [1.0, 6.0]])}


@case(edge=True)
def centres_in_whole_numbers(rng):
    """C holds integers, of type uint8, in which 18 * 18 has no room; the means are none."""
    X = np.array([[1.25, 2.0], [2.0, 4.5], [19.0, 16.25], [17.0, 18.5], [18.5, 19.0]])
    return {"X": X, "C": np.array([[0, 0], [18, 18]], dtype=np.uint8)}


@case(edge=True, seconds=20)
def sixteen_thousand_points(rng):
    """16,000 points of 250 numbers, 64 centres."""
    return {"X": Drawn(71, (16_000, 250)), "C": Drawn(72, (64, 250))}


@picture(case="three_groups")
def where_the_centres_go(axes, arguments, answer):
    """Every point has the mark of its centre. An arrow leads from each old centre (a ring) to the new one, which is the
    point of balance of its own points."""
    labels, C_new, inertia = answer
    X, C = arguments["X"], arguments["C"]
    marks = zip(("#0072B2", "#D55E00", "#009E73"), "os^", strict=True)
    for k, (colour, mark) in enumerate(marks):
        own = np.asarray(labels) == k
        axes.plot(X[own, 0], X[own, 1], mark, color=colour, markersize=6, linestyle="none")
        axes.plot(*C[k], "o", markerfacecolor="none", color=colour, markersize=12)
        arrow = {"arrowstyle": "->", "color": "#000000", "lw": 1.6}
        axes.annotate("", C_new[k], C[k], arrowprops=arrow)
    axes.set(title=f"inertia = {float(inertia):.4g}", aspect="equal")


@alternative
def goes_point_by_point(X, C):
    labels, inertia = [], 0.0
    sums, counts = np.zeros(C.shape), np.zeros(len(C))
    for x in X:
        squares = np.sum(np.square(C - x), axis=1).tolist()
        nearest = squares.index(min(squares))
        labels.append(nearest)
        inertia += squares[nearest]
        sums[nearest] += x
        counts[nearest] += 1
    C_new = [s / n if n else c for s, n, c in zip(sums, counts, C, strict=True)]
    return np.array(labels, dtype=int), np.array(C_new, dtype=float), inertia


@alternative
def multiplies_out_the_squares(X, C):
    # |x|^2 is the same for all centres, so the nearest is known without it.
    without = (C.astype(float) ** 2).sum(axis=1) - 2 * X @ C.T
    labels = np.argmin(without, axis=1)
    ones = (labels[:, None] == np.arange(len(C))).astype(float)
    counts = ones.sum(axis=0)[:, None]
    C_new = np.where(counts > 0, ones.T @ X / np.maximum(counts, 1), C)
    return labels, C_new, float((X**2).sum() + without.min(axis=1).sum())


@alternative
def compares_distances_with_roots(X, C):
    from scipy.spatial.distance import cdist

    distances = cdist(X, C)
    labels = distances.argmin(axis=1)
    C_new = np.array(C, dtype=float)
    np.add.at(C_new, labels, X - C[labels])  # the centre moves by the mean of the ways to its points
    counts = np.bincount(labels, minlength=len(C))[:, None]
    return labels, C + (C_new - C) / np.maximum(counts, 1), np.sum((X - C[labels]) ** 2.0)


def _table(X, C):
    return np.column_stack([((X - c) ** 2).sum(axis=1) for c in C])


def _means(X, C, labels):
    C_new = C.astype(float)
    for k in set(labels.tolist()):
        C_new[k] = X[labels == k].mean(axis=0)
    return C_new


@mistake
def takes_the_mean_of_nobody(X, C):
    """A centre that no point chose has become NaN: its mean is a sum of nothing, divided by 0. The statement says where
    such a centre is after the step."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    return labels, np.array([X[labels == k].mean(axis=0) for k in range(len(C))]), D.min(axis=1).sum()


@mistake
def sends_a_lonely_centre_to_the_origin(X, C):
    """Right, except that a centre without points has moved to the point 0: a sum of nothing is 0, and dividing it by 1
    instead of 0 does not make a mean of it. The statement says where such a centre is after the step."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    ones = (labels[:, None] == np.arange(len(C))).astype(float)
    return labels, ones.T @ X / np.maximum(ones.sum(axis=0), 1)[:, None], D.min(axis=1).sum()


@mistake
def loses_a_lonely_centre(X, C):
    """Right as long as every centre is chosen. One that is not is missing in C_new, and the numbers of those behind it
    no longer fit the labels. Go through the K centres rather than through the labels that occur."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    means = [X[labels == k].mean(axis=0) for k in np.unique(labels)]
    return labels, np.array(means).reshape(len(means), C.shape[1]), D.min(axis=1).sum()


@mistake
def moves_centres_on_the_way(X, C):
    """Each centre moved as soon as a point had chosen it, so that the next points met other centres. First all points
    choose, all by the old centres; only then do the centres move."""
    moving, members, labels = C.astype(float), np.zeros(len(C)), np.zeros(len(X), dtype=int)
    for n, x in enumerate(X):
        labels[n] = k = np.argmin(((moving - x) ** 2).sum(axis=1))
        members[k] += 1
        moving[k] += (x - moving[k]) / members[k]
    return labels, moving, np.sum((X - C[labels]) ** 2)


@mistake
def measures_to_the_new_centres(X, C):
    """labels and C_new are right. The inertia was measured after the centres had moved. By which centres did the points
    choose?"""
    labels = _table(X, C).argmin(axis=1)
    C_new = _means(X, C, labels)
    return labels, C_new, np.sum((X - C_new[labels]) ** 2)


@mistake
def adds_plain_distances(X, C):
    """labels and C_new are right. The inertia adds up distances, where their squares are asked for. (The mean is the
    place from which the sum of the squares is least; for plain distances it would be another one.)"""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    return labels, _means(X, C, labels), np.sqrt(D.min(axis=1)).sum()


@mistake
def averages_the_inertia(X, C):
    """labels and C_new are right. The inertia is a mean over the points; a sum is asked for."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    return labels, _means(X, C, labels), D.min(axis=1).sum() / len(X)


@mistake
def adds_up_the_whole_table(X, C):
    """labels and C_new are right. The inertia counts the distances of every point to all centres. A point answers for
    the one that it chose, and for no other."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    return labels, _means(X, C, labels), D.sum()


@mistake
def walks_along_the_streets(X, C):
    """The nearest centre was sought with sums of |x - c|, the way on foot through a town of square blocks. The formula
    squares each difference before it adds them up."""
    D = np.column_stack([np.abs(X - c).sum(axis=1) for c in C])
    labels = D.argmin(axis=1)
    return labels, _means(X, C, labels), ((X - C[labels]) ** 2.0).sum()


@mistake
def gives_ties_to_the_last(X, C):
    """Right, except where several centres are equally near: there the last of them got the point, and the first one is
    asked for. A loop that compares with <= lets a later centre take over at a tie."""
    D = _table(X, C)
    labels = len(C) - 1 - D[:, ::-1].argmin(axis=1)
    return labels, _means(X, C, labels), D.min(axis=1).sum()


@mistake
def forgets_to_divide(X, C):
    """labels and inertia are right. The new centres are the sums of their points: how many points are in each sum?"""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    C_new = C.astype(float)
    for k in set(labels.tolist()):
        C_new[k] = X[labels == k].sum(axis=0)
    return labels, C_new, D.min(axis=1).sum()


@mistake
def keeps_whole_numbers_only(X, C):
    """Right for floats. C_new was made like C, and where C holds integers there is no room for what comes after the
    point of a mean. Print the dtype of your C_new."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    C_new = C.copy()
    for k in set(labels.tolist()):
        C_new[k] = X[labels == k].mean(axis=0)
    return labels, C_new, D.min(axis=1).sum()


@mistake
def writes_into_c(X, C):
    """The centres were moved in the caller's own array: C_new is another name for C. Whoever wants to know how far the
    centres have come compares the two, and finds no difference."""
    D = _table(X, C)
    labels = D.argmin(axis=1)
    for k in set(labels.tolist()):
        C[k] = X[labels == k].mean(axis=0)
    return labels, C, D.min(axis=1).sum()


@mistake
def writes_down_all_differences(X, C):
    """The numbers are right, but all N x K x D differences were in the memory at once. Only the N x K sums of their
    squares are needed: fill that table one centre at a time, or multiply out the square."""
    D = ((X[:, None, :] - C) ** 2).sum(axis=-1)
    labels = D.argmin(axis=1)
    return labels, _means(X, C, labels), D.min(axis=1).sum()
