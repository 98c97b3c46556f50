"""Second derivatives: a Hessian is the derivative of the gradient, and is checked as such."""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.gradcheck.check import check_gradient
from grader.gradcheck.report import GradientReport


def check_hessian(
    gradient: Callable[..., Any], hessian: Callable[..., Any], x: Any, *, product: bool = False, seed: int | None = None
) -> GradientReport:
    """Decide whether a Hessian, or a Hessian-vector product, belongs to a gradient.

    Args:
        gradient: gradient(x) -> array like x; taken for right: check it first.
        hessian: hessian(x) -> array of shape x.shape + x.shape; with `product` hessian(x, v) -> array like x.
        x: array of floats.
        product: whether `hessian` returns the product with a vector v.
        seed: as in check_gradient.

    Returns:
        GradientReport, in which f is the gradient, upstream the vector v, and the slopes are entries of v H.

    Raises:
        ValueError: the Hessian has another shape than x.shape + x.shape.
    """

    def along(x: Any, v: Any) -> Any:
        matrix = np.asarray(hessian(x))
        if matrix.shape != x.shape + x.shape:
            raise ValueError(f"the Hessian has shape {matrix.shape}, it needs x.shape + x.shape = {x.shape + x.shape}")
        return np.tensordot(v, matrix, np.ndim(v))

    return check_gradient(gradient, hessian if product else along, x, seed=seed)
