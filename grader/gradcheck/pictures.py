"""The two pictures of a report."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.gradcheck.report import GradientReport


def draw(report: "GradientReport") -> Any:
    """Error against step on log-log axes, and a heat map of yours minus the slope with kinks marked.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        plt: Any = import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from error
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    _steps(left, report)
    _entries(right, report)
    return figure


def _steps(axes: Any, report: "GradientReport") -> None:
    """A right gradient draws a V, a wrong one a plateau at the height of its error."""
    axes.set(xlabel="step, relative to x", ylabel="error / size of the gradient", title=f"verdict: {report.verdict}")
    if report.line is None:
        return
    levels = [report.line.level(float(h)) for h in np.logspace(-11, -0.5, 40)]
    size = report.line.size or 1.0
    points = [(level.h, abs(level.value) / size) for level in levels if level is not None and level.value]
    if not points:
        return
    steps, errors = np.array(points).T
    axes.loglog(steps, errors, "ko-", markersize=3)
    best = steps[int(np.argmin(errors))]
    axes.axvline(best, color="0.7", linestyle=":")
    for x, text in ((0.12, "rounding"), (0.5, "your error"), (0.88, "curvature")):
        axes.text(x, 0.96, text, transform=axes.transAxes, ha="center", va="top")


def _entries(axes: Any, report: "GradientReport") -> None:
    """Grey by difference, a number where it is wrong, k at a kink; entries that were not measured stay white."""
    block = max(report.blocks, key=lambda block: int(block.wrong.sum()))
    axes.set(title=f"yours minus slope in {block.name} (k: kink)")
    if block.slopes is None:
        axes.text(0.5, 0.5, "no entries were measured", transform=axes.transAxes, ha="center")
        return
    judged = block.slopes.judged
    difference = np.where(judged, block.gradient - block.slopes.value, np.nan)
    grid = np.atleast_2d(difference.reshape(-1, difference.shape[-1]) if difference.ndim > 1 else difference)
    axes.imshow(np.abs(grid), cmap="Greys", aspect="auto")
    kinks = (judged & ~block.slopes.smooth).reshape(grid.shape)
    for (row, column), value in np.ndenumerate(grid):
        text = "" if np.isnan(value) else f"{value:.2g}"
        axes.text(column, row, "k " + text if kinks[row, column] else text, ha="center", va="center", color="C3")
