"""The battery's right gradients are right, by high differences in extended precision; its wrong ones are wrong."""

import numpy as np
import pytest

from . import battery, blocks, unseen, unseen2

WEIGHTS = ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))  # central differences of order 8
COARSE = ("newton root", "fixed point", "sinkhorn", "offset")  # noisy: they need larger steps
INNER = ("mlp weights", "sort", "median")  # several kinks in one output, ties of three: a choice for each of them

ALL = battery.FUNCTIONS + unseen.FUNCTIONS + unseen2.FUNCTIONS


def witness(f, x, u, h):
    """d(sum(u * f(x))) / dx entry by entry."""
    slope, size = np.zeros(x.shape), np.sqrt(np.mean(x * x)) or 1.0
    for index in np.ndindex(x.shape):
        for steps, weight in WEIGHTS:
            step = np.zeros_like(x)
            step[index] = steps * h * size
            up, down = x + step, x - step
            slope[index] += np.sum(u * (f(up) - f(down))) * weight * 2 * steps / (up - down)[index]
    return slope


def highly_precise(f, x):
    """x in extended precision and a fitting step, where f can work in that."""
    try:
        wide = x.astype(np.longdouble)
        if np.asarray(f(wide)).dtype == np.longdouble:
            return wide, 1e-4
    except Exception:  # linear algebra refuses it with several types of error
        pass
    return x, 3e-3


def upstream(function, y):
    """Weights of mixed sign; 1 for a number."""
    return 1.0 if function.number else battery.jitter(np.random.default_rng(5), np.shape(y))


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.name)
def test_right_gradients_are_right(function):
    for regime, f, x, vjp in battery.regimes(function, 0):
        if regime not in ("normal", "again", "zero", "integers", "x 0.1", "x 10") or (
            regime == "zero" and function.kinks
        ):
            continue
        x = x.astype(float)
        u = upstream(function, f(x))
        wide, h = (x, 1e-2) if function.name in COARSE else highly_precise(f, x)
        h = 1e-6 if function.kinks else h
        given, slope = vjp(x, u), witness(f, wide, u, h)
        assert np.shape(given) == x.shape
        scale = np.max(np.abs(slope)) if regime == "normal" else np.max(np.abs(slope)) + 1e-12
        assert np.max(np.abs(given - slope)) <= (1e-5 if function.name in COARSE else 1e-8) * scale, regime


@pytest.mark.parametrize(
    "function", [f for f in ALL if f.kinks and f.name not in INNER], ids=lambda function: function.name
)
def test_right_gradients_at_kinks_lie_between_the_one_sided_slopes(function):
    _, f, x, vjp = next(point for point in battery.regimes(function, 0) if point[0] == "at kinks")
    u = upstream(function, f(x))
    given, y = vjp(x, u), f(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-7
        sides = u * (f(x + step) - y) * 1e7, u * (y - f(x - step)) * 1e7
        assert np.minimum(*sides).sum() - 1e-5 <= given[index] <= np.maximum(*sides).sum() + 1e-5


@pytest.mark.parametrize("function", blocks.FUNCTIONS[:-1], ids=lambda function: function.name)
def test_right_gradients_of_several_arguments_are_right(function):
    arguments = function.draw(np.random.default_rng(1))
    u = upstream(function, function.f(*arguments))
    for i, (given, argument) in enumerate(zip(function.vjp(*arguments, u), arguments, strict=True)):

        def f(z, i=i):
            return function.f(*arguments[:i], z, *arguments[i + 1 :])

        assert np.allclose(given, witness(f, argument, u, 3e-4), rtol=1e-8, atol=1e-9)


def test_where_all_units_are_dead_no_factor_is_planted():
    (network,) = (function for function in blocks.FUNCTIONS if function.name == "loss of a network")
    dead = [case for case in blocks.wrong(401, [network]) if case.regime == "small 0"]

    for case in dead:
        pairs = zip(case.gradient(*case.x), network.vjp(*case.x, 1.0), strict=True)
        assert not all(np.array_equal(given, right) for given, right in pairs)
    assert {"not finite", "shape"} <= {case.kind for case in dead}


def test_mistakes_of_every_kind_are_in_the_battery():
    kinds = {case.kind for case in battery.wrong(0, battery.chosen(("softmax", "bias", "cube", "mean square")))}

    assert kinds >= {
        "sign", "factor", "transpose", "upstream ignored", "mask", "missing term", "not summed", "diagonal only",
        "shift", "one entry", "one slice", "not finite", "shape", "stale", "zero", "clipped",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_battery_and_another_one_another():
    some = battery.chosen(("tanh", "max pool"))
    first, again, other = ([case.x.tobytes() for case in battery.right(seed, some)] for seed in (1, 1, 2))

    assert first == again
    assert first != other
