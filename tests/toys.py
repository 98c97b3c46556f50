"""Small exercises and answer keys, made for tests."""

from pathlib import Path
from typing import Any

import numpy as np

from grader.key import Key, KeyCase, KeyMistake
from grader.outcome import Outcome, Returned

TRIPLE = '''"""Triple: three of a kind.

Maths. y = 3 x.

Source: arithmetic.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, given, mistake


@exercise(
    points=3,
    difficulty=1,
    returns="y",
    hints=["What is three times one?", "Multiply."],
    why="Three of a kind are one and one and one.",
    lesson="A lesson",
)
def triple(x):
    """Return three times x.

    Args:
        x: float array, any shape.

    Returns:
        Float array, the shape of x.
    """
    return 3 * x


@case
def by_hand(rng):
    """One and two."""
    return {"x": np.array([1.0, 2.0])}


@case
def both_signs(rng):
    return {"x": rng.normal(size=4)}


@case(hidden=True)
def two_axes(rng):
    return {"x": rng.normal(size=(2, 3))}


@case(edge=True)
def nothing(rng):
    return {"x": np.zeros(0)}


@alternative
def adds(x):
    return x + x + x


@mistake
def doubles(x):
    """That is twice x. How many are three?"""
    return 2 * x


@mistake
def cubes(x):
    """That is x to the third power."""
    return x**3
'''


def lay(root: Path, name: str = "triple", text: str = TRIPLE, topic: str = "01_toys") -> Path:
    """Write an exercise file into the tree at `root` and return its path."""
    path = root / "solutions" / topic / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    (root / "assignments" / topic).mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def key_case(name: str, arguments: tuple[Any, ...], expected: Any, **more: Any) -> KeyCase:
    """A case of a key made by hand; `expected` is an outcome, or what the reference returned."""
    outcome = expected if isinstance(expected, Outcome) else Returned(expected)
    facts = {"kind": "core", "hidden": False, "summary": "", "seconds": 1.0, "bars": {}, "checks": ()}
    return KeyCase(name=name, arguments=arguments, expected=outcome, **{**facts, **more})


def key(*cases: KeyCase, mistakes: tuple[KeyMistake, ...] = (), **more: Any) -> Key:
    """A key made by hand, of a function f(x) that returns y."""
    facts = {
        "name": "f",
        "topic": "01_toys",
        "title": "A toy",
        "stub": "",
        "points": 3,
        "difficulty": 1,
        "needs": (),
        "uses": (),
        "hints": ("one", "two"),
        "why": "",
        "lesson": "",
        "parameters": ("x",),
        "returns": "y",
        "changes": (),
        "free": (),
        "drive": None,
        "given": "",
        "pictures": (),
        "drawing": "",
        "banned": (),
    }
    return Key(**{**facts, **more}, cases=cases, mistakes=mistakes)


def mistake(name: str, outcomes: dict[str, Any]) -> KeyMistake:
    """A known mistake by what it returns, case by case."""
    return KeyMistake(name, f"You made {name}.", {k: (Returned(v),) for k, v in outcomes.items()}, {})


def returned(**values: Any) -> dict[str, tuple[Outcome, ...]]:
    """Outcomes by case, each of one call; a value that is no outcome was returned."""
    return {n: (v if isinstance(v, Outcome) else Returned(v),) for n, v in values.items()}


def array(*numbers: float) -> np.ndarray:
    """A float array."""
    return np.array(numbers, float)
