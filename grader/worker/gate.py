"""Keeps learner code from importing what other learners have not got: a clear sentence, and no wall."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from .preload import allowed

__all__ = ["close"]


class _Gate(MetaPathFinder):
    """Stands before all other finders and knows nothing of what is not allowed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let an allowed module pass to the next finder."""
        if allowed(name):
            return None
        raise ModuleNotFoundError(f"No module named {name.partition('.')[0]!r} here", name=name)


def close() -> None:
    """Put the gate in front of the import system."""
    sys.meta_path.insert(0, _Gate())
