"""The cells of a notebook, read strictly from the bytes of its file."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["LIMIT", "Cell", "NotebookError", "cells"]

LIMIT = 32 << 20  # bytes; a notebook with a hundred pictures in it has about 20 MB
_OUTPUT_LINES = 20  # of what a test printed, which stands in a comment of the draft


class NotebookError(Exception):
    """A notebook cannot be turned into drafts; the message says why, a line for each fault."""


@dataclass(frozen=True)
class Cell:
    """One cell: its number as a reader counts, from 1, and its text with `\\n` at the end of lines."""

    number: int
    kind: str  # "markdown", "code" or "raw"
    text: str
    output: str = ""  # what is shown under a code cell, as text
    solution: bool = False  # nbgrader: learners write here
    grade: bool = False  # nbgrader: points are given for this cell
    points: Fraction | None = None  # nbgrader

    @property
    def where(self) -> str:
        """The cell's name in a message."""
        return f"cell {self.number}"


def cells(data: bytes) -> tuple[Cell, ...]:
    """Return the cells of the notebook whose file holds `data`.

    Raises:
        NotebookError: it is too large, no notebook of format 4, or not written in Python.
    """
    if len(data) > LIMIT:
        raise NotebookError(f"it has more than {LIMIT >> 20} MiB. Clear its outputs (Kernel > Restart & Clear Output).")
    try:
        book = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise NotebookError(f"it is no notebook: its JSON cannot be read ({fault}).") from None
    if not isinstance(book, dict) or not isinstance(book.get("nbformat"), int):
        raise NotebookError("it is no notebook: `nbformat`, the number of its format, is missing.")
    if book["nbformat"] != 4:
        raise NotebookError(f"its format is {book['nbformat']}, and 4 is read. Open it in Jupyter and save it anew.")
    language = _language(book)
    if language != "python":
        raise NotebookError(f"it is written in {language!r}, and exercises are Python.")
    if not isinstance(book.get("cells"), list):
        raise NotebookError("it is no notebook: the list of `cells` is missing.")
    return tuple(_cell(number, cell) for number, cell in enumerate(book["cells"], start=1))


def _language(book: Mapping[str, Any]) -> str:
    about = _mapping(book.get("metadata"))
    named = _mapping(about.get("kernelspec")).get("language") or _mapping(about.get("language_info")).get("name")
    return str(named or "python").lower()


def _cell(number: int, cell: Any) -> Cell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("markdown", "code", "raw"):
        raise NotebookError(f"cell {number} is neither Markdown nor code nor raw text.")
    text = _text(number, cell.get("source"))
    about = _mapping(_mapping(cell.get("metadata")).get("nbgrader"))
    output = _output(number, cell) if cell["cell_type"] == "code" else ""
    grade = about.get("grade") is True
    points = _points(number, about.get("points")) if grade else None
    return Cell(number, cell["cell_type"], text, output, about.get("solution") is True, grade, points)


def _text(number: int, source: Any) -> str:
    """Return a text that is stored whole or as a list of lines."""
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        raise NotebookError(f"the text of cell {number} is missing, or no text.")
    text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise NotebookError(f"cell {number} holds half a character, which no file can. Type that place anew.")
    return text


def _output(number: int, cell: Mapping[str, Any]) -> str:
    found = cell.get("outputs", [])
    if not isinstance(found, list):
        raise NotebookError(f"the outputs of cell {number} are no list.")
    shown = [_mapping(one).get("text", _mapping(_mapping(one).get("data")).get("text/plain")) for one in found]
    lines = "".join(_text(number, text) for text in shown if text is not None).strip("\n").split("\n")
    return "\n".join(lines if len(lines) <= _OUTPUT_LINES else [*lines[:_OUTPUT_LINES], "..."])


def _points(number: int, points: Any) -> Fraction | None:
    if points is None:
        return None
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not math.isfinite(points) or points < 0:
        raise NotebookError(f"cell {number}: nbgrader's points are {points!r}. A number from 0 is needed.")
    return Fraction(points).limit_denominator(1000)


def _mapping(thing: Any) -> Mapping[str, Any]:
    return thing if isinstance(thing, dict) else {}
