"""One exercise, loaded from its file in `solutions/` and refused where it is not finished."""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import shortcuts, stub
from grader.authoring import AuthoringError, CaseTag, ExerciseTag, PictureTag, PlainTag, run, tag_of
from grader.checks import Check

__all__ = ["Case", "Exercise", "Variant", "load"]

Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """One set of arguments: `make(rng)` returns them by name."""

    name: str
    edge: bool
    hidden: bool
    checks: tuple[Check, ...]
    seconds: float | None
    summary: str
    make: Function


@dataclass(frozen=True)
class Variant:
    """An alternative or a mistake: the function under its own name, and what its docstring says."""

    name: str
    message: str
    function: Function


@dataclass(frozen=True)
class Exercise:
    """Everything that one file in `solutions/` says."""

    name: str
    topic: str
    title: str
    path: Path
    stub: str  # what a learner begins with
    points: int
    difficulty: int
    needs: tuple[str, ...]
    uses: tuple[str, ...]  # the exercises whose functions the learner's own file imports: this one is a capstone
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    parameters: tuple[str, ...]
    returns: tuple[str, ...] | str
    changes: tuple[str, ...]
    free: tuple[int, ...]
    drive: str | None
    given: str
    pictures: tuple[tuple[str, str, str], ...]  # of each its name, the case that it draws, and what to look for
    drawing: str
    banned: tuple[str, ...]
    why: str
    lesson: str
    reference: Function
    cases: tuple[Case, ...]
    alternatives: tuple[Variant, ...]
    mistakes: tuple[Variant, ...]


def load(path: Path) -> Exercise:
    """Return the exercise that the file at `path` holds.

    Raises:
        AuthoringError: the file cannot be run, or the exercise is not finished; the message lists what is missing.
    """
    names = run(path, "<exercise>")
    own = [thing for thing in names.values() if getattr(thing, "__module__", None) == "<exercise>"]
    exercises = [thing for thing in own if isinstance(tag_of(thing), ExerciseTag)]
    if len(exercises) != 1 or exercises[0].__name__ != path.stem:
        found = ", ".join(thing.__name__ for thing in exercises) or "none"
        raise AuthoringError(f"{path}: one function tagged @exercise and named {path.stem} is needed; found: {found}.")
    function = exercises[0]
    tag = tag_of(function)
    assert isinstance(tag, ExerciseTag)
    exercise = Exercise(
        name=path.stem,
        topic=path.parent.name,
        title=(names.get("__doc__") or "").strip().split("\n")[0].rstrip("."),
        path=path,
        stub=stub.cut(_source(path)),
        points=tag.points,
        difficulty=tag.difficulty,
        needs=tag.needs,
        uses=stub.used(_source(path)),
        checks=tag.checks,
        hints=tag.hints,
        parameters=tuple(inspect.signature(function).parameters),
        returns=tag.returns,
        changes=tag.changes,
        free=tuple(position for position, part in enumerate(_parts(tag.returns)) if part in tag.free),
        drive=next((thing.__name__ for thing in own if tag_of(thing) == PlainTag("drive")), None),
        given=stub.given_source(_source(path)),
        pictures=tuple(_picture(thing) for thing in own if isinstance(tag_of(thing), PictureTag)),
        drawing=stub.picture_source(_source(path)),
        banned=tuple(dict.fromkeys(full for name in tag.banned for full in _full_names(name))),
        why=tag.why,
        lesson=tag.lesson,
        reference=function,
        cases=tuple(_case(thing) for thing in own if isinstance(tag_of(thing), CaseTag)),
        alternatives=tuple(_variant(thing) for thing in own if tag_of(thing) == PlainTag("alternative")),
        mistakes=tuple(_variant(thing) for thing in own if tag_of(thing) == PlainTag("mistake")),
    )
    missing = _missing(exercise, function.__doc__ or "")
    missing += [
        f"{n!r} among the parts of `returns`; `free` names it" for n in tag.free if n not in _parts(tag.returns)
    ]
    missing += _wrongly_banned(exercise, tag.banned, f"{names.get('__doc__')}\n{function.__doc__}")
    missing += [f"another name for one of the two functions {n}: the second hides the first" for n in _twice(path)]
    if missing:
        raise AuthoringError(f"{path} is not finished:\n" + "\n".join(f"  - {line}" for line in missing))
    return exercise


def _source(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise AuthoringError(f"{path} is not UTF-8, which stubs are written in: {fault}. Save it anew.") from None


def _twice(path: Path) -> list[str]:
    body = ast.parse(path.read_bytes()).body
    names = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    return sorted({name for name in names if names.count(name) > 1})


def _full_names(name: str) -> tuple[str, ...]:
    """Return what a library's function or module is called: as it is given, and where it is written; () for nothing."""
    parts = name.split(".")
    known = [".".join(parts[:taken]) for taken in range(len(parts), 0, -1)]
    module = next((module for module in map(_imported, known) if module is not None), None)
    thing: Any = module
    for part in parts[module.__name__.count(".") + 1 :] if module else ():
        thing = getattr(thing, part, None)
    if thing is None:
        return ()
    where, called = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    home = f"{where}.{called}"
    is_home = where and called and getattr(_imported(where), called, None) is thing
    return (name, home) if is_home and home != name else (name,)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except (ImportError, ValueError, TypeError):
        return None


def _wrongly_banned(exercise: Exercise, banned: Sequence[str], statement: str) -> list[str]:
    missing = [
        f"a thing called {name!r}, which `banned` names: give the full name" for name in banned if not _full_names(name)
    ]
    missing += [
        f"the word {name.rpartition('.')[2]} in the statement: a learner has to know that {name} is banned"
        for name in banned
        if name.rpartition(".")[2] not in statement
    ]
    used = shortcuts.first_use(exercise.stub, exercise.banned) if exercise.banned else None
    return [*missing, *([f"a stub without {used.name}, which is banned and imported or given"] if used else [])]


def _case(function: Function) -> Case:
    tag = tag_of(function)
    assert isinstance(tag, CaseTag)
    summary = " ".join((function.__doc__ or "").split()).rstrip(".")
    return Case(function.__name__, tag.edge, tag.hidden, tag.checks, tag.seconds, summary, function)


def _picture(function: Function) -> tuple[str, str, str]:
    tag = tag_of(function)
    assert isinstance(tag, PictureTag)
    return function.__name__, tag.case, inspect.cleandoc(function.__doc__ or "").replace("\n", " ")


def _parts(returns: tuple[str, ...] | str) -> tuple[str, ...]:
    return () if isinstance(returns, str) else returns


def _variant(function: Function) -> Variant:
    return Variant(function.__name__, inspect.cleandoc(function.__doc__ or "").replace("\n", " "), function)


def _missing(exercise: Exercise, statement: str) -> list[str]:
    """Return what an author still has to write, a sentence each."""
    core = [case for case in exercise.cases if not case.edge]
    asked = {
        "a module docstring: why, maths, by hand": bool(exercise.title),
        "a source in the module docstring (a line `Source: ...`)": "Source:"
        in exercise.path.read_text(encoding="utf-8"),
        "a docstring of the function with Args and Returns": "Args:" in statement and "Returns:" in statement,
        "shapes in the docstring of the function": bool(re.search(r"shape|scalar|float,|int,|\(\w+,", statement)),
        "two visible core cases": sum(not case.hidden for case in core) >= 2,
        "an edge case": any(case.edge for case in exercise.cases),
        "a hidden case": any(case.hidden for case in exercise.cases),
        "an alternative": bool(exercise.alternatives),
        "two mistakes": len(exercise.mistakes) >= 2,
        "two hints": len(exercise.hints) >= 2,
        "a sentence of why it works (why=...)": bool(exercise.why.strip()),
        "the lesson's part that teaches it (lesson=...)": bool(exercise.lesson.strip()),
        "at least one point": exercise.points >= 1,
        "a difficulty from 1 to 5": 1 <= exercise.difficulty <= 5,
        "a topic folder such as 04_backprop": bool(re.fullmatch(r"\d\d_\w+", exercise.topic)),
    }
    missing = [what for what, there in asked.items() if not there]
    missing += [
        f"a docstring for the mistake {m.name}: what to tell who makes it" for m in exercise.mistakes if not m.message
    ]
    shown = {case.name for case in exercise.cases if not case.hidden}
    missing += [
        f"a case {case!r} that is not hidden, for the picture {n}"
        for n, case, _ in exercise.pictures
        if case not in shown
    ]
    missing += [f"a docstring for the picture {n}: what to look for" for n, _, text in exercise.pictures if not text]
    missing += [
        f"parameter {name!r}, which `changes` names" for name in exercise.changes if name not in exercise.parameters
    ]
    return missing
