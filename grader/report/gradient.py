"""Shows a learner's gradient beside the numerical slope: a map of its entries, and the V-curve.

Everything comes from the answer key and the learner's outcomes, so a handout draws the same pictures. The pictures are
the gradient checker's own; what they show is said in words as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.checks import Slope
from grader.gradcheck import pictures
from grader.key import Key, KeyCase
from grader.messages import say, say_count
from grader.outcome import Failed, Outcome, Returned
from grader.parts import at, entry, name_of, numbers
from grader.report.picture import STYLE

__all__ = ["Seen", "draw", "look", "said", "worst"]

_LISTED = 4  # wrong entries that are listed with their numbers
_TICKS = 12  # rows or columns of a map, at most, that have their index beside them
# In a map: to be shown first.
_AGREES, _NOT_COMPARABLE, _DIFFERS = range(3)


@dataclass(frozen=True)
class Seen:
    """One gradient of one case, as the learner's function gave it.

    Attributes:
        case: the case's name.
        slope: what it is compared with.
        gradient: the learner's (a float array like the argument that was nudged); None where none has this form.
        wrong: bool, where it is wrong; all False where there is none.
        why: why there is none; "" where there is one.
    """

    case: str
    slope: Slope
    gradient: np.ndarray | None
    wrong: np.ndarray
    why: str = ""

    @property
    def name(self) -> str:
        """What messages call the part of the answer."""
        return name_of(self.slope.place, self.slope.returns)

    @property
    def kinks(self) -> np.ndarray:
        """Where the slopes of both sides differ."""
        return np.asarray(self.slope.slopes.judged & ~self.slope.slopes.smooth)


def worst(key: Key, outcomes: Mapping[str, Sequence[Outcome]]) -> Seen:
    """Return the gradient that is most worth looking at: the one that is furthest off, else one with a kink.

    Args:
        key: an answer key that has `gradients`.
        outcomes: what the learner's function did at them.
    """
    core = {case.name for case in key.cases if case.kind == "core"}
    seen = [_seen(case, slope, outcomes[case.name][0]) for case in key.gradients for slope in case.slopes]

    def rank(one: Seen) -> tuple[int, bool, bool, float]:
        state = _NOT_COMPARABLE if one.gradient is None else _DIFFERS if one.wrong.any() else _AGREES
        telling = bool(one.kinks.any()) if state == _AGREES else one.case in core
        return state, telling, bool(one.slope.ladder.steps.size), _off(one)

    return max(seen, key=rank)


@np.errstate(all="ignore")
def _seen(case: KeyCase, slope: Slope, outcome: Outcome) -> Seen:
    """Look at one part of what a call returned."""
    nowhere = np.zeros(slope.reference.shape, bool)
    name = name_of(slope.place, slope.returns)
    if isinstance(outcome, Failed):
        why = say("not written yet") if outcome.not_started else say("no answer: see what `make grade` says")
        return Seen(case.name, slope, None, nowhere, why)
    assert isinstance(outcome, Returned)
    try:
        part = np.asarray(at(outcome.value, slope.place))
    except (LookupError, TypeError, ValueError):
        return Seen(case.name, slope, None, nowhere, say("your answer has no part {name}", name=name))
    if part.dtype.kind not in "fiu":
        return Seen(case.name, slope, None, nowhere, say("your {name} holds no real numbers", name=name))
    if part.shape != slope.reference.shape:
        why = say(
            "your {name} has shape {yours}, it needs {needed}:\nno entry can be compared",
            name=name,
            yours=part.shape,
            needed=slope.reference.shape,
        )
        return Seen(case.name, slope, None, nowhere, why)
    return Seen(case.name, slope, np.asarray(slope.gradient(part), float), slope.wrong(part))


def _off(seen: Seen) -> float:
    """Return how far the wrong entries are off, relative to the size of the gradient; infinite where they are."""
    if seen.gradient is None or not seen.wrong.any():
        return 0.0
    true = np.asarray(seen.slope.gradient(seen.slope.reference), float)
    off = float(np.linalg.norm((seen.gradient - true)[seen.wrong]) / (np.linalg.norm(true) or 1.0))
    return off if np.isfinite(off) else float("inf")


# --- drawing -------------------------------------------------------------------------------------------------------


@np.errstate(all="ignore")
def draw(key: Key, seen: Seen) -> Figure:
    """Return a figure: on the left the map of the entries, on the right the V-curve, below them the numbers."""
    style: Any = {**mpl.rcParamsDefault, **STYLE, "axes.spines.top": True, "axes.spines.right": True}
    with mpl.rc_context(style):
        figure = Figure(figsize=(11, 5.6))
        figure.suptitle(say("{name}, case {case}", name=key.name, case=seen.case), fontsize=11)
        grid = figure.add_gridspec(2, 2, height_ratios=[5, 1])
        _map(figure.add_subplot(grid[0, 0]), seen)
        _curve(figure.add_subplot(grid[0, 1]), seen)
        below = figure.add_subplot(grid[1, :])
        below.set_axis_off()
        below.text(0, 1, "\n".join(_numbers(seen)), va="top", family="monospace", fontsize=9, parse_math=False)
    return figure


def _map(axes: Axes, seen: Seen) -> None:
    if seen.gradient is None:
        axes.set(xticks=[], yticks=[], title=seen.name)
        axes.text(0.5, 0.5, seen.why, ha="center", va="center", transform=axes.transAxes, parse_math=False)
        return
    pictures.entries(axes, seen.name, seen.gradient, seen.slope.slopes, seen.wrong)
    shape = seen.gradient.shape or (1,)
    rows, columns = list(np.ndindex(shape[:-1])), range(shape[-1])
    if len(columns) <= _TICKS:
        axes.set_xticks(columns)
    if shape[:-1] and len(rows) <= _TICKS:
        axes.set_yticks(range(len(rows)), [", ".join(map(str, row)) for row in rows])
    if max(len(columns), len(rows)) <= _TICKS:
        axes.set_xticks(np.arange(len(columns) - 1) + 0.5, minor=True)
        axes.set_yticks(np.arange(len(rows) - 1) + 0.5, minor=True)
        axes.grid(which="minor", color="0.8")
        axes.tick_params(which="minor", length=0)
    axes.set_ylabel(say("first index") if len(shape) == 2 else say("all indices but the last") if shape[:-1] else "")


def _curve(axes: Axes, seen: Seen) -> None:
    climbed = _climbed(seen)
    if climbed is None:
        axes.set(xticks=[], yticks=[])
        words = say("no V-curve here: no entry has one slope, other than 0")
        axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)
        return
    yours, right = climbed
    pictures.curve(axes, seen.slope.ladder.steps, yours, right)
    axes.set_xlabel(say("step h, relative to {x}; all its entries are nudged at once", x=seen.slope.wrt))


def _climbed(seen: Seen) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the learner's distance from each difference quotient, nan without a gradient, and a right one's."""
    gradient = np.full(seen.wrong.shape, np.nan) if seen.gradient is None else seen.gradient
    return seen.slope.climbed(gradient)


# --- words ---------------------------------------------------------------------------------------------------------


def look(seen: Seen) -> str:
    """Return what to look for in the picture."""
    return say(
        "Left, every entry of {name}: empty where it agrees with the slope that nudging {x} measures; dark, with × and "
        "the difference, where it is wrong; k at a kink; ? where nobody can tell. Right, the distance from the "
        "difference quotient at every step h: a right gradient draws a V, a wrong one stays flat in the grey part.",
        name=seen.name,
        x=seen.slope.wrt,
    )


def said(seen: Seen) -> str:
    """Return in words what the picture shows."""
    return " ".join([say("In case {case}:", case=seen.case), "; ".join(_numbers(seen)) + ".", *_of_curve(seen)])


def _numbers(seen: Seen) -> list[str]:
    """Return how many entries are wrong and which are furthest off, with their numbers; or that all agree."""
    slopes, name = seen.slope.slopes, seen.name
    if seen.gradient is None:
        return [seen.why.replace("\n", " ")]
    wrong, unjudged, kinks = (int(where.sum()) for where in (seen.wrong, ~slopes.judged, seen.kinks & ~seen.wrong))
    told = [say("{wrong} of {all} entries of {name} are wrong", wrong=wrong, all=seen.wrong.size, name=name)]
    if not wrong:
        agree = int(slopes.judged.sum())
        told = [
            say_count(
                agree,
                "{number} entry of {name} agrees with the slope, none is wrong",
                "{number} entries of {name} agree with the slope, none is wrong",
                name=name,
            )
        ]
    told += [_entry(seen, index) for index in _furthest(seen)]
    if kinks:
        told.append(
            say_count(
                kinks,
                "{number} entry is at a kink, where every value between the slopes of both sides is right",
                "{number} entries are at a kink, where every value between the slopes of both sides is right",
            )
        )
    if unjudged:
        told.append(say_count(unjudged, "{number} entry cannot be judged", "{number} entries cannot be judged"))
    return told


def _furthest(seen: Seen) -> list[tuple[int, ...]]:
    """Return the indices of the wrong entries that are furthest off, the worst first."""
    true = np.asarray(seen.slope.gradient(seen.slope.reference), float)
    off = np.where(seen.wrong, np.nan_to_num(np.abs(seen.gradient - true), nan=np.inf), -1.0)
    flat = np.argsort(-off, axis=None, kind="stable")[: min(_LISTED, int(seen.wrong.sum()))]
    return [tuple(int(i) for i in np.unravel_index(int(one), off.shape)) for one in flat]


def _entry(seen: Seen, index: tuple[int, ...]) -> str:
    assert seen.gradient is not None
    true, slopes = seen.slope.gradient(seen.slope.reference), seen.slope.slopes
    place = f"{seen.slope.wrt}{entry(index)}"
    yours, slope = numbers(float(seen.gradient[index]), float(true[index]))
    if seen.kinks[index]:
        low, high = float(slopes.low[index]), float(slopes.high[index])
        return say(
            "at {place} yours is {yours}, the slope between {low:.6g} and {high:.6g} (a kink)",
            place=place,
            yours=yours,
            low=low,
            high=high,
        )
    return say("at {place} yours is {yours}, the slope {slope}", place=place, yours=yours, slope=slope)


def _of_curve(seen: Seen) -> list[str]:
    """Return what the V-curve says."""
    climbed = _climbed(seen)
    if climbed is None:
        return []
    (yours, right), steps = climbed, seen.slope.ladder.steps
    low, high = (int(place) for place in pictures.trusted(right))
    best = low + int(np.argmin(right[low : high + 1]))
    flat = float(np.median(yours[low : high + 1]))
    h = f"{steps[best]:.0e}"
    if not np.isfinite(flat):
        shape = say(
            "A right gradient draws the dashed V: at the step {h} it is only {right} times the slope away.",
            h=h,
            right=_share(right[best]),
        )
    elif flat > max(pictures.SURE, 10 * float(np.median(right[low : high + 1]))):
        shape = say(
            "The curve is flat: yours stays {yours} times the slope away from the difference quotient, whatever "
            "the step, where a right gradient comes as near as {right}.",
            yours=_share(flat),
            right=_share(right[best]),
        )
    else:
        shape = say(
            "The curve is a V: at the step {h} yours is only {yours} times the slope away from the quotient.",
            h=h,
            yours=_share(yours[best]),
        )
    told = [shape]
    if np.isfinite(flat) and seen.wrong[seen.kinks].any() and not seen.wrong[~seen.kinks].any():
        told.append(say("The entries at a kink, which have no one slope, are not in it."))
    if high == len(steps) - 1:
        told.append(say("No step is too long here: a central difference is exact for lines and parabolas."))
    return told


def _share(value: float) -> str:
    """Return a share of the slope; below what 16 digits can show there is nothing to tell apart."""
    return f"{max(float(value), 1e-16):.1g}"
