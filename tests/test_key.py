"""An answer key is data: the same every time, its own for every class, and whole after a journey through a file."""

import dataclasses
import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import key as keys
from grader.exercise import Variant, load
from grader.judge import judge
from grader.key import answer, from_bytes, play, to_bytes, with_secret
from grader.outcome import Failed, Returned
from tests.toys import TRIPLE, array, key, key_case, lay, mistake

CASE = """@case
def one_more(rng):
    return {"x": rng.normal(size=3)}


"""


@pytest.fixture(scope="module")
def triple(tmp_path_factory):
    return load(lay(tmp_path_factory.mktemp("toys")))


def made(tmp_path, *changes: tuple[str, str], name: str = "triple"):
    """The key of a changed toy."""
    text = TRIPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return answer(load(lay(tmp_path, name, text)))


def arguments(one) -> dict[str, list]:
    return {case.name: [np.asarray(argument).tolist() for argument in case.arguments] for case in one.cases}


# --- what is in it -------------------------------------------------------------------------------------------------


def test_a_key_holds_the_arguments_and_what_the_reference_answers(triple):
    for case in answer(triple).cases:
        (x,) = case.arguments
        assert isinstance(case.expected, Returned)
        assert np.array_equal(case.expected.value, 3 * x)
        assert case.expected.value.shape == x.shape


def test_a_key_says_of_its_cases_what_the_exercise_says(triple):
    found = [(case.name, case.kind, case.hidden, case.summary, case.seconds) for case in answer(triple).cases]

    assert found == [
        ("by_hand", "core", False, "One and two", 2.0),
        ("both_signs", "core", False, "", 2.0),
        ("two_axes", "core", True, "", 2.0),
        ("nothing", "edge", False, "", 2.0),
    ]


def test_a_key_holds_what_every_mistake_answers(triple):
    one = answer(triple)

    for known, right in zip(one.mistakes, (lambda x: 2 * x, lambda x: x**3), strict=True):
        for case in one.cases:
            (outcome,) = known.outcomes[case.name]
            assert np.array_equal(outcome.value, right(case.arguments[0]))
    assert [(m.name, m.message) for m in one.mistakes] == [
        ("doubles", "That is twice x. How many are three?"),
        ("cubes", "That is x to the third power."),
    ]


def test_a_mistake_that_fails_is_an_outcome_too(tmp_path):
    one = made(tmp_path, ("return x**3", "return x[9]"))

    assert {o.type for (o,) in one.mistakes[1].outcomes.values()} == {"IndexError"}


def test_a_mistake_that_changes_its_argument_changes_no_other_answer(tmp_path):
    one = made(tmp_path, ("return 2 * x", "x *= 2\n    return x"))

    assert arguments(one) == arguments(made(tmp_path))
    assert all(np.array_equal(c.expected.value, 3 * c.arguments[0]) for c in one.cases)
    assert np.array_equal(one.mistakes[0].outcomes["by_hand"][0].changed[0], [2.0, 4.0])


def test_a_reference_that_changes_its_argument_finds_it_fresh_at_every_call(tmp_path):
    one = made(
        tmp_path,
        ("import alternative", "import Gradient, alternative"),
        ('returns="y",', 'returns=("loss", "dx"),\n    changes=["seen"],\n    checks=[Gradient("dx", wrt="x")],'),
        ('return {"x"', 'return {"seen": np.zeros(1), "x"'),
        ("def triple(x):", "def triple(x, seen):"),
        ("    return 3 * x\n", "    seen += 1\n    return float(np.sum(3 * x * seen)), np.full_like(x, 3 * seen)\n"),
    )

    for case in one.cases:
        x, seen = case.arguments
        assert seen.tolist() == [0.0]
        assert case.expected.changed[1].tolist() == [1.0]
        assert case.checks[0].fault([(0.0, np.full_like(x, 3.0))]) is None


# --- always the same -----------------------------------------------------------------------------------------------


def test_a_key_is_the_same_every_time(triple):
    np.random.seed(3)
    first = to_bytes(answer(triple))
    np.random.seed(4)

    assert to_bytes(answer(triple)) == first


def test_a_reference_that_draws_gives_the_same_key_whatever_was_drawn_before(tmp_path):
    change = ("return 3 * x", "return 3 * x + np.random.random()")
    np.random.seed(3)
    first = to_bytes(made(tmp_path, change))
    np.random.seed(4)

    assert to_bytes(made(tmp_path, change)) == first


def test_one_more_case_changes_no_other(tmp_path):
    before, after = made(tmp_path), made(tmp_path, ("@case(hidden=True)", CASE + "@case(hidden=True)"))

    assert [case.name for case in after.cases] == ["by_hand", "both_signs", "one_more", "two_axes", "nothing"]
    assert {name: x for name, x in arguments(after).items() if name != "one_more"} == arguments(before)


def test_two_cases_of_one_form_have_numbers_of_their_own(tmp_path):
    one = made(tmp_path, ("@case(hidden=True)", CASE + CASE.replace("one", "two") + "@case(hidden=True)"))

    assert arguments(one)["one_more"] != arguments(one)["two_more"]


def test_two_exercises_with_one_case_have_numbers_of_their_own(tmp_path):
    one, other = made(tmp_path), made(tmp_path, ("triple", "thrice"), name="thrice")

    assert arguments(one)["both_signs"] != arguments(other)["both_signs"]
    assert arguments(one)["by_hand"] == arguments(other)["by_hand"]


def test_a_class_has_hidden_numbers_of_its_own(triple):
    public = answer(triple)
    found = [arguments(with_secret(triple, public, secret)) for secret in ("a", "b", "a")]

    assert found[0]["two_axes"] not in (found[1]["two_axes"], arguments(public)["two_axes"])
    assert found[2] == found[0]


def test_a_class_sees_the_numbers_that_everybody_sees(triple):
    public = answer(triple)
    own = with_secret(triple, public, "a")

    shown = [case.name for case in public.cases if not case.hidden]
    assert {name: arguments(own)[name] for name in shown} == {name: arguments(public)[name] for name in shown}
    assert [case.name for case in own.cases] == [case.name for case in public.cases]


def test_a_mistake_answers_a_classs_own_cases(triple):
    own = with_secret(triple, answer(triple), "a")

    for one, function in zip(own.mistakes, triple.mistakes, strict=True):
        assert one.name == function.name
        for case in own.cases:
            (played,) = play(triple, function, case)
            assert np.array_equal(one.outcomes[case.name][0].value, played.value), case.name


def test_names_do_not_run_into_each_other():
    assert _draw("ab", "c", "") != _draw("a", "bc", "")
    assert _draw("a", "b", "c") != _draw("c", "a", "b")


def _draw(exercise: str, case: str, secret: str) -> float:
    return float(keys._rng(exercise, case, secret).random())


# --- error bars ----------------------------------------------------------------------------------------------------


def bars(tmp_path, formula: str, numbers: str):
    """The error bars of a formula at some numbers."""
    one = made(tmp_path, ("return 3 * x", f"return {formula}"), ("np.array([1.0, 2.0])", f"np.array({numbers})"))
    case = one.cases[0]
    return case.expected.value, case.bars[()]


def test_an_error_bar_is_a_few_roundings_of_a_well_behaved_answer(tmp_path):
    value, bar = bars(tmp_path, "3 * x", "[1.0, 2.0, -4e5]")

    assert bar.shape == value.shape
    assert (bar > 0).all()
    assert (bar < 100 * np.finfo(float).eps * np.abs(value)).all()


def test_cancellation_widens_an_error_bar(tmp_path):
    value, bar = bars(tmp_path, "x - x.sum() / 2", "[1e8, 1e8 + 1.3]")

    assert value == pytest.approx([-0.65, 0.65])
    assert (bar > 1e-9).all()
    assert (bar < 1e-6).all()


def test_an_offset_that_the_numbers_share_widens_an_error_bar(tmp_path):
    _, bar = bars(tmp_path, "x - x.max(initial=-9)", "[1e8, 1e8 + 1.3, 1e8 + 2.7]")

    assert bar[2] == 0
    assert all(1e-8 <= wide <= 1e-5 for wide in bar[:2])


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_numbers_are_rounded_anew_without_breaking_ties(dtype):
    x = np.array([0.3, 0.3, -0.3, 0.0, np.inf, 1e8, 1e8 + 8], dtype)
    eps = np.finfo(dtype).eps

    moved = keys._jiggled((x,), 23)[0]

    assert moved.dtype == dtype
    assert moved[0] == moved[1] == -moved[2]
    assert moved[3] == 0
    assert moved[4] == np.inf or dtype is np.complex128
    assert np.all(np.abs(moved[:4] - x[:4]) <= 24 * eps)
    assert moved[6] - moved[5] != x[6] - x[5]


def test_a_tie_that_breaks_differently_is_no_rounding(tmp_path):
    _, bar = bars(tmp_path, "np.where(x < 1, 2.0, 1.0)", "[1.0, 2.0]")

    assert bar.tolist() == [0, 0]


def test_single_precision_has_wider_bars(tmp_path):
    _, wide = bars(tmp_path, "3 * x", "[1.3, 2.7], np.float32")
    _, narrow = bars(tmp_path, "3 * x", "[1.3, 2.7]")

    assert (wide > 1e7 * narrow).all()


def test_whole_numbers_have_no_bars_and_exact_ones_none_to_speak_of(tmp_path):
    one = made(tmp_path, ("return 3 * x", "return {'n': np.arange(3), 's': 'a', 'f': 1.5, 'b': x > 0}"))

    assert {place: bar.tolist() for place, bar in one.cases[0].bars.items()} == {("f",): 0.0}


def test_an_answer_that_is_not_finite_has_no_bar(tmp_path):
    value, bar = bars(tmp_path, "1 / (x - 1)", "[1.0, 2.0]")

    assert np.isinf(value[0])
    assert np.isfinite(bar).all()


# --- chance --------------------------------------------------------------------------------------------------------

COINS = '''"""Coins.

Source: pockets.
"""

import numpy as np

from grader.authoring import Holds, Random, Repeatable, alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns=["out", "mask"],
    checks=[Random(parts=["out", "mask"], seed="seed"), Repeatable(), Holds("out == x * mask")],
    hints=["One.", "Two."],
    why="A coin does not remember.",
    lesson="Chance",
)
def coins(x, seed):
    """Return x times coins that fall on 1 three times in four, and the coins.

    Args:
        x: float array, any shape.
        seed: int.

    Returns:
        (out, mask), both of the shape of x.
    """
    mask = (np.random.default_rng(seed).random(x.shape) < 0.75) * 1.0
    return x * mask, mask


@case
def many(rng):
    return {"x": rng.normal(size=(20, 30)), "seed": 3}


@case
def more(rng):
    return {"x": rng.normal(size=(30, 20)), "seed": 4}


@case(hidden=True)
def most(rng):
    return {"x": rng.normal(size=(40, 30)), "seed": 5}


@case(edge=True)
def a_row(rng):
    return {"x": rng.normal(size=600), "seed": 6}


@alternative
def keeps_what_is_above(x, seed):
    mask = np.where(np.random.RandomState(seed).uniform(size=x.shape) >= 0.25, 1.0, 0.0)
    return x * mask, mask


@mistake
def keeps_one_in_four(x, seed):
    """The other side of the coin."""
    mask = (np.random.default_rng(seed).random(x.shape) < 0.25) * 1.0
    return x * mask, mask


@mistake
def forgets_the_mask_in_out(x, seed):
    """The coins do nothing."""
    mask = (np.random.default_rng(seed).random(x.shape) < 0.75) * 1.0
    return x * 1.0, mask


@mistake
def forgets_the_seed(x, seed):
    """Every call draws other coins."""
    mask = (np.random.random(x.shape) < 0.75) * 1.0
    return x * mask, mask


@mistake
def returns_out_alone(x, seed):
    """The coins are missing."""
    return x * (np.random.default_rng(seed).random(x.shape) < 0.75)
'''


def other_draws(x, seed):
    """The same mistake by another generator: one coin in four is kept."""
    mask = np.random.RandomState(seed).binomial(1, 0.25, x.shape) * 1.0
    return x * mask, mask


def other_draws_in_vain(x, seed):
    """The same mistake by another generator: the coins do nothing."""
    return x + 0.0, np.random.RandomState(seed).binomial(1, 0.75, x.shape) * 1.0


def both_at_once(x, seed):
    """Two mistakes together, which is a third that nobody has named."""
    return x + 0.0, np.random.RandomState(seed).binomial(1, 0.25, x.shape) * 1.0


@pytest.fixture(scope="module")
def coins(tmp_path_factory):
    exercise = load(lay(tmp_path_factory.mktemp("coins"), "coins", COINS))
    return exercise, from_bytes(to_bytes(answer(exercise)))


def judged(coins, variant: Variant):
    exercise, one = coins
    return judge(one, {case.name: play(exercise, variant, case) for case in one.cases})


def test_another_generator_is_as_right_as_the_references(coins):
    assert judged(coins, coins[0].alternatives[0]).state == "robust"


@pytest.mark.parametrize("number", range(4))
def test_a_mistake_with_coins_is_named(coins, number):
    made_one = coins[0].mistakes[number]

    verdict = judged(coins, made_one)

    assert verdict.state == "wrong"
    assert verdict.diagnosis.name == made_one.name


@pytest.mark.parametrize(
    ("function", "name"),
    [(other_draws, "keeps_one_in_four"), (other_draws_in_vain, "forgets_the_mask_in_out"), (both_at_once, None)],
)
def test_a_mistake_with_other_coins_is_known_by_what_they_are_like(coins, function, name):
    verdict = judged(coins, Variant("own", "", function))

    assert verdict.state == "wrong"
    assert (verdict.diagnosis and verdict.diagnosis.name) == name


def test_what_a_mistakes_coins_are_like_is_in_the_key(coins):
    kept = {known.name: set(known.chances) for known in coins[1].mistakes}
    cases = {case.name for case in coins[1].cases}

    assert kept == {
        "keeps_one_in_four": cases,
        "forgets_the_mask_in_out": cases,
        "forgets_the_seed": cases,
        "returns_out_alone": set(),
    }


# --- playing -------------------------------------------------------------------------------------------------------


def test_an_alternative_plays_like_a_learner(triple):
    one = answer(triple)
    outcomes = {case.name: play(triple, triple.alternatives[0], case) for case in one.cases}

    assert judge(one, outcomes).state == "robust"


def test_a_function_that_draws_without_its_seed_shows_itself_in_the_second_call(triple):
    def draws(x):
        return np.random.random()

    twice = dataclasses.replace(answer(triple).cases[0], checks=(keys.prepared({"kind": "repeats", "returns": "y"}),))

    first, second = play(triple, Variant("draws", "", draws), twice)

    assert first.value != second.value
    assert play(triple, Variant("draws", "", draws), twice) == (first, second)


# --- as bytes ------------------------------------------------------------------------------------------------------


def test_a_key_survives_its_bytes(triple):
    one = answer(triple)

    again = from_bytes(to_bytes(one))

    assert to_bytes(again) == to_bytes(one)
    assert arguments(again) == arguments(one)
    assert dataclasses.replace(again, cases=(), mistakes=()) == dataclasses.replace(one, cases=(), mistakes=())


def test_a_key_of_every_kind_of_outcome_survives_its_bytes():
    raised = Failed("exception", "no", "ValueError", ("ValueError", "Exception"))
    changed = Returned((1, {"a": [None, True, 2**70]}), {0: array(1.0)})
    one = key(
        key_case("a", (array(1.0), {"k": (1 + 2j, "text")}), raised, bars={(0, "k"): array(0.5), (): np.array(1.0)}),
        key_case("b", (np.float32(1.5),), changed, kind="edge", hidden=True, summary="é"),
        mistakes=(mistake("m", {"a": 1, "b": None}),),
        returns=("a", "b"),
        changes=(0,),
    )

    again = from_bytes(to_bytes(one))

    assert to_bytes(again) == to_bytes(one)
    assert again.cases[0].expected == raised
    assert again.cases[1].expected == changed
    assert list(again.cases[0].bars) == [(0, "k"), ()]


def test_there_is_no_code_in_the_bytes(triple):
    data = to_bytes(answer(triple))

    for variant in (triple.reference, *[v.function for v in (*triple.alternatives, *triple.mistakes)]):
        for line in inspect.getsource(variant).splitlines():
            assert not line.strip().startswith("return") or line.strip().encode() not in data
    assert b"pickle" not in data
    assert b"lambda" not in data
    assert b"adds" not in data  # an alternative is nobody's business


DAMAGE = {
    "nothing": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "one byte more": lambda data: data + b"x",
    "noise": lambda data: bytes(range(256)) * 8,
    "another beginning": lambda data: b"\xff\xff\xff\xff" + data[4:],
    "another field": lambda data: data.replace(b'"difficulty"', b'"difficultx"'),
    "another kind of outcome": lambda data: data.replace(b'"cases",{"l"', b'"cases",{"t"').replace(
        b'"kind"', b'"kinx"'
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_bytes_are_a_value_error(triple, damage):
    data = to_bytes(answer(triple))
    assert damage(data) != data

    with pytest.raises(ValueError, match=r"."):
        from_bytes(damage(data))


@pytest.mark.parametrize(
    "value", [None, 1, "key", [], {}, {"cases": 1, "mistakes": []}, {"cases": [1], "mistakes": []}]
)
def test_a_message_that_is_no_key_is_a_value_error(value):
    with pytest.raises(ValueError, match="not an answer key of this version"):
        from_bytes(keys.wire.encode(value))


@pytest.fixture(scope="module")
def toy_bytes(triple):
    return to_bytes(answer(triple))


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(position=st.floats(0, 0.999), byte=st.integers(0, 255))
def test_one_wrong_byte_is_a_value_error_or_a_key(toy_bytes, position, byte):
    at = int(position * len(toy_bytes))
    try:
        found = from_bytes(toy_bytes[:at] + bytes([byte]) + toy_bytes[at + 1 :])
    except ValueError:
        found = None
    assert found is None or isinstance(found, keys.Key)


@pytest.mark.parametrize(("size", "passes"), [(1.0, True), (1e6, True), (1e-20, False)])
def test_a_part_that_is_zero_has_the_rounding_of_what_came_in(tmp_path, size, passes):
    """x - x is 0, and (x + 0.1) - x - 0.1 is not quite; for tiny numbers the same difference is all there is."""
    text = TRIPLE.replace("return 3 * x\n", "return 0 * x\n").replace(
        "np.array([1.0, 2.0])", f"np.array([1.0, 2.0]) * {size}"
    )
    exercise = load(lay(tmp_path, text=text))
    key = keys.answer(exercise)
    (case,) = [case for case in key.cases if case.name == "by_hand"]

    found = keys.play(exercise, Variant("theirs", "", lambda x: np.full(x.shape, 4e-16)), case)

    verdict = judge(dataclasses.replace(key, cases=(case,)), {"by_hand": found})
    assert (verdict.state == "robust") == passes
