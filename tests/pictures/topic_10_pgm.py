"""Pictures of topic 10, graphical models."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def a_late_flight(figure: Figure) -> None:
    """Three variables in a row, with an arrow from each cause to its effect and the table of each below it."""
    figure.set_size_inches(6.4, 2.7)
    axes = figure.subplots()
    nodes = [
        ("A", "storm?", "no    yes\n0.6   0.4"),
        ("B", "plane late?", "        no    yes\nA no    0.7   0.3\nA yes   0.2   0.8"),
        ("C", "flight late?", "        no    yes\nB no    0.9   0.1\nB yes   0.4   0.6"),
    ]
    for i, (name, question, table) in enumerate(nodes):
        axes.plot(3 * i, 0, "o", markersize=40, markerfacecolor="white", markeredgecolor=PALETTE[0], linestyle="none")
        axes.text(3 * i, 0, name, ha="center", va="center", fontsize=14)
        axes.text(3 * i, 0.95, question, ha="center")
        axes.text(3 * i, -0.95, table, ha="center", va="top", family="monospace", fontsize=9)
        if i:
            arrow = {"arrowstyle": "->", "color": PALETTE[6], "lw": 1.5}
            axes.annotate("", (3 * i - 0.7, 0), (3 * i - 2.3, 0), arrowprops=arrow)
    axes.set(xlim=(-1.5, 7.5), ylim=(-2.2, 1.5))
    axes.axis("off")


def the_largest_table(figure: Figure) -> None:
    """How many numbers the largest table has, against the number of variables with four values each."""
    axes = figure.subplots()
    n = np.arange(3, 25)
    axes.plot(n, 4.0**n, marker="s", markevery=3, label="table of everything; star, the hub first")
    axes.plot(n, np.full(len(n), 64.0), marker="^", markevery=3, label="chain, inner ones first")
    axes.plot(n, np.full(len(n), 16.0), marker="o", markevery=3, label="chain from its end; star, the leaves first")
    axes.axhline(2.0**30, color=PALETTE[6], linewidth=0.8, linestyle=":")
    axes.text(3, 2.0**31, "a computer with 8 GiB is full")
    axes.set(yscale="log", xlabel="variables with 4 values each", ylabel="numbers in the largest table", ylim=(1, 1e16))
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0.0, 0.98))


def two_walks(figure: Figure) -> None:
    """The share of eight friends in a ring who say yes, sweep by sweep, for a weak and for a strong coupling."""
    figure.set_size_inches(6.4, 4.2)
    for axes, coupling in zip(figure.subplots(2, 1, sharex=True), (0.3, 1.4), strict=True):
        axes.plot(_shares_of_yes(coupling, 300), linewidth=1.0, color=PALETTE[0], linestyle="-")
        exact = _exact_share(coupling)
        axes.axhline(exact, color=PALETTE[1], linestyle="--")
        axes.text(302, exact, f"exact\n{exact:.3f}", color=PALETTE[1], va="center")
        axes.set(ylabel="share of yes", ylim=(-0.05, 1.05), xlim=(0, 300), title=f"coupling {coupling:g}")
    axes.set(xlabel="sweep")


def _ring(coupling: float) -> np.ndarray:
    """Eight friends, each coupled to two neighbours."""
    pairs = coupling * np.eye(8)
    return np.roll(pairs, 1, axis=1) + np.roll(pairs, -1, axis=1)


def _shares_of_yes(coupling: float, sweeps: int) -> list[float]:
    """Gibbs sampling from eight times no, with a field of 0.1."""
    rng, J, s, shares = np.random.default_rng(10), _ring(coupling), -np.ones(8), []
    for _ in range(sweeps):
        for i in range(8):
            s[i] = 1 if rng.random() < (1 + np.tanh(J[i] @ s + 0.1)) / 2 else -1
        shares.append(float((s == 1).mean()))
    return shares


def _exact_share(coupling: float) -> float:
    """Enumerate all 256 states."""
    states = 1 - 2 * (np.arange(256)[:, None] >> np.arange(8) & 1)
    weights = np.exp(((states @ _ring(coupling)) * states).sum(axis=1) / 2 + 0.1 * states.sum(axis=1))
    return float(weights @ (states == 1).mean(axis=1) / weights.sum())
