r"""Capstone: PCA against t-SNE on digits, in numbers.

Which method should draw the map of our customers? Two people look at two maps and like different ones. So measure: here
you draw 500 handwritten digits twice, with your own PCA and your own t-SNE, and give each map the same marks. What the
digits are is known, and neither method is told; so the marks say whose neighbours can be believed.

Maths. X has shape (n, D), a picture in each row; y holds the digits. With m and C from pca_fit, C of shape (2, D), the
map of PCA and the share of the variance that it keeps are

$$Z = (X - m)\, C^T \qquad \text{kept} = \rho_1 + \rho_2$$

For t-SNE every point i gives the others shares P_j|i by its own beta, which is the one with which their entropy is the
logarithm of the perplexity: a larger beta makes the entropy smaller, so halving an interval finds it. All shares
together are one table with the sum 1:

$$H(\beta_i) = \log(\text{perplexity}) \qquad P_{ij} = \frac{P_{j|i} + P_{i|j}}{2 n}, \qquad P_{ii} = 0$$

The map begins as Z, made so small that its first column has the standard deviation 0.0001 (np.std; one factor for both
columns), and goes downhill by the gradient of tsne_grad, G, with momentum:

$$V \leftarrow \mu V - \eta\, G \qquad Y \leftarrow Y + V$$

What works: eta = 0.2 n; in the first fifth of the steps mu = 0.5 and P exaggerated, four times as large as it is, so
that groups find together; then mu = 0.8 and P itself.

Three marks for a map M, with k neighbours. Accuracy: every digit is read by the vote of its k nearest others on the map
(the rules are those of knn_predict); which share is read rightly? Trust, the trustworthiness: are neighbours on the map
neighbours in the pixels too? Let r_ij be the rank of j among all others by their distance from i in the pixels, 1 for
the nearest, and N_i the k nearest to i on the map; a stranger among them costs as much as its rank is above k:

$$\text{trust} = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_i \sum_{j \in N_i} \max(0,\ r_{ij} - k)$$

And kl, the divergence of tsne_grad for this P and this map. t-SNE makes it small, so it is no fair judge of PCA.

By hand. Five pictures of three pixels, X = [[0, 3, 2], [2, 3, 0], [3, 1, 4], [4, 6, 3], [6, 2, 1]], and y = [1, 1, 7,
7, 7]. The mean is [3, 3, 2], and the columns of X - m are at right angles, with the squares 20, 14 and 10: PCA keeps
the first two columns, and 34/44 = 0.773. With k = 1: on the map the points 0 to 4 have the nearest 1, 0, 1, 1, 2. The
points 0, 1 and 4 are read rightly so, and the accuracy is 3/5. In the pixels the squared distances of point 2 are 17 to
point 0, 19 to 4, 21 to 1 and 27 to 3, so its nearest on the map, 1, has rank 3; that of point 4 has rank 2, and the
others have rank 1. So trust = 1 - 2 / (5 * 1 * 6) * (2 + 1) = 0.8.

Source: van der Maaten & Hinton, Visualizing data using t-SNE (2008), section 3; Venna & Kaski, Neighborhood
preservation in nonlinear projection methods: an experimental study (2001), for the trustworthiness.
"""

import numpy as np

from assignments import Hbeta, knn_predict, pairwise_sq_dists, pca_fit, tsne_grad
from grader.authoring import AtLeast, AtMost, UpTo, alternative, case, data, drive, exercise, mistake, picture

PARTS = ["pca", "tsne", "kept", "accuracy", "trust", "kl", "measured_accuracy", "measured_trust", "measured_kl"]

# Ranks of equally distant pixels and the last digits of a beta move the marks by less than these.
AGREES = [
    AtMost(f"abs({mark}[{which}] - measured_{mark}[{which}])", bound)
    for mark, bound in (("accuracy", 0.001), ("trust", 0.001), ("kl", 0.01))
    for which in (0, 1)
]


@exercise(
    points=12,
    difficulty=5,
    returns=PARTS,
    needs=["pca_fit", "tsne_grad", "knn_predict"],
    checks=[UpTo("pca", "column signs"), *AGREES],
    hints=[
        "With steps = 0 nothing is trained: both maps have the same shape, and all marks but kl go by hand. Begin "
        "there, with small functions: one for P, one for the three marks of any map. Then add the loop.",
        "For one point: np.delete(D[i], i) are the squared distances to the others, and Hbeta gives the entropy for a "
        "beta. As long as the entropy is too large, beta has to grow: double it until it is not, then halve the "
        "interval, some fifty times. np.insert(shares, i, 0.0) puts the point itself back in.",
        "Ranks: fill the diagonal of the squared distances of the pixels with np.inf; order = np.argsort(D, axis=1, "
        "kind='stable') names for each row who is nearest, second, and so on, and np.argsort(order, axis=1) + 1 is the "
        "table of ranks. The neighbours on the map are the first k columns of the order of its own distances. For the "
        "accuracy, ask knn_predict about one row at a time, without that row among the examples. The loop: kl, G = "
        "tsne_grad(4 * P or P, Y), then the two lines of the statement.",
    ],
    why=(
        "Accuracy and trust ask only who is nearer, so they mark maps of any size and any method alike; kl changes "
        "with the size at which a map is drawn, and only t-SNE tries to lower it."
    ),
    lesson="Two maps, and which to believe",
)
def digits_embedding(X, y, perplexity, k, steps):
    """Draw the digits in two dimensions by PCA and by t-SNE, and give both maps the same marks.

    Args:
        X: array of integers or floats, shape (n, D). Pictures, no two of them the same; the pixels may be in any unit,
            so a beta may have to be a million times larger than another.
        y: integer array, shape (n,), the digits 0 to 9. For the marks only: no map may depend on it.
        perplexity: float, above 1 and below n - 1. Of t-SNE.
        k: int, at least 1 and below n / 2. How many neighbours the accuracy and the trust ask.
        steps: int, 0 or more. How many steps t-SNE takes; with 0 its map is the one it begins with.

    Returns:
        (pca, tsne, kept, accuracy, trust, kl): pca is a float array, shape (n, 2), each column of either sign. tsne is
        a float array, shape (n, 2). kept is a float, the share of the variance that PCA's map keeps. accuracy, trust
        and kl are float arrays (or tuples), shape (2,): in place 0 the mark of pca, in place 1 that of tsne. Of two
        equally distant pictures the one that stands earlier is nearer. kl is measured with P as it is, never
        exaggerated. The arguments are left as they were.

    The two maps that you return are measured once more, and these marks are called measured_accuracy, measured_trust
    and measured_kl: yours have to be within 0.001 of them, and kl within 0.01. pca has to be right as it is, and so has
    tsne where steps = 0; otherwise it may be any map that is good enough, however you go downhill. For 500 digits with
    perplexity 30, k = 5 and 500 steps that is a trust of at least 0.97 and an accuracy of at least 0.94. An edge case
    asks for more, with 100 digits and 250 steps; a rate that is right for 500 is too large there.

    Time: 120 seconds of computing for the 500 digits. That is 500 calls of your tsne_grad with n = 500, each of which
    takes a few hundredths of a second if it works on whole arrays, and seconds if it goes through the pairs one by one.
    What you print is shown while it runs.
    """
    mean, components, ratio = pca_fit(X, 2)
    pca = (X - mean) @ components.T
    P = _shares(pairwise_sq_dists(X, X), perplexity)
    Y = 1e-4 / pca[:, 0].std() * pca
    V = np.zeros_like(Y)
    for step in range(steps):
        early = step < steps / 5
        kl, G = tsne_grad(4 * P if early else P, Y)
        V = (0.5 if early else 0.8) * V - 0.2 * len(X) * G
        Y = Y + V
        if step % 50 == 0:
            print(f"step {step}: kl {kl:.3f}{' (exaggerated)' if early else ''}")
    marks = [(_accuracy(M, y, k), _trust(X, M, k), tsne_grad(P, M)[0]) for M in (pca, Y)]
    accuracy, trust, kl = zip(*marks, strict=True)
    return pca, Y, ratio.sum(), accuracy, trust, kl


def _shares(D, perplexity):
    n = len(D)
    P = np.zeros((n, n))
    for i in range(n):
        others = np.delete(D[i], i)
        low, high = 0.0, 1.0 / others.mean()
        while Hbeta(others, high)[0] > np.log(perplexity):
            low, high = high, 2 * high
        for _ in range(50):
            beta = (low + high) / 2
            H, shares = Hbeta(others, beta)
            low, high = (beta, high) if np.log(perplexity) < H else (low, beta)
        P[i] = np.insert(shares, i, 0.0)
    return (P + P.T) / (2 * n)


def _order(X):
    D = pairwise_sq_dists(X, X)
    np.fill_diagonal(D, np.inf)
    return np.argsort(D, axis=1, kind="stable")


def _accuracy(M, y, k):
    read = [knn_predict(np.delete(M, i, axis=0), np.delete(y, i), M[i : i + 1], k)[0] for i in range(len(M))]
    return np.mean(np.array(read) == y)


def _trust(X, M, k):
    n = len(X)
    ranks = np.argsort(_order(X), axis=1) + 1
    found = np.take_along_axis(ranks, _order(M)[:, :k], axis=1)
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * np.maximum(found - k, 0).sum()


@drive
def with_marks_of_our_own(digits_embedding, X, y, perplexity, k, steps):
    """Call the function, and mark the maps that it returned once more: nobody's word is taken."""
    import numpy as np

    def squares(A):
        norms = (A**2).sum(axis=1)
        D = np.maximum(norms[:, None] + norms - 2 * A @ A.T, 0.0)
        np.fill_diagonal(D, np.inf)
        return D

    def joint(D):
        low, high = np.full((len(D), 1), -60.0), np.full((len(D), 1), 60.0)  # of log beta
        D = D - D.min(axis=1, keepdims=True)
        finite = np.where(np.isfinite(D), D, 0.0)
        for _ in range(60):
            beta = np.exp((low + high) / 2)
            W = np.exp(-beta * D)
            H = np.log(W.sum(axis=1, keepdims=True)) + beta * (W * finite).sum(axis=1, keepdims=True) / W.sum(
                axis=1, keepdims=True
            )
            wide = np.log(perplexity) < H
            low, high = np.where(wide, np.log(beta), low), np.where(wide, high, np.log(beta))
        P = W / W.sum(axis=1, keepdims=True)
        return (P + P.T) / (2 * len(P))

    def measures(M):
        n, D = len(M), squares(M)
        near = np.argsort(D, axis=1, kind="stable")[:, :k]
        votes = (y[near][:, :, None] == np.arange(10)).sum(axis=1)
        excess = np.maximum(np.take_along_axis(ranks, near, axis=1) - k, 0).sum()
        w = 1 / (1 + D)
        Q, pairs = w / w.sum(), P > 0
        kl = np.sum(P[pairs] * np.log(P[pairs] / Q[pairs]))
        return np.mean(votes.argmax(axis=1) == y), 1 - 2 * excess / (n * k * (2 * n - 3 * k - 1)), kl

    answer = digits_embedding(X.copy(), y.copy(), perplexity, k, steps)
    if not isinstance(answer, (tuple, list)) or len(answer) != 6:
        raise TypeError("six things are to be returned: pca, tsne, kept, accuracy, trust and kl")
    pca, tsne, kept, *marks = answer
    marks = [np.array(two, float) if isinstance(two, (tuple, list)) else two for two in marks]
    maps, ours = [np.asarray(M) for M in (pca, tsne)], np.zeros((2, 3))
    if all(M.shape == (len(X), 2) and M.dtype.kind == "f" and np.isfinite(M).all() for M in maps):
        D = squares(X.astype(float))
        ranks, P = np.argsort(np.argsort(D, axis=1, kind="stable"), axis=1) + 1, joint(D)
        ours = np.array([measures(M.astype(float)) for M in maps])
    return (pca, tsne, kept, *marks, *ours.T.copy())


def digits(start, count, perplexity, k, steps):
    """Some of the digits in the order of the data."""
    both = data("digits")
    X, y = (both[name][start : start + count].astype(int) for name in ("images", "labels"))
    return {"X": X, "y": y, "perplexity": perplexity, "k": k, "steps": steps}


# The map of t-SNE is judged by what was measured; that it names the map frees it from being the reference's.
MOVED = AtLeast("sum(tsne ** 2)", 1.0)


@case(checks=[UpTo("tsne", "column signs")])
def by_hand(rng):
    """The example of the statement: five pictures of three pixels, no step."""
    X = np.array([[0, 3, 2], [2, 3, 0], [3, 1, 4], [4, 6, 3], [6, 2, 1]])
    return {"X": X, "y": np.array([1, 1, 7, 7, 7]), "perplexity": 2.0, "k": 1, "steps": 0}


@case(checks=[UpTo("tsne", "column signs")], seconds=20)
def forty_digits(rng):
    """Forty digits before the first step, perplexity 8."""
    return digits(600, 40, 8.0, 5, 0)


@case(
    checks=[MOVED, AtLeast("measured_trust[1]", 0.97), AtLeast("measured_accuracy[1]", 0.94)],
    seconds=120,
)
def five_hundred_digits(rng):
    """The first 500 digits, perplexity 30, 500 steps."""
    return digits(0, 500, 30.0, 5, 500)


@case(hidden=True, checks=[UpTo("tsne", "column signs")], seconds=20)
def sixty_others(rng):
    return digits(900, 60, 12.0, 3, 0)


@case(edge=True, checks=[UpTo("tsne", "column signs")], seconds=20)
def pixels_in_another_unit(rng):
    """Thirty digits, the pixels from 0 to 0.016: no step."""
    arguments = digits(700, 30, 6.0, 3, 0)
    return {**arguments, "X": arguments["X"] / 1000}


@case(
    edge=True,
    checks=[
        MOVED,
        AtLeast("measured_trust[1]", 0.975),
        AtLeast("measured_accuracy[1]", 0.9),
        AtMost("measured_kl[1]", 0.3),
    ],
    seconds=60,
)
def a_good_map_of_a_hundred(rng):
    """100 digits, perplexity 15, 250 steps: trust at least 0.975, accuracy at least 0.9, kl at most 0.3."""
    return digits(500, 100, 15.0, 5, 250)


@picture(case="five_hundred_digits")
def two_maps(axes, arguments, answer):
    """Both maps of the 500 digits, PCA's on the left and t-SNE's on the right, every point drawn as what it is. Where
    digits of one kind lie together, their neighbours can be believed; how far two groups are apart says little."""
    colours = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000")
    _, _, _, accuracy, trust, kl = answer[:6]
    for which, (name, M) in enumerate(zip(("PCA", "t-SNE"), answer[:2], strict=True)):
        M = np.asarray(M, float) - np.min(M, axis=0)
        M = M / M.max(axis=0) + [1.15 * which, 0.0]
        for digit in range(10):
            own = arguments["y"] == digit
            axes.plot(
                *M[own].T, linestyle="none", marker=f"${digit}$", color=colours[digit % 5], markersize=4.5, mew=0.2
            )
        words = f"{name}: accuracy {accuracy[which]:.3f}\ntrust {trust[which]:.3f}, "
        axes.text(1.15 * which + 0.5, 1.06, words + f"kl {kl[which]:.2f}", ha="center", fontsize=8)
    axes.set(xticks=[], yticks=[], xlim=(-0.05, 2.2), ylim=(-0.05, 1.2))


@alternative
def gains_for_every_coordinate(X, y, perplexity, k, steps):
    # As in van der Maaten's published code: every coordinate has its own rate, and the map stays centred.
    mean, components, ratio = pca_fit(X, 2)
    pca = np.dot(X - mean, components.T)
    n, D = len(X), ((X[:, None] - X) ** 2.0).sum(axis=2)
    shares = np.zeros((n, n))
    for i in range(n):
        low, high, beta = -np.inf, np.inf, 1.0
        for _ in range(60):
            H, p = Hbeta(D[i, np.arange(n) != i], beta)
            if abs(H - np.log(perplexity)) < 1e-5:
                break
            if np.log(perplexity) < H:
                low, beta = beta, (beta * 2 if high == np.inf else (beta + high) / 2)
            else:
                high, beta = beta, (beta / 2 if low == -np.inf else (beta + low) / 2)
        shares[i, np.arange(n) != i] = p
    P = np.maximum((shares + shares.T) / np.sum(shares + shares.T), 1e-12)
    np.fill_diagonal(P, 0.0)
    Y, gains, update = pca / np.std(pca[:, 0]) * 1e-4, np.ones((n, 2)), np.zeros((n, 2))
    for step in range(steps):
        G = _fast_gradient(P * (12 if step < 100 and n > 200 else 1), Y)
        gains = np.where((G > 0) != (update > 0), gains + 0.2, gains * 0.8).clip(0.01)
        update = (0.5 if step < 100 else 0.8) * update - 0.4 * n * gains * G
        Y = Y + update - np.mean(Y + update, axis=0) * (step > 0)
    accuracy, trust = [], []
    for M in (pca, Y):
        there = ((M[:, None] - M) ** 2).sum(axis=2)
        right, lost = 0, 0
        for i in range(n):
            others = [j for j in np.argsort(there[i]) if j != i]
            rank = {j: r for r, j in enumerate((j for j in np.argsort(D[i]) if j != i), start=1)}
            votes = [int(y[j]) for j in others[:k]]
            right += max(sorted(set(votes)), key=votes.count) == y[i]
            lost += sum(max(0, rank[j] - k) for j in others[:k])
        accuracy.append(right / n)
        trust.append(1 - lost * 2 / (n * k) / (2 * n - 3 * k - 1))
    return pca, Y, ratio[0] + ratio[1], accuracy, trust, [tsne_grad(P, M)[0] for M in (pca, Y)]


@alternative
def the_other_way_up_and_without_exaggeration(X, y, perplexity, k, steps):
    mean, components, ratio = pca_fit(X, 2)
    pca = mean @ components.T - X @ components.T
    P = _joint(X, perplexity)
    Y, V = 1e-4 / np.sqrt(np.mean(pca[:, 0] ** 2)) * pca, 0.0
    for _ in range(steps):
        V = 0.7 * V - len(X) / 4 * _fast_gradient(P, Y)
        Y = Y + V
    return (pca, Y, float(np.sum(ratio)), *np.transpose([_marks(X, y, P, M, k) for M in (pca, Y)]))


# --- the same with whole arrays, for what is tried often ------------------------------------------------------------


def _squares(A):
    norms = (A**2.0).sum(axis=1)
    D = np.maximum(norms[:, None] + norms - 2.0 * A @ A.T, 0.0)
    np.fill_diagonal(D, np.inf)
    return D


def _one_sided(D, perplexity, low=-60.0, high=60.0):
    """The shares that every point gives to the others, its own 0; beta between e^low and e^high."""
    D = D - D.min(axis=1, keepdims=True)
    finite, target = np.where(np.isfinite(D), D, 0.0), np.log(perplexity)
    low, high = np.full((len(D), 1), low), np.full((len(D), 1), high)
    for _ in range(50):
        middle = (low + high) / 2
        W = np.exp(-np.exp(middle) * D)
        total = W.sum(axis=1, keepdims=True)
        wide = np.log(total) + np.exp(middle) * (W * finite).sum(axis=1, keepdims=True) / total > target
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return W / total


def _joint(X, perplexity):
    shares = _one_sided(_squares(X), perplexity)
    return (shares + shares.T) / (2 * len(X))


def _fast_gradient(P, Y):
    w = 1 / (1 + _squares(Y))
    M = (P - w / w.sum()) * w
    return 4 * (M.sum(axis=1)[:, None] * Y - M @ Y)


def _descended(P, Y, steps, rate=0.2):
    V = np.zeros_like(Y)
    for step in range(steps):
        early = step < steps / 5
        V = (0.5 if early else 0.8) * V - rate * len(Y) * _fast_gradient(4 * P if early else P, Y)
        Y = Y + V
    return Y


_KNOWN = {}  # by pixels, perplexity and steps: what mistakes that lie elsewhere share


def _maps(X, perplexity, steps):
    """Both maps, P, and the shares of the components; after 200 steps the map is good enough."""
    steps = min(steps, 200)
    pca, ratio = _pca(X)
    asked = X.astype(float).tobytes(), perplexity, steps
    if asked not in _KNOWN:
        P = _joint(X, perplexity)
        _KNOWN[asked] = P, _descended(P, _start(pca), steps)
    P, Y = _KNOWN[asked]
    return pca, Y.copy(), P.copy(), ratio


def _pca(X):
    mean, components, ratio = pca_fit(X, 2)
    return (X - mean) @ components.T, ratio


def _start(pca):
    return 1e-4 / pca[:, 0].std() * pca


def _voted(y, near):
    return np.array([np.bincount(row).argmax() for row in y[near]])


def _kl(P, M):
    w = 1 / (1 + _squares(M))
    Q, pairs = w / w.sum(), P > 0
    return float(np.sum(P[pairs] * np.log(P[pairs] / Q[pairs])))


def _marks(X, y, P, M, k):
    there, here = (np.argsort(_squares(A), axis=1, kind="stable") for A in (M, X))
    near = there[:, :k]
    return np.mean(_voted(y, near) == y), _trust_of(here, near, k), _kl(P, M)


def _trust_of(order, near, k):
    n = len(order)
    excess = np.maximum(np.take_along_axis(np.argsort(order, axis=1) + 1, near, axis=1) - k, 0).sum()
    return 1 - 2 * excess / (n * k * (2 * n - 3 * k - 1))


def _both(X, y, P, maps, k):
    """Accuracy, trust and kl of both maps."""
    return tuple(zip(*[_marks(X, y, P, M, k) for M in maps], strict=True))


def _answer(X, y, perplexity, k, steps):
    pca, Y, P, ratio = _maps(X, perplexity, steps)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def forgets_the_mean(X, y, perplexity, k, steps):
    """The map of PCA has not been centred: the components are directions from the mean, and m has to be taken off X
    before it is multiplied by them. (Distances on the map are the same, but where is its middle?)"""
    _, Y, *marks = _answer(X, y, perplexity, k, steps)
    pca = X @ pca_fit(X, 2)[1].T
    return (pca, Y if steps else _start(pca), *marks)


@mistake
def scales_each_column_by_itself(X, y, perplexity, k, steps):
    """pca is right. The map with which t-SNE begins was scaled column by column, so it is as high as it is wide. One
    factor for both columns keeps its shape."""
    pca, Y, P, ratio = _maps(X, perplexity, steps)
    Y = Y if steps else 1e-4 * pca / pca.std(axis=0)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def keeps_one_component_too_few(X, y, perplexity, k, steps):
    """The maps are right, and so are the marks but one: kept counts the first component alone. The map shows two."""
    pca, Y, _, *marks = _answer(X, y, perplexity, k, steps)
    return (pca, Y, pca_fit(X, 2)[2][0], *marks)


@mistake
def takes_the_perplexity_for_the_entropy(X, y, perplexity, k, steps):
    """Both kl are wrong. The entropy was compared with the perplexity itself, and not with its logarithm: that many
    neighbours nobody has, so everybody is everybody's neighbour."""
    (pca, ratio), n = _pca(X), len(X)
    P = (1 - np.eye(n)) / (n * (n - 1))
    Y = _descended(P, _start(pca), min(steps, 100))
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def leaves_the_shares_one_sided(X, y, perplexity, k, steps):
    """Both kl are wrong: P is not symmetric. What i gives to j was divided by n, and what j gives to i has not been
    added to it."""
    pca, Y, _, ratio = _maps(X, perplexity, steps)  # with these shares the descent ends as well
    P = _one_sided(_squares(X), perplexity) / len(X)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def gives_everybody_a_whole_share(X, y, perplexity, k, steps):
    """Both kl are far too large: P sums to n instead of 1, since every row sums to 1. All shares together are one
    table. (And forces that are n times as large throw the map apart.)"""
    pca, Y, P, ratio = _maps(X, perplexity, 0)
    if steps:
        Y = np.full_like(pca, np.nan)
    return (pca, Y, ratio.sum(), *_both(X, y, len(X) * P, (pca, pca if steps else Y), k))


@mistake
def searches_up_to_one_only(X, y, perplexity, k, steps):
    """Right for pixels from 0 to 16. In smaller units no beta between 0 and 1 is large enough, and the search ended at
    its border: widen the interval until the entropy is below its target, then halve it."""
    pca, Y, P, ratio = _maps(X, perplexity, steps)
    shares = _one_sided(_squares(X), perplexity, high=0.0)
    P = (shares + shares.T) / (2 * len(X)) if X.max() < 1 else P
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def asks_the_point_itself(X, y, perplexity, k, steps):
    """Accuracy and trust are too high: the nearest to every point was the point itself, and it knows its own digit.
    Only others vote."""
    pca, Y, P, ratio = _maps(X, perplexity, steps)
    own = np.arange(len(X))[:, None]
    near = [np.hstack([own, np.argsort(_squares(M), axis=1, kind="stable")[:, : k - 1]]) for M in (pca, Y)]
    order = np.hstack([own, np.argsort(_squares(X), axis=1, kind="stable")[:, :-1]])
    accuracy = tuple(np.mean(_voted(y, places) == y) for places in near)
    trust = tuple(_trust_of(order, places, k) for places in near)
    return pca, Y, ratio.sum(), accuracy, trust, tuple(_kl(P, M) for M in (pca, Y))


@mistake
def votes_by_the_pixels(X, y, perplexity, k, steps):
    """The accuracy is the same for both maps: it was measured with the neighbours in the pixels. The map is what is to
    be marked, so its neighbours vote."""
    pca, Y, kept, _, trust, kl = _answer(X, y, perplexity, k, steps)
    near = np.argsort(_squares(X), axis=1, kind="stable")[:, :k]
    return pca, Y, kept, (np.mean(_voted(y, near) == y),) * 2, trust, kl


@mistake
def looks_for_the_neighbours_that_were_lost(X, y, perplexity, k, steps):
    """The trust has pixels and map exchanged: it took the neighbours in the pixels and their ranks on the map. That is
    another measure, the continuity, of which true neighbours are lost. The trust asks about false ones: whose
    neighbours are listed, and in whose ranking are they looked up?"""
    pca, Y, kept, accuracy, _, kl = _answer(X, y, perplexity, k, steps)
    near = np.argsort(_squares(X), axis=1, kind="stable")[:, :k]
    orders = [np.argsort(_squares(M), axis=1, kind="stable") for M in (pca, Y)]
    return pca, Y, kept, accuracy, tuple(_trust_of(order, near, k) for order in orders), kl


@mistake
def averages_the_strangeness(X, y, perplexity, k, steps):
    """The trust was divided by the number of neighbours, n k, alone, and falls far below what it should be. The factor
    in front of the sum is made so that the worst of maps gets 0."""
    pca, Y, kept, accuracy, trust, kl = _answer(X, y, perplexity, k, steps)
    factor = (2 * len(X) - 3 * k - 1) / 2
    return pca, Y, kept, accuracy, tuple(1 - (1 - t) * factor for t in trust), kl


@mistake
def marks_one_map_twice(X, y, perplexity, k, steps):
    """The marks of t-SNE are those of the map of PCA: the same map was measured twice. Where steps = 0 only kl tells
    the two apart, since neighbours do not change when a map shrinks."""
    pca, Y, P, ratio = _maps(X, perplexity, steps)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, pca), k))


@mistake
def marks_with_the_exaggerated_shares(X, y, perplexity, k, steps):
    """The kl of t-SNE is too large after the descent: it was measured with the exaggerated P. The exaggeration helps in
    the first steps; map and table are compared with P as it is."""
    pca, Y, kept, accuracy, trust, kl = _answer(X, y, perplexity, k, steps)
    return pca, Y, kept, accuracy, trust, (kl[0], 4 * (kl[1] + np.log(4)) if steps else kl[1])


@mistake
def stays_where_it_began(X, y, perplexity, k, steps):
    """The map of t-SNE is still the tiny one that it began with. Is what a step computes kept, and is the rate as large
    as the statement says? The gradient is small, since all shares sum to 1."""
    pca, Y, P, ratio = _maps(X, perplexity, 0)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def walks_uphill(X, y, perplexity, k, steps):
    """The map of t-SNE has spread, and it is not good enough. Print kl every fifty steps, and see whether it falls: the
    gradient points uphill, so it is subtracted, and at too large a rate the points are thrown about."""
    pca, Y, P, ratio = _maps(X, perplexity, 0)
    Y = _descended(P, Y, min(steps, 60), rate=-0.2)
    return (pca, Y, ratio.sum(), *_both(X, y, P, (pca, Y), k))


@mistake
def copies_the_numbers(X, y, perplexity, k, steps):
    """The marks are those of the 500 digits, whatever the arguments are. They have to be measured: other
    pictures have others."""
    pca, Y, _, _ = _maps(X, perplexity, steps)
    return pca, Y, 0.296047, (0.712, 0.992), (0.8539, 0.9953), (1.5195, 0.369)
