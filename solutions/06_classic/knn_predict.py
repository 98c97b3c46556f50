r"""Nearest neighbours: ask those who are most alike.

A new customer has just signed up: will she stay? Look for the k old customers who are most like her, and let them vote.
There is no training and no formula to believe in, and often it is hard to beat. It is a good first answer on new data:
what a cleverer method cannot do better than this, it has not learned.

Maths. X_train has shape (M, D), an old example in each row, y_train has shape (M,) and holds their labels; X has shape
(N, D), a new example in each row. How far apart two examples are is the length of their difference:

$$d_{ij} = \sqrt{\sum_c (x_{ic} - t_{jc})^2}$$

with x row i of X and t row j of X_train. For each i the k training examples with the smallest d_ij vote with their
labels, and the label with most votes wins. Two rules make the answer unique:

    of two training examples equally far away, the one that stands earlier in X_train counts as nearer
    of two labels with equally many votes, the smaller one wins

The root is not needed to tell who is nearer, and the squares under it can be multiplied out:

$$d_{ij}^2 = \sum_c x_{ic}^2 + \sum_c t_{jc}^2 - 2 \sum_c x_{ic} t_{jc}$$

The last sum is an entry of the matrix product X X_train^T, so that N x M x D differences never have to be written down.

By hand. X_train = [[0], [1], [4], [6]] with labels [2, 2, 5, 5], X = [[2.75]]: the distances are 2.75, 1.75, 1.25 and
3.25. k = 1 asks the third and says 5. k = 2 asks the second as well, one vote each: the smaller label, 2. k = 3 asks
the first as well, and 2 wins by two votes to one. k = 4 asks all, two votes each: 2 again.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 2.3.2; Stanford CS231n,
assignment 1, KNearestNeighbor.
"""

import numpy as np

from grader.authoring import Drawn, alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns="labels",
    needs=["pairwise_sq_dists"],
    hints=[
        "For the example of the statement, write down the four distances. You need to know who is near, not how near: "
        "which function of NumPy tells the places of the smallest numbers?",
        "The squared distances are a table of shape (N, M): squares of X as a column, squares of X_train as a row, "
        "less twice X @ X_train.T. np.argsort(table, axis=1, kind='stable')[:, :k] has the places of the k nearest, "
        "and leaves equally distant ones in the order in which they stand.",
        "y_train[places] has shape (N, k), the votes. In each row np.unique(row, return_counts=True) gives the labels "
        "from the smallest to the largest, and how many votes each has; np.argmax of the counts finds the first of "
        "several equal ones.",
    ],
    why=(
        "The vote asks only who is nearer, so whatever keeps the order, such as the root, can be left out. What the "
        "order leaves open is ties, and a rule for each makes the answer the same for everybody."
    ),
    lesson="Nearest neighbours: ask those who are alike",
)
def knn_predict(X_train, y_train, X, k=1):
    """Return the label that the k nearest training examples vote for, for every row of X.

    Args:
        X_train: array of floats or integers of any type, shape (M, D), M >= 1. The training examples.
        y_train: integer array, shape (M,). Their labels: any whole numbers, negative and very large ones as well.
        X: array of the dtype of X_train, shape (N, D). N may be 0.
        k: int, from 1 to M. How many neighbours vote.

    Returns:
        labels: integer array, shape (N,), also where N is 0. Neighbours are near by Euclidean distance. Of two training
        examples equally far away, the one that stands earlier in X_train counts as nearer; where labels have equally
        many votes, the smallest of them wins. The arguments are left as they were.

    Rounding decides nothing: wherever the cases have distances that are not equal, they differ by far more than a
    rounding error, and equal ones are distances between whole numbers, which come out equal whatever the formula.
    Pixels of type uint8 count as numbers: 3 - 5 is -2.

    Memory and time: no array of N x M x D numbers in between. An edge case has N = 400, M = 1000 and D = 1000, where
    such an array would take 3.2 GB; the limits are 512 MiB and 20 seconds. A loop over the rows of X keeps to both.
    """
    X_train, X = X_train.astype(float), X.astype(float)
    squares = (X**2).sum(axis=1)[:, None] + (X_train**2).sum(axis=1) - 2 * X @ X_train.T
    nearest = np.argsort(squares, axis=1, kind="stable")[:, :k]
    classes = np.unique(y_train)
    votes = (y_train[nearest][:, :, None] == classes).sum(axis=1)  # (N, number of classes)
    return classes[votes.argmax(axis=1)]


def clear(rng, M, N, k, D=2, spread=1.0):
    """Training examples and new ones, with two decimals, such that no two distances from one new example are nearly
    equal: nobody's rounding can change an order."""
    while True:
        X_train, X = np.round(spread * rng.normal(size=(M, D)), 2), np.round(spread * rng.normal(size=(N, D)), 2)
        d = np.sort(np.sqrt(((X[:, None] - X_train) ** 2).sum(axis=2)), axis=1)
        if (np.diff(d, axis=1) > 0.004 * spread).all():
            return {"X_train": X_train, "y_train": rng.integers(0, 3, M), "X": X, "k": k}


@case
def by_hand(rng):
    """The example of the statement, with k = 3."""
    X_train = np.array([[0.0], [1.0], [4.0], [6.0]])
    return {"X_train": X_train, "y_train": np.array([2, 2, 5, 5]), "X": np.array([[2.75]]), "k": 3}


@case
def the_nearest_alone(rng):
    """k = 1: ten training examples in the plane, six new ones."""
    return {**clear(rng, 10, 6, 1), "y_train": np.array([0, 1, 2, 1, 0, 2, 2, 0, 1, 1])}


@case
def five_neighbours(rng):
    """k = 5, and two labels: there is no tie."""
    return {**clear(rng, 12, 8, 5), "y_train": np.array([0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0])}


@case
def near_in_a_straight_line(rng):
    """Euclid's distance, not the sum of what the coordinates differ by: (3, 3) is nearer to the origin than (0, 5)."""
    X_train = np.array([[0.0, 5.0], [3.0, 3.0], [-5.5, 0.25]])
    return {"X_train": X_train, "y_train": np.array([1, 4, 7]), "X": np.array([[0.0, 0.0], [-1.0, 1.5]]), "k": 1}


@case
def everybody_votes(rng):
    """k is the number of training examples, so every new one gets the most frequent label: 6."""
    return {**clear(rng, 7, 3, 7), "y_train": np.array([3, 6, 1, 6, 6, 3, 1])}


@case(hidden=True)
def four_dimensions(rng):
    return {**clear(rng, 11, 5, 3, D=4), "y_train": np.array([0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1])}


@case(edge=True)
def equal_votes(rng):
    """k = 4, two votes for each of two labels: the smaller label wins, whoever is nearer and whoever stands first."""
    X_train = np.array([[0.0], [1.0], [2.5], [4.5], [90.0]])
    X = np.array([[0.25], [4.0]])
    return {"X_train": X_train, "y_train": np.array([8, 8, 3, 3, 1]), "X": X, "k": 4}


@case(edge=True)
def equal_distances(rng):
    """k = 1, and several training examples are exactly as near: the first of them counts as the nearest."""
    X_train = np.array([[5.0, 5.0], [0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [7.0, 5.0], [7.0, 5.0]])
    X = np.array([[0.0, 0.0], [6.0, 5.0], [9.0, 5.0]])
    return {"X_train": X_train, "y_train": np.array([4, 6, 2, 3, 1, 5]), "X": X, "k": 1}


@case(edge=True)
def a_set_and_itself(rng):
    """Every example is asked for the label of its nearest, which is itself, at distance 0. The coordinates are in the
    hundreds, and there are many, so that squares that should cancel leave a little behind, above 0 or below."""
    X_train = np.round(100 * rng.normal(size=(60, 21)), 2)
    return {"X_train": X_train, "y_train": np.arange(60), "X": X_train.copy(), "k": 1}


@case(edge=True)
def labels_of_any_kind(rng):
    """Labels may be negative, and far apart."""
    return {**clear(rng, 9, 6, 3), "y_train": np.array([-1, 10**12, -1, -1, 10**12, 10**12, -1, 10**12, -1])}


@case(edge=True)
def labels_too_large_for_floats(rng):
    """Labels near 2^53, where not every whole number is a float."""
    return {**clear(rng, 7, 5, 1), "y_train": 2**53 + np.array([1, 3, 5, 1, 3, 5, 1])}


@case(edge=True)
def pixels_of_one_byte(rng):
    """Pictures of four pixels, of type uint8: their differences and squares do not fit into that type."""
    X_train = np.array([[10, 20, 30, 40], [200, 210, 220, 230], [250, 0, 250, 0], [0, 255, 0, 255]], np.uint8)
    X = np.array([[15, 22, 30, 44], [190, 215, 221, 210], [230, 20, 240, 10]], np.uint8)
    return {"X_train": X_train, "y_train": np.array([3, 1, 0, 2]), "X": X, "k": 1}


@case(edge=True)
def nobody_to_classify(rng):
    """X has no row, so there is no label; the answer has an integer type nevertheless."""
    return {**clear(rng, 5, 1, 2), "y_train": np.array([0, 1, 1, 0, 1]), "X": np.zeros((0, 2))}


@case
def a_map(rng):
    """Every point of a grid is classified, with k = 3: what the picture of this exercise shows."""
    # On this grid d^2 is a multiple of 1e-4 (two decimals everywhere): equal or clearly apart, never nearly equal.
    side = np.round(np.linspace(-2.0, 2.0, 17) + 0.03, 2)
    X = np.array([[a, b] for b in side for a in side])
    y_train = np.repeat([0, 1], 7)
    while True:
        X_train = np.round(rng.normal(np.where(y_train, 0.8, -0.8)[:, None] * [1, 0.5], 0.9), 2)
        d = np.sort(((X[:, None] - X_train) ** 2).sum(axis=2), axis=1)
        if (d[:, 3] - d[:, 2] > 5e-5).all():
            return {"X_train": X_train, "y_train": y_train, "X": X, "k": 3}


@case(edge=True, seconds=20)
def a_thousand_examples_of_a_thousand_numbers(rng):
    """M = 1000 training examples, N = 400 new ones, D = 1000, k = 5."""
    y_train = rng.integers(0, 10, 1000)
    return {"X_train": Drawn(64, (1000, 1000)), "y_train": y_train, "X": Drawn(65, (400, 1000)), "k": 5}


@picture(case="a_map")
def the_map_of_the_votes(axes, arguments, answer):
    """Each place of the map has the mark of its label, dots for 0 and crosses for 1, like the training examples. The
    two kinds meet in one border between the examples; single marks on the wrong side of it are worth a look."""
    X, labels = arguments["X"], np.reshape(answer, -1)
    for label, marker, colour in ((0, ".", "#0072B2"), (1, "x", "#D55E00")):
        here, own = X[labels == label], arguments["X_train"][arguments["y_train"] == label]
        axes.plot(here[:, 0], here[:, 1], marker, color=colour, alpha=0.4, linestyle="none", markersize=5)
        axes.plot(own[:, 0], own[:, 1], "o" if label == 0 else "X", color=colour, linestyle="none", markersize=9)
    axes.set(xlim=(-2.2, 2.3), ylim=(-2.2, 2.3), aspect="equal")


@alternative
def goes_row_by_row(X_train, y_train, X, k=1):
    labels = np.zeros(len(X), dtype=int)
    for i, x in enumerate(X):
        distances = np.sqrt(((X_train - x.astype(float)) ** 2).sum(axis=1))
        votes = y_train[np.argsort(distances, kind="stable")[:k]]
        found, counts = np.unique(votes, return_counts=True)
        labels[i] = found[np.argmax(counts)]
    return labels


@alternative
def sorts_pairs_and_counts(X_train, y_train, X, k=1):
    from collections import Counter

    answer = []
    for x in X:
        distances = np.linalg.norm(np.subtract(X_train, x, dtype=float), axis=1)
        nearest = sorted(range(len(X_train)), key=distances.__getitem__)[:k]
        counts = Counter(int(y_train[j]) for j in nearest)
        answer.append(min(counts, key=lambda label: (-counts[label], label)))
    return np.array(answer, dtype=int)


@alternative
def asks_scipy_for_the_distances(X_train, y_train, X, k=1):
    from scipy import stats
    from scipy.spatial.distance import cdist

    nearest = np.argsort(cdist(X, X_train), axis=1, kind="stable")[:, :k]
    return stats.mode(y_train[nearest], axis=1).mode.astype(y_train.dtype)


@alternative
def clips_at_zero_and_takes_the_root(X_train, y_train, X, k=1):
    A, B = np.asarray(X, np.float64), np.asarray(X_train, np.float64)
    squares = np.einsum("ic,ic->i", A, A)[:, None] - 2 * (A @ B.T) + np.einsum("jc,jc->j", B, B)[None, :]
    distances = np.sqrt(np.maximum(squares, 0))
    if k == 1:
        return y_train[distances.argmin(axis=1)]
    classes, numbers = np.unique(y_train, return_inverse=True)
    votes = numbers[np.lexsort((np.arange(len(B)) * np.ones((len(A), 1)), distances), axis=1)[:, :k]]
    return np.array([classes[np.bincount(row).argmax()] for row in votes], dtype=y_train.dtype)


def _squares(X_train, X):
    X_train, X = X_train.astype(float), X.astype(float)
    return (X**2).sum(axis=1)[:, None] + (X_train**2).sum(axis=1) - 2 * X @ X_train.T


def _order(X_train, X):
    return np.argsort(_squares(X_train, X), axis=1, kind="stable")


def _vote(votes):
    """The most frequent number of each row, the smallest of several."""
    found = (np.unique(row, return_counts=True) for row in votes)
    return np.array([labels[np.argmax(counts)] for labels, counts in found], dtype=int)


@mistake
def takes_the_root_of_less_than_zero(X_train, y_train, X, k=1):
    """Right, until rounding pushes a squared distance that should be 0 a little below it, to -6e-11, say. The root of
    that is NaN, and NaN is sorted behind the farthest. What does the distance of an example to itself have to be?"""
    nearest = np.argsort(np.sqrt(_squares(X_train, X)), axis=1, kind="stable")[:, :k]
    return _vote(y_train[nearest])


@mistake
def lets_the_first_of_equal_labels_win(X_train, y_train, X, k=1):
    """Right, unless the vote is equal: then the label that was met first wins here, the one of the nearest neighbour
    among them. Which label wins a 2-2 vote according to the statement?"""
    votes = y_train[_order(X_train, X)[:, :k]]
    return np.array([max(row, key=list(row).count) for row in votes], dtype=int)


@mistake
def lets_the_larger_of_equal_labels_win(X_train, y_train, X, k=1):
    """Right, unless the vote is equal: then the larger label wins here. Which one does the statement name?"""
    return -_vote(-y_train[_order(X_train, X)[:, :k]])


@mistake
def takes_the_last_of_equal_distances(X_train, y_train, X, k=1):
    """Right, unless two training examples are exactly as near: then the one that stands later is taken here. Which of
    two equal numbers does your way of sorting put first?"""
    last = len(X_train) - 1
    return _vote(y_train[last - _order(X_train[::-1], X)[:, :k]])


@mistake
def sorts_the_distances(X_train, y_train, X, k=1):
    """The labels are those of the first k training examples, whoever they are, as if the distances were sorted and
    nobody remembered whose they were. You need to know who is near, not how near."""
    return _vote(np.tile(y_train[:k], (len(X), 1)))


@mistake
def asks_one_neighbour_too_many(X_train, y_train, X, k=1):
    """k + 1 neighbours have voted. Count how many entries your slice has."""
    return _vote(y_train[_order(X_train, X)[:, : k + 1]])


@mistake
def passes_the_nearest_over(X_train, y_train, X, k=1):
    """The nearest was left out, as if each row of X were its own nearest neighbour. That is so only where X and X_train
    are the same set, and even there the statement does not ask for it."""
    return _vote(y_train[_order(X_train, X)[:, 1 : k + 1]] if len(X_train) > k else y_train[_order(X_train, X)[:, 1:]])


@mistake
def asks_the_farthest(X_train, y_train, X, k=1):
    """The k farthest have voted. Sorting begins with the smallest: which end of the list are the nearest at?"""
    return _vote(y_train[_order(X_train, X)[:, ::-1][:, :k]])


@mistake
def asks_only_the_nearest(X_train, y_train, X, k=1):
    """Right for k = 1. For a larger k the label is still that of the nearest alone: the others have no vote."""
    return y_train[_order(X_train, X)[:, 0]]


@mistake
def adds_up_the_differences(X_train, y_train, X, k=1):
    """The distance is the sum of what the coordinates differ by, the way of a taxi along the streets. Euclid's is the
    length of the straight line."""
    distances = np.array([np.abs(X_train - x.astype(float)).sum(axis=1) for x in X]).reshape(len(X), len(X_train))
    return _vote(y_train[np.argsort(distances, axis=1, kind="stable")[:, :k]])


@mistake
def averages_the_labels(X_train, y_train, X, k=1):
    """The labels of the neighbours were averaged and rounded. Between a 2 and a 6 there is no 4: labels are names, and
    the neighbours vote for one of them."""
    return np.round(y_train[_order(X_train, X)[:, :k]].mean(axis=1)).astype(int)


@mistake
def counts_from_zero(X_train, y_train, X, k=1):
    """Right for labels such as 0, 1, 2. np.bincount counts the numbers from 0 up to the largest: it knows no negative
    ones, and for a label of 10^12 it would need as many places. np.unique looks only at labels that occur."""
    votes = y_train[_order(X_train, X)[:, :k]]
    return np.array([np.argmax(np.bincount(row)) for row in votes], dtype=int)


@mistake
def stays_in_one_byte(X_train, y_train, X, k=1):
    """Right for floats. Numbers of type uint8 go from 0 to 255 and begin again: 3 - 5 is 254 there. Which type should
    the coordinates have before they are subtracted or squared?"""
    squares = (X**2).sum(axis=1)[:, None] + (X_train**2).sum(axis=1).astype(float) - 2 * (X @ X_train.T)
    return _vote(y_train[np.argsort(squares, axis=1, kind="stable")[:, :k]])


@mistake
def returns_labels_as_floats(X_train, y_train, X, k=1):
    """The labels are right, and of type float: np.zeros(N) makes floats unless it is told dtype=int. Whoever takes your
    labels for places in an array will be refused."""
    return _vote(y_train[_order(X_train, X)[:, :k]]).astype(float)


@mistake
def keeps_labels_as_floats_on_the_way(X_train, y_train, X, k=1):
    """Right for labels of up to 15 digits. They were kept as floats on the way, and a float has no room for all digits
    of a larger one: 9007199254740993 becomes 9007199254740992. np.zeros(N) makes floats unless it is told a dtype."""
    return _vote(y_train[_order(X_train, X)[:, :k]]).astype(float).astype(int)


@mistake
def writes_down_all_differences(X_train, y_train, X, k=1):
    """The labels are right, but all N x M x D differences were in the memory at once. Multiply out the square, or go
    row by row."""
    squares = ((X[:, None, :].astype(float) - X_train) ** 2).sum(axis=2)
    return _vote(y_train[np.argsort(squares, axis=1, kind="stable")[:, :k]])
