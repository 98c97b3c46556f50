"""Pictures of answers for pages, where matplotlib is there; without it there are none, and all else is the same."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from grader.library import Library
from grader.report.site import Drawn
from grader.sandbox import Sandbox

__all__ = ["can_draw", "drawn"]


def can_draw() -> bool:
    """Say whether matplotlib is there."""
    return importlib.util.find_spec("matplotlib") is not None


def drawn(library: Library, name: str, sandbox: Sandbox, folder: Path, address: Callable[[Path], str]) -> list[Drawn]:
    """Draw an exercise's pictures, and return them as a page shows them.

    Args:
        library: where exercises and keys lie.
        name: the exercise.
        sandbox: where the learner's code runs.
        folder: where the files go.
        address: returns the address by which a page shows a file.
    """
    from grader.report import gallery  # matplotlib takes its time

    hung = gallery.hang(library, name, sandbox, folder, "png")
    return [Drawn(address(one.file), one.look, one.said) for one in hung]
