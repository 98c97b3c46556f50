"""Pictures of topic 13, capstones."""

import numpy as np
from matplotlib.figure import Figure

from tests.data_sets import FOLDER
from tests.pictures import PALETTE


def twenty_digits(figure: Figure) -> None:
    """The first twenty digits of the data, and what they are."""
    figure.set_size_inches(6.4, 2.0)
    with np.load(FOLDER / "digits.npz") as digits:
        images, labels = digits["images"][:20], digits["labels"][:20]
    for axes, image, label in zip(figure.subplots(2, 10).ravel(), images, labels, strict=True):
        axes.imshow(image.reshape(8, 8), cmap="Greys")
        axes.set_title(str(label), fontsize=9)
        axes.axis("off")


def rare_and_hard_to_tell(figure: Figure) -> None:
    """Two of the three features of the tumours, the rare kind marked."""
    axes = figure.subplots()
    with np.load(FOLDER / "tumours.npz") as tumours:
        features, rare = tumours["features"], tumours["rare"] == 1
    axes.plot(*features[~rare][:, :2].T, ".", color=PALETTE[5], markersize=4, label="357 of the usual kind")
    axes.plot(*features[rare][:, :2].T, "^", color=PALETTE[1], markersize=6, label="40 of the rare kind")
    axes.set(xlabel="texture", ylabel="smoothness")
    axes.legend(frameon=False)
