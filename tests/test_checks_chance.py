"""Random answers: what `Random` and `Repeatable` let pass, and what they say of the others."""

import numpy as np
import pytest

from grader.checks import Random, Repeatable, Setting, prepared
from grader.worker import wire

SHAPE = (40, 30)


def coins(seed, shape=SHAPE, p=0.25):
    return (np.random.default_rng(seed).random(shape) < p) / p


def ready(check, function=coins):
    """The check as it comes out of a key, prepared on a mask of SHAPE."""
    setting = Setting({}, (0,), ("seed",), "mask", function(0), {}, lambda a: function(*a), np.random.default_rng(5))
    (one,) = check.prepare(setting)
    return prepared(wire.decode(wire.encode(one.plain())))


@pytest.fixture(scope="module")
def statistics():
    return ready(Random(parts=["mask"], seed="seed"))


@pytest.mark.parametrize("seed", range(12))
def test_right_draws_of_any_generator_pass(statistics, seed):
    legacy = np.random.RandomState(seed)
    draws = [coins(seed), (legacy.rand(*SHAPE) < 0.25) / 0.25, legacy.binomial(1, 0.25, SHAPE) * 4.0]

    assert [statistics.fault([draw]) for draw in draws] == [None, None, None]


WRONG = {
    "not scaled": (lambda seed: coins(seed) / 4, "the mean of 1200 random entries"),
    "the other probability": (lambda seed: coins(seed, p=0.75), "the share of zeros of 1200"),
    "another spread": (lambda seed: coins(seed) + np.random.default_rng(seed).normal(size=SHAPE), "share of zeros"),
    "one coin a row": (lambda seed: np.repeat(coins(seed, (40, 1)), 30, 1), "random entries"),
    "one coin a column": (lambda seed: np.repeat(coins(seed, (1, 30)), 40, 0), "random entries"),
    "one coin in all": (lambda seed: np.full(SHAPE, float(coins(seed, ()))), "the mean of 1200"),
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_other_draws_are_rejected(statistics, wrong, said, seed):
    fault = statistics.fault([wrong(seed)])

    assert fault is not None
    assert said in fault.message


def test_the_plainest_statistic_is_named_first(statistics):
    fault = statistics.fault([coins(3) / 4])

    assert fault.message.startswith("mask: the mean of 1200 random entries is 0.2")


def test_one_coin_for_a_slice_is_asked_about(statistics):
    balanced = np.tile(np.repeat([0.0, 0.0, 0.0, 4.0], [7, 7, 8, 8]), (40, 1))

    assert "does one draw serve a whole slice?" in statistics.fault([balanced]).message


def test_the_same_draw_twice_is_repeatable():
    assert ready(Repeatable()).fault([coins(1), coins(1)]) is None


def test_another_draw_is_not_repeatable():
    fault = ready(Repeatable()).fault([coins(1), coins(2)])

    assert "another when the function is called again" in fault.message
