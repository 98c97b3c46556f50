"""The pictures of the lessons, drawn by code: a module for each topic, a function for each picture.

`python -m tests.pictures` draws them all into `assignments/<topic>/`, each as the SVG that its function is named for.
The map of all topics is `course_map`. Such a function takes a matplotlib figure and draws on it, and may set its size.
Whoever reads a lesson without seeing gets the alternative text of the link, which says what the picture shows, in
numbers.
"""

import importlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from grader.report.picture import PALETTE, STYLE

__all__ = ["LESSONS", "PALETTE", "drawings", "png", "svg"]

LESSONS = Path(__file__).parent.parent.parent / "assignments"
STYLE = {
    **STYLE,
    "svg.hashsalt": "lesson",
    "svg.fonttype": "path",
    "figure.figsize": (6.4, 3.4),
}  # always the same bytes


def drawings() -> Iterator[tuple[Path, Callable[[Figure], None]]]:
    """Yield the file of every picture, with the function that draws it."""
    for module in sorted(Path(__file__).parent.glob("topic_*.py")):
        topic = module.stem.removeprefix("topic_")
        for name, thing in vars(importlib.import_module(f"{__name__}.{module.stem}")).items():
            if callable(thing) and getattr(thing, "__module__", "").endswith(module.stem) and not name.startswith("_"):
                yield LESSONS / topic / f"{name}.svg", thing
    yield LESSONS / "course_map.svg", importlib.import_module(f"{__name__}.course_map").course_map


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
