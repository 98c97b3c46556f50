"""Pictures of topic 02, derivatives that are measured."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def chords_and_the_tangent(figure: Figure) -> None:
    """The cube near 2 with chords to one side, and beside it with chords to both sides."""
    figure.set_size_inches(6.4, 3.6)
    panels = figure.subplots(1, 2, sharey=True)
    x = np.linspace(0.7, 3.2, 200)
    for axes, title, left in ((panels[0], "to one side", 0.0), (panels[1], "to both sides", 1.0)):
        axes.plot(x, x**3, color=PALETTE[6], linestyle="-", linewidth=1.2)
        axes.plot(x, 8 + 12 * (x - 2), color=PALETTE[2], linestyle="-", linewidth=1.0, label="tangent: slope 12")
        for h, color, style, mark in ((1.0, PALETTE[1], "--", "o"), (0.5, PALETTE[0], "-.", "s")):
            ends = np.array([2 - left * h, 2 + h])
            slope = (ends[1] ** 3 - ends[0] ** 3) / (ends[1] - ends[0])
            axes.plot(ends, ends**3, color=color, linestyle=style, marker=mark, label=f"h = {h:g}: slope {slope:g}")
        axes.set(title=f"chords {title}", xlabel="x", ylim=(-6, 33))
        axes.legend(frameon=False, loc="upper left", fontsize=8.5)
    panels[0].set_ylabel("x³")


def error_against_step(figure: Figure) -> None:
    """Two curves like a V, on logarithmic axes: the error of both quotients for the cube at 2, against the step."""
    axes = figure.subplots()
    # Steps written as decimals and products instead of powers: the same rounding errors on every computer.
    h = np.array([float(f"{m}e{k}") for k in range(-15, 0) for m in (1, 1.33, 1.78, 2.37, 3.16, 4.22, 5.62, 7.5)])
    right, left = (2 + h) * (2 + h) * (2 + h), (2 - h) * (2 - h) * (2 - h)
    for error, name, color, style, mark in (
        (np.abs((right - 8) / h - 12), "one side", PALETTE[1], "--", "o"),
        (np.abs((right - left) / (2 * h) - 12), "both sides", PALETTE[0], "-", "s"),
    ):
        seen = np.maximum(error, 1e-16)
        axes.loglog(h, seen, color=color, linestyle=style, linewidth=1.3, marker=mark, markevery=8, markersize=4)
        axes.plot([], [], color=color, linestyle=style, marker=mark, label=name)
    axes.annotate("rounding", (1e-14, 3e-6), color=PALETTE[6])
    axes.annotate("the curve bends", (2e-4, 1e-10), color=PALETTE[6])
    axes.set(xlabel="step h", ylabel="error of the slope", ylim=(1e-12, 30))
    axes.legend(frameon=False, loc="upper center")


def sigmoid_and_its_slope(figure: Figure) -> None:
    """The S between 0 and 1, and its slope, a hill of height 1/4."""
    figure.set_size_inches(6.4, 2.8)
    axes = figure.subplots()
    x = np.linspace(-8, 8, 400)
    s = 1 / (1 + np.exp(-x))
    axes.plot(x, s, label="s(x)")
    axes.plot(x, s * (1 - s), label="its slope, s (1 - s)")
    axes.axhline(1.0, color=PALETTE[6], linewidth=0.6, linestyle="-")
    axes.plot([0, 2, -2], [0.5, 0.8808, 0.1192], color=PALETTE[0], linestyle="", marker="o", markersize=5)
    axes.plot([0], [0.25], color=PALETTE[1], linestyle="", marker="s", markersize=5)
    axes.annotate("1/2", (0, 0.5), (0.35, 0.44), color=PALETTE[0])
    axes.annotate("1/4", (0, 0.25), (-0.25, 0.30), color=PALETTE[1])
    axes.annotate("0.88", (2, 0.8808), (2.2, 0.79), color=PALETTE[0])
    axes.annotate("0.12", (-2, 0.1192), (-3.3, 0.17), color=PALETTE[0])
    axes.set(xlabel="score x", ylim=(-0.03, 1.12))
    axes.legend(frameon=False, loc="center left")
