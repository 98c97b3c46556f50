"""A learner's own work as pages in a folder, that open from disk: the map, topics, lessons, exercises."""

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader.judge import Verdict
from grader.library import Library
from grader.outcome import Failed
from grader.report.drawing import can_draw, drawn
from grader.report.site import Drawn, Site, Work
from grader.report.standing import FRONT, lesson_page, page_of, topic_page
from grader.sandbox import Sandbox

__all__ = ["drawings", "inlined", "write"]

_KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


def inlined(file: Path) -> str:
    """Return the address that holds a picture itself: a page from disk may bring along what it shows, and no more."""
    return f"data:{_KINDS[file.suffix]};base64,{base64.b64encode(file.read_bytes()).decode()}"


def drawings(library: Library, verdicts: Sequence[Verdict], sandbox: Sandbox) -> dict[str, list[Drawn]]:
    """Return by exercise the pictures of what has begun; none, where nothing can be drawn."""
    if not can_draw():
        return {}
    begun = [verdict.name for verdict in verdicts if verdict.state in ("wrong", "right", "robust")]
    folder = library.root / ".grader" / "pictures"
    return {name: drawn(library, name, sandbox, folder, inlined) for name in begun if library.key(name).drawn}


def write(
    site: Site,
    library: Library,
    verdicts: Sequence[Verdict],
    text: Callable[[str], str | Failed],
    isolation: str,
    folder: Path,
    pictures: Mapping[str, Sequence[Drawn]],
) -> Path:
    """Write the pages, and return the first of them.

    Args:
        site: makes the pages.
        library: whose exercises they are about.
        verdicts: on every exercise.
        text: returns the learner's file of an exercise, or why there is none.
        isolation: the level that was reached.
        folder: where the pages go; it is made if need be.
        pictures: of answers, by exercise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    judged = {verdict.name: verdict for verdict in verdicts}
    for name in library.places:
        page = site.exercise(name, Work(text(name), judged.get(name), pictures.get(name)))
        _save(folder / page_of(name), page)
    for topic in site.topics:
        _save(folder / topic_page(topic), site.topic(topic, judged))
        _save(folder / lesson_page(topic), site.lesson(topic))
    _save(folder / FRONT, site.front(judged, isolation))
    return folder / FRONT


def _save(file: Path, page: str) -> None:
    file.write_text(page, encoding="utf-8", newline="\n")
