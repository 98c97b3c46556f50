"""Pictures of topic 11, building blocks."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def a_filter_finds_an_edge(figure: Figure) -> None:
    """A picture with a step in brightness, a filter, and the filter's answer, with all numbers written in."""
    figure.set_size_inches(6.4, 2.4)
    picture = np.repeat([[0, 0, 0, 1, 1, 1]], 4, axis=0)
    weights = np.array([[-1, 0, 1]] * 3)
    answer = np.array([[3 * (row[j + 2] - row[j]) for j in range(4)] for row in picture[:2]])
    panels = figure.subplots(1, 3, width_ratios=[6, 3, 4])
    titles = ("picture, 4 x 6", "filter, 3 x 3", "answer, 2 x 4")
    for axes, grid, title in zip(panels, (picture, weights, answer), titles, strict=True):
        axes.imshow(grid, cmap="Greys", vmin=-3, vmax=6)
        for (i, j), value in np.ndenumerate(grid):
            axes.text(j, i, str(value), ha="center", va="center")
        axes.set(title=title, xticks=[], yticks=[])


def how_long_is_long(figure: Figure) -> None:
    """The length after squashing against the length before, with the points that the text speaks of."""
    axes = figure.subplots()
    n = np.linspace(0, 5, 101)
    axes.plot(n, n * n / (1 + n * n))
    for length in (0.1, 1.0, 3.0):
        new = length**2 / (1 + length**2)
        axes.plot([length], [new], "o", color=PALETTE[1])
        axes.annotate(f"{length:g} becomes {new:.4g}", (length, new), (length + 0.15, new - 0.07))
    axes.axhline(1.0, color=PALETTE[6], linewidth=0.8)
    axes.set(xlabel="length of s", ylabel="length of v", ylim=(0, 1.08))


def the_share_of_the_loudest(figure: Figure) -> None:
    """How much of its attention a query gives to one of ten random keys, with and without the root of d."""
    axes = figure.subplots()
    sizes = 2 ** np.arange(10)
    rng = np.random.default_rng(11)
    raw, scaled = [], []
    for d in sizes:
        scores = np.einsum("nd,nmd->nm", rng.normal(size=(400, d)), rng.normal(size=(400, 10, d)))
        for shares, scale in ((raw, 1.0), (scaled, np.sqrt(d))):
            powers = np.exp(scores / scale - (scores / scale).max(axis=1, keepdims=True))
            shares.append(float((powers.max(axis=1) / powers.sum(axis=1)).mean()))
    axes.plot(sizes, raw, marker="o", label="scores as they are")
    axes.plot(sizes, scaled, marker="s", label="scores divided by the root of d")
    axes.set(xscale="log", xlabel="d, numbers in a key", ylabel="share of the best of ten keys", ylim=(0, 1.05))
    axes.legend(frameon=False, loc="center right")
