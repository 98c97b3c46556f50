"""Large cases: arguments are drawn where they are used, and what takes too much is told from what does not."""

import dataclasses

import numpy as np
import pytest

from grader import key as keys
from grader.exercise import Variant, load
from grader.judge import judge
from grader.outcome import Failed, Returned
from grader.sandbox import Sandbox
from grader.sandbox.run import play
from grader.worker.wire import Drawn
from tests.processes import linux
from tests.toys import TRIPLE, lay

pytestmark = pytest.mark.slow

NORMS = TRIPLE.replace("triple", "norms").replace("import alternative", "import Drawn, alternative")
NORMS = NORMS.replace("return 3 * x\n", 'return np.einsum("...i,...i->...", x, x)\n')
NORMS = NORMS.replace("return x + x + x", "return np.array([row @ row for row in x]) if x.ndim == 2 else x @ x")
NORMS = NORMS.replace("np.zeros(0)", "Drawn(1, (3, 4_000_000))")
NORMS = NORMS.replace("That is twice x. How many are three?", "Too much memory.")
NORMS = NORMS.replace("return 2 * x\n", "return np.sum([x * x / 9.0] * 9, axis=(0, -1))\n")
NORMS = NORMS.replace("That is x to the third power.", "Too much time.")
NORMS = NORMS.replace("return x**3", "return np.sum([sum(v * v for v in np.ravel(x)[:9]) for _ in x], 0)")
SLOW = "for _ in range(10 ** 10 if x.size > 99 else 1): pass\n    return np.sum(x * x, -1)"
NORMS = NORMS.replace("return np.sum([sum(v * v for v in np.ravel(x)[:9]) for _ in x], 0)", SLOW)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    return load(lay(tmp_path_factory.mktemp("large"), "norms", NORMS))


@pytest.fixture(scope="module")
def key(exercise):
    return keys.from_bytes(keys.to_bytes(keys.answer(exercise)))


def of(key, name):
    return next(mistake for mistake in key.mistakes if mistake.name == name).outcomes["nothing"][0]


def test_a_drawn_array_is_the_same_wherever_it_is_drawn():
    assert np.array_equal(Drawn(3, (2, 5)).array(), Drawn(3, (2, 5)).array())
    assert not np.array_equal(Drawn(3, (2, 5)).array(), Drawn(4, (2, 5)).array())


def test_a_drawn_array_holds_normal_floats_or_whole_numbers():
    floats, whole = Drawn(1, (40, 50)).array(), Drawn(1, (2000,), below=3).array()

    assert floats.dtype == np.float64
    assert abs(floats.mean()) < 0.2
    assert 0.9 < floats.std() < 1.1
    assert whole.dtype == np.int64
    assert set(whole.tolist()) == {0, 1, 2}


def test_a_key_with_a_large_case_is_small(key):
    assert len(keys.to_bytes(key)) < 10_000


@linux
def test_a_mistake_that_takes_too_much_memory_fails_for_want_of_it_in_the_key(key):
    outcome = of(key, "doubles")

    assert isinstance(outcome, Failed)
    assert outcome.kind == "memory"


@linux
def test_a_mistake_that_takes_too_much_time_runs_out_of_it_in_the_key(key):
    outcome = of(key, "cubes")

    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.type) == ("timeout", "cpu")


def test_an_alternative_is_played_within_the_limits_too(exercise, key):
    (case,) = [case for case in key.cases if case.name == "nothing"]

    (outcome,) = keys.play(exercise, exercise.alternatives[0], case)

    assert isinstance(outcome, Returned)
    assert np.allclose(outcome.value, case.expected.value, rtol=1e-12)


def test_a_function_from_elsewhere_is_played_here(exercise, key):
    (case,) = [case for case in key.cases if case.name == "nothing"]

    (outcome,) = keys.play(exercise, Variant("theirs", "", lambda x: x.shape[0]), case)

    assert outcome.value == 3


@linux
@pytest.mark.parametrize(
    ("body", "name"),
    [("return np.sum([x * x / 9.0] * 9, axis=(0, -1))", "doubles"), (SLOW.replace("10 ** 10", "10 ** 11"), "cubes")],
    ids=["memory", "time"],
)
def test_a_learner_who_makes_the_mistake_is_told_so(key, body, name):
    source = f"import numpy as np\n\ndef norms(x):\n    {body}\n"

    with Sandbox() as sandbox:
        verdict = judge(key, play(sandbox, key, source, "norms.py"))

    assert verdict.state == "right"
    assert verdict.diagnosis.name == name


def test_a_right_answer_is_robust_in_a_worker(key):
    with Sandbox() as sandbox:
        verdict = judge(key, play(sandbox, key, "def norms(x):\n    return (x**2).sum(axis=-1)\n", "norms.py"))

    assert verdict.state == "robust"


def test_the_time_that_a_case_allows_is_kept(exercise, key):
    (case,) = [case for case in key.cases if case.name == "nothing"]
    short = dataclasses.replace(case, seconds=0.5)

    (outcome,) = keys.play(exercise, next(m for m in exercise.mistakes if m.name == "cubes"), short)

    assert isinstance(outcome, Failed)
    assert outcome.message == "0.5 s"
