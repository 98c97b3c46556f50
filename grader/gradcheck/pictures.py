"""The two pictures of a report."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.gradcheck.report import GradientReport


@np.errstate(all="ignore")
def draw(report: "GradientReport") -> Any:
    """Error against step on log-log axes, and a map of yours minus the slope with kinks marked; returns the figure.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        plt: Any = import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from error
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    _steps(left, report)
    _entries(right, report)
    return figure


def _steps(axes: Any, report: "GradientReport") -> None:
    """A right gradient draws a V, a wrong one a plateau at the height of its error."""
    axes.set(xlabel="step, relative to x", ylabel="difference / size of the gradient", ylim=(1e-13, 10))
    axes.set_title(report.verdict, pad=18)
    levels = [] if report.line is None else [report.line.level(float(h)) for h in np.logspace(-11, -0.5, 40)]
    found = [(level.h, abs(level.value)) for level in levels if level is not None and level.value]
    if report.line is None or len(found) < 3:
        axes.text(0.5, 0.5, "nothing to draw", transform=axes.transAxes, ha="center")
        return
    steps, errors = np.array(found).T
    axes.loglog(steps, errors / (report.line.size or 1.0), "ko-", markersize=3)
    flat = errors <= 3 * np.min(errors)
    low, high = float(steps[flat].min()), float(steps[flat].max())
    axes.axvspan(low, high, color="0.9")
    ends = (float(steps[0]), low, high, float(steps[-1]))
    for i, text in enumerate(("rounding", "your error" if report.verdict == "wrong" else "best steps", "curvature")):
        if ends[i + 1] > ends[i]:
            where = np.sqrt(ends[i] * ends[i + 1])
            axes.text(where, 1.01, text, transform=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=9)


def _entries(axes: Any, report: "GradientReport") -> None:
    """Dark where the difference is large, a cross where it is wrong, k at a kink, ? where nothing was measured."""
    block = max(report.blocks, key=lambda block: int(block.wrong.sum()))
    axes.set(title=f"off in {block.name} (x: wrong, k: kink, ?: not measured)", xticks=[], yticks=[])
    if block.slopes is None:
        axes.text(0.5, 0.5, "no entries were measured", transform=axes.transAxes, ha="center")
        return
    slopes = block.slopes
    difference = np.where(slopes.judged, np.abs(block.gradient - slopes.value), np.nan)
    kinks = slopes.judged & ~slopes.smooth
    marks = np.where(slopes.judged, np.where(block.wrong, "x", ""), "?").astype(object) + np.where(kinks, "k", "")
    grid, marks = (v.reshape(-1, v.shape[-1] if v.ndim else 1) for v in (difference, marks))
    picture = axes.imshow(grid, cmap="Greys", aspect="auto", vmin=0)
    axes.figure.colorbar(picture, ax=axes)
    for (row, column), mark in np.ndenumerate(marks[:40, :40]):
        dark = grid[row, column] > 0.6 * np.nanmax(grid)
        axes.text(column, row, mark, ha="center", va="center", color="w" if dark else "k")
