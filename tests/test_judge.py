"""What the judge says of outcomes: states, findings from coarse to fine, one diagnosis or none, and never a stumble."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader import gradcheck
from grader.checks import prepared
from grader.checks.slope import Slope
from grader.compare import same
from grader.judge import LEAVES_ALONE, judge, planned
from grader.key import KeyMistake
from grader.outcome import FAILURES, Failed, Returned, to_plain
from grader.worker import wire
from tests.toys import array, key, key_case, mistake, returned

X = array(-1.0, 2.0, 3.0)
Y = array(-3.0, 6.0, 9.0)
STUB = Failed("exception", type="NotImplementedError", bases=("NotImplementedError", "RuntimeError", "Exception"))
RAISES = Failed("exception", "no", "ValueError", ("ValueError", "Exception", "BaseException", "object"))
PLAIN = key(
    key_case("first", (X,), Y),
    key_case("second", (2 * X,), 2 * Y),
    key_case("secret", (3 * X,), 3 * Y, hidden=True),
    key_case("odd", (X[:0],), Y[:0], kind="edge"),
)
RIGHT = {"first": Y, "second": 2 * Y, "secret": 3 * Y, "odd": Y[:0]}


def verdict_of(one_key=PLAIN, **changed):
    """The verdict on the right answers, some of them changed."""
    return judge(one_key, returned(**{**RIGHT, **changed}))


def states(verdict) -> dict[str, str]:
    return {case.name: case.state for case in verdict.cases}


def of_one(expected, answer, **more):
    """The verdict on one answer to a single core case."""
    return judge(key(key_case("a", (X,), expected, **more)), returned(a=answer))


def message(verdict) -> str:
    """The message of the only finding."""
    (finding,) = verdict.findings
    return finding.message


# --- states --------------------------------------------------------------------------------------------------------


def test_right_answers_are_robust():
    verdict = verdict_of()

    assert verdict.state == "robust"
    assert states(verdict) == dict.fromkeys([*RIGHT, LEAVES_ALONE], "passed")
    assert (verdict.findings, verdict.diagnosis) == ((), None)


def test_the_stub_is_not_started():
    verdict = verdict_of(**dict.fromkeys(RIGHT, STUB))

    assert verdict.state == "not started"
    assert set(states(verdict).values()) == {"not run"}
    assert verdict.findings == ()


def test_who_answers_one_case_has_started():
    verdict = verdict_of(second=STUB, secret=STUB, odd=STUB)

    assert verdict.state == "wrong"
    assert states(verdict) == {
        "first": "passed",
        "second": "failed",
        "secret": "failed",
        "odd": "failed",
        LEAVES_ALONE: "passed",
    }


def test_a_file_that_raises_the_stubs_exception_by_itself_has_started():
    loading = dataclasses.replace(STUB, loading=True)

    assert verdict_of(**dict.fromkeys(RIGHT, loading)).state == "wrong"


def test_a_stub_is_not_started_where_an_exception_is_asked_for():
    asked = key(key_case("a", (X,), Y), key_case("b", (X,), RAISES, kind="edge"))

    assert judge(asked, {"a": (STUB,), "b": (STUB,)}).state == "not started"


@pytest.mark.parametrize("name", ["first", "second", "secret"])
def test_a_core_case_that_fails_makes_it_wrong(name):
    verdict = verdict_of(**{name: Y + 1})

    assert verdict.state == "wrong"
    assert states(verdict)[name] == "failed"


def test_an_edge_case_that_fails_leaves_it_right():
    verdict = verdict_of(odd=X)

    assert verdict.state == "right"
    assert states(verdict)["odd"] == "failed"


def test_a_fault_of_ours_is_not_judged():
    verdict = verdict_of(second=Failed("setup", "no room"))

    assert verdict.state == "not judged"
    assert states(verdict)["second"] == "not judged"
    assert "not your mistake" in message(verdict)
    assert verdict.diagnosis is None


def test_a_missing_outcome_counts_as_a_failure_with_its_reason():
    verdict = judge(PLAIN, returned(first=Y, second=2 * Y, odd=Y[:0]))

    assert verdict.state == "wrong"
    assert states(verdict)["secret"] == "not run"
    assert [(f.case, f.check) for f in verdict.findings] == [("secret", "not run")]


def test_no_outcome_at_all_is_wrong_and_lists_every_case():
    verdict = judge(PLAIN, {})

    assert verdict.state == "wrong"
    assert set(states(verdict).values()) == {"not run"}
    assert message_of(verdict, "first") == "not tried: there is no outcome for it."


def message_of(verdict, name: str) -> str:
    return next(finding.message for finding in verdict.findings if finding.case == name)


def test_a_second_call_that_is_missing_is_not_run():
    twice = prepared({"kind": "repeats", "returns": "y"})
    one = key(key_case("a", (X,), Y, checks=(twice,)))

    assert states(judge(one, returned(a=Y)))["a"] == "not run"
    assert states(judge(one, {"a": (Returned(Y), Returned(Y))}))["a"] == "passed"
    assert states(judge(one, {"a": (Returned(Y), Returned(2 * Y))}))["a"] == "failed"
    assert states(judge(one, {"a": (Returned(Y), RAISES)}))["a"] == "failed"


@pytest.mark.parametrize(
    ("first", "second"),
    [((1.0,), (1.0, 2.0)), ({"a": 1}, {"a": 1, "b": 2}), ((1.0, 2.0), (1.0,)), ((Y, Y), (Y, -Y))],
    ids=["one more part", "one more key", "one part less", "another number"],
)
def test_a_second_answer_that_is_another_in_any_part_fails(first, second):
    twice = prepared({"kind": "repeats", "returns": "y"})
    one = key(key_case("a", (X,), first, checks=(twice,)))

    assert states(judge(one, {"a": (Returned(first), Returned(first))}))["a"] == "passed"
    (finding,) = judge(one, {"a": (Returned(first), Returned(second))}).findings
    assert finding.check == "repeatable"


def test_outcomes_that_nobody_asked_for_change_nothing():
    outcomes = {**returned(**RIGHT), "another": (RAISES,)}
    outcomes["first"] = (*outcomes["first"], RAISES)
    known = dataclasses.replace(PLAIN, mistakes=(mistake("m", {**RIGHT, "first": -Y}),))

    assert judge(known, outcomes) == verdict_of(known)


def test_every_planned_case_is_in_every_verdict():
    plan = [(case.name, case.kind, case.hidden) for case in PLAIN.cases] + [(LEAVES_ALONE, "edge", False)]

    assert planned(PLAIN) == plan
    for found in ({}, returned(**RIGHT), dict.fromkeys(RIGHT, (STUB,)), dict.fromkeys(RIGHT, (RAISES,))):
        assert [(case.name, case.kind, case.hidden) for case in judge(PLAIN, found).cases] == plan


@pytest.mark.parametrize("more", [{"changes": (0,)}, {"drive": "play"}], ids=str)
def test_where_no_argument_has_to_be_left_alone_no_case_asks_for_it(more):
    assert LEAVES_ALONE not in [name for name, _, _ in planned(dataclasses.replace(PLAIN, **more))]


# --- what a call did -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in FAILURES if kind != "setup"])
def test_a_call_that_fails_is_a_finding_of_its_kind(kind):
    verdict = verdict_of(first=Failed(kind, "why", "ValueError"))

    assert verdict.state == "wrong"
    assert verdict.findings[0].check == kind
    assert verdict.findings[0].message


@pytest.mark.parametrize(
    "failed",
    [
        Failed("syntax", "bad", lines=((1, "x", 0),)),
        Failed("missing", "f"),
        Failed("source", "The file is empty."),
        Failed("exception", "no", "NameError", loading=True),
        Failed("timeout", "2 s", loading=True),
    ],
    ids=lambda failed: failed.kind,
)
def test_a_fault_of_the_whole_file_is_told_once(failed):
    verdict = verdict_of(**dict.fromkeys(RIGHT, failed))

    assert [finding.case for finding in verdict.findings] == [None]
    assert verdict.state == "wrong"
    assert set(states(verdict).values()) == {"failed", "not run"}


def test_what_was_printed_goes_with_the_finding():
    verdict = judge(PLAIN, {**returned(**RIGHT), "first": (Returned(-Y, printed="x is 3\n"),)})

    assert [finding.printed for finding in verdict.findings] == ["x is 3\n"]


def test_the_same_exception_is_right_where_one_is_asked_for():
    asked = key(key_case("a", (X,), RAISES))
    derived = dataclasses.replace(RAISES, type="MyError", bases=("MyError", "ValueError", "Exception"))

    assert states(judge(asked, {"a": (RAISES,)}))["a"] == "passed"
    assert states(judge(asked, {"a": (derived,)}))["a"] == "passed"


NOT_RAISED = {
    "an answer": (Returned(Y), "raises", "it returns an answer, where the statement asks it to raise ValueError"),
    "another exception": (
        Failed("exception", "k", "KeyError", ("KeyError", "LookupError")),
        "exception",
        "it should raise ValueError here, and raises another exception. KeyError: k",
    ),
    "while loading": (
        dataclasses.replace(RAISES, loading=True),
        "exception",
        "the file stops before the function can be called.",
    ),
    "a crash": (Failed("crash", type="SIGSEGV"), "crash", "Python itself crashed (SIGSEGV) inside f."),
    "its name alone": (
        Failed("exit", "", "ValueError", ("ValueError",)),
        "exit",
        "it ended the Python process before there was an answer.",
    ),
}


@pytest.mark.parametrize("kind", NOT_RAISED)
def test_what_is_no_such_exception_is_told(kind):
    outcome, check, sentence = NOT_RAISED[kind]

    (finding,) = judge(key(key_case("a", (X,), RAISES)), {"a": (outcome,)}).findings

    assert finding.check == check
    assert finding.message.startswith(sentence)


# --- form, then numbers --------------------------------------------------------------------------------------------

FORMS = {
    "None": (None, "structure", "y is None, expected an array of shape (3,); is a return missing?"),
    "a list": ([1.0], "structure", "y is a list, expected an array of shape (3,); np.array(...) makes one"),
    "a column": (Y[:, None], "shape", "y has shape (3, 1), expected (3,): the same number of entries"),
    "half": (Y.astype(np.float16), "dtype", "y has dtype float16"),
    "complex": (Y + 0j, "dtype", "y is complex, expected real numbers"),
    "NaN": (Y * np.nan, "finite", "y[0] is NaN (not a number), expected a finite number (3 of 3"),
    "an infinity": (Y + array(0, np.inf, 0), "finite", "y[1] is infinite, expected a finite number (1 of 3"),
    "another number": (Y + array(0, 0, 1), "value", "y[2] is 10, expected 9 (1 of 3 entries differs)"),
}


@pytest.mark.parametrize("kind", FORMS)
def test_each_fault_has_a_sentence_of_its_own(kind):
    answer, check, sentence = FORMS[kind]

    (finding,) = of_one(Y, answer).findings

    assert finding.check == check
    assert finding.message.startswith(sentence)


def test_the_coarsest_fault_is_told_and_no_other():
    whole = (1.0, Y, Y)
    faults = [None, (1.0, Y[:2], Y), (1.0, Y * np.nan, Y), (1.0, -Y, Y), (2.0, Y, Y)]

    one = key(key_case("a", (X,), whole), returns=("loss", "dx", "dy"))
    found = [judge(one, returned(a=fault)).findings for fault in faults]

    assert [[finding.check for finding in each] for each in found] == [
        ["structure"],
        ["shape"],
        ["finite"],
        ["value"],
        ["value"],
    ]


@pytest.mark.parametrize("answer", [Y.astype(np.float32), Y.astype(int)], ids=["float32", "int"])
def test_another_type_of_number_is_an_edge_matter(answer):
    core, edge = of_one(Y, answer), of_one(Y, answer, kind="edge")

    assert states(core)["a"] == "passed"
    assert states(edge)["a"] == "failed"
    assert message(edge) == f"y has dtype {answer.dtype}, expected float64"


def test_a_part_is_called_by_its_name():
    one = key(key_case("a", (X,), (1.0, {"dW": Y})), returns=("loss", "grads"))

    assert message(judge(one, returned(a=(1.0, {"dW": -Y})))).startswith("grads['dW'][2] is -9, expected 9")
    assert message(judge(one, returned(a=(2.0, {"dW": Y})))) == "loss is 2, expected 1"


def test_another_text_is_told_like_another_number():
    assert message(of_one("sigmoid", "relu")) == "y is 'relu', expected 'sigmoid'"
    assert message(of_one("sigmoid", "relu\x1b[31m" + 99 * "x")).startswith("y is 'relu\\x1b[31mxxx")


# --- slopes --------------------------------------------------------------------------------------------------------

KINK = array(-1.0, 0.0, 2.0)
UP = array(2.0, -3.0, 4.0)
RELU = Slope(
    (),
    "dx",
    "x",
    KINK,
    UP,
    None,
    array(0.0, 0.0, 4.0),
    np.zeros(3),
    gradcheck.slopes(lambda x: np.maximum(x, 0), KINK, upstream=UP),
)
BACKWARD = key(
    key_case("a", (UP, KINK), array(0.0, 0.0, 4.0), checks=(RELU,)),
    parameters=("dout", "cache"),
    returns="dx",
)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_every_share_of_the_upstream_gradient_is_right_at_a_kink(share):
    assert judge(BACKWARD, returned(a=array(0.0, -3.0 * share, 4.0))).state == "robust"


def test_outside_the_kink_is_wrong_with_the_interval_in_the_message():
    said = message(judge(BACKWARD, returned(a=array(0.0, 1.0, 4.0))))

    assert said.startswith("nudging x[1] moves the loss at a rate between -3 and 0 (a kink), your dx says 1")


def test_a_wrong_gradient_tells_index_both_numbers_and_how_many():
    verdict = judge(BACKWARD, returned(a=array(2.0, 0.0, -4.0)))

    assert (
        message(verdict)
        == "nudging x[2] moves the loss at rate 4, your dx says -4 (2 of 3 entries differ, all where dout > 0)"
    )


def test_a_wrong_gradient_is_told_before_a_wrong_value():
    one = key(
        key_case("a", (UP, KINK), (1.0, array(0.0, 0.0, 4.0)), checks=(dataclasses.replace(RELU, place=(1,)),)),
        parameters=("dout", "cache"),
        returns=("loss", "dx"),
    )

    (finding,) = judge(one, returned(a=(9.0, -UP))).findings

    assert finding.check == "gradient"


def squares(*points):
    """A key that asks for the gradient of the sum of squares, in a case for every point."""

    def slope(x):
        measured = gradcheck.slopes(lambda x: np.array(np.sum(x**2)), x)
        return Slope((), "dx", "x", x, None, None, 2 * x, np.zeros(x.shape), measured)

    cases = [key_case(name, (x,), 2 * x, checks=(slope(x),)) for name, x in zip("abc", points, strict=False)]
    return key(*cases, returns="dx")


FOUR, TWO = array(1.0, -2.0, 3.0, 0.5), array(-0.5, 2.0)


def test_a_wrong_gradient_that_is_no_known_mistake_is_explained_by_its_pattern():
    diagnosis = judge(squares(FOUR, TWO), returned(a=-2 * FOUR, b=-2 * TWO)).diagnosis

    assert (diagnosis.kind, diagnosis.name) == ("gradient", "sign")


def test_a_pattern_has_to_fit_wherever_the_gradient_is_wrong():
    assert judge(squares(FOUR, TWO), returned(a=-2 * FOUR, b=array(7.0, 1.0))).diagnosis is None


def test_a_pattern_has_nothing_to_do_with_a_case_that_passes():
    diagnosis = judge(squares(FOUR, TWO), returned(a=-2 * FOUR, b=2 * TWO)).diagnosis

    assert (diagnosis.kind, diagnosis.name) == ("gradient", "sign")


def test_of_a_factor_those_causes_are_told_that_fit_every_case():
    """By hand there are 2 numbers, and 2 may be many things."""
    diagnosis = judge(squares(TWO, FOUR), returned(a=2 * TWO * 2, b=2 * FOUR * 4)).diagnosis

    assert diagnosis.message.endswith("Is there a mean over 2 where yours sums?")


def test_a_gradient_of_a_single_number_may_have_a_factor():
    assert judge(squares(array(3.0)), returned(a=array(12.0))).diagnosis.name == "factor"


def test_a_factor_without_a_cause_that_fits_every_case_is_not_told():
    assert judge(squares(TWO, FOUR), returned(a=2 * TWO * 3, b=2 * FOUR * 4)).diagnosis is None


def test_a_pattern_in_a_hidden_case_is_not_given_away():
    hidden = dataclasses.replace(BACKWARD.cases[0], hidden=True)

    verdict = judge(dataclasses.replace(BACKWARD, cases=(hidden,)), returned(a=-array(0.0, 0.0, 4.0)))

    assert verdict.state == "wrong"
    assert verdict.diagnosis is None


# --- arguments -----------------------------------------------------------------------------------------------------


def changing(case: str, now, position: int = 0, **more):
    """The verdict on right answers that change an argument."""
    return judge(PLAIN, {**returned(**RIGHT), case: (Returned(RIGHT[case], {position: now}),)}, **more)


def test_a_changed_argument_is_an_edge_finding():
    verdict = changing("first", array(-1.0, 0.0, 3.0))

    assert verdict.state == "right"
    assert states(verdict)[LEAVES_ALONE] == "failed"
    assert [(f.case, f.check) for f in verdict.findings] == [(LEAVES_ALONE, "arguments")]
    assert message(verdict) == (
        "the caller's x is not what it was before the call: x[1] was 2 and is now 0. Work on a copy, or on a new array."
    )


def test_a_changed_argument_of_a_hidden_case_shows_no_number():
    said = message(changing("secret", -9 * X))

    assert said == "the caller's x is not what it was before the call. Work on a copy, or on a new array."


@pytest.mark.parametrize("now", [None, "text", X[:1], {"x": 1}, [1, 2], 2**70, X.astype(complex), X[:, None]], ids=str)
def test_an_argument_may_become_anything(now):
    assert states(changing("first", now))[LEAVES_ALONE] == "failed"


@pytest.mark.parametrize("position", [-1, 1, 10**9])
def test_a_change_of_an_argument_that_is_not_there_is_nothing(position):
    assert changing("first", -X, position=position).state == "robust"


def test_where_no_call_returned_nothing_is_said_of_the_arguments():
    assert states(judge(PLAIN, dict.fromkeys(RIGHT, (RAISES,))))[LEAVES_ALONE] == "not run"


LEFT = "after the call an argument is not as it should be: "
CHANGES = key(key_case("a", (X, {"sum": 0.0}), Returned(Y, {1: {"sum": 4.0}})), parameters=("x", "state"), changes=(1,))


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({1: {"sum": 4.0}}, ""),
        ({1: {"sum": 4.0, "own": 1}}, ""),
        ({1: {"sum": 5.0}}, LEFT + "state['sum'] is 5, expected 4"),
        ({}, LEFT + "state['sum'] is 0, expected 4"),
        ({1: {}}, LEFT + "state has no key 'sum'"),
        ({1: None}, LEFT + "state is None; is a return missing? A dict of 1 part is expected."),
        ({1: {"sum": array(4.0)}}, LEFT + "state['sum'] is an array of shape (1,), expected a number"),
    ],
    ids=str,
)
def test_what_is_left_in_an_argument_that_is_meant_to_change_is_judged(now, said):
    verdict = judge(CHANGES, {"a": (Returned(Y, now),)})

    assert (verdict.state == "robust") == (not said)
    assert [f.message[: len(said)] for f in verdict.findings] == ([said] if said else [])


def test_the_other_arguments_are_to_be_left_alone_still():
    verdict = judge(CHANGES, {"a": (Returned(Y, {0: -X, 1: {"sum": 4.0}}),)})

    assert [f.case for f in verdict.findings] == [LEAVES_ALONE]


# --- what is shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, -Y, RAISES, Y[:1], Y * np.nan, Returned(-Y, printed="seen: 3")], ids=str)
def test_a_hidden_case_gives_no_evidence(answer):
    verdict = verdict_of(secret=answer)

    (finding,) = verdict.findings
    assert finding.message == f"a hidden case fails ({finding.check})"
    assert (finding.called, finding.printed) == ("", "")
    assert not re.search(r"\d", finding.message)


def test_a_small_call_is_shown():
    one = key(
        key_case("a", (array(1.0, 2.0), (1, [2.5]), {"k": None}), 1.0),
        parameters=("x", "cache", "options"),
    )

    (finding,) = judge(one, returned(a=2.0)).findings

    assert finding.called == "f(x=array([1., 2.]), cache=(1, [2.5]), options={'k': None})"


def test_a_large_call_is_not_shown():
    assert judge(key(key_case("a", (np.zeros(17),), 1.0)), returned(a=2.0)).findings[0].called == ""


NEAR = [1.0, 0.1, 123456.789, -3e-300, 1e300]


@pytest.mark.parametrize("expected", NEAR, ids=str)
@pytest.mark.parametrize("step", [2e-7, 1e-5, 1e-2])
def test_two_unequal_values_never_print_as_equal(expected, step):
    said = message(of_one(array(expected, expected), array(expected, expected * (1 + step))))

    yours, wanted = re.fullmatch(r"y\[1\] is (\S+), expected (\S+) \(1 of 2 entries differs\)", said).groups()
    assert yours != wanted


# --- diagnosis -----------------------------------------------------------------------------------------------------

DOUBLE = mistake("doubles", {n: v / 1.5 for n, v in RIGHT.items()})
NEGATE = mistake("negates", {n: -v for n, v in RIGHT.items()})
KNOWN = dataclasses.replace(PLAIN, mistakes=(DOUBLE, NEGATE))


@pytest.mark.parametrize("made", [DOUBLE, NEGATE], ids=lambda m: m.name)
def test_a_known_mistake_is_named(made):
    diagnosis = judge(KNOWN, made.outcomes).diagnosis

    assert (diagnosis.kind, diagnosis.name, diagnosis.message) == ("mistake", made.name, f"You made {made.name}.")


def test_a_mistake_is_known_within_rounding():
    rounded = {n: (Returned(o[0].value * (1 + 1e-13)),) for n, o in DOUBLE.outcomes.items()}

    assert judge(KNOWN, rounded).diagnosis.name == "doubles"


@pytest.mark.parametrize("case", ["first", "second", "secret"])
def test_a_mistake_that_one_case_contradicts_is_not_named(case):
    assert judge(KNOWN, {**DOUBLE.outcomes, case: (Returned(RIGHT[case]),)}).diagnosis is None
    assert judge(KNOWN, {**DOUBLE.outcomes, case: (RAISES,)}).diagnosis is None
    assert judge(KNOWN, {n: o for n, o in DOUBLE.outcomes.items() if n != case}).diagnosis is None


def test_a_mistake_is_known_by_the_core_cases_where_the_edges_show_another_one():
    (edge,) = [case.name for case in KNOWN.cases if case.kind == "edge"]

    assert judge(KNOWN, {**DOUBLE.outcomes, edge: (RAISES,)}).diagnosis.name == "doubles"


def test_a_mistake_at_the_edges_alone_is_not_known_by_the_core_cases():
    (edge,) = [case.name for case in KNOWN.cases if case.kind == "edge"]
    stumbles = KeyMistake("stumbles", "x", returned(**{**RIGHT, edge: RAISES}), {})
    known = dataclasses.replace(PLAIN, mistakes=(stumbles,))

    assert judge(known, stumbles.outcomes).diagnosis.name == "stumbles"
    assert judge(known, returned(**{**RIGHT, edge: array(7.0)})).diagnosis is None


def test_two_mistakes_with_the_same_outcomes_are_not_told_apart():
    both = dataclasses.replace(KNOWN, mistakes=(DOUBLE, dataclasses.replace(DOUBLE, name="halves"), NEGATE))

    assert judge(both, DOUBLE.outcomes).diagnosis is None
    assert judge(both, NEGATE.outcomes).diagnosis.name == "negates"


def test_a_mistake_of_types_does_not_hide_one_of_values():
    narrow = mistake("narrows", {n: v.astype(np.float32) for n, v in RIGHT.items()})
    wrong = {n: (Returned((v / 1.5).astype(np.float32)),) for n, v in RIGHT.items()}

    assert judge(dataclasses.replace(KNOWN, mistakes=(narrow, DOUBLE)), wrong).diagnosis.name == "doubles"
    assert judge(dataclasses.replace(KNOWN, mistakes=(narrow, DOUBLE)), narrow.outcomes).diagnosis.name == "narrows"


def test_a_mistake_that_changes_arguments_is_known_by_that():
    in_place = KeyMistake("in_place", "x", {n: (Returned(v, {0: v}),) for n, v in RIGHT.items()}, {})
    known = dataclasses.replace(PLAIN, mistakes=(in_place, NEGATE))

    assert judge(known, in_place.outcomes).diagnosis.name == "in_place"
    assert judge(known, returned(**RIGHT)).diagnosis is None
    assert changing("first", -X).diagnosis is None


def test_two_mistakes_of_the_same_values_are_told_apart_by_what_they_change():
    in_place = KeyMistake(
        "in_place", "x", {n: (Returned(o.value, {0: o.value}),) for n, (o,) in NEGATE.outcomes.items()}, {}
    )
    known = dataclasses.replace(PLAIN, mistakes=(in_place, NEGATE))

    assert judge(known, in_place.outcomes).diagnosis.name == "in_place"
    assert judge(known, NEGATE.outcomes).diagnosis.name == "negates"


def test_a_mistake_of_types_is_not_named_for_another_type():
    narrow = mistake("narrows", {n: v.astype(np.float32) for n, v in RIGHT.items()})

    verdict = verdict_of(dataclasses.replace(PLAIN, mistakes=(narrow,)), odd=Y[:0].astype(int))

    assert verdict.state == "right"
    assert verdict.diagnosis is None


def test_a_mistake_that_raises_is_known_by_its_exception():
    raising = KeyMistake("raises", "x", {**NEGATE.outcomes, "odd": (RAISES,)}, {})
    known = dataclasses.replace(PLAIN, mistakes=(raising, NEGATE))
    other = dataclasses.replace(RAISES, message="another text", lines=((3, "z", "f"),))

    assert judge(known, {**NEGATE.outcomes, "odd": (other,)}).diagnosis.name == "raises"
    assert judge(known, {**NEGATE.outcomes, "odd": (dataclasses.replace(RAISES, type="KeyError"),)}).diagnosis is None
    assert judge(known, NEGATE.outcomes).diagnosis.name == "negates"


def test_a_mistake_of_which_nothing_comes_back_is_known_by_the_words_of_its_exception():
    stops = KeyMistake("stops", "x", dict.fromkeys(RIGHT, (RAISES,)), {})
    known = dataclasses.replace(PLAIN, mistakes=(stops,))
    others = dataclasses.replace(RAISES, message="another text", lines=((3, "z", "f"),))

    assert judge(known, stops.outcomes).diagnosis.name == "stops"
    assert judge(known, dict.fromkeys(RIGHT, (others,))).diagnosis is None


def test_right_answers_are_no_mistake():
    assert verdict_of(KNOWN).diagnosis is None


# --- a pure function -----------------------------------------------------------------------------------------------

SAMPLES = {
    "right": returned(**RIGHT),
    "wrong": DOUBLE.outcomes,
    "mixed": returned(first=Y, second=None, secret=-Y, odd=RAISES),
    "stub": dict.fromkeys(RIGHT, (STUB,)),
    "none": {},
}


@pytest.mark.parametrize("outcomes", SAMPLES.values(), ids=SAMPLES)
def test_judging_twice_gives_equal_verdicts_and_changes_nothing(outcomes):
    before = {n: [wire.encode(to_plain(one)) for one in found] for n, found in outcomes.items()}

    first, second = judge(KNOWN, outcomes), judge(KNOWN, outcomes)

    assert first == second
    assert {n: [wire.encode(to_plain(one)) for one in found] for n, found in outcomes.items()} == before


@pytest.mark.parametrize("outcomes", SAMPLES.values(), ids=SAMPLES)
def test_the_order_of_outcomes_changes_nothing(outcomes):
    assert judge(KNOWN, dict(reversed(outcomes.items()))) == judge(KNOWN, outcomes)


@pytest.mark.parametrize("outcomes", SAMPLES.values(), ids=SAMPLES)
def test_the_order_of_mistakes_changes_nothing(outcomes):
    assert judge(dataclasses.replace(KNOWN, mistakes=KNOWN.mistakes[::-1]), outcomes) == judge(KNOWN, outcomes)


# --- anything that can be sent -------------------------------------------------------------------------------------

DTYPES = [np.dtype(name) for name in wire.DTYPES]
KEYS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=3) | st.tuples(st.integers(0, 1))
SCALARS = st.none() | st.booleans() | st.integers() | st.integers(-(2**4000), 2**4000) | st.floats()
LEAVES = (
    SCALARS
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0)))
    | st.sampled_from(DTYPES).flatmap(lambda dtype: arrays.arrays(dtype, 3))
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner, max_size=3),
)
FAR = [array(1e308, -1e308, 1.0), array(-1.7e308, 0.0, 4.0), array(5e-324, 0.0, 4.0)]
ALL = {
    "array": (array(1.5, -2.0, 0.0), ()),
    "gradient": (array(0.0, 0.0, 4.0), (RELU,)),
    "number": (2.5, ()),
    "float32": (np.array([1.5, 2.5], np.float32), ()),
    "whole numbers": (np.array([1, 0, 2]), ()),
    "truth values": (np.array([True, False, True]), ()),
    "whole number": (7, ()),
    "a huge one": (2**70, ()),
    "complex": (np.array([1 + 2j, 0j]), ()),
    "nothing": (None, ()),
    "text": ("a", ()),
    "parts": ((1.0, {"w": array(1.0, 2.0, 3.0), 2: [None, "a"]}, np.zeros((0, 2))), ()),
    "not finite": (array(np.inf, np.nan, 1.0), ()),
}
EVERY = [
    key(
        key_case("a", (X, KINK), expected, checks=checks),
        key_case("b", (X, KINK), expected, checks=checks, kind="edge"),
        parameters=("x", "z"),
        mistakes=(mistake("m", {"a": -X, "b": -X}), mistake("n", {"a": 1.0, "b": None})),
    )
    for expected, checks in ALL.values()
]


def equal(expected, answer) -> bool:
    """Compare by hand and generously: what differs by more than 1e-3 or in structure is not equal."""
    if isinstance(expected, (tuple, list)):
        alike = isinstance(answer, (tuple, list)) and len(answer) == len(expected)
        return alike and all(map(equal, expected, answer))
    if isinstance(expected, dict):
        alike = isinstance(answer, dict) and set(answer) == set(expected)
        return alike and all(equal(expected[k], answer[k]) for k in expected)
    if expected is None or isinstance(expected, str):
        return type(answer) is type(expected) and answer == expected
    if answer is None or isinstance(answer, (str, tuple, list, dict)) or np.shape(answer) != np.shape(expected):
        return False
    if isinstance(expected, int) or isinstance(answer, int):
        both = [v.item() if isinstance(v, np.ndarray) else v for v in (expected, answer)]
        return bool(both[0] == both[1])
    wanted, got = np.asarray(expected, complex), np.asarray(answer, complex)
    return bool(np.allclose(got, wanted, rtol=1e-3, atol=1e-12, equal_nan=True))


def kept(value, outcome=None) -> bool:
    """Judge one answer under every key; say whether each verdict passed only what is equal."""
    arrived = wire.decode(wire.encode(value))
    for one, (expected, checks) in zip(EVERY, ALL.values(), strict=True):
        found = {"a": (Returned(arrived, {0: arrived}),), "b": (Returned(arrived, {1: arrived}),)}
        verdict = judge(one, found)
        passed = states(verdict)
        right = equal(expected, arrived) or (bool(checks) and equal(UP * (KINK >= 0), arrived))
        if (passed["a"] == "passed" or passed["b"] == "passed") and not right:
            return False
    return True


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(ANYTHING)
def test_no_answer_makes_the_judge_stumble_or_passes_for_another(value):
    assert kept(value)


@pytest.mark.parametrize("number", range(len(ALL)), ids=ALL)
def test_each_right_answer_passes_its_own_key_alone(number):
    right = list(ALL.values())[number][0]

    assert kept(right)
    assert judge(EVERY[number], returned(a=right, b=right)).state == "robust"
    assert same(right, right, {})


@pytest.mark.parametrize("value", FAR, ids=str)
def test_numbers_at_the_ends_of_their_range_are_judged_quietly(value):
    assert kept(value)
    assert kept(value.tolist())


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (2, 3), (0, 2)], ids=str)
def test_an_array_of_any_type_and_shape_is_judged(dtype, shape):
    assert kept(np.zeros(shape, dtype))
    assert kept(np.full(shape, 4, dtype))


# --- evidence ------------------------------------------------------------------------------------------------------

TRIED = {
    "another's answer": (Failed("protocol", "it does not belong to the question"), "worker's own channel"),
    "an exit": (Failed("exit", "(SystemExit: 0)"), "ended its process"),
    "a file": (Failed("exception", "[Errno 1] Operation not permitted: 'x'", "PermissionError"), "what it may not"),
}


@pytest.mark.parametrize("kind", TRIED)
def test_what_looks_like_tampering_is_said_once(kind):
    outcome, words = TRIED[kind]
    (found,) = verdict_of(first=outcome, second=outcome).evidence

    assert words in found
    assert "first" in found


def test_an_ordinary_failure_is_no_evidence():
    assert verdict_of(first=RAISES, second=-Y).evidence == ()
