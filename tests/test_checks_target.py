"""`AtLeast` and `AtMost`: what an answer reaches is judged, and not how; the function never sees what judges it."""

import numpy as np
import pytest

from grader import key as keys
from grader.checks import AtLeast, AtMost, prepared
from grader.exercise import Variant, load
from grader.judge import judge
from grader.worker import wire
from tests.test_checks import setting
from tests.toys import TRIPLE, lay

TRUTH = np.array([1, 0, 1, 1])


def check(kind, expression, target, expected=TRUTH, returns="labels", raw=None):
    """The check as it comes out of a key."""
    facts = {"x": np.zeros(4), "truth": TRUTH} if raw is None else raw
    it = setting(lambda x: expected, facts, returns, arguments=(np.zeros(4),))
    (ready,) = kind(expression, target).prepare(it)
    return prepared(wire.decode(wire.encode(ready.plain())))


@pytest.mark.parametrize(("labels", "passes"), [([1, 0, 1, 1], True), ([1, 0, 1, 0], True), ([0, 0, 1, 0], False)])
def test_a_share_has_to_reach_its_target(labels, passes):
    ready = check(AtLeast, "share(labels, truth)", 0.75)

    assert (ready.fault([np.array(labels)]) is None) == passes


def test_a_missed_target_says_by_how_much():
    fault = check(AtLeast, "share(labels, truth)", 0.75).fault([np.array([0, 1, 0, 1])])

    assert (fault.check, fault.message) == ("target", "share(labels, truth) is 0.25, at least 0.75 is asked for")


@pytest.mark.parametrize(("cost", "passes"), [(2.0, True), (3.0, True), (3.1, False)])
def test_a_cost_has_to_stay_below_its_target(cost, passes):
    ready = check(AtMost, "mean(cost)", 3.0, expected=np.array([2.0]), returns="cost")

    assert (ready.fault([np.array([cost])]) is None) == passes


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_reaches_nothing(value):
    at_least = check(AtLeast, "out", 1.0, expected=2.0, returns="out")
    at_most = check(AtMost, "out", 3.0, expected=2.0, returns="out")

    assert at_least.fault([value]) is not None
    assert at_most.fault([value]) is not None


def test_many_numbers_are_no_target():
    fault = check(AtLeast, "out - 1", 1.0, expected=2.0, returns="out").fault([np.ones(3)])

    assert fault.message == "out - 1 should be one number, and has shape (3,)"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("share(labels, secret)", "names secret of"),
        ("sum(truth)", "names no part of"),
        ("share(labels, truth) + 1", "misses"),
    ],
)
def test_an_author_hears_what_cannot_be_asked(expression, words):
    with pytest.raises(ValueError, match=words):
        check(AtLeast, expression, 2.5)


GUESS = TRIPLE.replace("triple", "guess").replace("import alternative", "import AtLeast, alternative")
GUESS = GUESS.replace('returns="y",', 'returns="y", checks=[AtLeast("share(y, truth)", 0.75)],')
GUESS = GUESS.replace("return 3 * x\n", "return (x > 0).astype(int)\n").replace(
    "x + x + x", "np.array([int(v > 0.1) for v in x])"
)
GUESS = GUESS.replace("return 2 * x\n", "return (x > -9).astype(int)\n").replace("x**3", "(x < 0).astype(int)")
for old in ("np.array([1.0, 2.0])", "rng.normal(size=4)", "rng.normal(size=(2, 3))", "np.zeros(0)"):
    new = "np.array([1.0, -2.0, 0.5, 3.0]), 'truth': np.array([1, 0, 1, 1])"
    GUESS = GUESS.replace(f'{{"x": {old}}}', f'{{"x": {new}}}')


@pytest.fixture
def guess(tmp_path):
    return load(lay(tmp_path, "guess", GUESS))


def test_the_function_never_sees_the_facts_and_may_answer_in_its_own_way(guess):
    key = keys.from_bytes(keys.to_bytes(keys.answer(guess)))
    theirs = Variant("theirs", "", lambda x: np.array([1, 0, 1, 0]))

    verdict = judge(key, {case.name: keys.play(guess, theirs, case) for case in key.cases})

    assert [len(case.arguments) for case in key.cases] == [1, 1, 1, 1]
    assert verdict.state == "robust"


def test_an_answer_of_another_form_is_rejected_before_it_is_measured(guess):
    key = keys.answer(guess)
    theirs = Variant("theirs", "", lambda x: np.array([1, 0, 1]))

    verdict = judge(key, {case.name: keys.play(guess, theirs, case) for case in key.cases})

    assert verdict.findings[0].message.startswith("y has shape (3,), expected (4,)")
