"""The tags that turn a Python file into an exercise.

Decorators only tag: a tagged function is still the function that was written, and can be called as such.
`grader.exercise` reads the tags. The checks of `grader.checks` are offered here too, so that an exercise file imports
from one place.
"""

import contextlib
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from grader.checks import (
    AtLeast,
    AtMost,
    Backward,
    Check,
    Consistent,
    Descent,
    Gradient,
    Holds,
    Random,
    Repeatable,
    UpTo,
)
from grader.worker.wire import Drawn, Named, Seed

__all__ = [
    "AtLeast",
    "AtMost",
    "AuthoringError",
    "Backward",
    "Consistent",
    "Descent",
    "Drawn",
    "Gradient",
    "Holds",
    "Named",
    "Random",
    "Repeatable",
    "Seed",
    "UpTo",
    "alternative",
    "case",
    "data",
    "drive",
    "exercise",
    "given",
    "mistake",
    "picture",
    "reference",
    "run",
    "tag_of",
]

F = TypeVar("F", bound=Callable[..., Any])
_TAG = "__gradling_tag__"


class AuthoringError(Exception):
    """An exercise file is not finished, or not of the form; the message says what to write."""


@dataclass(frozen=True)
class ExerciseTag:
    """What `@exercise` was given."""

    points: int
    difficulty: int
    needs: tuple[str, ...]
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    returns: tuple[str, ...] | str
    changes: tuple[str, ...]
    free: tuple[str, ...]
    banned: tuple[str, ...]
    why: str
    lesson: str


@dataclass(frozen=True)
class CaseTag:
    """What `@case` was given."""

    edge: bool
    hidden: bool
    checks: tuple[Check, ...]
    seconds: float | None


@dataclass(frozen=True)
class PictureTag:
    """What `@picture` was given."""

    case: str


@dataclass(frozen=True)
class PlainTag:
    """`@given`, `@drive`, `@alternative` and `@mistake` say no more than their name."""

    word: str


def exercise(
    *,
    points: int,
    difficulty: int,
    returns: str | Sequence[str],
    hints: Sequence[str],
    why: str,
    lesson: str,
    needs: Sequence[str] = (),
    checks: Sequence[Check] = (),
    changes: Sequence[str] = (),
    free: Sequence[str] = (),
    banned: Sequence[str] = (),
) -> Callable[[F], F]:
    """Tag the function that the learner writes; its body is the reference.

    Args:
        points: int, at least 1. 2, 3, 5, 8 and 12 for the difficulties 1 to 5.
        difficulty: int, 1 to 5.
        returns: the name of what is returned, or the names of the parts of a returned tuple (or of what the drive
            returns).
        hints: two or more, each a step further than the one before.
        why: a sentence or two of why it works, true of every right answer; told to whoever has made it robust.
        lesson: the heading of the lesson's part that teaches it, letter for letter.
        needs: the names of the exercises whose ideas this one builds on.
        checks: what is asked of every case besides equality with the reference.
        changes: the names of arguments that the function is meant to change; what it leaves in them is compared too.
        free: the names of parts of the returned tuple that are the learner's own affair and that nobody looks at.
        banned: the full names of library functions, or whole modules, that do in one call what the exercise is about,
            such as "scipy.linalg.lstsq", or methods of arrays, "numpy.ndarray.var"; a file that uses one is refused.
            The statement names them.
    """
    names = returns if isinstance(returns, str) else tuple(returns)
    tag = ExerciseTag(
        points,
        difficulty,
        tuple(needs),
        tuple(checks),
        tuple(hints),
        names,
        tuple(changes),
        tuple(free),
        (banned,) if isinstance(banned, str) else tuple(banned),
        why,
        lesson,
    )
    return _tagger(tag)


def case(
    function: F | None = None,
    *,
    edge: bool = False,
    hidden: bool = False,
    checks: Sequence[Check] = (),
    seconds: float | None = None,
) -> Any:
    """Tag a function `name(rng)` that returns the arguments of one case as a dict.

    Args:
        function: the function, where the tag is written without parentheses.
        edge: whether it is an edge case; the others are core cases.
        hidden: whether the learner is told no more than its name and how it failed.
        checks: what is asked of this case besides what is asked of all.
        seconds: the CPU time that one call may take, where the usual limit does not fit.
    """
    tagger = _tagger(CaseTag(edge, hidden, tuple(checks), seconds))
    return tagger if function is None else tagger(function)


def given(function: F) -> F:
    """Tag a function or class that is handed to the learner, letter for letter."""
    return _tagger(PlainTag("given"))(function)


def drive(function: F) -> F:
    """Tag the function `name(function, *arguments)` that plays each case with the learner's function in its hand.

    For exercises whose arguments or answers are not plain data: it builds what the learner's function is called with,
    and returns plain data. It runs beside the learner's code and is not in the stub. It copies what it hands on: the
    grader looks at the case's own arguments after the call, and would blame the function for what the drive did.
    """
    return _tagger(PlainTag("drive"))(function)


def picture(*, case: str) -> Callable[[F], F]:
    """Tag a function `name(axes, arguments, answer)` that draws one answer, where a person would rather look.

    The grader draws the learner's answer and the expected one side by side, from data that has crossed the wire. The
    function's docstring tells what to look for. It may use the file's imports, what is `@given`, and matplotlib's axes:
    `arguments` is a dict by parameter name, `answer` what the function returned (or the drive, where there is one).

    Args:
        case: the name of the case that is drawn; it must not be hidden.
    """
    return _tagger(PictureTag(case))


def alternative(function: F) -> F:
    """Tag another right answer."""
    return _tagger(PlainTag("alternative"))(function)


def mistake(function: F) -> F:
    """Tag a known wrong answer; its docstring is what the learner is told who makes it."""
    return _tagger(PlainTag("mistake"))(function)


def _tagger(tag: object) -> Callable[[F], F]:
    def tagger(function: F) -> F:
        setattr(function, _TAG, tag)
        return function

    return tagger


def tag_of(thing: object) -> ExerciseTag | CaseTag | PictureTag | PlainTag | None:
    """Return the tag that `thing` carries itself, or None."""
    tag = vars(thing).get(_TAG) if hasattr(thing, "__dict__") else None
    return tag if isinstance(tag, (ExerciseTag, CaseTag, PictureTag, PlainTag)) else None


def reference(name: str) -> Callable[..., Any]:
    """Return another exercise's answer, for caches and numerical gradients. It never reaches the stub.

    Raises:
        AuthoringError: no exercise or more than one has this name.
    """
    asking = Path(sys._getframe(1).f_globals["__file__"])
    found = sorted(asking.parent.parent.glob(f"*/{name}.py"))
    if len(found) != 1:
        raise AuthoringError(f"{asking.name}: reference({name!r}) needs one exercise of that name, found {len(found)}.")
    return _function_in(found[0], found[0].stat().st_mtime_ns)


def data(name: str) -> dict[str, Any]:
    """Return the arrays of `assignments/<topic>/<name>.npz`, for cases; it never reaches the stub.

    Raises:
        AuthoringError: there is no such file.
    """
    asking = Path(sys._getframe(1).f_globals["__file__"])
    file = asking.parent.parent.parent / "assignments" / asking.parent.name / f"{name}.npz"
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    except FileNotFoundError:
        raise AuthoringError(f"{asking.name}: data({name!r}) needs the file {file}.") from None


def run(path: Path, name: str) -> dict[str, Any]:
    """Run the file at `path` as a module called `name` and return what it defines.

    Raises:
        AuthoringError: it cannot be run.
    """
    names: dict[str, Any] = {"__name__": name, "__file__": str(path)}
    try:
        with _references_as_assignments(path.parent.parent):
            exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), names)
    except AuthoringError:
        raise
    except Exception as fault:
        raise AuthoringError(f"{path} cannot be run: {type(fault).__name__}: {fault}") from fault
    return names


@contextlib.contextmanager
def _references_as_assignments(solutions: Path) -> Iterator[None]:
    """Let `from assignments import name` give a reference, where the learner's capstone imports the learner's own."""
    module = types.ModuleType("assignments")
    module.__getattr__ = lambda name: _reference_in(solutions, name)  # type: ignore[method-assign]
    before = sys.modules.get("assignments")
    sys.modules["assignments"] = module
    try:
        yield
    finally:
        sys.modules.pop("assignments")
        if before is not None:
            sys.modules["assignments"] = before


def _reference_in(solutions: Path, name: str) -> Callable[..., Any]:
    """Return the reference of the exercise `name`.

    Raises:
        AttributeError: the name is not that of one exercise; Python asks modules for other things as well.
    """
    found = sorted(solutions.glob(f"*/{name}.py"))
    if len(found) != 1:
        raise AttributeError(f"{name!r} is the name of {len(found)} exercises, not of one")
    return _function_in(found[0], found[0].stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _function_in(path: Path, modified: int) -> Callable[..., Any]:
    function: Callable[..., Any] | None = run(path, "<reference>").get(path.stem)
    if function is None:
        raise AuthoringError(f"{path.name} defines no function {path.stem}.")
    return function
