"""Random answers: what `Random` and `Repeatable` let pass, and what they say of the others."""

import re

import numpy as np
import pytest

from grader import key as keys
from grader.checks import Random, Repeatable, Setting, prepared
from grader.exercise import Variant, load
from grader.judge import judge
from grader.worker import wire
from tests.toys import TRIPLE, lay

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

    assert "Does one draw serve a whole slice?" in statistics.fault([balanced]).message


def test_the_same_draw_twice_is_repeatable():
    assert ready(Repeatable()).fault([coins(1), coins(1)]) is None


def test_another_draw_is_not_repeatable():
    fault = ready(Repeatable()).fault([coins(1), coins(2)])

    assert "another when the function is called again" in fault.message


def test_a_single_number_is_not_called_a_mean():
    one = ready(Random(parts=["mask"], seed="seed"), lambda seed: np.random.default_rng(seed).normal(5.0, 0.1))

    assert one.fault([5.05]) is None
    assert re.fullmatch(r"mask is 7, expected about \d.\d+ \(chance varies it by 0\.\d+\)", one.fault([7.0]).message)


DRAWS = TRIPLE
for old, new in {
    "triple": "draws",
    "import alternative": "import Random, Seed, alternative",
    'returns="y",': 'returns="y", checks=[Random(["y"], "rng")],',
    "(x)": "(n, rng)",
    "x: float array, any shape.": "n: int, rng.",
    "return 3 * x\n": "return rng.normal(size=n)\n",
    "return x + x + x": "return rng.standard_normal(n)",
    "return 2 * x\n": "return rng.normal(size=max(n, 2))\n",
    "return x**3": "return rng.normal(5.0, size=n)",
    '{"x": np.array([1.0, 2.0])}': '{"n": 90, "rng": Seed(3)}',
    '{"x": rng.normal(size=4)}': '{"n": 70, "rng": Seed(3)}',
    '{"x": rng.normal(size=(2, 3))}': '{"n": 80, "rng": Seed(3)}',
    '{"x": np.zeros(0)}': '{"n": 1, "rng": Seed(3)}',
}.items():
    DRAWS = DRAWS.replace(old, new)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda n, rng: rng.normal(5.0, size=n), "cubes"),
        (lambda n, rng: rng.normal(size=max(n, 2)), "doubles"),
        (lambda n, rng: rng.normal(size=n) if n > 1 else rng.normal(9.0, size=n), None),
    ],
    ids=["wrong everywhere", "the mistake at the edge", "another fault at the edge"],
)
def test_a_mistake_that_is_right_in_core_is_named_only_at_its_edge(tmp_path, answer, name):
    exercise = load(lay(tmp_path, "draws", DRAWS))
    key = keys.from_bytes(keys.to_bytes(keys.answer(exercise)))

    verdict = judge(key, {case.name: keys.play(exercise, Variant("theirs", "", answer), case) for case in key.cases})

    assert (verdict.diagnosis and verdict.diagnosis.name) == name


def test_what_mistakes_print_and_are_warned_of_stays_here(tmp_path, capfd, recwarn):
    loud = TRIPLE.replace("return 2 * x\n", "print('two'); np.mean(np.zeros(0)); return 2 * x\n")

    keys.answer(load(lay(tmp_path, text=loud)))

    assert capfd.readouterr() == ("", "")
    assert not list(recwarn)
