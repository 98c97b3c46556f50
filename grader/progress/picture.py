"""Progress as a picture: points over time, and the states of every topic. Drawn with matplotlib.

The bars differ in hatching as well as in colour, and every part of them has its number.
"""

from datetime import timedelta
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.messages import say
from grader.progress.summary import STATES, Summary
from grader.report.picture import PALETTE, STYLE
from grader.report.text import amount

__all__ = ["draw"]

_LOOKS = {
    "robust": (PALETTE[2], ""),
    "right": (PALETTE[5], "//"),
    "wrong": (PALETTE[1], "xx"),
    "not started": ("#E6E6E6", ""),
}
_BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85}  # a number reads on any hatching


def draw(found: Summary) -> Figure:
    """Return the picture of a learner's progress."""
    style: Any = {**mpl.rcParamsDefault, **STYLE}
    with mpl.rc_context(style):
        figure = Figure(figsize=(10, 3.2 + 0.28 * len(found.topics)))
        over_time, by_topic = figure.subplots(2, 1, height_ratios=[1.0, 0.12 * len(found.topics) + 0.4])
        _over_time(over_time, found)
        _by_topic(by_topic, found)
    return figure


def _over_time(axes: Axes, found: Summary) -> None:
    axes.set_title(say("points over time, of {most}", most=found.max_points), fontsize=11)
    if not found.days:
        axes.text(0.5, 0.5, say("nothing graded yet"), ha="center", va="center", transform=axes.transAxes)
        axes.set(xticks=[], yticks=[])
        return
    first = found.days[0].day - timedelta(days=1)
    days = np.array([first, *(one.day for one in found.days)], dtype="datetime64[D]")
    points = [0.0, *(float(one.points) for one in found.days)]
    axes.step(days, points, where="post", marker="o", markersize=4)
    axes.text(days[-1], points[-1], f"  {amount(found.days[-1].points)}", va="center")
    axes.set_ylim(bottom=0, top=max(points) * 1.15 or 1)
    axes.tick_params(axis="x", rotation=20)


def _by_topic(axes: Axes, found: Summary) -> None:
    axes.set_title(say("exercises by topic"), fontsize=11)
    names, left = [topic.name for topic in found.topics], [0] * len(found.topics)
    words = {"robust": say("robust"), "right": say("right"), "wrong": say("wrong"), "not started": say("not started")}
    for state in STATES:
        counts = [topic.states[state] for topic in found.topics]
        color, hatch = _LOOKS[state]
        bars = axes.barh(names, counts, left=left, color=color, hatch=hatch, edgecolor="white", label=words[state])
        axes.bar_label(
            bars, [str(count) if count else "" for count in counts], label_type="center", fontsize=9, bbox=_BEHIND
        )
        left = [before + count for before, count in zip(left, counts, strict=True)]
    axes.invert_yaxis()
    axes.legend(ncols=len(STATES), frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.08))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
