"""The learner's files: lays out stubs, and never loses what somebody has written."""

from datetime import datetime
from pathlib import Path

from grader import stub
from grader.library import Library, LibraryError
from grader.messages import say

__all__ = ["lay", "reset"]


def lay(library: Library, name: str) -> str:
    """Write the stub of an exercise unless somebody has begun; return "written", "kept" or "same"."""
    place, cut = library.places[name], library.stub(name)
    try:
        work = place.assignment.read_text(encoding="utf-8")
    except FileNotFoundError:
        work = None
    except (OSError, UnicodeDecodeError):
        return "kept"
    if work == cut:
        return "same"
    if work is not None and not stub.untouched(work, cut):
        return "kept"
    _write(place.assignment, cut)
    return "written"


def reset(library: Library, name: str) -> Path | None:
    """Write the stub of an exercise whatever is there; return where the work that was there is kept, or None.

    Raises:
        LibraryError: something that is no file is in the way.
    """
    place = library.places[name]
    if place.assignment.is_dir():
        raise LibraryError(say("{folder} is a folder. Move it away first.", folder=place.assignment))
    cut, kept = library.stub(name), None
    if place.assignment.exists() or place.assignment.is_symlink():
        moment = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")
        kept = library.root / ".grader" / "kept" / f"{place.name}_{moment}.py"
        kept.parent.mkdir(parents=True, exist_ok=True)
        place.assignment.rename(kept)
    _write(place.assignment, cut)
    return kept


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
