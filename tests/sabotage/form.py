"""What a sabotage is, and how it is done to a copy of the repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Sabotage", "StaleError", "apply", "misfits"]


@dataclass(frozen=True)
class Sabotage:
    """A defect of the grader, made by hand.

    Args:
        name: what is broken.
        defect: one sentence on what the grader does then.
        file: the file of `grader/` that is changed.
        edits: pairs of texts: what is replaced, which occurs exactly once in the file, and by what.
        tests: the tests that are meant to notice, as pytest names them from `tests/` on.
        seconds: how long a test may take; less than usual where what is broken is that something ends.
    """

    name: str
    defect: str
    file: str
    edits: Sequence[tuple[str, str]]
    tests: Sequence[str]
    seconds: int = 60


class StaleError(Exception):
    """The grader has changed, and a sabotage does not fit it any more."""


def misfits(sabotage: Sabotage, text: str) -> list[str]:
    """Return a sentence for every edit whose text is not found exactly once in `text`, the file to be changed."""
    counts = [(old, text.count(old)) for old, _ in sabotage.edits]
    return [f"{sabotage.file} holds {old!r} {count} times, not once" for old, count in counts if count != 1]


def apply(sabotage: Sabotage, root: Path) -> None:
    """Do the sabotage to the grader in the folder `root`.

    Raises:
        StaleError: a text to be replaced is not found exactly once.
    """
    file = root / "grader" / sabotage.file
    text = file.read_text(encoding="utf-8")
    found = misfits(sabotage, text)
    if found:
        raise StaleError("; ".join(found))
    for old, new in sabotage.edits:
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
