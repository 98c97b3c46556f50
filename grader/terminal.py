"""Shows lines of a report where people read them: in colour on a terminal that wants it, else as they are."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

import click

from grader.report.text import WIDTH, Line

__all__ = ["coloured", "show", "width"]


def show(lines: Sequence[Line], stream: TextIO | None = None) -> None:
    """Print lines.

    Args:
        lines: what to print.
        stream: where to; the standard output, if nothing is said.
    """
    stream = sys.stdout if stream is None else stream
    if not coloured(stream):
        click.echo("\n".join(line.text for line in lines), file=stream)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    for line in lines:
        console.print(Text(line.text, style=line.style), soft_wrap=True)


def width() -> int:
    """Return how wide the lines of a report should be: as the terminal's, where it is narrower than usual."""
    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH
    return max(40, min(shutil.get_terminal_size().columns, WIDTH))


def coloured(stream: TextIO | None) -> bool:
    """Say whether somebody is looking at a terminal there, and wants colour."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not plain
