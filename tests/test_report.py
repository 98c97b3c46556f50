"""What people and programs are told: everything that was planned, nothing that a learner could smuggle in."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.grading import grade
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict, judge
from grader.library import Library
from grader.outcome import Failed, Returned
from grader.points import points, rounded
from grader.report.json import VERSION, document, record
from grader.report.json import verdict as from_record
from grader.report.text import FACES, amount, overview, verdict_lines
from tests.toys import array, key, key_case, lay, mistake, returned

SCHEMA = json.loads((Path(__file__).parent / "schema_grade.json").read_text(encoding="utf-8"))
STATES = ["not started", "wrong", "right", "robust", "blocked", "not judged"]
X = array(1.0, 2.0)
KEY = key(
    key_case("by_hand", (X,), 3 * X),
    key_case("secret", (2 * X,), 6 * X, hidden=True),
    key_case("empty", (X[:0],), X[:0], kind="edge"),
    mistakes=(mistake("doubles", {"by_hand": 2 * X, "secret": 4 * X, "empty": X[:0]}),),
)
STUB = Failed("exception", type="NotImplementedError")
NAME_ERROR = Failed("exception", "name 'y' is not defined", "NameError", lines=((7, "    return y", "f"),))
ANSWERS: dict[str, dict[str, Any]] = {
    "not started": {"by_hand": STUB, "secret": STUB, "empty": STUB},
    "wrong": {"by_hand": 2 * X, "secret": 4 * X, "empty": X[:0]},
    "raises": {"by_hand": NAME_ERROR, "secret": NAME_ERROR, "empty": NAME_ERROR},
    "right": {"by_hand": 3 * X, "secret": 6 * X, "empty": X},
    "robust": {"by_hand": 3 * X, "secret": 6 * X, "empty": X[:0]},
    "not judged": {"by_hand": 3 * X, "secret": Failed("setup", "no room"), "empty": X[:0]},
    "syntax": dict.fromkeys(["by_hand", "secret", "empty"], Failed("syntax", "bad", lines=((2, "def f(:", 6),))),
    "partly": {"by_hand": 3 * X},
    "nothing": {},
}
VERDICTS = {kind: judge(KEY, returned(**answers)) for kind, answers in ANSWERS.items()}


def verdict(state: str = "wrong", findings=(), cases=(), diagnosis=None, name: str = "f", most: int = 3) -> Verdict:
    """A verdict made by hand."""
    return Verdict(name, "01_toys", "A toy", state, most, tuple(cases), tuple(findings), diagnosis)


def text_of(one: Verdict) -> str:
    return "\n".join(line.text for line in verdict_lines(one, "assignments/01_toys/f.py"))


# --- JSON ----------------------------------------------------------------------------------------------------------


def breaches(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """Where `value` breaks a schema, in the few words of JSON Schema that ours uses."""
    if "$ref" in schema:
        return breaches(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], where)
    if "anyOf" in schema:
        found = [breaches(value, choice, where) for choice in schema["anyOf"]]
        return [] if [] in found else [f"{where}: none of the choices"]
    unknown = set(schema) - {"$schema", "$defs", "title", "type", "required", "properties", "items", "const", "enum"}
    assert unknown <= {"pattern", "minLength"}
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    if "type" in schema and type(value) is not kinds[schema["type"]]:
        return [f"{where}: not a {schema['type']}"]
    found = [
        f"{where}: {word} broken" for word in ("const", "enum", "pattern", "minLength") if _broken(value, schema, word)
    ]
    found += [f"{where}: no {name}" for name in schema.get("required", ()) if name not in value]
    for name, part in schema.get("properties", {}).items():
        found += breaches(value[name], part, f"{where}.{name}") if name in value else []
    for position, item in enumerate(value if "items" in schema else ()):
        found += breaches(item, schema["items"], f"{where}[{position}]")
    return found


def _broken(value: Any, schema: dict[str, Any], word: str) -> bool:
    rules = {
        "const": lambda wanted: value != wanted or type(value) is not type(wanted),
        "enum": lambda wanted: value not in wanted,
        "pattern": lambda wanted: re.search(wanted, value) is None,
        "minLength": lambda wanted: len(value) < wanted,
    }
    return word in schema and rules[word](schema[word])


def test_the_document_of_every_verdict_keeps_its_schema():
    whole = json.loads(document(list(VERDICTS.values()), "process"))

    assert breaches(whole, SCHEMA) == []
    assert len(whole["exercises"]) == len(VERDICTS)


BREAKING = {
    "a field is missing": lambda whole: whole["exercises"][0].pop("diagnosis"),
    "a state of nobody's": lambda whole: whole["exercises"][0].update(state="fine"),
    "a number for points": lambda whole: whole.update(points=3),
    "a decimal": lambda whole: whole.update(points="2.5"),
    "another version": lambda whole: whole.update(version=2),
    "a case without a state": lambda whole: whole["exercises"][0]["cases"][0].pop("state"),
    "a finding without a message": lambda whole: whole["exercises"][1]["findings"][0].update(message=""),
    "a number for what was lent": lambda whole: whole["exercises"][0].update(assisted=[3]),
    "half a diagnosis": lambda whole: whole["exercises"][1]["diagnosis"].pop("message"),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_the_schema_bites(change):
    whole = json.loads(document(list(VERDICTS.values()), "process"))
    change(whole)

    assert breaches(whole, SCHEMA)


def test_the_document_says_what_the_verdicts_say():
    whole = json.loads(document([VERDICTS["wrong"], VERDICTS["robust"]], "kernel"))

    assert (whole["version"], whole["isolation"], whole["points"], whole["max_points"]) == (VERSION, "kernel", "3", "6")
    wrong, robust = whole["exercises"]
    assert wrong == {
        "name": "f",
        "topic": "01_toys",
        "title": "A toy",
        "state": "wrong",
        "points": "0",
        "max_points": "3",
        "cases": [
            {"name": "by_hand", "kind": "core", "hidden": False, "state": "failed"},
            {"name": "secret", "kind": "core", "hidden": True, "state": "failed"},
            {"name": "empty", "kind": "edge", "hidden": False, "state": "passed"},
            {"name": "leaves_its_arguments_alone", "kind": "edge", "hidden": False, "state": "passed"},
        ],
        "findings": [
            {
                "case": "by_hand",
                "check": "value",
                "message": "y[1] is 4, expected 6 (all 2 entries differ)",
                "called": "f(x=array([1., 2.]))",
                "printed": "",
            },
            {"case": "secret", "check": "value", "message": "a hidden case fails (value)", "called": "", "printed": ""},
        ],
        "assisted": [],
        "evidence": [],
        "diagnosis": {"kind": "mistake", "name": "doubles", "message": "You made doubles."},
    }
    assert (robust["state"], robust["points"], robust["findings"], robust["diagnosis"]) == ("robust", "3", [], None)


@pytest.mark.parametrize("kind", VERDICTS)
def test_a_record_holds_all_that_a_verdict_says(kind):
    assert from_record(json.loads(json.dumps(record(VERDICTS[kind])))) == VERDICTS[kind]


def test_points_are_exact_fractions_and_add_up():
    whole = json.loads(document([VERDICTS["partly"], VERDICTS["right"]], "process"))

    shares = [Fraction(exercise["points"]) for exercise in whole["exercises"]]
    assert shares == [Fraction(3, 2), Fraction(5, 2)]
    assert Fraction(whole["points"]) == sum(shares)


def test_of_no_exercises_there_is_a_document_too():
    whole = json.loads(document([], "none"))

    assert breaches(whole, SCHEMA) == []
    assert (whole["points"], whole["max_points"], whole["exercises"]) == ("0", "0", [])


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_planned_case_is_in_every_record(kind):
    assert [case["name"] for case in record(VERDICTS[kind])["cases"]] == [
        "by_hand",
        "secret",
        "empty",
        "leaves_its_arguments_alone",
    ]


@pytest.mark.parametrize("kind", VERDICTS)
def test_no_path_and_no_type_of_ours_is_in_a_document(kind):
    whole = document([VERDICTS[kind]], "process")

    assert not re.search(r"/\w+/|\\\\|[A-Z]:|\.py\b|grader\.|ndarray|np\.|float64\(|Traceback|0x[0-9a-f]{6}", whole)


def test_a_finding_of_the_whole_file_has_no_case():
    assert [finding["case"] for finding in record(VERDICTS["syntax"])["findings"]] == [None]


@pytest.mark.parametrize("text", ["\x1b[2J", '"quotes" \\ {}', "\u202e\x9b2J", "é 漢字 🙂", "a\nb", "\x00"], ids=repr)
def test_whatever_a_learner_wrote_comes_back_from_the_document(text):
    one = verdict(findings=[Finding("by_hand", "exception", text)])

    whole = document([one], "process")

    assert json.loads(whole)["exercises"][0]["findings"][0]["message"] == text
    assert re.fullmatch(r"[ -~\n]*", whole)


def test_the_same_verdicts_give_the_same_bytes():
    assert document(list(VERDICTS.values()), "process") == document(list(VERDICTS.values()), "process")


# --- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_face_and_is_told_in_words(state):
    first = text_of(verdict(state, most=2)).split("\n")[0]

    assert first == f"{FACES[state]} f: {state}, 0 of 2 points"


def test_faces_are_told_apart_but_for_two_that_say_the_same():
    assert set(FACES) == set(STATES)
    assert len(set(FACES.values())) == len(FACES)


@pytest.mark.parametrize(
    ("value", "shown"), [("0", "0"), ("3", "3"), ("5/3", "1.67"), ("7/2", "3.50"), ("1/3", "0.33"), ("200/3", "66.67")]
)
def test_points_are_written_whole_or_with_two_decimals(value, shown):
    assert amount(Fraction(value)) == shown


def test_a_wrong_answer_is_told_from_state_to_next_step():
    assert text_of(VERDICTS["wrong"]).split("\n") == [
        ":( f: wrong, 0 of 3 points",
        "   assignments/01_toys/f.py",
        "   2 of 4 cases pass; failing: by_hand, secret (hidden)",
        "",
        "   in case by_hand:",
        "     y[1] is 4, expected 6 (all 2 entries differ)",
        "     the call was f(x=array([1., 2.]))",
        "",
        "   Likely cause: You made doubles.",
        "",
        "   Next: change it, save, and grade again. For a hint: make hint EX=f",
    ]


def test_a_robust_answer_is_told_in_three_lines():
    assert text_of(VERDICTS["robust"]).split("\n") == [
        ":D f: robust, 3 of 3 points",
        "   assignments/01_toys/f.py",
        "   4 of 4 cases pass",
    ]


def test_a_right_answer_is_told_its_edges():
    said = text_of(VERDICTS["right"])

    assert said.startswith(":) f: right, 2.50 of 3 points\n")
    assert "in case empty:\n     y has shape (2,), expected (0,)" in said
    assert said.endswith("The core is right. The edge cases above are what makes it robust.")


def test_a_case_that_was_not_tried_is_not_called_failing():
    said = text_of(VERDICTS["partly"])

    assert "2 of 4 cases pass; not tried: secret (hidden), empty" in said
    assert "failing" not in said


def test_what_is_not_judged_is_not_lost():
    said = text_of(VERDICTS["not judged"])

    assert said.startswith(":/ f: not judged")
    assert "Nothing is lost: grade it again." in said
    assert "make hint" not in said


def test_a_fault_of_the_whole_file_is_shown_without_counting_cases():
    said = text_of(VERDICTS["syntax"])

    assert "   the whole file:\n     line 2 is not Python yet: bad\n         def f(:\n               ^" in said
    assert "cases pass" not in said


def test_a_learners_exception_is_shown_with_the_learners_line():
    said = text_of(VERDICTS["raises"])

    assert "     NameError: name 'y' is not defined\n         line 7, in f:     return y\n" in said
    assert "Traceback" not in said


def findings(*cases: str) -> list[Finding]:
    return [Finding(case, "value", f"{case} is wrong") for case in cases]


CASES = [
    CaseVerdict("core1", "core", False, "failed"),
    CaseVerdict("core2", "core", False, "failed"),
    *[CaseVerdict(f"edge{i}", "edge", False, "failed") for i in range(5)],
]


def test_of_core_findings_the_first_is_shown_and_no_edge():
    said = text_of(verdict(findings=findings("core1", "core2", "edge0"), cases=CASES))

    assert "core1 is wrong" in said
    assert "core2 is wrong" not in said
    assert "edge0 is wrong" not in said


def test_of_edge_findings_three_are_shown():
    said = text_of(verdict("right", findings=findings(*[f"edge{i}" for i in range(5)]), cases=CASES))

    assert [i for i in range(5) if f"edge{i} is wrong" in said] == [0, 1, 2]


def test_a_finding_with_evidence_is_shown_before_a_hidden_one():
    hidden = Finding("core1", "value", "a hidden case fails (value)")
    cases = [replace(case, hidden=case.name == "core1") for case in CASES]

    assert "core2 is wrong" in text_of(verdict(findings=[hidden, *findings("core2")], cases=cases))
    assert "a hidden case fails" in text_of(verdict(findings=[hidden], cases=cases))


# --- what learners write -------------------------------------------------------------------------------------------

HOSTILE = "\x1b[31m\x1b]0;title\x07\r:D f: robust, 3 of 3 points\u202e\x9b2J"


@pytest.mark.parametrize("field", ["message", "called", "printed"])
def test_nothing_that_a_learner_wrote_commands_the_terminal(field):
    finding = Finding("core1", "value", **{"message": "m", **{field: HOSTILE}})

    said = text_of(verdict(findings=[finding], cases=CASES))

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert r"\x1b[31m" in said


def test_no_line_of_a_learners_can_be_taken_for_a_verdict():
    finding = Finding("core1", "value", "m\n:D f: robust", printed=":D f: robust, 3 of 3 points\n")

    lines = text_of(verdict(findings=[finding], cases=CASES)).split("\n")

    assert [line for line in lines if line.startswith(":")] == [":( f: wrong, 0 of 3 points"]


def test_prints_are_capped_in_lines_and_width():
    finding = Finding("core1", "value", "m", printed="".join(f"{i} {'x' * 500}\n" for i in range(20)))

    lines = text_of(verdict(findings=[finding], cases=CASES)).split("\n")

    printed = lines[lines.index("     what it printed:") + 1 :]
    assert [line.split()[0] for line in printed[:8]] == [str(i) for i in range(8)]
    assert printed[8] == "       ... and 12 lines more"
    assert max(map(len, printed)) <= 120


def test_a_message_of_many_lines_is_capped_and_the_next_step_stays():
    one = verdict(findings=[Finding("core1", "exception", "ValueError: a" + "\n" * 3000 + "b" * 10**6)], cases=CASES)

    lines = text_of(one).split("\n")

    assert len(lines) < 30
    assert "     ... and 2985 lines more" in lines
    assert lines[-1].startswith("   Next: ")
    assert max(map(len, lines)) < 500


def test_one_line_more_than_there_is_room_for_is_one_line():
    finding = Finding("core1", "value", "m", printed="a\n" * 9)

    assert "... and 1 line more" in text_of(verdict(findings=[finding], cases=CASES))


@pytest.mark.parametrize("printed", ["", "\n\n", "   "])
def test_where_nothing_was_printed_nothing_is_shown(printed):
    finding = Finding("core1", "value", "m", printed=printed)

    assert "printed" not in text_of(verdict(findings=[finding], cases=CASES))


def test_a_long_sentence_is_folded_between_words_and_loses_none():
    sentence = " ".join(f"word{i}" for i in range(60))
    one = verdict(
        findings=[Finding("core1", "v", sentence)], cases=CASES, diagnosis=Diagnosis("mistake", "m", sentence)
    )

    said = text_of(one)

    assert max(map(len, said.split("\n"))) <= 105
    assert said.split().count("word59") == 2
    assert sentence in " ".join(said.split())


def test_a_word_that_is_too_long_to_fold_is_shown_all_the_same():
    said = text_of(verdict(findings=[Finding("core1", "v", "x" * 300 + " end")], cases=CASES))

    assert "x" * 300 in said
    assert "end" in said


# --- overview ------------------------------------------------------------------------------------------------------


def test_the_overview_lists_every_exercise_by_topic_with_its_points():
    lines = [line.text for line in overview([VERDICTS["right"], VERDICTS["wrong"], VERDICTS["robust"]])]

    assert lines[0] == "01_toys  5.50 of 9 points"
    assert sorted(lines[1:]) == [
        "  :( f  wrong        0/3",
        "  :) f  right        2.50/3",
        "  :D f  robust       3/3",
    ]


def test_names_of_unequal_length_stand_in_columns():
    lines = [line.text for line in overview([verdict(name="f"), verdict(name="much_longer")])]

    assert len({line.index("wrong") for line in lines[1:]}) == 1


def test_of_nothing_there_is_no_overview():
    assert overview([]) == []


# --- where the grader itself fails ---------------------------------------------------------------------------------


def test_what_the_grader_cannot_play_is_not_judged_and_lists_every_case(tmp_path):
    lay(tmp_path)

    (found,) = grade(Library(tmp_path), ["triple"], sandbox=None)  # nobody there to play it

    # The file is missing, so nothing has to be played; a file that is there needs the sandbox.
    assert found.state == "wrong"
    (tmp_path / "assignments/01_toys/triple.py").write_text("def triple(x):\n    return 3 * x\n")

    (found,) = grade(Library(tmp_path), ["triple"], sandbox=None)

    assert found.state == "not judged"
    assert {case.state for case in found.cases} == {"not judged"}
    assert [case.name for case in found.cases][-1] == "leaves_its_arguments_alone"
    assert len(found.cases) == 5
    assert (points(found), found.max_points) == (0, 3)
    assert "This is not your mistake." in found.findings[0].message
    assert breaches(json.loads(document([found], "process")), SCHEMA) == []


def test_an_exercise_that_is_not_ready_takes_no_other_with_it(tmp_path):
    lay(tmp_path)
    lay(tmp_path, "broken", "def f(:\n")

    found = list(grade(Library(tmp_path), ["broken", "triple"], sandbox=None))

    assert [one.state for one in found] == ["not judged", "wrong"]
    assert "the exercise itself is not ready" in found[0].findings[0].message


def test_printed_text_goes_with_the_case_that_printed_it():
    shown = judge(KEY, {**returned(**ANSWERS["robust"]), "by_hand": (Returned(2 * X, printed="debug\n"),)})

    assert "     what it printed:\n       debug\n" in text_of(shown)


@pytest.mark.parametrize(
    ("value", "shown"), [("65/8", "8.13"), ("1/3", "0.33"), ("2/3", "0.67"), ("1/200", "0.01"), ("7", "7")]
)
def test_points_are_rounded_halves_up_wherever_they_are_shown(value, shown):
    assert amount(Fraction(value)) == shown
    assert rounded(Fraction(value)) in (shown, f"{shown}.00")
