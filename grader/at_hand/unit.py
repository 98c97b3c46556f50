"""The text that code at hand was written in: a file, a cell of a notebook, what was typed at a prompt."""

import __future__

import ast
import inspect
import linecache
import os
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.at_hand.refusal import NotAtHandError
from grader.messages import say

__all__ = ["Definition", "Unit", "first_line", "nested", "of_class", "of_function", "postpones_annotations"]

_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_ANNOTATIONS = __future__.annotations.compiler_flag
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Unit:
    """One text, and what Python calls the file that it is in."""

    file: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.split("\n")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, without anything in it where it is no Python any more."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError):
            return ast.Module([], [])

    @property
    def shown(self) -> str:
        """What messages call it: a file by its path, a cell as IPython does."""
        cell = _cell(self.file)
        if cell is not None:
            return f"Cell In[{cell}]"
        if self.file.startswith("<") or not os.path.exists(self.file):
            return say("the notebook") if "ipykernel" in self.file else say("what you typed")
        path = Path(self.file).absolute()
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else path.name

    def definition(self, name: str, line: int) -> Definition | None:
        """Return the definition of a function that begins in a line, with its decorators."""
        return next((node for node in self.definitions(name) if first_line(node) == line), None)

    def definitions(self, name: str) -> Iterator[Definition]:
        """Yield every definition of a name."""
        for node in ast.walk(self.tree):
            if isinstance(node, Definition) and node.name == name:
                yield node

    def lambda_in(self, name: str, line: int) -> ast.stmt | None:
        """Return the statement `name = lambda ...` of a line."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and node.value.lineno == line:
                return node if [ast.unparse(target) for target in node.targets] == [name] else None
        return None

    def still_holds(self, code: types.CodeType) -> bool:
        """Say whether the text is what the code was made from, and has not been changed since."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | (code.co_flags & _FUTURES)
        try:
            whole = compile(self.text, self.file, "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return False
        return any(_same(code, other) for other in nested(whole))


def first_line(node: ast.stmt) -> int:
    """Return the line in which a statement begins, with its decorators."""
    tags: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(tag.lineno for tag in tags)])


def nested(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a code object and all that are within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from nested(constant)


def postpones_annotations(code: types.CodeType) -> bool:
    """Say whether code was compiled under `from __future__ import annotations`."""
    return bool(code.co_flags & _ANNOTATIONS)


def _same(one: types.CodeType, other: types.CodeType) -> bool:
    return (one.co_name, one.co_firstlineno, one.co_code) == (other.co_name, other.co_firstlineno, other.co_code)


def of_function(function: types.FunctionType) -> Unit:
    """Return the text that a function was written in.

    Raises:
        NotAtHandError: it cannot be had, or is another one by now.
    """
    name, file = function.__name__, function.__code__.co_filename
    try:
        lines, _ = inspect.findsource(function)
    except (OSError, TypeError, IndexError, SyntaxError):
        raise NotAtHandError(
            say(
                "the text of {name} cannot be found. Write the function in a notebook or in a file; from Python 3.13 "
                "on, Python's prompt does as well.",
                name=name,
            )
        ) from None
    unit = Unit(file, "".join(lines))
    if not unit.still_holds(function.__code__):
        raise NotAtHandError(
            say(
                "{path} has changed since {name} was made from it. Run it again from its beginning, then check.",
                path=unit.shown,
                name=name,
            )
        )
    return unit


def of_class(found: type, beside: Unit) -> Unit | None:
    """Return the text that a class was written in: where its methods are, or the last one that defines its name.

    Args:
        found: the class.
        beside: the text in which it is used.
    """
    methods = [method for method in vars(found).values() if isinstance(method, types.FunctionType)]
    own = [method.__code__.co_filename for method in methods if method.__module__ == found.__module__]
    module = getattr(sys.modules.get(found.__module__), "__file__", None)
    cells = [file for file in reversed(linecache.cache) if _beside(file, beside.file)]
    units = (
        Unit(file, "".join(linecache.getlines(file))) for file in [*own, *filter(None, [module]), beside.file, *cells]
    )
    return next((unit for unit in units if any(unit.definitions(found.__name__))), None)


def _beside(file: str, other: str) -> bool:
    """Say whether two texts are cells of one notebook, or lines of one prompt."""
    if os.path.exists(file) or os.path.exists(other):
        return False
    return os.path.dirname(file) == os.path.dirname(other) and file.split("-")[0] == other.split("-")[0]


def _cell(file: str) -> int | None:
    """Return the number that IPython gives the cell behind a file's name."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    number = getattr(getattr(shell, "compile", None), "_filename_map", {}).get(file)
    return number if isinstance(number, int) else None
