"""Keeps learner code from importing what other learners have not got: a clear sentence, and no wall."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

from .preload import allowed

if TYPE_CHECKING:
    from _typeshed.importlib import MetaPathFinderProtocol

__all__ = ["close"]


class _Gate(MetaPathFinder):
    """Stands in the place of all other finders, and asks them for nothing that is not allowed."""

    def __init__(self, finders: "Sequence[MetaPathFinderProtocol]") -> None:
        self._finders = finders

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders say of an allowed module; nothing else can be found."""
        if not allowed(name):
            return None
        found = (finder.find_spec(name, path, target) for finder in self._finders)
        return next((spec for spec in found if spec is not None), None)


def close() -> None:
    """Put the gate in the place of the import system's finders."""
    sys.meta_path[:] = [_Gate(tuple(sys.meta_path))]
