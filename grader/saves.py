"""Which exercises somebody has saved, in whatever editor; told from what watchfiles sees in `assignments/`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.library import Library

__all__ = ["WATCHING", "Saves"]

# How watchfiles waits, in milliseconds: an editor writes one file within 200 ms, and has written it when 20 ms pass
# without a change. It looks twice a second whether it is to stop.
WATCHING: dict[str, Any] = {
    "watch_filter": None,
    "debounce": 200,
    "step": 20,
    "rust_timeout": 500,
    "ignore_permission_denied": True,
}


class Saves:
    """Knows the learner's files of one library.

    Args:
        library: where the learner's files lie.
    """

    def __init__(self, library: Library) -> None:
        self._names = {place.assignment.resolve(): name for name, place in library.places.items()}

    def exercises(self, saved: Iterable[Path]) -> list[str]:
        """Return the exercises whose files are among those that have changed, each once, in the order of the course."""
        found = {self._names.get(path.resolve()) for path in saved}
        return [name for name in self._names.values() if name in found]
