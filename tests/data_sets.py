"""The data of the capstones, made from what scikit-learn ships: `python -m tests.data_sets` writes them anew."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

__all__ = ["FOLDER", "digits", "tumours"]

FOLDER = Path(__file__).parent.parent / "assignments" / "13_capstones"


def digits() -> dict[str, np.ndarray]:
    """1,797 handwritten digits of 8 x 8 pixels from 0 to 16, and what they are."""
    images, labels = load_digits(return_X_y=True)
    source = "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), UCI"
    return {
        "images": images.astype(np.uint8),
        "labels": labels.astype(np.uint8),
        "source": np.array(source),
        "licence": np.array("CC BY 4.0"),
    }


def tumours() -> dict[str, np.ndarray]:
    """Three features of 357 benign and 40 malignant tumours: a class that is rare and hard to tell."""
    features, benign = load_breast_cancer(return_X_y=True)
    malignant = np.flatnonzero(benign == 0)[:40]
    kept = np.sort(np.concatenate([np.flatnonzero(benign == 1), malignant]))
    source = "W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast Cancer Wisconsin (Diagnostic) (1993), UCI"
    return {
        "features": features[kept][:, [1, 4, 8]],
        "rare": (1 - benign[kept]).astype(np.uint8),
        "source": np.array(source),
        "licence": np.array("CC BY 4.0"),
    }


if __name__ == "__main__":
    for name, made in (("digits", digits()), ("tumours", tumours())):
        np.savez_compressed(FOLDER / f"{name}.npz", **made)
