"""The pictures of the lessons, drawn by code: a module for each topic, a function for each picture.

`python -m tests.pictures` draws them all into `assignments/<topic>/`, each as the SVG that its function is named for.
Such a function takes a matplotlib figure and draws on it; it may set the figure's size. Whoever reads a lesson without
seeing gets the alternative text of the link, which says what the picture shows, in numbers.
"""

import importlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["LESSONS", "PALETTE", "drawings", "png", "svg"]

LESSONS = Path(__file__).parent.parent.parent / "assignments"
# Okabe & Ito, Color Universal Design (2008): told apart by all common kinds of colour vision, and in grey.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STYLE = {
    "svg.hashsalt": "lesson",  # the same picture has the same bytes
    "svg.fonttype": "path",
    "figure.figsize": (6.4, 3.4),
    "figure.facecolor": "white",  # readable on a dark page, too
    "font.size": 10,
    "axes.prop_cycle": mpl.cycler(color=PALETTE[:4], linestyle=["-", "--", "-.", ":"]),  # readable without colour
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.8,
    "figure.constrained_layout.use": True,
}


def drawings() -> Iterator[tuple[Path, Callable[[Figure], None]]]:
    """Yield the file of every picture, with the function that draws it."""
    for module in sorted(Path(__file__).parent.glob("topic_*.py")):
        topic = module.stem.removeprefix("topic_")
        for name, thing in vars(importlib.import_module(f"{__name__}.{module.stem}")).items():
            if callable(thing) and getattr(thing, "__module__", "").endswith(module.stem) and not name.startswith("_"):
                yield LESSONS / topic / f"{name}.svg", thing


def svg(draw: Callable[[Figure], None]) -> str:
    """Return the picture that `draw` draws, as the text of an SVG file."""
    text = _saved(draw, "svg", {"Date": None, "Creator": None}).decode("utf-8")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def png(draw: Callable[[Figure], None]) -> bytes:
    """Return the same picture as a PNG file."""
    return _saved(draw, "png", {})


def _saved(draw: Callable[[Figure], None], form: str, metadata: dict[str, None]) -> bytes:
    with mpl.rc_context({**mpl.rcParamsDefault, **STYLE}):
        figure = Figure()
        draw(figure)
        file = io.BytesIO()
        figure.savefig(file, format=form, metadata=metadata)
    return file.getvalue()
