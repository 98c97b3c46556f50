"""The two pictures of a gradient: error against step, and a map of its entries. Both can be read without colour."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.gradcheck.functions import Array
from grader.gradcheck.slopes import Slopes

if TYPE_CHECKING:
    from grader.gradcheck.report import GradientReport

SURE = 1e-6  # what a difference is trusted for, relative to the slope; where it never gets there, what it gets to
REGIONS = ("rounding\n(too short)", "trustworthy", "truncation\n(too long)")
SIGNS = "× wrong, k kink, ? not judged, empty: agrees"


@np.errstate(all="ignore")
def draw(report: "GradientReport") -> Any:
    """The two pictures of a report, beside each other; returns the figure.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        plt: Any = import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install matplotlib") from error
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    left.set_title(report.verdict, pad=30)
    line = report.line
    levels = [] if line is None else [line.level(float(h)) for h in np.logspace(-11, -0.5, 40)]
    found = np.array([(level.h, level.value) for level in levels if level is not None and not level.lost])
    if line is not None and len(found) > 2:
        (steps, off), size = found.T, line.size or 1.0
        curve(left, steps, np.abs(off) / size, np.abs(off - line.settled().value) / size)
    block = max(report.blocks, key=lambda block: int(block.wrong.sum()))
    right.set(title="no entry was measured by itself", xticks=[], yticks=[])
    if block.slopes is not None:
        entries(right, block.name, block.gradient, block.slopes, block.wrong)
    return figure


def trusted(right: Array) -> Array:
    """The numbers of the first and the last step whose difference can be trusted: for SURE, or nearly as far as any.

    Args:
        right: array (k,), the error of the difference itself at rising steps, relative to the slope.
    """
    around = np.max([right, np.append(right[1:], 0), np.append(0, right[:-1])], axis=0)  # luck with one is no trust
    return np.flatnonzero(around <= max(SURE, 3 * np.min(around)))[[0, -1]]


def curve(axes: Any, steps: Array, yours: Array, right: Array) -> None:
    """Yours minus the difference quotient, against the step: a V where yours is right, flat where it is wrong.

    Args:
        steps: array (k,), rising.
        right: as in `trusted`.
        yours: likewise, how far yours is from the difference; nan where there is none.
    """
    axes.set(xscale="log", yscale="log", xlabel="step h, relative to x", ylabel="difference / size of the slope")
    axes.plot(steps, np.maximum(yours, 1e-17), "ko-", markersize=4, label="yours")
    axes.plot(steps, np.maximum(right, 1e-17), "--", color="0.5", label="a right gradient")
    axes.legend(loc="lower left")
    ends = np.r_[steps[0], np.sqrt(steps[1:] * steps[:-1]), steps[-1]][[0, *np.add(trusted(right), [0, 1]), -1]]
    axes.axvspan(ends[1], ends[2], color="0.9")
    for name, start, end in zip(REGIONS, ends[:-1], ends[1:], strict=True):
        if end > start:
            axes.text(np.sqrt(start * end), 1.01, name, transform=axes.get_xaxis_transform(), ha="center", va="bottom")


def entries(axes: Any, name: str, gradient: Array, slopes: Slopes, wrong: Array) -> None:
    """Yours minus the slope at each entry: dark and × where it is wrong, k at a kink, ? where it cannot be judged."""
    off, kinks = gradient - np.clip(gradient, slopes.low, slopes.high), slopes.judged & ~slopes.smooth
    marks = np.where(wrong, "×", np.where(slopes.judged, "", "?")).astype(object) + np.where(kinks, "k", "")
    off, marks, wrong = (v.reshape(-1, v.shape[-1] if v.ndim else 1) for v in (off, marks, wrong))
    shade = np.where(wrong & np.isfinite(off), np.abs(off), 0.0)
    most = np.max(shade, initial=0.0)
    axes.imshow(shade, cmap="Greys", aspect="auto", vmin=0, vmax=most or 1)
    axes.set(title=f"{name}: yours minus the slope", xlabel=SIGNS, ylabel="rows", xticks=[], yticks=[])
    for (row, column), mark in np.ndenumerate(marks[:40, :40]):
        # More than 60 entries have no room for numbers.
        text = f"{mark}\n{off[row, column]:+.2g}" if wrong[row, column] and marks.size <= 60 else mark
        axes.text(column, row, text, ha="center", va="center", color="w" if shade[row, column] > 0.6 * most else "k")
