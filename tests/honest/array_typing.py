from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


def norm(v: Vector, order: Any = None) -> float:
    return float(np.linalg.norm(v, order))


def f(x: npt.ArrayLike) -> list[float]:
    return [norm(np.asarray(x), order) for order in (None, 1, 2, np.inf, "fro", "nuc")]
