"""Results for other systems: what is written is what those systems can read, and says what the record says."""

import base64
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.exports import autolab, exercism, github, gradescope, junit, numbers, prairielearn
from grader.classroom.exports.wording import NotJudgedError
from grader.classroom.record import Record, Student
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict
from grader.points import points
from tests.made_records import HOSTILE, hostile, record, records, verdict

checked = settings(derandomize=True, database=None, deadline=None, max_examples=100)
SCHEMAS = Path(__file__).parent / "schemas"
XSD = xmlschema.XMLSchema10(SCHEMAS / "junit.xsd")
STATES = ("robust", "right", "wrong", "not started", "blocked", "not judged")
EMPTY = replace(record("nobody"), verdicts=())


def worded(word: str) -> Record:
    """A record in which everything that a learner can write, and their name, is one word."""
    findings = (
        Finding("exactly_zero", "value", word or "?", word, word),
        Finding("four_axes", "value", "a hidden case fails (value)"),
    )
    one = replace(verdict(state="wrong"), findings=findings, diagnosis=Diagnosis("mistake", "m", word))
    whole = replace(one, name="softmax_loss", findings=(Finding(None, "exception", word or "?"),), diagnosis=None)
    return replace(record(Student(word, word, word, word)), verdicts=(one, whole), ignored=(word,), submission=word)


def large() -> Record:
    """131 exercises, each with as much to say as there can be."""
    one = worded("\u202e🐍\x00" * 20_000).verdicts[0]
    return replace(record(), verdicts=tuple(replace(one, name=f"exercise_{n}") for n in range(131)))


EVERY = {
    **{one.student.id: one for one in records()},
    **{state: record("s", state, state, state) for state in STATES},
    **{f"hostile {n}": one for n, one in enumerate(hostile())},
    **{f"worded {n}": worded(word) for n, word in enumerate(HOSTILE)},
    "empty": EMPTY,
    "late": record("l", "robust", "right", "wrong", kept=Fraction(9, 10), days_late=2),
    "nothing counts": record("z", kept=Fraction(0), days_late=9),
    "no cases": replace(record("n"), verdicts=(replace(verdict(), cases=()),)),
}
every = pytest.mark.parametrize("one", EVERY.values(), ids=EVERY)
judged = pytest.mark.parametrize("one", [r for r in EVERY.values() if not r.not_judged])


def check(value, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(value)


def silent(text: str) -> bool:
    """Say whether a text commands nothing: no control characters, no workflow commands at the beginning of a word."""
    return text.isascii() and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]|(^|\s)::[a-z]|##", text, re.MULTILINE)


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [("7", "7"), ("0", "0"), ("23/3", "7.67"), ("1/200", "0.01"), ("2345/1000", "2.35"), ("1999/1000", "2.00")],
)
def test_a_decimal_is_rounded_once_and_halves_go_up(value, written):
    assert numbers.decimal(Fraction(value)) == written


@checked
@given(st.fractions(min_value=0, max_value=1000))
def test_a_number_in_json_is_the_closest_double(value):
    written = json.loads(json.dumps(numbers.nearest(value)))

    assert written == float(value)
    assert isinstance(written, int) == (value.denominator == 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [("100", 100), ("100,00", 100), ("12.5", Fraction(25, 2)), ("1.000,50", Fraction(2001, 2)), ("", None)],
)
def test_a_number_is_read_with_either_decimal_mark(text, value):
    assert numbers.read(text) == value


@pytest.mark.parametrize("text", ["-", "EX", "(read only)", "1e3", "²", "-1", "="])
def test_what_is_no_number_is_none(text):
    assert numbers.read(text) is None


# --- Gradescope ----------------------------------------------------------------------------------------------------


@judged
def test_gradescope_reads_the_results(one):
    text = gradescope.results(one)

    check(json.loads(text), "gradescope")
    assert silent(text)


@judged
def test_gradescope_gets_the_points_that_the_record_has(one):
    whole = json.loads(gradescope.results(one))

    assert whole["score"] == float(one.final)
    assert [test["score"] for test in whole["tests"]] == [float(points(v)) for v in one.verdicts]
    assert [test["max_score"] for test in whole["tests"]] == [v.max_points for v in one.verdicts]


@pytest.mark.parametrize("states", [("not judged", "robust", "robust"), ("not judged",) * 3])
def test_what_is_not_judged_gives_gradescope_nothing_and_never_a_zero(states):
    with pytest.raises(NotJudgedError, match=r"relu_backward.*Grade it again"):
        gradescope.results(record("dora", *states))


def test_gradescope_shows_the_same_report_as_the_learner_reads():
    output = json.loads(gradescope.results(record("ben")))["tests"][2]["output"]

    assert output.startswith(":( calibrate_threshold: wrong, 1.33 of 4 points\n   assignments/08_calibration/")
    assert "four_axes (hidden)" in output
    assert "Likely cause: The mask follows the sign of dout." in output


def test_evidence_and_faults_are_not_shown_to_students():
    one = record("eve", faults=("odd fault",), evidence=("odd evidence",))

    for text in (gradescope.results(one), prairielearn.results(one), exercism.results(one), autolab.autoresult(one)):
        assert "odd" not in text
        assert "PermissionError" not in text


METADATA = {
    "id": 7,
    "created_at": "2026-11-02T10:00:00.000000-08:00",
    "assignment": {"due_date": "2026-11-01T12:00:00.000000-08:00", "total_points": "20.0"},
    "users": [{"email": "a@x", "id": 1, "name": "Ada"}, {"email": "b@x", "id": 2, "name": "Bo"}],
}


def test_gradescopes_metadata_say_whose_it_is_and_when_it_came():
    found = gradescope.metadata(json.dumps(METADATA))

    assert found.student == Student("7", "Ada and Bo", "a@x and b@x")
    assert (found.handed_in, found.due) == (METADATA["created_at"], METADATA["assignment"]["due_date"])


@pytest.mark.parametrize("gone", ["created_at", "assignment", "users"])
def test_gradescopes_metadata_may_lack_what_nobody_needs(gone):
    gradescope.metadata(json.dumps({key: value for key, value in METADATA.items() if key != gone}))


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"id": 1, "users": [3]}', "{"])
def test_what_is_no_metadata_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        gradescope.metadata(text)


# --- GitHub Classroom ----------------------------------------------------------------------------------------------


def payload(one: Record) -> dict:
    text = github.result(one)
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", text)  # one line, or the step's output ends early
    return json.loads(base64.b64decode(text, validate=True))


def reported(whole: dict) -> tuple[float, float]:
    """What the reporter shows in its table, and what it hands on to Classroom; JavaScript's numbers are our floats."""
    passes = sum(test["status"] == "pass" for test in whole["tests"])
    shown = passes / len(whole["tests"]) * whole["max_score"]
    total = 0.0
    for test in whole["tests"]:
        total += test["score"]
    return shown, total


@every
def test_the_reporter_reads_the_result(one):
    whole = payload(one)

    check(whole, "github")
    assert silent(base64.b64decode(github.result(one)).decode())
    for test in whole["tests"]:
        assert not re.search(r"(^|\s)::[A-Za-z]", f"{test['name']}\n{test.get('message', '')}")


@every
def test_both_formulas_of_the_reporter_agree_to_the_last_bit(one):
    shown, total = reported(payload(one))

    assert shown == total


@judged
def test_the_reporter_reports_the_points_that_the_record_has(one):
    whole = payload(one)
    _, total = reported(whole)

    assert whole["max_score"] == one.max_points
    assert total == pytest.approx(float(one.final), abs=1e-12 * max(1, one.max_points))
    assert (whole["status"] == "pass") == (one.final == one.max_points)


@checked
@given(st.integers(1, 200).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))), st.integers(1, 400))
def test_both_formulas_agree_whatever_the_points(passes, max_score):
    passing, most = passes
    scores = github._scores([True] * passing + [False] * (most - passing), max_score)

    total = 0.0
    for score in scores:
        total += score
    assert total == passing / most * max_score
    assert all(score >= 0 for score in scores)


def test_parts_carry_the_name_of_their_exercise_and_the_first_that_fails_says_why():
    tests = payload(record("ben"))["tests"]

    names = [test["name"] for test in tests]
    assert names[9] == "softmax_loss, part 1 of 15"
    assert len(names) == 36
    failed = [test for test in tests if test["status"] == "fail"]
    assert failed[0]["message"].startswith(":) softmax_loss: right, 3.33 of 5 points")
    assert failed[1]["message"] == "see softmax_loss, part 11"


def awkward(passed: int, cases: int, others: int = 1) -> Record:
    """A record whose points need many parts."""
    shown = tuple(CaseVerdict(f"c{n}", "core", False, "passed" if n < passed else "failed") for n in range(cases))
    one = Verdict("many", "01_a", "Many", "wrong", 7, shown, (), None)
    return replace(record(), verdicts=(one, *(verdict(state="robust") for _ in range(others))))


@pytest.mark.parametrize("cases", [97, 499])
def test_where_parts_would_be_too_many_the_share_is_the_closest_simple_fraction(cases):
    for passed in range(cases + 1):
        one = awkward(passed, cases, others=0)
        whole = payload(one)
        shown, total = reported(whole)

        assert len(whole["tests"]) <= 200
        assert shown == total
        assert abs(total - float(one.final)) <= one.max_points / 200
        assert (total == 0) == (one.final == 0)
        assert (total == one.max_points) == (one.final == one.max_points)


def test_what_is_not_judged_is_not_reported_to_classroom():
    whole = payload(record("dora", "right", "not judged", "robust"))

    assert (whole["status"], whole["max_score"]) == ("error", 0)  # 0: the reporter hands nothing on
    assert [test["status"] for test in whole["tests"]] == ["error"]


def test_a_large_result_fits_into_a_variable_of_the_environment():
    assert len(github.result(large())) < 128 << 10


# --- PrairieLearn --------------------------------------------------------------------------------------------------


@every
def test_prairielearn_reads_the_results(one):
    text = prairielearn.results(one)

    check(json.loads(text), "prairielearn")
    assert silent(text)
    assert json.loads(text)["gradable"] == (not one.not_judged)


@judged
def test_prairielearn_gets_the_share_of_the_points(one):
    assert json.loads(prairielearn.results(one))["score"] == float(one.final / one.max_points if one.max_points else 0)


@pytest.mark.slow
def test_prairielearns_results_stay_below_a_megabyte():
    text = prairielearn.results(large())

    assert len(text) <= 1_000_000
    check(json.loads(text), "prairielearn")
    assert len(json.loads(text)["tests"]) == 131


# --- Exercism ------------------------------------------------------------------------------------------------------


@every
def test_exercism_reads_the_results(one):
    text = exercism.results(one)

    check(json.loads(text), "exercism") if [c for v in one.verdicts for c in v.cases] else None
    assert silent(text)


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (("robust",) * 3, "pass"),
        (("robust", "right", "robust"), "fail"),
        (("blocked",) * 3, "fail"),
        (("not judged", "robust", "robust"), "error"),
    ],
)
def test_exercism_is_told_what_became_of_the_whole(states, status):
    assert json.loads(exercism.results(record("s", *states)))["status"] == status


def test_exercism_sees_of_a_hidden_case_that_it_fails():
    tests = json.loads(exercism.results(worded("secret")))["tests"]

    (hidden,) = [test for test in tests if test["name"] == "relu_backward: four_axes"]
    assert hidden == {
        "name": "relu_backward: four_axes",
        "task_id": 1,
        "status": "fail",
        "message": "a hidden case fails (value)",
        "test_code": "",
    }


# --- Autolab -------------------------------------------------------------------------------------------------------


@every
def test_autolab_reads_the_last_lines(one):
    text = autolab.autoresult(one)

    lines = text.split("\n")
    assert lines.pop() == ""
    check([json.loads(line) for line in lines], "autolab")
    assert silent(text)


def test_autolab_keeps_what_it_has_of_an_exercise_that_is_not_judged():
    shown, scores = map(json.loads, autolab.autoresult(record("dora", "right", "not judged", "robust")).splitlines())

    assert scores == {"scores": {"relu_backward": 2, "calibrate_threshold": 4}}
    assert not shown["05_losses_optim"]["softmax_loss"]["passed"]


def test_autolab_gets_what_lateness_leaves():
    one = record("l", "robust", "robust", "robust", kept=Fraction(1, 2), days_late=5)

    scores = json.loads(autolab.autoresult(one).splitlines()[1])

    assert scores == {
        "scores": {"relu_backward": 1.5, "softmax_loss": 2.5, "calibrate_threshold": 2},
        "scoreboard": [6],
    }


# --- JUnit ---------------------------------------------------------------------------------------------------------


@every
def test_junit_is_valid_and_counts_right(one):
    text = "".join(junit.document([one]))

    XSD.validate(text)
    for suite in ElementTree.fromstring(text).iter("testsuite"):
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures")) == len(list(suite.iter("failure")))
        assert int(suite.get("skipped")) == len(list(suite.iter("skipped")))


def test_junit_says_of_every_case_what_became_of_it():
    one = record("ben", "right", "wrong", "not judged")

    root = ElementTree.fromstring("".join(junit.document([one])))

    found = [["passed", *(child.tag for child in case)][-1] for case in root.iter("testcase")]
    words = {"passed": "passed", "failed": "failure", "not judged": "skipped"}
    assert found == [words[case.state] for v in one.verdicts for case in v.cases]
    assert [p.get("value") for p in root.iter("property") if p.get("name") == "points"] == ["2", "5/3", "0"]


def test_junit_is_one_document_for_a_class_made_one_student_at_a_time():
    asked = []

    def one_by_one():
        for one in [*records(), *hostile()]:
            asked.append(one)
            yield one

    pieces = junit.document(one_by_one())
    next(pieces)
    next(pieces)

    assert len(asked) == 1
    XSD.validate("".join(["<testsuites>", *pieces]))
    assert len(asked) == len(records()) + len(HOSTILE)


@checked
@given(st.text(st.characters()))
def test_junit_is_valid_whatever_a_learner_writes(word):
    XSD.validate("".join(junit.document([worded(word)])))


def test_the_schema_of_junit_bites():
    text = "".join(junit.document([record()]))

    for bad in (
        text.replace("<testcase ", "<properties/><testcase ", 1),
        text.replace('tests="3"', 'tests="many"', 1),
        text.replace('tests="3" ', "", 1),
        text.replace("<failure", "<error"),
    ):
        assert bad != text
        assert not XSD.is_valid(bad)


BREAKING = {
    "gradescope": lambda whole: whole["tests"][0].update(status="fine"),
    "github": lambda whole: whole.update(tests=[]),
    "prairielearn": lambda whole: whole["tests"][1].pop("max_points"),
    "exercism": lambda whole: whole["tests"][-1].pop("message"),
    "autolab": lambda whole: whole[1].update(scores={"a": "1"}),
}
MADE = {
    "gradescope": lambda one: json.loads(gradescope.results(one)),
    "github": payload,
    "prairielearn": lambda one: json.loads(prairielearn.results(one)),
    "exercism": lambda one: json.loads(exercism.results(one)),
    "autolab": lambda one: [json.loads(line) for line in autolab.autoresult(one).splitlines()],
}


@pytest.mark.parametrize("name", BREAKING)
def test_every_schema_bites(name):
    whole = MADE[name](record("ben"))
    check(whole, name)
    BREAKING[name](whole)

    with pytest.raises(jsonschema.ValidationError):
        check(whole, name)


@pytest.mark.parametrize("name", MADE)
def test_the_same_record_gives_the_same_bytes(name):
    assert MADE[name](record("ben")) == MADE[name](record("ben"))
