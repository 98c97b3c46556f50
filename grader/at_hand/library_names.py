"""Where a library's own things can be imported from, told from the things themselves."""

import sys
import sysconfig
import types
from pathlib import Path
from typing import Any

__all__ = ["import_of", "of_library"]

_FOLDERS = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def of_library(name: str) -> bool:
    """Say whether a module belongs to Python or to something that is installed, and not to the learner."""
    top = name.split(".")[0]
    if top in ("__main__", "grader", "assignments"):
        return False
    file = getattr(sys.modules.get(top), "__file__", None)
    if top in sys.stdlib_module_names or file is None:
        return top in sys.stdlib_module_names
    return any(folder in Path(file).parents for folder in _FOLDERS)


def import_of(name: str, value: Any) -> str | None:
    """Return the statement that binds `name` to a module, function or class of a library; None for anything else."""
    if isinstance(value, types.ModuleType):
        if not of_library(value.__name__):
            return None
        return f"import {value.__name__}" + ("" if value.__name__ == name else f" as {name}")
    own = getattr(value, "__name__", None)
    if not isinstance(own, str) or not callable(value):
        return None
    home = next(iter(sorted(_homes(own, value), key=_rank)), None)
    return None if home is None else f"from {home} import {own}" + ("" if own == name else f" as {name}")


def _homes(own: str, value: Any) -> list[str]:
    """Return the modules of libraries in which a thing stands under its own name."""
    modules = list(sys.modules.items())
    return [
        name
        for name, module in modules
        if isinstance(module, types.ModuleType) and vars(module).get(own) is value and of_library(name)
    ]


def _rank(name: str) -> tuple[bool, int, str]:
    return any(part.startswith("_") for part in name.split(".")), len(name), name
