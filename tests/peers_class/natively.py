"""The assignment as each peer's teachers would write it: tests that call the learner's functions and compare.

All have the same body: arguments and answers that are fixed, gradients that the test computes numerically. What is
around it is each peer's own.
"""

import json
from textwrap import indent
from typing import Any

import numpy as np

from tests.peers_class.assignment import POINTS
from tests.peers_class.limit import Calls

__all__ = ["gradescope_tests", "nbgrader_notebook", "notebook", "otter_tests", "pytest_class", "pytest_tests"]

CHECKS = """
import numpy as np
from scipy.special import logsumexp


def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def check_relu_backward(f, arguments, _):
    dout, x = arguments
    expected = numerical_gradient(lambda x: np.sum(dout * np.maximum(x, 0)), x)
    np.testing.assert_allclose(f(dout.copy(), x.copy()), expected, rtol=1e-5, atol=1e-8)


def check_softmax_loss(f, arguments, answer):
    x, y = arguments
    dx = numerical_gradient(lambda x: np.mean(logsumexp(x, axis=1) - x[np.arange(len(x)), y]), x)
    expected = answer[0], dx
    for got, wanted in zip(f(x.copy(), y.copy()), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-8)


def check_calibrate_threshold(f, arguments, answer):
    expected = answer
    for got, wanted in zip(f(*arguments), expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-8)
"""


def _literal(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}, dtype={value.dtype.name!r}).reshape({value.shape})"
    if isinstance(value, tuple):
        return "(" + "".join(f"{_literal(part)}, " for part in value) + ")"
    return repr(float(value))


def _cases(calls: Calls, name: str) -> list[str]:
    """Return the calls of a function as text, the last of which is hidden."""
    return [f"({_literal(arguments)}, {_literal(answer)})" for arguments, answer in calls[name]]


def _one_each(calls: Calls, head: str) -> str:
    """Return a test function for every call; `head` makes its head of name, number, points, and a flag for hidden."""
    parts = []
    for name in calls:
        cases, points = _cases(calls, name), POINTS[name]
        for number, case in enumerate(cases):
            hidden = number == len(cases) - 1
            words = {"name": name, "number": number, "points": points / len(cases), "hidden": hidden}
            shown = "hidden" if hidden else "visible"
            parts.append(head.format(**words, shown=shown) + f"    check_{name}({name}, *{case})\n")
    return "\n\n".join(parts)


# --- pytest --------------------------------------------------------------------------------------------------------


def pytest_tests(calls: Calls) -> str:
    """Return a test file for one submission, whose files lie where Python looks."""
    imports = "".join(f"from {name} import {name}\n" for name in POINTS)
    return CHECKS + imports + "\n\n" + _one_each(calls, "def test_{name}_{number}():\n")


def pytest_class(calls: Calls, folder: str) -> str:
    """Return a test file for a whole class, parametrised by submission."""
    cases = [f"    ({name!r}, {case})," for name in POINTS for case in _cases(calls, name)]
    return (
        CHECKS
        + f"""
import functools
import importlib.util
from pathlib import Path

import pytest

CLASS = Path({folder!r})
CASES = [
"""
        + "\n".join(cases)
        + """
]


@functools.cache
def learners(student, name):
    spec = importlib.util.spec_from_file_location(f"{student}_{name}", CLASS / student / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


@pytest.mark.parametrize("number", range(len(CASES)))
@pytest.mark.parametrize("student", sorted(one.name for one in CLASS.iterdir()))
def test_it(student, number):
    name, case = CASES[number]
    globals()[f"check_{name}"](learners(student, name), *case)
"""
    )


# --- gradescope-utils ----------------------------------------------------------------------------------------------


def gradescope_tests(calls: Calls) -> str:
    """Return a program that runs the tests and writes results.json, as Gradescope's examples do."""
    # Each function is imported inside its test, so that one file which cannot be loaded loses only its own points.
    head = (
        "@weight({points})\n@visibility('{shown}')\ndef test_{name}_{number}(self):\n    from {name} import {name}\n\n"
    )
    return (
        CHECKS
        + "import sys\nimport unittest\n"
        + "from gradescope_utils.autograder_utils.decorators import visibility, weight\n"
        + "from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner\n"
        + "\n\nclass TestAll(unittest.TestCase):\n"
        + indent(_one_each(calls, head), "    ")
        + "\n\nif __name__ == '__main__':\n"
        + "    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestAll)\n"
        + "    with open(sys.argv[1], 'w') as file:\n"
        + "        JSONTestRunner(visibility='visible', stream=file).run(suite)\n"
    )


# --- notebooks -----------------------------------------------------------------------------------------------------


def notebook(files: dict[str, str]) -> str:
    """Return a learner's notebook: a cell for every function."""
    return _notebook([_cell(text, name) for name, text in files.items()])


def otter_tests(calls: Calls) -> dict[str, str]:
    """Return a test file for every question, in Otter's exception-based format."""
    found = {}
    for name, points in POINTS.items():
        head = f"OK_FORMAT = False\nname = {name!r}\npoints = {points}\n\nfrom otter.test_files import test_case\n"
        test = "@test_case(points={points}, hidden={hidden})\ndef test_{name}_{number}({name}):\n"
        found[f"{name}.py"] = head + CHECKS + "\n\n" + _one_each({name: calls[name]}, test)
    return found


def nbgrader_notebook(calls: Calls, files: dict[str, str] | None = None) -> str:
    """Return the instructor's notebook, or with `files` a learner's, whose test cells have lost what is hidden."""
    cells = []
    for number, (name, points) in enumerate(POINTS.items()):
        stub = f"def {name}(*arguments):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n"
        cells.append(_cell(files[name] if files else stub, name, solution=True))
        tests = [f"check_{name}({name}, *{case})" for case in _cases(calls, name)]
        hidden = [] if files else ["### BEGIN HIDDEN TESTS", tests[-1], "### END HIDDEN TESTS"]
        text = "\n".join([CHECKS if number == 0 else "", *tests[:-1], *hidden])
        cells.append(_cell(text, f"test_{name}", grade=True, points=points))
    return _notebook(cells)


def _cell(text: str, identity: str, solution: bool = False, grade: bool = False, points: int = 0) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if solution or grade:
        told = {"grade": grade, "solution": solution, "locked": grade, "task": False, "schema_version": 3}
        metadata["nbgrader"] = {**told, "grade_id": identity, **({"points": points} if grade else {})}
        metadata["nbgrader"]["cell_type"] = "code"
    return {
        "cell_type": "code",
        "id": identity.replace("_", "-"),
        "metadata": metadata,
        "execution_count": None,
        "outputs": [],
        "source": text,
    }


def _notebook(cells: list[dict[str, Any]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    language = {"name": "python"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)
