"""Draws a learner's answer beside the expected one, by the picture that an exercise has for it.

The palette is Okabe and Ito's (Color Universal Design, 2008), told apart by all common kinds of colour vision; lines
differ in style as well, so that a picture can be read in grey.
"""

import types
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from grader.key import Key
from grader.messages import say
from grader.outcome import Outcome, Returned

__all__ = ["PALETTE", "STYLE", "draw"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STYLE: dict[str, Any] = {
    "figure.facecolor": "white",  # readable on a dark page, too
    "font.size": 10,
    "axes.prop_cycle": cycler(color=PALETTE[:4], linestyle=["-", "--", "-.", ":"]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.8,
    "figure.constrained_layout.use": True,
}


def draw(key: Key, name: str, yours: Outcome) -> Figure:
    """Return a figure with the learner's answer on the left and the expected one on the right.

    Args:
        key: the answer key.
        name: which of its pictures.
        yours: what the learner's function did at the picture's case.
    """
    case = next(case for picture, case, _ in key.pictures if picture == name)
    found = next(one for one in key.cases if one.name == case)
    module = types.ModuleType("picture")
    exec(compile(key.drawing, "<picture>", "exec", dont_inherit=True), module.__dict__)
    drawing: Callable[..., None] = module.__dict__[name]
    arguments = dict(zip(key.parameters, found.arguments, strict=False))
    style: Any = {**mpl.rcParamsDefault, **STYLE}
    with mpl.rc_context(style):
        figure = Figure(figsize=(10, 4.2))
        left, right = figure.subplots(1, 2)
        assert isinstance(found.expected, Returned)
        drawing(right, arguments, found.expected.value)
        right.set_title(_titled(say("expected"), right), fontsize=11)
        _yours(left, drawing, arguments, yours)
        left.set_title(_titled(say("yours"), left), fontsize=11)
        _on_one_scale(left, right)
    return figure


def _titled(whose: str, axes: Axes) -> str:
    return f"{whose}: {axes.get_title()}" if axes.get_title() else whose


def _yours(axes: Axes, drawing: Callable[..., None], arguments: dict[str, Any], yours: Outcome) -> None:
    """Draw what the learner's function returned, or say in its place why there is nothing to draw."""
    if not isinstance(yours, Returned):
        words = say("not written yet")
        if not yours.not_started:
            words = say("no answer: see what is said below the picture's name")
    else:
        try:
            drawing(axes, arguments, yours.value)
            return
        except Exception as fault:  # an answer of another form than the picture expects
            axes.clear()
            words = say("this answer cannot be drawn\n({exception})", exception=type(fault).__name__)
    axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)
    axes.set(xticks=[], yticks=[])


def _on_one_scale(left: Axes, right: Axes) -> None:
    """Give both the expected one's axes, so that what looks alike is alike; what lies outside is at the edge."""
    left.set_xlim(right.get_xlim())
    left.set_ylim(right.get_ylim())
