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


def three_days(figure: Figure) -> None:
    """The hidden states of three days with their forward numbers, and the best path through them."""
    figure.set_size_inches(6.4, 2.9)
    axes = figure.subplots()
    a = np.array([[0.7, 0.3], [0.4, 0.6]])
    b = np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]])
    alpha = [np.array([0.6, 0.4]) * b[:, 0]]
    for word in (1, 2):
        alpha.append(alpha[-1] @ a * b[:, word])
    best = [(0, 0), (0, 1)]
    for day in range(2):
        for i in range(2):
            for j in range(2):
                thick = best[day] == (i, j)
                look = {"arrowstyle": "-|>", "color": PALETTE[1] if thick else PALETTE[6], "lw": 3.0 if thick else 0.9}
                ends = {"shrinkA": 30, "shrinkB": 30}
                axes.annotate("", (day + 1, 1 - j), (day, 1 - i), arrowprops={**look, **ends})
                place = (day + 0.31, 1 - i + 0.31 * (i - j) + 0.07)
                axes.text(*place, f"{a[i, j]:.1f}", ha="center", va="bottom", fontsize=8)
    for day, numbers in enumerate(alpha):
        for state, number in enumerate(numbers):
            axes.plot(day, 1 - state, "o", markersize=46, markerfacecolor="white", markeredgecolor=PALETTE[0])
            axes.text(day, 1 - state, f"{number:.4f}".rstrip("0"), ha="center", va="center", fontsize=9)
    axes.set(xlim=(-0.4, 2.4), ylim=(-0.45, 1.45))
    axes.set_xticks(range(3), ["day 1: normal", "day 2: cold", "day 3: dizzy"])
    axes.set_yticks([1, 0], ["healthy", "fever"])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)


def a_level_and_its_band(figure: Figure) -> None:
    """A level that drifts, seen through noise, and what the filter believes; for six steps nothing is measured."""
    axes = figure.subplots()
    rng, steps = np.random.default_rng(10), np.arange(1, 41)
    level = np.cumsum(rng.normal(size=40))
    y = level + np.sqrt(2.0) * rng.normal(size=40)
    m, p, means, variances = 0.0, 100.0, [], []
    for step in steps:
        p += 1.0
        if not 20 <= step <= 25:
            gain = p / (p + 2.0)
            m, p = m + gain * (y[step - 1] - m), (1 - gain) ** 2 * p + gain**2 * 2.0
        means.append(m)
        variances.append(p)
    mean, width = np.array(means), 2 * np.sqrt(variances)
    seen = (steps < 20) | (steps > 25)
    low, high = mean - width, mean + width
    axes.fill_between(steps, low, high, color=PALETTE[0], alpha=0.2, linewidth=0, label="two deviations around it")
    axes.plot(steps, mean, "-", color=PALETTE[0], label="mean of the filter")
    axes.plot(steps, level, ":", color=PALETTE[6], label="the level itself")
    axes.plot(steps[seen], y[seen], "x", color=PALETTE[1], markersize=4, label="measured")
    axes.set(xlabel="step", ylabel="level")
    axes.legend(frameon=False, fontsize=8, ncols=2)


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
