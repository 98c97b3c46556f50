"""Pictures of topic 04, backpropagation."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


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
