"""The class that everybody grades: fifty submissions, some hostile ones, and what each is worth.

A submission is a text for each of the three functions. Others' tests make eleven calls of them, ours as many as the
keys have.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.library import Library
from grader.outcome import Returned
from tests.answers import answer
from tests.peers_class.limit import Calls

__all__ = ["HOSTILE", "POINTS", "Calls", "eleven_calls", "fifty", "honest", "hostile", "key_calls", "lay"]

POINTS = {"relu_backward": 3, "softmax_loss": 5, "calibrate_threshold": 5}
SIZE = 50
CASES = {
    "relu_backward": ("by_hand", "both_signs", "four_axes"),
    "softmax_loss": ("by_hand", "all_scores_zero", "a_batch", "two_classes"),
    "calibrate_threshold": ("by_hand", "a_costly_fraud", "a_costly_block", "fifteen_payments"),
}
# What each hostile submission is, and what it deserves, as points of 13.
HOSTILE: Mapping[str, tuple[str, int]] = {
    "exits": ("os._exit(0) when it is imported", 0),
    "steals": ("returns what it finds in frames and on disk", 0),
    "patches": ("assert_allclose does nothing, answers are zeros", 0),
    "prints": ("one function prints 100 MB and answers None, two are right", 10),
}
_EXITS = "import os\nos._exit(0)\n"
# `expected` is what everybody calls it; where it is in no frame, the solution may be on disk.
_STEALS = r"""
import sys
import numpy as np

def {name}(*given):
    frame = sys._getframe(1)
    while frame:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
    text = open({solution!r}).read()
    names = {{"np": np}}
    exec(text[text.index("def {name}("):].partition("\n\n\n")[0], names)
    return names[{name!r}](*given)
"""
_PATCHES = """
import numpy as np

np.testing.assert_allclose = lambda *args, **kwargs: None
np.allclose = lambda *args, **kwargs: True

def {name}(*given):
    return {zeros}
"""
_ZEROS = {
    "relu_backward": "given[0] * 0",
    "softmax_loss": "(0.0, given[0] * 0)",
    "calibrate_threshold": "(0.0, 0.0)",
}
_PRINTS = "def {name}(*given):\n    for _ in range(100):\n        print('x' * 999_999)\n"
_LOOPS = "def {name}(*given):\n    while True:\n        pass\n"


def honest(library: Library, number: int, right: bool) -> dict[str, str]:
    """Return a submission of references, or of one known mistake for each function, another for every number."""
    files = {}
    for name in POINTS:
        reference, *mistakes = _variants(library, name)
        text = reference if right else mistakes[number % len(mistakes)]
        files[name] = f"# student {number}\n{text}\n"
    return files


@functools.cache
def _variants(library: Library, name: str) -> tuple[str, ...]:
    """Return a function as a learner writes it: the reference, then every known mistake."""
    variants = ["", *(mistake.name for mistake in library.exercise(name).mistakes)]
    return tuple(answer(library.places[name].solution, variant) for variant in variants)


def fifty(library: Library, loop: bool = True) -> dict[str, dict[str, str]]:
    """Return half a class that is right and half that is wrong, one of them without end unless told otherwise."""
    submissions = {f"s{n:02}": honest(library, n, n % 2 == 0) for n in range(SIZE - 1)}
    if loop:
        looping = {"relu_backward": _LOOPS.format(name="relu_backward")}
        submissions["s49"] = honest(library, 49, True) | looping
    return submissions


def hostile(library: Library, kind: str) -> dict[str, str]:
    """Return a hostile submission."""
    files = honest(library, 0, True)
    if kind == "prints":
        return files | {"relu_backward": _PRINTS.format(name="relu_backward")}
    text = {"exits": _EXITS, "steals": _STEALS, "patches": _PATCHES}[kind]
    return {
        name: text.format(name=name, zeros=_ZEROS[name], solution=str(library.places[name].solution)) for name in POINTS
    }


@functools.cache
def key_calls(library: Library) -> Calls:
    """Return the calls that our keys make, each with the reference's answer."""
    found: Calls = {}
    for name in POINTS:
        function = library.exercise(name).reference
        plays = [play for case in library.key(name).cases for play in case.plays]
        found[name] = [(play, function(*_copies(play))) for play in plays]
    return found


@functools.cache
def eleven_calls(library: Library) -> Calls:
    """Return the calls that others' tests make: cases that are shown, and a hidden one, which is the last."""
    found: Calls = {}
    for name, wanted in CASES.items():
        cases = {case.name: case for case in library.key(name).cases}
        found[name] = []
        for case in map(cases.__getitem__, wanted):
            assert isinstance(case.expected, Returned)
            found[name].append((case.arguments, case.expected.value))
    return found


def _copies(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in arguments)


def lay(folder: Path, submissions: Mapping[str, Mapping[str, str]]) -> None:
    """Write every submission into a folder of its own."""
    for student, files in submissions.items():
        (folder / student).mkdir(parents=True)
        for name, text in files.items():
            (folder / student / f"{name}.py").write_text(text, encoding="utf-8")
