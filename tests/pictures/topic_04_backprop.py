"""Pictures of topic 04, backpropagation."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.pictures import PALETTE

BOX = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "0.4"}


def relu_and_its_slope(figure: Figure) -> None:
    """The curve with its bend at 0, and beside it the slope with its jump."""
    figure.set_size_inches(6.4, 2.6)
    curve, slope = figure.subplots(1, 2)
    x = np.array([-2.0, 0.0, 2.0])
    curve.plot(x, np.maximum(x, 0))
    curve.set(title="y = max(0, x)", xlabel="x", ylabel="y")
    slope.plot([-2, 0], [0, 0], color=PALETTE[0], linestyle="-")
    slope.plot([0, 2], [1, 1], color=PALETTE[0], linestyle="-")
    slope.plot([0, 0], [0, 1], color=PALETTE[1], linestyle=":")
    slope.annotate("any value between\n0 and 1 is right here", (0, 0.5), (0.25, 0.35), color=PALETTE[1])
    slope.set(title="its slope, 1[x > 0]", xlabel="x", ylabel="slope", ylim=(-0.1, 1.25))


def averages_of_dropout(figure: Figure) -> None:
    """How the average of dropout's output approaches its input, for two shares that are kept."""
    axes = figure.subplots()
    rng, draws = np.random.default_rng(4), np.arange(1, 1001)
    for p, style in ((0.9, "-"), (0.1, "--")):
        kept = rng.random(draws.size) < p
        axes.plot(draws, np.cumsum(kept / p) / draws, linestyle=style, label=f"p = {p}: kept entries are 1 / p")
    axes.axhline(1.0, color=PALETTE[6], linewidth=0.8)
    axes.set(xscale="log", xlabel="how many masks", ylabel="average output for x = 1", ylim=(0, 2.6))
    axes.legend(frameon=False)


def two_steps_in_a_chain(figure: Figure) -> None:
    """Above, x = 2 on its way through two steps to the loss 36; below, the way back, where the slopes multiply."""
    figure.set_size_inches(6.4, 2.3)
    axes = figure.subplots()
    for height, colour, style, words in (
        (1.0, PALETTE[6], "-", ("x = 2", "first step\ny = 3x", "y = 6", "second step\nL = y²", "L = 36")),
        (0.0, PALETTE[1], "--", ("dL/dx = 36", "times\nslope 3", "dL/dy = 12", "times\n2y = 12", "dL/dL = 1")),
    ):
        for at, said in enumerate(words):
            box = BOX if at % 2 else None
            axes.text(1.5 * at, height, said, ha="center", va="center", color=colour, bbox=box)
        for at in range(4):
            gap = [1.5 * at + 0.58, 1.5 * at + 0.92]
            start, end = gap if style == "-" else gap[::-1]
            _arrow(axes, (start, height), (end, height), colour, style)
    axes.set(xlim=(-0.6, 6.6), ylim=(-0.5, 1.5))
    axes.axis("off")


def a_has_two_ways(figure: Figure) -> None:
    """The graph of L = ab + a at a = 2, b = 3, with its values, and with the slope of every edge."""
    figure.set_size_inches(6.4, 2.8)
    axes = figure.subplots()
    nodes = {"a = 2": (0, 2), "b = 3": (0, 0), "a · b = 6": (2.4, 0.7), "L = 6 + 2 = 8": (5, 1.5)}
    for words, (x, y) in nodes.items():
        axes.text(x, y, words, ha="center", va="center", fontsize=11, bbox=BOX)
    for start, end, slope, at, colour, style in (
        ((0.4, 1.8), (1.75, 1.0), "slope b = 3", (1.45, 1.5), PALETTE[1], "-"),
        ((3.05, 0.85), (4.15, 1.3), "slope 1", (3.85, 0.85), PALETTE[1], "-"),
        ((0.4, 2.05), (4.15, 1.7), "slope 1", (2.3, 2.1), PALETTE[0], "--"),
        ((0.4, 0.1), (1.75, 0.5), "slope a = 2", (1.5, 0.1), PALETTE[6], ":"),
    ):
        _arrow(axes, start, end, colour, style)
        axes.text(*at, slope, ha="center", va="center", color=colour)
    axes.set(xlim=(-0.6, 6.1), ylim=(-0.4, 2.4))
    axes.axis("off")


def batch_norm_before_and_after(figure: Figure) -> None:
    """Three features of eight examples on one axis, as they are and after batch norm; a bar is one deviation."""
    figure.set_size_inches(6.4, 2.9)
    panels = figure.subplots(1, 2, sharey=True)
    x = np.array(
        [
            [62, 95, 118, 84, 131, 103, 77, 130],
            [28, 33, 25, 36, 31, 22, 35, 30],
            [-3.2, -2.4, -3.9, -2.8, -3.1, -2.6, -3.6, -2.4],
        ]
    )
    x_hat = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
    for axes, values, title in ((panels[0], x, "before"), (panels[1], x_hat, "after")):
        for row, (numbers, mark) in enumerate(zip(values, "osD", strict=True)):
            axes.plot(numbers, np.full(8, row), mark, color=PALETTE[row], markersize=5)
            axes.errorbar(numbers.mean(), row - 0.25, xerr=numbers.std(), color="black", linestyle="-", capsize=3)
        axes.set(title=title, ylim=(2.5, -0.6))
    panels[0].set(yticks=[0, 1, 2], yticklabels=["feature 1", "feature 2", "feature 3"], xlabel="x")
    panels[1].set(xlim=(-3, 3), xlabel="x_hat")


def three_ways_through_batch_norm(figure: Figure) -> None:
    """From one input to the loss: directly, through the spread, which all use, and through the mean, which all use."""
    figure.set_size_inches(6.4, 3.0)
    axes = figure.subplots()
    for words, at in (
        ("one input\n$x_n$", (0, 1)),
        ("centred\n$c_n$", (2, 1)),
        ("normalised\n$\\hat{x}_n$", (4, 1)),
        ("loss\n$L$", (6.2, 1)),
        ("the mean $\\mu$\nof all inputs", (0.9, 2.2)),
        ("the spread $s$\nof all inputs", (2.9, -0.2)),
        ("every $c_k$", (2.9, 2.2)),
        ("every $\\hat{x}_k$", (5, -0.2)),
    ):
        axes.text(*at, words, ha="center", va="center", bbox=BOX)
    for start, end, colour, style in (
        ((0.55, 1), (1.5, 1), PALETTE[6], "-"),
        ((2.5, 1), (3.35, 1), PALETTE[6], "-"),
        ((4.65, 1), (5.8, 1), PALETTE[6], "-"),
        ((2.1, 0.68), (2.6, 0.12), PALETTE[1], "--"),
        ((3.65, -0.2), (4.45, -0.2), PALETTE[1], "--"),
        ((5.3, 0.05), (6.0, 0.65), PALETTE[1], "--"),
        ((0.2, 1.33), (0.6, 1.88), PALETTE[0], ":"),
        ((1.65, 2.2), (2.35, 2.2), PALETTE[0], ":"),
        ((3.4, 2.1), (5.8, 1.25), PALETTE[0], ":"),
    ):
        _arrow(axes, start, end, colour, style)
    axes.text(5.2, 1.15, "1", ha="center", va="center", fontsize=12, color=PALETTE[6])
    axes.text(2.15, 0.3, "2", ha="center", va="center", fontsize=12, color=PALETTE[1])
    axes.text(0.2, 1.75, "3", ha="center", va="center", fontsize=12, color=PALETTE[0])
    axes.set(xlim=(-0.7, 6.7), ylim=(-0.6, 2.6))
    axes.axis("off")


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, style: str) -> None:
    line = {"arrowstyle": "->", "color": colour, "linestyle": style, "linewidth": 1.5}
    axes.annotate("", end, start, arrowprops=line)
