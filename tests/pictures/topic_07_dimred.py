"""Pictures of topic 07, clusters and maps."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures import PALETTE

_MARKS = "os^DvX"


def four_steps_of_k_means(figure: Figure) -> None:
    """Three groups of points; the centres before, after one and after four steps."""
    figure.set_size_inches(7.2, 2.7)
    X, C = _three_groups()
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    for axes, steps in zip(panels, (0, 1, 3), strict=True):
        for _ in range(steps):
            labels, C, _ = _step(X, C)
        labels, _, inertia = _step(X, C)
        for k, colour in enumerate((PALETTE[0], PALETTE[1], PALETTE[2])):
            own = X[labels == k]
            axes.plot(own[:, 0], own[:, 1], _MARKS[k], color=colour, markersize=3.5, linestyle="none", alpha=0.75)
            axes.plot(*C[k], _MARKS[k], color="white", markeredgecolor=PALETTE[6], markeredgewidth=1.8, markersize=11)
        axes.set(title=f"J = {inertia:.0f}", xticks=[], yticks=[], aspect="equal")


def the_line_that_shows_most(figure: Figure) -> None:
    """Four points, the line through their mean along which they differ most, and their shadows on it."""
    figure.set_size_inches(5.2, 3.8)
    axes = figure.subplots()
    X = np.array([[14.0, 8.0], [6.0, 2.0], [8.5, 7.0], [11.5, 3.0]])
    m, v = np.array([10.0, 5.0]), np.array([0.8, 0.6])
    line = m + np.array([[-6.5], [6.5]]) * v
    axes.plot(line[:, 0], line[:, 1], color=PALETTE[0], linestyle="-")
    across = m + np.array([[-3.5], [3.5]]) * np.array([-0.6, 0.8])
    axes.plot(across[:, 0], across[:, 1], color=PALETTE[1], linestyle="--")
    axes.plot(X[:, 0], X[:, 1], "o", color=PALETTE[6], linestyle="none")
    axes.plot(*m, "P", color=PALETTE[6], markersize=9)
    axes.text(10.35, 4.35, "mean")
    axes.text(13.0, 6.0, "first component,\nshare 0.8", color=PALETTE[0])
    axes.text(4.4, 7.4, "second component,\nshare 0.2", color=PALETTE[1])
    axes.set(aspect="equal", xlim=(4, 17), ylim=(1, 9))


def a_tail_that_leaves_room(figure: Figure) -> None:
    """The Gaussian kernel and that of Student's t, against the distance."""
    figure.set_size_inches(6.0, 2.9)
    axes = figure.subplots()
    d = np.linspace(0, 6, 300)
    axes.semilogy(d, np.exp(-(d**2)), label="exp(-d²), Gaussian")
    axes.semilogy(d, 1 / (1 + d**2), label="1 / (1 + d²), Student's t")
    axes.set(xlabel="distance d on the map", ylabel="weight of the pair", ylim=(1e-6, 2))
    axes.legend(frameon=False, loc="upper right", bbox_to_anchor=(1.0, 0.75))


def six_segments_on_two_maps(figure: Figure) -> None:
    """120 customers with twelve columns, in six segments: the map of PCA and the map of t-SNE."""
    figure.set_size_inches(7.2, 3.6)
    X, segment = _customers()
    for axes, Y, name in zip(figure.subplots(1, 2), (_pca(X)[0], _tsne(X, 15)), ("PCA", "t-SNE"), strict=True):
        _scatter(axes, Y, segment)
        axes.set(title=name, xticks=[], yticks=[])


def near_and_far(figure: Figure) -> None:
    """Three groups, one narrow and one wide, two of them near each other and one far away, on both maps."""
    figure.set_size_inches(7.2, 2.5)
    X, group = _near_and_far()
    for axes, Y, name in zip(figure.subplots(1, 2), (_pca(X)[0], _tsne(X, 10)), ("PCA", "t-SNE"), strict=True):
        _scatter(axes, Y, group)
        for k, letter in enumerate("ABC"):
            top = Y[group == k]
            axes.annotate(letter, (top[:, 0].mean(), top[:, 1].max()), (0, 4), textcoords="offset points", ha="center")
        axes.set(title=name, aspect="equal", xticks=[], yticks=[])
        axes.margins(0.12)


def _scatter(axes: Axes, Y: np.ndarray, group: np.ndarray) -> None:
    for k in range(group.max() + 1):
        own = Y[group == k]
        axes.plot(own[:, 0], own[:, 1], _MARKS[k], color=PALETTE[k], markersize=4, linestyle="none")


# --- what is drawn -------------------------------------------------------------------------------------------------


def _three_groups() -> tuple[np.ndarray, np.ndarray]:
    """Sixty points in three groups, and three centres that are badly chosen."""
    rng = np.random.default_rng(70)
    homes = np.array([[0.0, 0.0], [6.0, 0.5], [2.5, 5.0]])
    return np.repeat(homes, 20, axis=0) + rng.normal(size=(60, 2)), np.array([[4.0, 5.0], [1.0, 4.5], [2.0, 3.0]])


def _customers() -> tuple[np.ndarray, np.ndarray]:
    """120 customers, twelve columns, six segments: two at the ends of each of three directions."""
    rng, homes = np.random.default_rng(7), np.zeros((6, 12))
    for segment, (axis, place) in enumerate([(0, 5), (0, -5), (1, 4.5), (1, -4.5), (2, 4), (2, -4)]):
        homes[segment, axis] = place
    turn, _ = np.linalg.qr(rng.normal(size=(12, 12)))
    segment = np.repeat(np.arange(6), 20)
    return (homes[segment] + rng.normal(size=(120, 12))) @ turn, segment


def _near_and_far() -> tuple[np.ndarray, np.ndarray]:
    """Three groups of thirty in ten columns: A of medium width, B narrow and near A, C wide and far away."""
    rng, homes = np.random.default_rng(3), np.zeros((3, 10))
    homes[1, 0], homes[2, 0] = 8.0, 80.0
    group = np.repeat(np.arange(3), 30)
    return homes[group] + rng.normal(size=(90, 10)) * np.array([1.0, 0.25, 3.0])[group][:, None], group


# --- how it is computed --------------------------------------------------------------------------------------------


def _squares(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return ((X[:, None] - Y) ** 2).sum(axis=2)


def _step(X: np.ndarray, C: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    D = _squares(X, C)
    labels = D.argmin(axis=1)
    own = [X[labels == k] for k in range(len(C))]
    new = np.array([points.mean(axis=0) if len(points) else c for points, c in zip(own, C, strict=True)])
    return labels, new, float(D.min(axis=1).sum())


def _best_of_twenty(X: np.ndarray, K: int) -> tuple[np.ndarray, list[float]]:
    """The labels of the tightest of twenty runs of k-means, and the inertias of all, sorted."""
    rng, found = np.random.default_rng(0), []
    for _ in range(20):
        C = X[rng.choice(len(X), K, replace=False)]
        for _ in range(40):
            labels, C, inertia = _step(X, C)
        found.append((inertia, labels))
    return min(found, key=lambda run: run[0])[1], sorted(inertia for inertia, _ in found)


def _pca(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The map of the first two components, and the shares of all."""
    c = X - X.mean(axis=0)
    _, s, Vt = np.linalg.svd(c, full_matrices=False)
    signs = np.sign(Vt[np.arange(len(Vt)), np.abs(Vt).argmax(axis=1)])  # the same picture everywhere
    return c @ (Vt * signs[:, None])[:2].T, s**2 / np.sum(s**2)


def _joint(X: np.ndarray, perplexity: float) -> np.ndarray:
    """The P of t-SNE, every point's beta found by bisection of its logarithm."""
    n = len(X)
    others = ~np.eye(n, dtype=bool)
    D = _squares(X, X)[others].reshape(n, n - 1)
    D = D - D.min(axis=1, keepdims=True)
    low, high = np.full((n, 1), -40.0), np.full((n, 1), 40.0)
    for _ in range(60):
        beta = np.exp((low + high) / 2)
        W = np.exp(-beta * D)
        P = W / W.sum(axis=1, keepdims=True)
        H = np.log(W.sum(axis=1, keepdims=True)) + beta * (D * P).sum(axis=1, keepdims=True)
        wide = np.log(perplexity) < H
        low, high = np.where(wide, (low + high) / 2, low), np.where(wide, high, (low + high) / 2)
    joint = np.zeros((n, n))
    joint[others] = P.ravel()
    return (joint + joint.T) / (2 * n)


def _tsne(X: np.ndarray, perplexity: float) -> np.ndarray:
    """The map of t-SNE, begun from that of PCA and run until it rests."""
    P, Y = _joint(X, perplexity), _pca(X)[0]
    Y, velocity = Y / Y.std(), np.zeros_like(Y)
    for t in range(600):
        w = 1 / (1 + _squares(Y, Y))
        np.fill_diagonal(w, 0)
        M = (P * (4 if t < 100 else 1) - w / w.sum()) * w  # at first all attractions are four times as strong
        velocity = (0.5 if t < 100 else 0.8) * velocity - 80 * (M.sum(axis=1)[:, None] * Y - M @ Y)
        Y = Y + velocity
    return Y - Y.mean(axis=0)
