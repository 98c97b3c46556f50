r"""Isotonic regression: a staircase that makes scores keep their word.

Platt's sigmoid has one shape, and a model's scores may be wrong in another. Isotonic regression assumes nothing but the
order: whoever has a higher score should not get a lower probability. Among all such staircases it finds the one that is
nearest to what has happened.

Maths. scores holds N numbers, y N outcomes and w N weights, all above 0. Equal scores come first: they cannot be told
apart, so they become one point, with the weighted mean of their y and the sum of their weights. Let x_1 < ... < x_K be
the different scores, y_k and w_k their outcomes and weights. What is asked for is

$$\min_{f_1 \le f_2 \le \dots \le f_K} \; \sum_k w_k\, (y_k - f_k)^2$$

Go from left to right and keep a list of blocks, each with its weighted mean. A new point begins a block of its own. As
long as the last block's mean is not above the mean of the one before it, merge the two: the weighted mean of both takes
their place, and the weights add up. A merged block is lower than the last one was, so look to the left again. This is
called pooling adjacent violators.

By hand. y = [1, 3, 2, 4, 3, 5] with scores in order and weights 1: 3 and 2 violate, and become 2.5, 2.5; then 4 and 3
become 3.5, 3.5. So f = [1, 2.5, 2.5, 3.5, 3.5, 5].

Source: Barlow, Bartholomew, Bremner & Brunk, Statistical inference under order restrictions (1972), section 1.2;
Zadrozny & Elkan, Transforming classifier scores into accurate multiclass probability estimates (2002), section 3.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns=["x_sorted", "y_fit"],
    needs=["reliability_curve", "segment_sum"],
    banned=["scipy.optimize.isotonic_regression"],
    hints=[
        "Do it with a pencil for y = [3, 2, 1]. What is left after the first merge, and what has to be compared next?",
        "np.unique(scores, return_inverse=True) gives the different scores in order and says for every entry which of "
        "them it is. Sums over these segments give weights and weighted means.",
        "Keep three lists: the mean, the weight and the number of points of every block. Append a point; while there "
        "are two blocks and the last mean is not above the one before, pop two and append one. At last repeat each "
        "mean as often as its block has points.",
    ],
    why=(
        "Where two neighbours are out of order, the best staircase is level across both, and a level step is nearest "
        "at its weighted mean: so a merge gives nothing away."
    ),
    lesson="Repairing with one number",
)
def isotonic_fit(scores, y, w=None):
    """Return the different scores in order, and the best non-decreasing fit at each.

    Args:
        scores: float array, shape (N,), in any order, often with equal entries; N is at least 1.
        y: float or integer array, shape (N,). What happened.
        w: float array, shape (N,), above 0, the weights; None for equal ones.

    Returns:
        (x_sorted, y_fit): float arrays, shape (K,): the K different scores in increasing order, and the fitted value at
        each, which never decreases. The arguments are left as they were.

    isotonic_regression of scipy.optimize does in one call what you write here; a file that uses it is refused.
    """
    weights = np.ones(len(y)) if w is None else w
    x_sorted, place = np.unique(scores, return_inverse=True)
    total = np.bincount(place, weights=weights)
    points = np.bincount(place, weights=weights * y) / total
    means, sizes, counts = [], [], []
    for value, weight in zip(points, total, strict=True):
        mean, size, count = value, weight, 1
        while means and means[-1] >= mean:
            before, more = means.pop(), sizes.pop()
            mean, size, count = (before * more + mean * size) / (more + size), more + size, counts.pop() + count
        means.append(mean)
        sizes.append(size)
        counts.append(count)
    return x_sorted, np.repeat(means, counts)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"scores": np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), "y": np.array([1.0, 3.0, 2.0, 4.0, 3.0, 5.0])}


@case
def falling(rng):
    """Every point is lower than the one before: one block remains."""
    return {"scores": np.array([1.0, 2.0, 3.0, 4.0]), "y": np.array([3.0, 2.0, 1.0, 0.5])}


@case
def mixed_up(rng):
    """Scores in no order."""
    scores = np.round(rng.permutation(10) * 0.1 + 0.05, 2)
    return {"scores": scores, "y": np.round(2 * scores + 0.4 * rng.normal(size=10), 2)}


@case
def frauds_and_scores(rng):
    """Thirty different scores, and zeros and ones that follow them roughly."""
    scores = np.round(rng.permutation(30) / 30 + 0.01, 3)
    return {"scores": scores, "y": (rng.random(30) < scores).astype(int)}


@case
def with_weights(rng):
    """Some points count more than others."""
    scores = np.round(rng.permutation(8) * 0.5, 1)
    w = rng.choice([0.5, 1.0, 2.0, 5.0], 8)
    return {"scores": scores, "y": np.round(scores + rng.normal(size=8), 2), "w": w}


@case(hidden=True)
def other_points(rng):
    scores = np.round(rng.permutation(14) * 0.3 - 1, 1)
    return {"scores": scores, "y": np.round(0.5 * scores + 0.6 * rng.normal(size=14), 2)}


@case(edge=True)
def equal_scores(rng):
    """Several outcomes at the same score, in a shuffled order. Three cases at one score count as three."""
    scores = np.array([0.2, 0.5, 0.2, 0.8, 0.5, 0.5, 0.2])
    return {"scores": scores, "y": np.array([0, 1, 1, 0, 0, 1, 0])}


@case(edge=True)
def equal_scores_with_weights(rng):
    """Equal scores whose weights differ: their weights add up."""
    scores = np.array([0.5, 0.5, 0.7, 0.7, 0.7, 0.9])
    return {
        "scores": scores,
        "y": np.array([2.0, 1.0, 1.0, 0.5, 1.5, 1.2]),
        "w": np.array([1.0, 3.0, 2.0, 2.0, 2.0, 1.0]),
    }


@case(edge=True)
def in_order_already(rng):
    """Nothing violates anything."""
    return {"scores": np.array([0.1, 0.4, 0.6]), "y": np.array([-1.0, 0.0, 2.0])}


@case(edge=True)
def one_point(rng):
    """A single score."""
    return {"scores": np.array([0.3]), "y": np.array([1])}


@picture(case="frauds_and_scores")
def the_staircase(axes, arguments, answer):
    """The fitted staircase against the score, and the outcomes as marks at 0 and 1: it never goes down, and its steps
    are means of the outcomes over them."""
    axes.step(answer[0], answer[1], where="mid")
    axes.plot(arguments["scores"], arguments["y"], "|", color="black", markersize=12)
    axes.set(xlabel="score", ylabel="fitted probability", ylim=(-0.1, 1.1))


@alternative
def takes_the_largest_of_smallest_means(scores, y, w=None):
    # f_k is the largest over i <= k of the smallest over j >= k of the weighted mean of points i to j.
    weights = np.ones(len(y)) if w is None else np.asarray(w, float)
    x = np.array(sorted(set(scores.tolist())))
    total = np.array([weights[scores == value].sum() for value in x])
    means = np.array([np.average(y[scores == value], weights=weights[scores == value]) for value in x])
    fit = []
    for k in range(len(x)):
        lows = []
        for i in range(k + 1):
            lows.append(min(np.average(means[i : j + 1], weights=total[i : j + 1]) for j in range(k, len(x))))
        fit.append(max(lows))
    return x, np.array(fit)


@alternative
def takes_slopes_of_the_convex_hull(scores, y, w=None):
    # The fit is the slope of the greatest convex function below the running sums.
    weights = np.ones(y.shape) if w is None else w
    x, place = np.unique(scores, return_inverse=True)
    across = np.concatenate([[0.0], np.cumsum(np.bincount(place, weights=weights))])
    up = np.concatenate([[0.0], np.cumsum(np.bincount(place, weights=weights * y))])
    hull = [0]
    for k in range(1, across.size):
        while len(hull) > 1:
            i, j = hull[-2], hull[-1]
            if (up[j] - up[i]) * (across[k] - across[j]) < (up[k] - up[j]) * (across[j] - across[i]):
                break
            hull.pop()
        hull.append(k)
    slopes = np.diff(up[hull]) / np.diff(across[hull])
    return x, np.repeat(slopes, np.diff(hull))


def _pooled(points, total, once=False):
    blocks = []
    for value, weight in zip(points, total, strict=True):
        block = [value, weight, 1]
        while blocks and blocks[-1][0] >= block[0]:
            mean, size, count = blocks.pop()
            block = [(mean * size + block[0] * block[1]) / (size + block[1]), size + block[1], count + block[2]]
            if once:
                break
        blocks.append(block)
    return np.repeat([block[0] for block in blocks], [block[2] for block in blocks])


def _merged(scores, y, w):
    weights = np.ones(len(y)) if w is None else w
    x, place = np.unique(scores, return_inverse=True)
    total = np.bincount(place, weights=weights)
    return x, np.bincount(place, weights=weights * y) / total, total


@mistake
def does_not_look_back(scores, y, w=None):
    """After a merge nobody looked at the block on the left again, so the fit can still go down. The merged block is
    lower than the last one was."""
    x, points, total = _merged(scores, y, w)
    return x, _pooled(points, total, once=True)


@mistake
def takes_the_running_maximum(scores, y, w=None):
    """Every value is the largest so far. That never goes down, but it is not the nearest: one high point lifts all that
    come after it."""
    x, points, _ = _merged(scores, y, w)
    return x, np.maximum.accumulate(points)


@mistake
def forgets_to_sort(scores, y, w=None):
    """The points were taken in the order in which they were given, and the fit rises along that. It should rise with
    the score: non-decreasing in what?"""
    x, place = np.unique(scores, return_index=True)
    first = np.sort(place)
    weights = np.ones(len(y)) if w is None else w
    return x, _pooled(np.asarray(y, float)[first], weights[first])


@mistake
def forgets_the_weights(scores, y, w=None):
    """The weights were not looked at: every point counts the same."""
    x, points, total = _merged(scores, y, None)
    return x, _pooled(points, total)


@mistake
def averages_the_weights_of_equal_scores(scores, y, w=None):
    """Right, where scores differ. The weights of equal scores were averaged; three cases at one score weigh as much as
    three cases."""
    x, points, total = _merged(scores, y, w)
    _, count = np.unique(scores, return_counts=True)
    return x, _pooled(points, total / count)


@mistake
def forgets_weights_when_merging(scores, y, w=None):
    """A merged block got the plain mean of the two means, whatever they weigh. A block of four points counts four times
    as much as a single one."""
    x, points, _ = _merged(scores, y, w)
    blocks = []
    for value in points:
        block = [value, 1]
        while blocks and blocks[-1][0] >= block[0]:
            mean, count = blocks.pop()
            block = [(mean + block[0]) / 2, count + block[1]]
        blocks.append(block)
    return x, np.repeat([block[0] for block in blocks], [block[1] for block in blocks])


@mistake
def falls_instead_of_rising(scores, y, w=None):
    """The fit never rises. Whoever has a higher score should not get a lower probability: blocks are merged where the
    next one is lower."""
    x, points, total = _merged(scores, y, w)
    return x, _pooled(points[::-1], total[::-1])[::-1]


@mistake
def sorts_the_outcomes(scores, y, w=None):
    """The outcomes were sorted by themselves. That never goes down, but it takes every outcome away from its score."""
    x, points, _ = _merged(scores, y, w)
    return x, np.sort(points)
