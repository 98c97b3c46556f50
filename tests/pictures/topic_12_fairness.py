"""Pictures of topic 12, fairness and explanation."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def one_average_two_places(figure: Figure) -> None:
    """The four rates of the Valley and of Alaska side by side, with the one number that hides them."""
    axes = figure.subplots()
    valley, alaska = (0.95, 0.59, 0.95, 0.05), (0.81, 0.17, 0.45, 0.10)
    for rates, name, shift, color, hatch in (
        (valley, "Valley (900 tiles)", -0.2, PALETTE[0], ""),
        (alaska, "Alaska (100 tiles)", 0.2, PALETTE[1], "//"),
    ):
        places = np.arange(4) + shift
        axes.bar(places, rates, width=0.38, color=color, hatch=hatch, edgecolor="white", label=name)
        for place, rate in zip(places, rates, strict=True):
            axes.annotate(f"{rate:.2f}", (place, rate + 0.02), ha="center", fontsize=9)
    axes.axhline(0.936, color=PALETTE[6], linewidth=0.9, linestyle="--", xmax=0.215)
    axes.annotate("all: 0.936", (0.52, 0.936), va="center", fontsize=9)
    axes.set(ylim=(0, 1.12), ylabel="rate", xticks=range(4))
    axes.set_xticklabels(["accuracy", "selection rate", "tpr", "fpr"])
    axes.legend(frameon=False, loc="upper right")


def where_parity_is_possible(figure: Figure) -> None:
    """In the plane of fpr and tpr, all points at which four of ten are selected: a line for each group."""
    figure.set_size_inches(6.4, 4.4)
    axes = figure.subplots()
    f = np.linspace(0.0, 1.0, 101)
    for b, name, color, style, mark in (
        (0.6, "Valley: 6 of 10 tiles have a home", PALETTE[0], "-", "o"),
        (0.2, "Alaska: 2 of 10 tiles have a home", PALETTE[1], "--", "s"),
    ):
        t = (0.4 - (1 - b) * f) / b
        inside = (t >= -1e-9) & (t <= 1 + 1e-9)
        axes.plot(f[inside], t[inside], color=color, linestyle=style, label=name)
        first = np.flatnonzero(inside)[0]
        axes.plot(f[first], t[first], color=color, marker=mark, linestyle="", markersize=7)
    axes.plot([0, 1], [0, 1], color=PALETTE[6], linestyle=":", linewidth=1.0)
    axes.plot([0.4], [0.4], color=PALETTE[6], marker="D", linestyle="", markersize=6)
    axes.annotate("a coin: tpr = fpr = 0.4", (0.4, 0.4), (0.52, 0.42))
    axes.annotate("best for the Valley:\nfpr 0, tpr 0.67", (0.0, 0.667), (0.03, 0.74), color=PALETTE[0])
    axes.annotate("best for Alaska:\nfpr 0.25, tpr 1", (0.25, 1.0), (0.30, 0.90), color=PALETTE[1])
    axes.annotate("tpr = fpr", (0.8, 0.8), (0.83, 0.76))
    axes.set(xlabel="false-positive rate", ylabel="true-positive rate", xlim=(-0.02, 1.02), ylim=(-0.02, 1.3))
    axes.set_yticks(np.arange(6) / 5)
    axes.legend(frameon=False, loc="upper right")


def the_road_to_certainty(figure: Figure) -> None:
    """The neuron along the road from the baseline to x, and its slopes on the way."""
    figure.set_size_inches(6.4, 3.0)
    value, slope = figure.subplots(1, 2)
    alpha = np.linspace(0, 1, 201)
    s = 1 / (1 + np.exp(-11 * alpha))
    value.plot(alpha, s)
    value.plot([0, 1], [0.5, s[-1]], color=PALETTE[0], marker="o", linestyle="")
    value.annotate("0.5", (0, 0.5), (0.05, 0.48))
    value.annotate("0.99998", (1, 1), (0.72, 0.93))
    value.set(title="f on the road", xlabel="alpha", ylabel="f", ylim=(0.4, 1.05))
    slope.plot(alpha, 2 * s * (1 - s), label="by inputs 0 and 1")
    slope.plot(alpha, -s * (1 - s), label="by input 2")
    middles = (np.arange(5) + 0.5) / 5
    m = 1 / (1 + np.exp(-11 * middles))
    slope.plot(middles, 2 * m * (1 - m), color=PALETTE[0], marker="o", linestyle="")
    slope.plot(middles, -m * (1 - m), color=PALETTE[1], marker="s", linestyle="")
    slope.set(title="its slopes", xlabel="alpha", ylabel="slope", ylim=(-0.32, 0.6))
    slope.legend(frameon=False, loc="upper right")
