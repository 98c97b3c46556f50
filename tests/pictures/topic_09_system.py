"""Pictures of topic 09, systems."""

import numpy as np
from matplotlib.figure import Figure

from tests.pictures import PALETTE


def four_runs(figure: Figure) -> None:
    """Training and validation loss of four runs, each with its diagnosis."""
    figure.set_size_inches(6.4, 4.4)
    epochs = np.arange(1, 21)
    falling = 2.3 * 0.75 ** (epochs - 1)
    runs = {
        "ok": (0.1 + 0.95 * falling, 0.2 + 0.92 * falling),
        "overfitting": (falling, 0.4 + 0.85 * falling + 0.004 * np.maximum(epochs - 6, 0) ** 2),
        "underfitting": (1.5 + 0.35 * falling, 1.6 + 0.33 * falling),
        "diverging": (2.3 * 1.08 ** (epochs - 1), 2.4 * 1.08 ** (epochs - 1)),
    }
    for axes, (name, (train, validation)) in zip(figure.subplots(2, 2).ravel(), runs.items(), strict=True):
        axes.plot(epochs, train, label="train")
        axes.plot(epochs, validation, label="validation")
        axes.set(title=name, xlabel="epoch", ylabel="loss", ylim=(0, 2.6 if name != "diverging" else 11))
    figure.axes[0].legend(frameon=False)


def one_ruler_or_two(figure: Figure) -> None:
    """Three customers measured by the training data's ruler, and each by a ruler of their own."""
    figure.set_size_inches(6.4, 2.4)
    left, right = figure.subplots(1, 2, sharey=True)
    customers, mean, scale = np.array([30.0, 42.0, 66.0]), 40.0, 12.0
    for axes, places, title in (
        (left, (customers - mean) / scale, "measured by training data"),
        (right, 0 * customers, "each by their own mean"),
    ):
        axes.axvline(0, color=PALETTE[6], linewidth=0.8)
        axes.plot(places, [2, 1, 0], "o", color=PALETTE[0])
        for place, row, age in zip(places, (2, 1, 0), customers, strict=True):
            axes.text(place + 0.15, row, f"age {age:g}: {place:+.2f}", va="center")
        axes.set(title=title, yticks=[], xlim=(-1.5, 4.2), ylim=(-0.6, 2.6), xlabel="scaled age")
