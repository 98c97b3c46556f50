"""Reads the course as it is handed to another machine of the teacher's: grader, lessons, solutions and fresh stubs.

No history, no keys, no secret, no tests, and of `assignments/` no work of anybody's.
"""

from collections.abc import Iterator
from pathlib import Path

from grader.library import Library

__all__ = ["sources"]

_FILES = ("pyproject.toml", "README.md", "LICENSE")
_FOLDERS = ("grader", "assignments", "solutions")


def sources(library: Library) -> dict[str, bytes]:
    """Return the files by relative name."""
    root = library.root
    stubs = {place.assignment: library.stub(name).encode() for name, place in library.places.items()}
    found = {file: file.read_bytes() for file in _files(root) if file not in stubs and not _of_learner(root, file)}
    return {file.relative_to(root).as_posix(): data for file, data in {**found, **stubs}.items()}


def _files(root: Path) -> Iterator[Path]:
    for name in _FILES:
        if (root / name).is_file():
            yield root / name
    for folder in _FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            parts = file.relative_to(root).parts
            hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
            if file.is_file() and not file.is_symlink() and not hidden and file.suffix != ".pyc":
                yield file


def _of_learner(root: Path, file: Path) -> bool:
    return file.relative_to(root).parts[0] == "assignments" and file.suffix == ".py"
