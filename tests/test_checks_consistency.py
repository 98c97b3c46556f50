"""`Consistent`: says which of a loss and its gradient has to be mended, and rejects nothing by itself."""

import numpy as np
import pytest

from grader import key as keys
from grader.exercise import Variant, load
from grader.judge import judge
from tests.toys import TRIPLE, lay

SQUARES = TRIPLE.replace("triple", "squares").replace("import alternative", "import Consistent, Gradient, alternative")
SQUARES = SQUARES.replace(
    'returns="y",', 'returns=["loss", "dx"], checks=[Gradient("dx", "x"), Consistent("dx", "x")],'
)
SQUARES = SQUARES.replace("return 3 * x\n", "return np.mean(x**2), 2 * x / x.size\n")
SQUARES = SQUARES.replace("return x + x + x", "return x.ravel() @ x.ravel() / x.size, (x + x) / x.size")
SQUARES = SQUARES.replace("return 2 * x\n", "return np.mean(x**2), x / x.size\n")
SQUARES = SQUARES.replace("return x**3", "return np.mean(x**2), x**3")
SQUARES = SQUARES.replace("np.zeros(0)", "np.zeros(2)")


@pytest.fixture
def message(tmp_path):
    """What the first finding says of an answer to `squares`, and the verdict."""
    exercise = load(lay(tmp_path, "squares", SQUARES))
    key = keys.from_bytes(keys.to_bytes(keys.answer(exercise)))

    def judged(function):
        outcomes = {case.name: keys.play(exercise, Variant("theirs", "", function), case) for case in key.cases}
        verdict = judge(key, outcomes)
        return verdict, verdict.findings[0].message if verdict.findings else ""

    return judged


def test_a_right_answer_passes(message):
    verdict, _ = message(lambda x: (float((x * x).sum() / x.size), x * (2 / x.size)))

    assert verdict.state == "robust"


def test_a_wrong_gradient_of_a_right_loss(message):
    verdict, said = message(lambda x: (np.mean(x**2), 3 * x / x.size))

    assert verdict.state == "wrong"
    assert said.startswith("nudging x")
    assert said.endswith("\nYour loss is right, so look at dx alone.")


def test_a_wrong_loss_with_the_right_gradient(message):
    verdict, said = message(lambda x: (np.sum(x**2), 2 * x / x.size))

    assert verdict.state == "wrong"
    assert said.startswith("loss is")
    assert said.endswith("\nYour dx is right, so look at the loss alone.")


def test_a_wrong_loss_and_its_own_gradient(message):
    verdict, said = message(lambda x: (np.sum(x**4), 4 * x**3))

    assert verdict.state == "wrong"
    assert said.startswith("loss is")
    assert said.endswith("\nYour dx is the slope of your own loss: the two fit together, so mend the loss first.")


def test_a_wrong_loss_and_a_gradient_of_neither(message):
    verdict, said = message(lambda x: (np.sum(x**4), 5 * x**3))

    assert verdict.state == "wrong"
    assert said.startswith("loss is")
    assert said.endswith("\nYour dx is not the slope of your own loss either: begin with the loss.")


@pytest.mark.parametrize("loss", [lambda x: np.inf, lambda x: 1e12 + np.sum(x**4), lambda x: None, lambda x: x])
def test_nothing_is_said_where_nothing_is_clear(message, loss):
    verdict, said = message(lambda x: (loss(x), 4 * x**3))

    assert verdict.state == "wrong"
    assert "own loss" not in said


def test_a_function_that_fails_beside_the_case_only_is_right(message):
    calls = []

    def fails_later(x):
        calls.append(x)
        if len(calls) % 3:
            return np.mean(x**2), 2 * x / x.size
        raise ValueError("beside")

    verdict, _ = message(fails_later)

    assert len(calls) == 12
    assert verdict.state == "robust"


def test_the_two_calls_beside_are_no_cases_and_no_second_try(message):
    verdict, _ = message(lambda x: (np.mean(x**2), 2 * x / x.size))

    assert [case.name for case in verdict.cases][:2] == ["by_hand", "both_signs"]
    assert len(verdict.cases) == 5
