"""What a name of a function's module stands for, as Python text that can go along with the function."""

import ast
import dis
import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import unwrap
from typing import Any

from grader.at_hand.library_names import import_of
from grader.at_hand.literal import MOST, NUMPY, literal
from grader.at_hand.refusal import NotAtHandError
from grader.at_hand.unit import Unit, first_line, nested, of_class, of_function
from grader.messages import say

__all__ = ["Piece", "definition", "named"]

_LONGEST = 64 << 10  # of the text of a constant, a quarter of what a learner's file may be
_BY_NAME = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")


@dataclass(frozen=True, eq=False)
class Piece:
    """Some lines of Python.

    Attributes:
        text: the lines; those of a definition within another are indented as they are there.
        unit: where they were written; None where they were made up, one line that may stand anywhere.
        line: where they begin in it.
        names: what its names stand for.
    """

    text: str
    unit: Unit | None = None
    line: int = 0
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def indented(self) -> bool:
        """Whether it needs something to stand under."""
        return self.text.startswith((" ", "\t"))

    @property
    def whole(self) -> str:
        """The text with what it stands under."""
        return f"if True:\n{self.text}" if self.indented else self.text

    @cached_property
    def _code(self) -> types.CodeType:
        return compile(self.whole, "<piece>", "exec", dont_inherit=True)

    @property
    def at_once(self) -> set[str]:
        """The names that it looks up as it is read: defaults, annotations, decorators, base classes."""
        within = [part for part in self._code.co_consts if isinstance(part, types.CodeType)]
        bodies = [part for part in within if not part.co_flags & 2]  # CO_NEWLOCALS: a function's, run when it is called
        return set().union(*(_looked_up(code) for code in (self._code, *bodies)))

    @property
    def ever(self) -> set[str]:
        """The names that it looks up, then or when it is called."""
        return set().union(*(_looked_up(code) for code in nested(self._code)))


def _looked_up(code: types.CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname in _BY_NAME}


def definition(function: types.FunctionType) -> Piece:
    """Return the text of a function, and what its names stand for.

    Raises:
        NotAtHandError: it cannot be had.
    """
    unit, code = of_function(function), function.__code__
    node: ast.stmt | None = unit.definition(code.co_name, code.co_firstlineno)
    if node is None:
        raise NotAtHandError(
            say("{name} does not stand in lines of its own: write it as def {name}(...):", name=function.__name__)
        )
    return _piece(unit, node, _names(function))


def _names(function: types.FunctionType) -> Mapping[str, Any]:
    """Return what the free names of a function stand for: those of the functions around it, then its module's."""
    inner = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            inner[name] = cell.cell_contents
        except ValueError:  # nothing has been put there yet
            continue
    return {**function.__globals__, **inner}


def _piece(unit: Unit, node: ast.stmt, names: Mapping[str, Any]) -> Piece:
    first = first_line(node)
    return Piece("\n".join(unit.lines[first - 1 : node.end_lineno]), unit, first, names)


def named(name: str, value: Any, asks: Piece) -> Piece:
    """Return the text that binds a name to what it stands for.

    Args:
        name: the name.
        value: what it stands for: a plain constant, something of a library, a function or class of the learner's.
        asks: where the name is used.

    Raises:
        NotAtHandError: it cannot go along.
    """
    text = literal(value)
    if text is not None and len(text) <= _LONGEST:
        return Piece(f"{name} = {text}" if f"{NUMPY}." not in text else f"import numpy as {NUMPY}; {name} = {text}")
    text = import_of(name, value)
    if text is not None:
        return Piece(text)
    if isinstance(value, types.ModuleType):
        raise NotAtHandError(
            say(
                "{name} is a module that cannot go along. What you need of it goes along by itself if you write: "
                "from {module} import ...",
                name=name,
                module=value.__name__,
            )
        )
    inner = unwrap(value) if callable(value) else value
    if isinstance(inner, types.FunctionType) and not _of_grader(inner):
        return _alias(name, inner, _lambda(name, inner) if inner.__name__ == "<lambda>" else definition(inner))
    if isinstance(value, type) and not _of_grader(value):
        return _alias(name, value, _class(value, asks))
    raise NotAtHandError(_cannot_go_along(name, value))


def _of_grader(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).split(".")[0] == "grader"


def _alias(name: str, value: Any, piece: Piece) -> Piece:
    """Return a definition, bound to another name as well where the function uses it by that."""
    own = value.__name__
    if own in (name, "<lambda>"):
        return piece
    return Piece(f"{piece.whole}\n{name} = {own}", piece.unit, piece.line, piece.names)


def _lambda(name: str, function: types.FunctionType) -> Piece:
    unit = of_function(function)
    node = unit.lambda_in(name, function.__code__.co_firstlineno)
    if node is None:
        raise NotAtHandError(
            say("{name} is a lambda without a line of its own. Write it as a function: def {name}(...):", name=name)
        )
    return _piece(unit, node, _names(function))


def _class(found: type, asks: Piece) -> Piece:
    unit = of_class(found, asks.unit) if asks.unit is not None else None
    nodes = [] if unit is None else list(unit.definitions(found.__name__))
    if unit is None or not nodes:
        raise NotAtHandError(
            say("the text of the class {name} cannot be found. Write it in the cell that uses it.", name=found.__name__)
        )
    module = sys.modules.get(found.__module__)
    at_home = module is None or asks.names.get("__name__") == found.__module__
    return _piece(unit, nodes[-1], asks.names if at_home else vars(module))


def _cannot_go_along(name: str, value: Any) -> str:
    kind = type(value).__name__
    size = getattr(value, "size", None) if type(value).__module__ == "numpy" else None
    if isinstance(size, int) and size > MOST:
        return say(
            "{name} is an array of {size} numbers, which is too large to go along with the function. Make it inside "
            "the function, or hand it over as an argument.",
            name=name,
            size=f"{size:,}",
        )
    return say(
        "{name} is of type {kind}, which cannot go along with the function: numbers, texts, small arrays and lists of "
        "these can, and functions and classes of yours. Make it inside the function, or hand it over as an argument.",
        name=name,
        kind=kind,
    )
