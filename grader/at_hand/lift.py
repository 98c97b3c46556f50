"""Lifts a function out of the notebook or script that it stands in, as a text that can be graded by itself.

With it go the things that it uses by name, directly or not: imports, plain constants, other functions and classes. It
keeps its own lines at their numbers, so that what is said of line 7 is line 7 of the cell or file. Nothing is called.
"""

import builtins
import functools
import types
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from grader.at_hand.literal import literal
from grader.at_hand.piece import Piece, definition, named
from grader.at_hand.refusal import NotAtHandError
from grader.at_hand.unit import postpones_annotations
from grader.messages import say

__all__ = ["Lifted", "lift", "plain_function"]

_OF_EVERY_MODULE = ("__name__", "__file__", "__doc__", "__builtins__")
FUTURE = "from __future__ import annotations"


@dataclass(frozen=True)
class Lifted:
    """A function as a text that stands alone, and what messages call the place that it was lifted from."""

    text: str
    path: str


def plain_function(thing: Any) -> types.FunctionType:
    """Return a function that was defined by `def` and nothing done to since.

    Raises:
        NotAtHandError: it is something else; the message says what to hand over instead.
    """
    if isinstance(thing, types.FunctionType) and not hasattr(thing, "__wrapped__"):
        if thing.__name__ == "<lambda>":
            raise NotAtHandError(say("a lambda does not say which exercise it is. Write: def name_of_exercise(...):"))
        if thing.__name__ != thing.__code__.co_name:
            raise NotAtHandError(
                say(
                    "{name} was written as {own}, perhaps under a decorator. Check the function as it is written.",
                    name=thing.__name__,
                    own=thing.__code__.co_name,
                )
            )
        return thing
    raise NotAtHandError(_what_it_is(thing))


def _what_it_is(thing: Any) -> str:
    name = str(getattr(thing, "__name__", type(thing).__name__))
    if isinstance(thing, str):
        return say("hand over the function itself, without quotes: check({name})", name=thing)
    if hasattr(thing, "__wrapped__"):
        return say("{name} is wrapped by a decorator. Write it without, and check it then.", name=name)
    if isinstance(thing, functools.partial):
        return say("a functools.partial has no text of its own. Check the function that is inside it.")
    if isinstance(thing, type):
        return say("{name} is a class. An exercise is a function: def name_of_exercise(...):", name=name)
    if isinstance(thing, types.MethodType):
        return say("{name} is a method. Write it as a function by itself, outside of any class.", name=name)
    if callable(thing):
        return say("{name} is built in, or made by a library: there is no text of yours to grade.", name=name)
    return say("an exercise is a function, and this is of type {kind}.", kind=type(thing).__name__)


def lift(function: types.FunctionType, used: Collection[str] = ()) -> Lifted:
    """Return the text of a function with all that it uses.

    Args:
        function: what `plain_function` lets pass.
        used: the exercises whose functions a capstone imports; where the notebook has none of such a name, the
            learner's file is used.

    Raises:
        NotAtHandError: something that it uses cannot go along.
    """
    main = definition(function)
    assert main.unit is not None
    if main.unit.definition(function.__name__, main.line).decorator_list:  # type: ignore[union-attr]
        raise NotAtHandError(
            say("{name} stands under a decorator. Write it without, and check it then.", name=function.__name__)
        )
    pieces = _with_all_it_uses(function, main)
    imported = sorted(name for name in main.ever & set(used) if name not in pieces)
    pieces |= {name: Piece(f"from assignments import {name}") for name in imported}
    postponed = postpones_annotations(function.__code__)
    return Lifted(_laid_out(main, pieces, postponed), main.unit.shown)


def _with_all_it_uses(function: types.FunctionType, main: Piece) -> dict[str, Piece]:
    """Return by name the pieces that a function needs beside its own."""
    meant: dict[str, Any] = {function.__name__: function}
    found: dict[str, Piece] = {}
    waiting = [main]
    while waiting:
        piece = waiting.pop()
        for name in sorted(piece.ever):
            if name not in piece.names:
                continue  # built in, given with the exercise, or missing: then the worker says so, with the line
            value = piece.names[name]
            if name in meant:
                if meant[name] is not value and (literal(value) is None or literal(value) != literal(meant[name])):
                    raise NotAtHandError(
                        say("{name} stands for different things in what the function uses: rename one.", name=name)
                    )
                continue
            if value is getattr(builtins, name, builtins) or name in _OF_EVERY_MODULE:
                continue
            if name == "get_ipython":
                raise NotAtHandError(say("lines that begin with % or ! are for notebooks only: leave them out of it."))
            meant[name] = value
            found[name] = named(name, value, piece)
            waiting.append(found[name])
    return found


# --- layout --------------------------------------------------------------------------------------------------------


def _laid_out(main: Piece, pieces: Mapping[str, Piece], postponed: bool) -> str:
    """Return one text in which the function's own lines have their own numbers, as far as that can be.

    What is needed when the text is read stands above, in few lines, all else below. Where there is no room above,
    the lines move down.
    """
    placed = {main.line + number: line for number, line in enumerate(main.text.split("\n"))}
    if main.indented:
        placed[main.line - 1] = "if True:"
    beside = [piece for piece in sorted(pieces.values(), key=lambda piece: piece.line) if _fits(piece, main, placed)]
    early = [piece for piece in _early(main, pieces) if piece not in beside]
    short = [*([FUTURE] if postponed else []), *(piece.text for piece in early if piece.unit is None)]
    head = ["; ".join(short)] if short else []
    head += [line for piece in early if piece.unit is not None for line in piece.whole.split("\n")]
    first, last = min(placed), max(placed)
    lines = [*head, *[""] * (first - 1 - len(head)), *(placed.get(number, "") for number in range(first, last + 1))]
    late = [piece.whole for piece in pieces.values() if piece not in early and piece not in beside]
    return "\n".join([*lines, *late]) + "\n"


def _fits(piece: Piece, main: Piece, placed: dict[int, str]) -> bool:
    """Put a piece of the same text at its own lines, where nothing else stands; say whether that could be done."""
    if piece.unit is None or main.unit is None or piece.unit.file != main.unit.file or piece.indented:
        return False
    lines = dict(enumerate(piece.text.split("\n"), start=piece.line))
    if lines.keys() & placed.keys():
        return False
    placed.update(lines)
    return True


def _early(main: Piece, pieces: Mapping[str, Piece]) -> list[Piece]:
    """Return the pieces that are needed as the text is read, each after those that it uses."""
    found: list[Piece] = []
    seen: set[str] = set()

    def add(name: str) -> None:
        if name not in pieces or name in seen:
            return
        seen.add(name)
        for needed in sorted(pieces[name].ever):
            add(needed)
        found.append(pieces[name])

    for piece in [main, *(piece for piece in pieces.values() if piece.unit is not None)]:
        for name in sorted(piece.at_once):
            add(name)
    return found
