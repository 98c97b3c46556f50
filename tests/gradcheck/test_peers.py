"""The rules of others judge as their sources say, so that the comparison is fair."""

import numpy as np
import pytest

from . import peers
from .battery import Case

X = np.random.default_rng(70).normal(size=(3, 4))


def case(factor, x=X, scale=1.0):
    return Case("sine", lambda x: scale * np.sin(x), lambda x, u: factor * scale * u * np.cos(x), x, False, "normal")


@pytest.mark.parametrize("name", [name for name in peers.RULES if name != "CS231n, 1e-7"])
def test_a_right_gradient_at_an_easy_point_is_right_and_twice_it_is_wrong(name):
    assert peers.verdict(name, case(1.0))[0] == "right"
    assert peers.verdict(name, case(2.0))[0] == "wrong"


@pytest.mark.parametrize(("name", "calls"), [("jax's rule", 3), ("CS231n, 1e-5", 25), ("torch's rule, slow", 25)])
def test_calls_of_f_are_counted(name, calls):
    assert peers.verdict(name, case(1.0))[1] == calls


@pytest.mark.parametrize("name", ["jax's rule", "HIPS autograd's rule", "Chainer's rule", "torch's rule, fast"])
def test_an_absolute_tolerance_passes_a_tiny_gradient_that_is_wrong(name):
    assert peers.verdict(name, case(2.0, scale=1e-9))[0] == "right"


def test_a_gradient_of_another_shape_is_wrong_for_all():
    bent = Case("sine", np.sin, lambda x, u: u[:2], X, False, "normal")

    assert {peers.verdict(name, bent)[0] for name in peers.RULES} == {"wrong"}


def test_torch_asks_for_float64():
    assert peers.verdict("torch's rule, slow", case(1.0, X.astype(np.float32))) == ("not judged", 0)
