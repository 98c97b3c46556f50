"""The gradient check as a command: two functions of somebody's own named as module:function, and a point."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from grader.gradcheck.check import check_gradient
from grader.messages import say


def named(name: str) -> Any:
    """The object that "module:name" stands for; modules of the current folder are found.

    Raises:
        ValueError: the text has no colon, or the module no such name.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        raise ValueError(say("{name}: write module:function, for example layers:tanh", name=name))
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(import_module(module), attribute)
    except AttributeError as error:
        raise ValueError(say("the module {module} has no {name}", module=module, name=attribute)) from error


def run(f: str, gradient: str, x: str | None = None, shape: str = "3,4", seed: int = 0) -> tuple[str, int]:
    """Check module:f against module:gradient; the message and an exit code (0 right, 1 wrong, 3 not judged).

    Args:
        f, gradient: "module:function".
        x: "module:name" of an array, or of a function without arguments that returns one; else drawn at random.
        shape: of a random x, numbers between commas; "" for one number.
        seed: of a random x.

    Raises:
        ValueError: a name or a shape that cannot be read.
    """
    try:
        size = tuple(int(part) for part in shape.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            say("{shape} is no shape: write whole numbers with commas between, such as 3,4", shape=repr(shape))
        ) from None
    point: Any = named(x) if x is not None else np.random.default_rng(seed).normal(size=size)
    point = point() if callable(point) else point
    report = check_gradient(named(f), named(gradient), point)
    return str(report), {"right": 0, "wrong": 1, "not judged": 3}[report.verdict]
