"""Checks a course as a whole: every exercise finished and taught, every file in its place, nothing else beside them."""

from collections.abc import Collection
from pathlib import Path

from grader import lessons, stub
from grader.authoring import AuthoringError
from grader.library import Library
from grader.messages import say

__all__ = ["faults"]

GUIDES = ("symptoms.toml", "ways.toml")  # data for the ways through the course


def faults(library: Library) -> list[str]:
    """Return what is wrong with the course, a sentence each."""
    unfinished = _unfinished(library)
    return [*_strange(library), *unfinished.values(), *_drifted(library, unfinished), *_untaught(library, unfinished)]


def _strange(library: Library) -> list[str]:
    """Find files that are neither exercise, stub nor lesson."""
    expected = {place.solution for place in library.places.values()}
    expected |= {place.assignment for place in library.places.values()}
    found = []
    for folder in ("solutions", "assignments"):
        for file in sorted((library.root / folder).rglob("*")):
            lesson = folder == "assignments" and file.name == "README.md"
            picture = folder == "assignments" and file.suffix in (".svg", ".npz")
            guide = file.parent == library.root / "assignments" and file.name in GUIDES
            if file.is_dir() or lesson or picture or guide or file in expected or "__pycache__" in file.parts:
                continue
            found.append(
                say("{file} belongs to no exercise. Move it elsewhere, or delete it.", file=_shown(library, file))
            )
    return found


def _unfinished(library: Library) -> dict[str, str]:
    found = {}
    for name in library.places:
        try:
            library.exercise(name)
        except AuthoringError as fault:
            found[name] = str(fault)
    return found


def _drifted(library: Library, unfinished: Collection[str]) -> list[str]:
    """Find assignments that are missing or an older stub, and topics without a lesson."""
    found = []
    for place in [place for name, place in library.places.items() if name not in unfinished]:
        shown = _shown(library, place.assignment)
        if not place.assignment.is_file():
            found.append(say("{file} is missing. `make stubs` cuts it.", file=shown))
            continue
        cut = library.stub(place.name)
        work = place.assignment.read_text(encoding="utf-8", errors="replace")
        if work != cut and stub.untouched(work, cut):
            found.append(say("{file} is not what its exercise says any more. `make stubs` cuts it anew.", file=shown))
    for topic in sorted({place.topic for place in library.places.values()}):
        if not _lesson(library, topic).is_file():
            found.append(say("{file}, the lesson, is missing.", file=_shown(library, _lesson(library, topic))))
    return found


def _untaught(library: Library, unfinished: Collection[str]) -> list[str]:
    """Find exercises that name a part which their topic's lesson does not have; a missing lesson is told already."""
    found = []
    for place in [place for name, place in library.places.items() if name not in unfinished]:
        part, lesson = library.exercise(place.name).lesson, _lesson(library, place.topic)
        if lesson.is_file() and part not in lessons.of_topic(library.root, place.topic).parts:
            found.append(
                say(
                    "{file} names a part {part} that its lesson does not have. Write into lesson=... a heading of "
                    "{lesson}, letter for letter.",
                    file=_shown(library, place.solution),
                    part=repr(part),
                    lesson=_shown(library, lesson),
                )
            )
    return found


def _lesson(library: Library, topic: str) -> Path:
    return library.root / "assignments" / topic / "README.md"


def _shown(library: Library, file: Path) -> str:
    return str(file.relative_to(library.root))
