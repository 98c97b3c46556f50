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

from grader.authoring import Consistent, Gradient, alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns=["kl", "grad"],
    needs=["joint_probabilities", "pairwise_sq_dists", "kl_divergence", "Hbeta"],
    checks=[Gradient(part="grad", wrt="Y", loss="kl"), Consistent(part="grad", wrt="Y", loss="kl")],
    hints=[
        "Make the three tables w, Q and (P - Q) w of the example, each of shape (3, 3). What stands on their "
        "diagonals? Which pairs pull their points together, and which push them apart?",
        "Y[:, None] - Y holds all differences y_i - y_j, shape (n, n, d). From it come the squared distances, w (its "
        "diagonal set to 0 before anything is summed) and Q. For KL take the pairs with P > 0 only.",
        "Call the third table M. Row i of the gradient is 4 times the sum over j of M[i, j] times the difference "
        "y_i - y_j: a sum over the second axis of M[:, :, None] times the differences.",
    ],
    why=(
        "KL sees only distances, and every pair moves its two points with equal force in opposite directions: so the "
        "gradient sums to 0, and no spring can move the map as a whole."
    ),
    lesson="t-SNE: neighbours, and nothing else",
)
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
    w = 1 / (1 + sum(np.subtract.outer(y, y) ** 2 for y in Y.T))
    np.fill_diagonal(w, 0)
    Q = w / w.sum()
    pairs = P > 0
    kl = np.sum(P[pairs] * np.log(P[pairs] / Q[pairs]))
    M = (P - Q) * w
    return kl, 4 * (M.sum(axis=1)[:, None] * Y - M @ Y)  # sum_j M_ij y_i less sum_j M_ij y_j


def table(*rows):
    """The symmetric P whose entries above the diagonal are these, row by row; they sum to 0.5."""
    n = len(rows) + 1
    P = np.zeros((n, n))
    for i, row in enumerate(rows):
        P[i, i + 1 :] = row
    return P + P.T


def shares(rng, n):
    """A symmetric P, 0 on the diagonal, all other entries above 0, sum 1."""
    A = np.triu(rng.integers(1, 12, (n, n)).astype(float), 1)
    return (A + A.T) / (2 * A.sum())


@case
def by_hand(rng):
    """The example of the statement: three points on a line."""
    return {"P": table([0.30, 0.15], [0.05]), "Y": np.array([[0.0], [1.0], [3.0]])}


@case
def four_in_the_plane(rng):
    """Four points in the plane; the pair 1, 2 and the pair 3, 4 are the nearest in the table."""
    Y = np.array([[0.5, 0.0], [-1.0, 1.5], [0.0, -0.75], [2.0, 1.0]])
    return {"P": table([0.18, 0.04, 0.03], [0.05, 0.02], [0.18]), "Y": Y}


@case
def six_in_the_plane(rng):
    """Six points in the plane."""
    return {"P": shares(rng, 6), "Y": np.round(1.5 * rng.normal(size=(6, 2)), 2)}


@case
def a_map_with_three_axes(rng):
    """Five points in space."""
    return {"P": shares(rng, 5), "Y": np.round(rng.normal(size=(5, 3)), 2)}


@case(hidden=True)
def seven_in_the_plane(rng):
    return {"P": shares(rng, 7), "Y": np.round(2 * rng.normal(size=(7, 2)), 2)}


@case(edge=True)
def no_neighbours_at_all(rng):
    """Some pairs are no neighbours in the table: their P is 0."""
    Y = np.array([[0.5, 0.0], [-1.0, 1.5], [0.0, -0.75], [2.0, 1.0]])
    return {"P": table([0.3, 0.0, 0.05], [0.15, 0.0], [0.0]), "Y": Y}


@case(edge=True)
def two_in_one_place(rng):
    """The first and the third point of the map lie in the same place."""
    Y = np.array([[0.5, -1.0], [-1.0, 1.5], [0.5, -1.0], [2.0, 1.0]])
    return {"P": table([0.18, 0.04, 0.03], [0.05, 0.02], [0.18]), "Y": Y}


@case(edge=True)
def far_apart(rng):
    """The two halves of the map are 1000 apart, which a slow kernel still feels."""
    Y = np.array([[0.5, 0.0], [-1.0, 1.5], [1000.0, -0.75], [1002.0, 1.0]])
    return {"P": table([0.18, 0.04, 0.03], [0.05, 0.02], [0.18]), "Y": Y}


@picture(case="six_in_the_plane")
def where_every_point_goes(axes, arguments, answer):
    """Each point of the map, and an arrow against its gradient: the way that makes the divergence smaller. All arrows
    together add up to nothing."""
    kl, grad = answer
    Y = arguments["Y"]
    for i, (y, g) in enumerate(zip(Y, np.asarray(grad, float), strict=True)):
        axes.annotate("", y - 8 * g, y, arrowprops={"arrowstyle": "->", "color": "#D55E00", "lw": 1.6})
        axes.plot(*y, "o", color="#0072B2")
        axes.text(*(y + 0.08), str(i))
    axes.set(title=f"kl = {float(kl):.4f}", aspect="equal")
    axes.margins(0.25)


@alternative
def goes_pair_by_pair(P, Y):
    n = len(Y)
    w = [[0.0 if i == j else 1 / (1 + float(((Y[i] - Y[j]) ** 2).sum())) for j in range(n)] for i in range(n)]
    total = sum(map(sum, w))
    kl, grad = 0.0, np.zeros(Y.shape)
    for i in range(n):
        for j in range(n):
            q = w[i][j] / total
            if P[i, j] > 0:
                kl += P[i, j] * (np.log(P[i, j]) - np.log(q))
            grad[i] += 4 * (P[i, j] - q) * w[i][j] * (Y[i] - Y[j])
    return kl, grad


@alternative
def multiplies_by_the_map(P, Y):
    # sum_j M_ij (y_i - y_j) = (sum_j M_ij) y_i - (M Y)_i, without the differences.
    from scipy.special import rel_entr

    squares = (Y**2).sum(axis=1)
    w = 1 / (1 + np.maximum(squares[:, None] + squares - 2 * Y @ Y.T, 0))
    w = w * (1 - np.eye(len(Y)))
    Q = w / np.sum(w)
    M = (P - Q) * w
    return rel_entr(P, Q).sum(), 4 * (np.diag(M.sum(axis=1)) - M) @ Y


@alternative
def counts_every_pair_once(P, Y):
    from scipy.spatial.distance import pdist, squareform

    w = 1 / (1 + pdist(Y, "sqeuclidean"))
    p, q = squareform(P), w / (2 * w.sum())
    kl = 2 * np.sum(p * np.log(np.where(p > 0, p, 1.0) / q))
    M = squareform((p - q) * w)
    return float(kl), 4 * np.stack([np.ravel(M[i] @ (Y[i] - Y)) for i in range(len(Y))])


@alternative
def puts_a_floor_under_p(P, Y):
    w = 1 / (1 + ((Y[:, None, :] - Y[None, :, :]) ** 2).sum(-1))
    w[range(len(Y)), range(len(Y))] = 0
    Q = np.maximum(w / w.sum(), 1e-100)
    kl = np.sum(P * np.log(np.maximum(P, 1e-100) / Q))
    return kl, 4 * np.einsum("ij,ijd->id", (P - Q) * w, Y[:, None] - Y[None])


def _differences(Y):
    return Y[:, None] - Y


def _kernel(Y):
    w = 1 / (1 + (_differences(Y) ** 2).sum(axis=2))
    np.fill_diagonal(w, 0)
    return w


def _divergence(P, Q):
    pairs = P > 0
    return float(np.sum(P[pairs] * np.log(P[pairs] / Q[pairs])))


def _forces(M, Y):
    return 4 * np.sum(M[:, :, None] * _differences(Y), axis=1)


@mistake
def falls_too_fast_in_the_map(P, Y):
    """The map has a Gaussian kernel here, e^-distance squared: that is SNE, the method before t-SNE. Which kernel does
    the statement have, and what does it do for pairs that are far apart?"""
    w = np.exp(-(_differences(Y) ** 2).sum(axis=2))
    np.fill_diagonal(w, 0)
    Q = w / w.sum()
    return _divergence(P, np.maximum(Q, 1e-300)), _forces(P - Q, Y)


@mistake
def takes_half_of_the_gradient(P, Y):
    """kl is right, and grad is half of what it should be. y_i stands in row i and in column i of the tables, and each
    square has a slope with a factor of its own."""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q), _forces((P - Q) * w, Y) / 2


@mistake
def pulls_all_pairs_alike(P, Y):
    """kl is right. The force of a pair lacks its w, which makes it weaker the farther the two are apart. (With a
    Gaussian kernel it would be right without.)"""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q), _forces(P - Q, Y)


@mistake
def weakens_by_the_share(P, Y):
    """kl is right. The force of a pair was multiplied by Q_ij in the place of w_ij: these differ by the sum that Q was
    divided by."""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q), _forces((P - Q) * Q, Y)


@mistake
def makes_everybody_their_own_neighbour(P, Y):
    """w was left at 1 on the diagonal, and took part in the sum, so every Q is too small. Is a point its own neighbour
    in the map?"""
    w = 1 / (1 + (_differences(Y) ** 2).sum(axis=2))
    Q = w / w.sum()
    return _divergence(P, Q), _forces((P - Q) * w, Y)


@mistake
def goes_downhill_already(P, Y):
    """kl is right, and grad has the opposite sign: it is the direction of the step. The gradient points uphill; whoever
    moves the points subtracts it."""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q), _forces((Q - P) * w, Y)


@mistake
def asks_the_other_way_round(P, Y):
    """grad is right. In kl, P and Q have changed places: the shares in front of the logarithm are those of the table,
    and the two directions of a divergence differ (and where a P is 0, this one is infinite)."""
    w = _kernel(Y)
    Q = w / w.sum()
    with np.errstate(divide="ignore"):
        off = ~np.eye(len(P), dtype=bool)
        return float(np.sum(Q[off] * np.log(Q[off] / P[off]))), _forces((P - Q) * w, Y)


@mistake
def adds_every_pair_once(P, Y):
    """grad is right, and kl is half of what it should be: every pair was counted once, and the sum runs over (i, j) as
    well as (j, i)."""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q) / 2, _forces((P - Q) * w, Y)


@mistake
def counts_in_bits(P, Y):
    """grad is right. kl was measured with logarithms to base 2, and grad is the slope of the natural one."""
    w = _kernel(Y)
    Q = w / w.sum()
    return _divergence(P, Q) / np.log(2), _forces((P - Q) * w, Y)


@mistake
def leaves_out_the_entropy_of_the_table(P, Y):
    """grad is right. kl lacks the sum of P log P, which does not depend on the map and therefore has no slope. But only
    with it the divergence is 0 where map and table agree."""
    w = _kernel(Y)
    Q = w / w.sum()
    pairs = P > 0
    return float(-np.sum(P[pairs] * np.log(Q[pairs]))), _forces((P - Q) * w, Y)


@mistake
def multiplies_zero_by_its_logarithm(P, Y):
    """Right, where every pair has a share. Where a P is 0, P log P was computed as 0 times minus infinity, which is no
    number; such a pair adds nothing."""
    w = _kernel(Y)
    Q = w / w.sum()
    off = ~np.eye(len(P), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.sum(P[off] * np.log(P[off] / Q[off]))), _forces((P - Q) * w, Y)


@mistake
def forgets_the_squares(P, Y):
    """The kernel was made of the distances themselves. In the denominator stands 1 plus the squared distance."""
    w = 1 / (1 + np.sqrt((_differences(Y) ** 2).sum(axis=2)))
    np.fill_diagonal(w, 0)
    Q = w / w.sum()
    return _divergence(P, Q), _forces((P - Q) * w, Y)


@mistake
def shares_out_every_row(P, Y):
    """Each row of Q sums to 1 here, as for the shares of a single point. The Q of the map is one table that sums to 1
    as a whole."""
    w = _kernel(Y)
    Q = w / w.sum(axis=1, keepdims=True)
    return _divergence(P, Q), _forces((P - Q) * w, Y)


@mistake
def fills_the_callers_zeros(P, Y):
    """The answer is right, but the zeros of the caller's P have been replaced by tiny numbers. The next step of the
    descent uses this P again. Leave it, and pick the pairs with P > 0."""
    P[P == 0] = 1e-15
    w = _kernel(Y)
    Q = w / w.sum()
    off = ~np.eye(len(P), dtype=bool)
    return float(np.sum(P[off] * np.log(P[off] / Q[off]))), _forces((P - Q) * w, Y)
