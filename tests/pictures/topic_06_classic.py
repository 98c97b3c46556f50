"""Pictures of topic 06, classic methods: ridge, logistic regression, nearest neighbours, the lasso."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures import PALETTE

HOURS = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0])
PASSED = np.array([0, 0, 0, 1, 0, 0, 1, 1, 1, 1])


def lines_on_a_leash(figure: Figure) -> None:
    """Three points, and the lines of ridge for three prices, which all pass through the point of the means."""
    axes = figure.subplots()
    x, y, ends = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0]), np.array([0.5, 3.5])
    for lam in (0, 2, 12):
        w = 7 / (2 + lam)
        axes.plot(ends, 5 + w * (ends - 2), label=f"lam = {lam}: w = {w:g}, b = {5 - 2 * w:g}")
    axes.plot(x, y, "o", color=PALETTE[6])
    axes.plot([2], [5], "x", color=PALETTE[6], markersize=10)
    axes.annotate("the means", (2, 5), (2.1, 4.1))
    axes.set(xlabel="x", ylabel="y")
    axes.legend(frameon=False)


def the_chances_of_passing(figure: Figure) -> None:
    """Newton's first, second and last curve through ten answers of yes and no."""
    axes = figure.subplots()
    X, t = np.column_stack([np.ones(10), HOURS]), np.linspace(0, 6.5, 200)
    theta = np.zeros(2)
    for step in range(1, 9):
        h = 1 / (1 + np.exp(-X @ theta))
        theta = theta - np.linalg.solve((X.T * (h * (1 - h))) @ X, X.T @ (h - PASSED))
        if step in (1, 2, 8):
            label, style = {1: ("after step 1", ":"), 2: ("after step 2", "--"), 8: ("at the end", "-")}[step]
            axes.plot(t, 1 / (1 + np.exp(-theta[0] - theta[1] * t)), linestyle=style, label=label)
    half = -theta[0] / theta[1]
    axes.plot([half, half], [0, 0.5], color=PALETTE[6], linewidth=0.8, linestyle="-")
    axes.annotate(f"even chances at {half:.2f} h", (half, 0.03), (half + 0.1, 0.03))
    axes.plot(HOURS, PASSED, "o", color=PALETTE[6])
    axes.set(xlabel="hours of learning", ylabel="probability of passing")
    axes.legend(frameon=False, loc="center right")


def _two_groups() -> tuple[np.ndarray, np.ndarray]:
    """Sixty points in the plane in two groups that overlap."""
    rng = np.random.default_rng(15)
    y = np.repeat([0, 1], 30)
    return rng.normal(np.where(y, 0.8, -0.8)[:, None] * [1.0, 0.5], 1.0), y


def _regions(axes: Axes, k: int) -> None:
    X_train, y_train = _two_groups()
    side = np.linspace(-3.2, 3.2, 65)
    X = np.array([[a, b] for b in side for a in side])
    nearest = np.argsort(((X[:, None] - X_train) ** 2).sum(axis=2), axis=1, kind="stable")[:, :k]
    ones = (y_train[nearest].mean(axis=1) > 0.5).reshape(65, 65).astype(float)
    axes.contourf(side, side, ones, [-0.5, 0.5, 1.5], colors=PALETTE[:2], alpha=0.2)
    axes.contour(side, side, ones, [0.5], colors=PALETTE[6], linewidths=1)
    for label, marker in ((0, "o"), (1, "X")):
        own = X_train[y_train == label]
        axes.plot(*own.T, marker, color=PALETTE[label], linestyle="none", markersize=6)
    axes.text(-3.0, 2.6, "here 0 wins")
    axes.text(1.0, 2.8, "here 1 wins")
    axes.set(title=f"k = {k}", aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])


def one_neighbour_and_fifteen(figure: Figure) -> None:
    """The same sixty points, and the map that their votes draw, for k = 1 and for k = 15."""
    figure.set_size_inches(6.4, 3.5)
    left, right = figure.subplots(1, 2)
    _regions(left, 1)
    _regions(right, 15)


def _six_columns() -> tuple[np.ndarray, np.ndarray]:
    """Twenty examples of six columns, three of which y is made from."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(20, 6))
    return X, X @ [2.0, -1.5, 0.8, 0.0, 0.0, 0.0] + rng.normal(size=20)


def _lasso(X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    w, c = np.zeros(X.shape[1]), (X**2).mean(axis=0)
    for _ in range(100):
        for j in range(len(w)):
            p = X[:, j] @ (y - X @ w) / len(y) + c[j] * w[j]
            w[j] = np.sign(p) * max(abs(p) - lam, 0) / c[j]
    return w


def which_weights_survive(figure: Figure) -> None:
    """The weights of six columns against the price: of ridge on the left, of the lasso on the right."""
    figure.set_size_inches(6.4, 3.2)
    X, y = _six_columns()
    prices = np.linspace(0, 1.6, 81)
    ridge = np.array([np.linalg.solve(X.T @ X / 20 + lam * np.eye(6), X.T @ y / 20) for lam in prices])
    lasso = np.array([_lasso(X, y, lam) for lam in prices])
    for axes, path, title in zip(figure.subplots(1, 2, sharey=True), (ridge, lasso), ("ridge", "lasso"), strict=True):
        for j, style in enumerate(["-", "--", "-.", ":", ":", ":"]):
            label = f"w_{j + 1}" if j < 3 else "w_4, w_5, w_6" if j == 3 else None
            axes.plot(prices, path[:, j], linestyle=style, color=PALETTE[min(j, 3)], label=label)
        axes.axhline(0, color=PALETTE[6], linewidth=0.6, linestyle="-")
        axes.set(title=title, xlabel="lam")
    axes.legend(frameon=False)


def two_prices_of_a_weight(figure: Figure) -> None:
    """The lasso's loss of one weight, for three prices: the lowest point moves into the corner at 0 and stays there."""
    axes = figure.subplots()
    w = np.linspace(-1.0, 2.5, 351)
    for lam in (0, 1, 3):
        axes.plot(w, w**2 - 2 * w + lam * np.abs(w), label=f"lam = {lam}")
        best = max(2 - lam, 0) / 2
        axes.plot([best], [best**2 - 2 * best + lam * best], "o", color=PALETTE[6])
    axes.set(xlabel="w", ylabel="w² - 2w + lam |w|", ylim=(-1.3, 5))
    axes.legend(frameon=False)
