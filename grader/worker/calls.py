"""Loads a learner's file and calls its function: outcomes as plain data, never as exceptions.

The same code makes the outcomes of references and known mistakes when a key is computed, so that the two sides cannot
differ in anything but the code that was called.
"""

import contextlib
import linecache
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from . import wire

__all__ = ["Loaded", "call", "given", "invoke", "load", "rehearse", "reseed", "revive"]

USED = "assignments"  # the module that a capstone imports the learner's own functions from
LONGEST_MESSAGE = 2000
MOST_FRAMES = 6


class Loaded:
    """A learner's function, ready to be called, and what is needed to build its arguments.

    `names` are the given functions and classes; `drive`, where an exercise has one, is the given function that plays
    a case with the learner's function in its hand; `free` are the positions in the answer that nobody looks at.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        names: dict[str, Any],
        drive: str | None,
        path: str,
        free: Iterable[int] = (),
    ) -> None:
        self.function = function
        self.names = names
        self.drive = drive
        self.path = path
        self.free = frozenset(free)


def rehearse() -> None:
    """Load and call a function of our own once: a fork copies every page of memory when it first writes to it."""
    path = "<rehearsal>"
    words = {"source": "def f(x):\n    return x\n", "path": path, "name": "f", "given": "", "drive": None, "free": ()}
    loaded = load(wire.decode(wire.encode(words)))
    assert isinstance(loaded, Loaded)
    call(loaded, wire.encode((np.zeros((1, 1)),)))
    del linecache.cache[path]


def reseed() -> None:
    """Start the global random generators anew: forks of one parent would share their state."""
    random.seed(0)
    np.random.seed(0)


def load(request: dict[str, Any]) -> Loaded | dict[str, Any]:
    """Return the function that `request` names, out of its source; or a failed outcome.

    `used`, where there is any, describes further files of the learner's in the same way, whose functions the source
    imports with `from assignments import ...`.
    """
    module = types.ModuleType(USED)
    for other in request.get("used", ()):
        found = _load(other)
        if not isinstance(found, Loaded):
            return found
        setattr(module, other["name"], found.function)
    if request.get("used"):
        sys.modules[USED] = module
    return _load(request)


def _load(request: dict[str, Any]) -> Loaded | dict[str, Any]:
    path, name = request["path"], request["name"]
    try:
        names = given(request["given"])
    except Exception as fault:  # the author's code: the fault is ours, not the learner's
        return {"failed": "setup", "type": type(fault).__name__, "message": str(fault)[:LONGEST_MESSAGE]}
    module = types.ModuleType(name)
    module.__file__ = path
    # Lines as Python counts them: splitlines() would end one at a form feed, too.
    lines = [line + "\n" for line in request["source"].split("\n")]
    linecache.cache[path] = (len(request["source"]), None, lines, path)
    try:
        exec(compile(request["source"], path, "exec", dont_inherit=True), module.__dict__)
    except SyntaxError as fault:
        return (
            _syntax(fault, request["source"]) if fault.filename == path else {**_failure(fault, path), "loading": True}
        )
    except BaseException as fault:
        return {**_failure(fault, path), "loading": True}
    # The learner's file carries a copy of what is given; the original stands in for it, so that both speak of one
    # class.
    module.__dict__.update(names)
    function = module.__dict__.get(name)
    if not callable(function):
        own = [n for n, v in module.__dict__.items() if isinstance(v, types.FunctionType) and n not in names]
        return {"failed": "missing", "message": name, "names": own[:50]}
    return Loaded(function, names, request.get("drive"), path, request.get("free", ()))


def given(source: str) -> dict[str, Any]:
    """Return what the given code of an exercise defines, by name, modules left out."""
    module = types.ModuleType("given")
    exec(compile(source, "<given>", "exec", dont_inherit=True), module.__dict__)
    return {n: v for n, v in module.__dict__.items() if getattr(v, "__module__", None) == "given"}


def call(loaded: Loaded, message: bytes | bytearray) -> bytes:
    """Call the function on the arguments in `message` (a tuple on the wire) and return the outcome as a message."""
    sent = wire.decode(message)
    arguments, described = revive(loaded, sent), _described(sent)
    try:
        returned = invoke(loaded, arguments)
    except BaseException as fault:
        return wire.encode(_failure(fault, loaded.path))
    try:
        return wire.encode(
            {"returned": _looked_at(returned, loaded.free), "changed": _changed(arguments, message, described)}
        )
    except wire.Unsendable as refused:
        where = refused.where.removeprefix("['returned']")
        return wire.encode(
            {"failed": "unsendable", "where": where, "type": refused.reason, "message": _text(refused.detail)}
        )
    except BaseException as fault:  # an object whose own methods fail when it is looked at
        return wire.encode(_failure(fault, loaded.path))


def _looked_at(returned: Any, free: frozenset[int]) -> Any:
    """Return the answer with None for its free parts, which may be anything, even what cannot be sent."""
    if not free or not isinstance(returned, (tuple, list)):
        return returned
    parts = [None if position in free else part for position, part in enumerate(returned)]
    return tuple(parts) if isinstance(returned, tuple) else parts


def revive(loaded: Loaded, arguments: Iterable[Any]) -> list[Any]:
    """Build the arguments that travel as a description (generators, drawn arrays, given functions), in a new list."""
    return [_revive(argument, loaded.names) for argument in arguments]


def invoke(loaded: Loaded, arguments: list[Any]) -> Any:
    """Call the function, through the drive where there is one; exceptions pass."""
    if loaded.drive is None:
        return loaded.function(*arguments)
    return loaded.names[loaded.drive](loaded.function, *arguments)


def _revive(argument: Any, names: dict[str, Any]) -> Any:
    """Build what travels as a description: generators, drawn arrays and given functions, also inside containers."""
    if isinstance(argument, wire.Drawn):
        return argument.array()
    if isinstance(argument, wire.Seed):
        return np.random.default_rng(argument.seed)
    if isinstance(argument, wire.Named):
        return names[argument.name]
    if type(argument) in (tuple, list):
        return type(argument)(_revive(part, names) for part in argument)
    if type(argument) is dict:
        return {key: _revive(part, names) for key, part in argument.items()}
    return argument


def _changed(arguments: list[Any], message: bytes | bytearray, described: bool) -> dict[int, Any]:
    """Return the arguments that no longer hold what `message` says they held, by position, as they are now."""
    if not described:
        with contextlib.suppress(wire.Unsendable):  # nearly always nothing has changed, and one comparison tells
            if wire.holds(message, tuple(arguments)):
                return {}
    changed: dict[int, Any] = {}
    for position, (now, then) in enumerate(zip(arguments, wire.decode(message), strict=True)):
        if _described(then):
            continue
        try:
            if wire.encode(now) != wire.encode(then):
                changed[position] = now
        except wire.Unsendable as refused:
            changed[position] = f"something that is not plain data any more ({refused.why})"
    return changed


def _described(value: Any) -> bool:
    """Say whether something that travelled as a description is in `value`: it is not what was sent, changed or not."""
    if type(value) in (tuple, list):
        return any(_described(part) for part in value)
    if type(value) is dict:
        return any(_described(part) for part in value.values())
    return isinstance(value, (wire.Drawn, wire.Seed, wire.Named))


def _failure(fault: BaseException, path: str) -> dict[str, Any]:
    """Describe an exception: its class and those it derives from, bounded text, and the learner's own lines."""
    kind = "exception"
    if isinstance(fault, SystemExit):
        kind = "exit"
    elif isinstance(fault, MemoryError):
        kind = "memory"
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if f.filename == path][-MOST_FRAMES:]
    return {
        "failed": kind,
        "type": type(fault).__name__[:200],
        "bases": [base.__name__ for base in type(fault).__mro__ if base.__module__ == "builtins"],
        "message": _text(fault),
        "lines": [[f.lineno or 0, (f.line or "")[:200], f.name[:200]] for f in frames],
    }


def _syntax(fault: SyntaxError, source: str) -> dict[str, Any]:
    """Describe a syntax error; its line comes from the source at hand, where Python would look for a file."""
    number = fault.lineno or 0
    lines = source.split("\n")
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    return {
        "failed": "syntax",
        "message": _text(fault.msg),
        "lines": [[number, text[:200], max(0, (fault.offset or 1) - 1)]],
    }


def _text(value: Any) -> str:
    """Return `str(value)`, bounded; an exception whose text cannot be made has none."""
    try:
        return str(value)[:LONGEST_MESSAGE].encode("utf-8", "replace").decode("utf-8")
    except BaseException:
        return ""
