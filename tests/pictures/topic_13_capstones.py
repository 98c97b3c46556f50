"""Pictures of topic 13, capstones."""

import numpy as np
from matplotlib.figure import Figure

from tests.data_sets import FOLDER
from tests.pictures import PALETTE
from tests.pictures.topic_07_dimred import _joint, _pca


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


def five_hundred_digits_on_two_maps(figure: Figure) -> None:
    """The first 500 digits on the map of PCA and on that of t-SNE, every point drawn as what it is."""
    figure.set_size_inches(7.6, 4.0)
    colours = (PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[3], PALETTE[6])
    with np.load(FOLDER / "digits.npz") as digits:
        X, y = digits["images"][:500].astype(float), digits["labels"][:500]
    Z = _pca(X)[0]
    for axes, M, name in zip(figure.subplots(1, 2), (Z, _downhill(_joint(X, 30), Z)), ("PCA", "t-SNE"), strict=True):
        for digit in range(10):
            own = M[y == digit]
            axes.plot(*own.T, marker=f"${digit}$", color=colours[digit % 5], markersize=4, linestyle="none", mew=0.2)
        axes.set(title=name, xticks=[], yticks=[])


def _downhill(P: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """The map of t-SNE after 500 steps from that of PCA, as the capstone's statement has them."""
    Y, V, n = 1e-4 / Z[:, 0].std() * Z, np.zeros_like(Z), len(Z)
    for step in range(500):
        norms = (Y**2).sum(axis=1)
        w = 1 / (1 + np.maximum(norms[:, None] + norms - 2 * Y @ Y.T, 0))
        np.fill_diagonal(w, 0)
        M = (P * (4 if step < 100 else 1) - w / w.sum()) * w
        V = (0.5 if step < 100 else 0.8) * V - 0.2 * n * 4 * (M.sum(axis=1)[:, None] * Y - M @ Y)
        Y = Y + V
    return Y
