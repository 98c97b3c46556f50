"""Which modules learner code may import: Python's own library, numpy and scipy.

A courtesy that turns "the grader happens to have it" into a clear sentence; it is no wall.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["close"]

ALLOWED = frozenset({"numpy", "scipy"}) | sys.stdlib_module_names


class _Gate(MetaPathFinder):
    """Stands before all other finders and knows nothing of what is not allowed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let an allowed module pass to the next finder."""
        root = name.partition(".")[0]
        if root in ALLOWED:
            return None
        raise ModuleNotFoundError(f"No module named {root!r} here", name=name)


def close() -> None:
    """Put the gate in front of the import system."""
    sys.meta_path.insert(0, _Gate())
