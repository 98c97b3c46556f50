"""Pictures of topic 00, notation."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.pictures import PALETTE


def a_column_meets_a_row(figure: Figure) -> None:
    """Labels as a column, classes as a row, and the table of their comparisons, with all numbers written in."""
    figure.set_size_inches(6.4, 2.8)
    axes = figure.subplots()
    labels, classes = [2, 0, 1, 2], [0, 1, 2]
    for j, c in enumerate(classes):
        axes.text(j, -1.2, str(c), ha="center", va="center")
    for i, label in enumerate(labels):
        axes.text(-1.3, i, str(label), ha="center", va="center")
        for j, c in enumerate(classes):
            same = label == c
            axes.add_patch(_box(j, i, "0.25" if same else "white"))
            axes.text(j, i, str(int(same)), ha="center", va="center", color="white" if same else "black")
    axes.text(-1.3, -2.0, "y[:, None]", ha="center", color=PALETTE[0])
    axes.text(1.0, -2.0, "np.arange(3)", ha="center", color=PALETTE[0])
    axes.text(3.2, 1.5, "1 where the label\nof the row is the class\nof the column", va="center")
    axes.set(xlim=(-2.6, 6.4), ylim=(3.8, -2.6), aspect="equal")
    axes.axis("off")


def who_is_added_to_whom(figure: Figure) -> None:
    """Three values with their segments, arrows to three boxes, and the sums in the boxes."""
    figure.set_size_inches(6.4, 2.6)
    axes = figure.subplots()
    values, ids, sums = [1, 2, 4], [0, 2, 0], [5, 0, 2]
    for n, (value, k) in enumerate(zip(values, ids, strict=True)):
        axes.text(2 * n, 2.0, str(value), ha="center", va="center", fontsize=12)
        axes.text(2 * n, 2.6, f"ids = {k}", ha="center", va="center", color=PALETTE[0])
        arrow = {"arrowstyle": "->", "color": PALETTE[1], "linewidth": 1.5}
        axes.annotate("", (2 * k + 0.1 * n, 0.5), (2 * n, 1.7), arrowprops=arrow)
    for k, total in enumerate(sums):
        axes.add_patch(_box(2 * k, 0.0, "white"))
        axes.text(2 * k, 0.0, str(total), ha="center", va="center", fontsize=12)
        axes.text(2 * k, -0.8, f"segment {k}", ha="center", va="center")
    axes.set(xlim=(-1.2, 5.2), ylim=(-1.2, 3.0))
    axes.axis("off")


def _box(x: float, y: float, colour: str) -> Rectangle:
    return Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, facecolor=colour, edgecolor="0.4")


def sums_of_indicators(figure: Figure) -> None:
    """How many of some random numbers are larger than t, as a sum of indicators, against t."""
    axes = figure.subplots()
    numbers = np.array([0.3, 0.8, 1.1, 1.9, 2.4])
    t = np.linspace(0, 3, 301)
    axes.plot(t, (numbers[:, None] > t).sum(axis=0))
    axes.plot(numbers, np.zeros(5), "|", color=PALETTE[1], markersize=14)
    axes.set(xlabel="t", ylabel="how many are larger than t", ylim=(-0.3, 5.5))
