"""What never changes a verdict: units of x, f and upstream, a constant, the order of entries, float32 and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradcheck import check_gradient

POWERS = st.integers(-6, 6).map(lambda k: 10.0**k)
SEEDS = st.integers(0, 10**6)


def tanh_net(x, w):
    return np.tanh(x @ w)


def tanh_net_vjp(x, w, u):
    return (u * (1 - np.tanh(x @ w) ** 2)) @ w.T


def relu(x, w):
    return np.maximum(x @ w, 0)


def relu_vjp(x, w, u):
    return (u * (x @ w > 0)) @ w.T


def log_sum_exp(x, w):
    return np.log(np.exp(x * w.sum(1)).sum(1))


def log_sum_exp_vjp(x, w, u):
    e = np.exp(x * w.sum(1))
    return u[:, None] * w.sum(1) * e / e.sum(1, keepdims=True)


LAYERS = {"tanh": (tanh_net, tanh_net_vjp), "relu": (relu, relu_vjp), "log sum exp": (log_sum_exp, log_sum_exp_vjp)}
MISTAKES = {
    "none": ("right", lambda g: g),
    "factor": ("wrong", lambda g: 1.01 * g),
    "entry": ("wrong", lambda g: g * np.where(np.abs(g) == np.abs(g).max(), 1.1, 1)),
    "sign": ("wrong", np.abs),
    "shift": ("wrong", lambda g: np.roll(g, 1, 1)),
}
CASES = [(layer, mistake) for layer in LAYERS for mistake in MISTAKES]
check = pytest.mark.parametrize(("layer", "mistake"), CASES, ids=[f"{layer}, {mistake}" for layer, mistake in CASES])
few = settings(derandomize=True, max_examples=8, deadline=None, database=None)


def scene(layer, mistake, seed):
    """f, a gradient with the mistake, the verdict it deserves ("" where the mistake does not show), x and upstream."""
    rng = np.random.default_rng(seed)
    f, vjp = LAYERS[layer]
    verdict, change = MISTAKES[mistake]
    x, w = rng.normal(size=(3, 4)), rng.normal(size=(4, 3))
    u = rng.uniform(0.5, 1.5, np.shape(f(x, w))) * rng.choice([-1, 1], np.shape(f(x, w)))
    right = vjp(x, w, u)
    if mistake != "none" and np.allclose(change(right), right, rtol=1e-3, atol=1e-3 * np.abs(right).max()):
        verdict = ""
    return (lambda z: f(z, w)), (lambda z, v: change(vjp(z, w, v))), verdict, x, u


def judged(f, gradient, x, u=None):
    return check_gradient(f, gradient, x, upstream=u).verdict


@check
@few
@given(seed=SEEDS, scale=POWERS)
def test_units_of_x_change_no_verdict(layer, mistake, seed, scale):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)

    if verdict:
        assert judged(lambda z: f(z / scale), lambda z, v: gradient(z / scale, v) / scale, x * scale, u) == verdict


@check
@few
@given(seed=SEEDS, scale=POWERS)
def test_units_of_f_change_no_verdict(layer, mistake, seed, scale):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)

    if verdict:
        assert judged(lambda z: scale * f(z), lambda z, v: gradient(z, v) * scale, x, u) == verdict


@check
@few
@given(seed=SEEDS, scale=POWERS)
def test_the_size_of_upstream_changes_no_verdict(layer, mistake, seed, scale):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)

    if verdict:
        assert judged(f, gradient, x, scale * u) == verdict


@check
@few
@given(seed=SEEDS, constant=st.integers(-3, 3).map(lambda k: 10.0**k) | st.just(-1e4))
def test_a_constant_added_to_f_changes_no_verdict(layer, mistake, seed, constant):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)

    if verdict:
        assert judged(lambda z: f(z) + constant, gradient, x, u) == verdict


@check
@few
@given(seed=SEEDS, order=st.permutations(range(12)))
def test_the_order_of_the_entries_changes_no_verdict(layer, mistake, seed, order):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)
    back = np.argsort(order)

    def sorted_f(z):
        return f(z[back].reshape(3, 4))

    def sorted_gradient(z, v):
        return gradient(z[back].reshape(3, 4), v).ravel()[order]

    if verdict:
        assert judged(sorted_f, sorted_gradient, x.ravel()[order], u) == verdict


@check
@few
@given(seed=SEEDS)
def test_rounding_x_to_float32_and_back_changes_no_verdict(layer, mistake, seed):
    f, gradient, verdict, x, u = scene(layer, mistake, seed)
    rounded = x.astype(np.float32)

    if verdict:
        assert judged(f, gradient, rounded.astype(float), u) == verdict
        assert judged(f, gradient, rounded, u) == verdict
