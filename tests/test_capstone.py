"""A capstone uses the learner's own functions: it waits until they are right, says which is not, and may be helped."""

import json
import subprocess
import sys

import pytest

from grader import stub
from grader.exercise import load
from grader.library import Library
from tests.toys import TRIPLE, lay

CAPSTONE = TRIPLE.replace("triple", "ninefold").replace("3 x", "9 x").replace("three times x", "nine times x")
CAPSTONE = CAPSTONE.replace("import numpy as np\n", "import numpy as np\nfrom assignments import triple\n", 1)
CAPSTONE = CAPSTONE.replace("return 3 * x\n", "return triple(triple(x))\n")
CAPSTONE = CAPSTONE.replace("return x + x + x", "return 9 * x").replace("return x**3", "return triple(x)")
HEAD = "from assignments import triple\n\ndef ninefold(x):\n    "
USUAL = "return triple(triple(x))"


@pytest.fixture
def graded(tmp_path):
    """What `grader grade` says of two answers, as data or as text."""
    lay(tmp_path)
    lay(tmp_path, "ninefold", CAPSTONE, "13_large")

    def run(triple, ninefold, *options, names=("ninefold",)):
        bodies = {"01_toys/triple": f"def triple(x):\n    {triple}\n", "13_large/ninefold": HEAD + ninefold + "\n"}
        for name, text in bodies.items():
            (tmp_path / "assignments" / f"{name}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "grader", "grade", *names, *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def record(done, name="ninefold"):
    return next(one for one in json.loads(done.stdout)["exercises"] if one["name"] == name)


def test_an_exercise_that_imports_others_uses_them_and_its_stub_imports_them_too(tmp_path):
    lay(tmp_path)
    path = lay(tmp_path, "ninefold", CAPSTONE, "13_large")

    assert load(path).uses == ("triple",)
    assert "from assignments import triple\n" in stub.cut(path.read_text(encoding="utf-8"))


def test_the_learners_own_function_is_used(graded):
    done = graded(
        "return x + x + x if x.size != 2 else (print('mine'), 3 * x)[1]", "print(triple(x)); " + USUAL, "--json"
    )

    assert record(done)["state"] == "robust"
    assert done.returncode == 0


def test_a_capstone_is_blocked_by_a_function_that_is_not_right_and_names_it(graded):
    done = graded("return 2 * x", USUAL, "--json")

    found = record(done)
    assert (found["state"], found["points"]) == ("blocked", "0")
    assert {case["state"] for case in found["cases"]} == {"not run"}
    (finding,) = found["findings"]
    assert finding["message"] == "it uses functions of yours that are not right yet: triple (wrong). Do triple first."
    assert done.returncode == 0


def test_a_blocked_capstone_says_what_to_do(graded):
    done = graded("raise NotImplementedError", USUAL)

    assert done.stdout.startswith(":| ninefold: blocked, 0 of 3 points\n")
    assert "triple (not started). Do triple first." in done.stdout
    assert "make grade EX=ninefold ASSISTED=1" in done.stdout


def test_with_assistance_the_reference_stands_in_and_the_result_says_so(graded):
    done = graded("return 2 * x", USUAL, "--json", "--assisted")

    found = record(done)
    assert (found["state"], found["assisted"]) == ("robust", ["triple"])
    assert "assisted: triple stood in for yours" in graded("return 2 * x", USUAL, "--assisted").stdout


def test_assistance_does_not_replace_what_is_right(graded):
    assert record(graded("return x * 3", USUAL, "--json", "--assisted"))["assisted"] == []


def test_a_capstone_that_nobody_has_begun_is_not_started_whatever_it_uses(graded):
    done = graded("return 2 * x", "raise NotImplementedError", "--json", names=())

    assert record(done)["state"] == "not started"
    assert record(done, "triple")["state"] == "wrong"


def test_a_wrong_capstone_is_wrong(graded):
    found = record(graded("return 3 * x", "return triple(x)", "--json"))

    assert found["state"] == "wrong"
    assert found["diagnosis"]["name"] == "cubes"


def test_what_a_used_function_raises_is_shown_with_the_capstones_own_line(graded):
    done = graded("return 3 * x if x.size < 9 else x[99]", "return triple(np.ones(9))")

    assert "NameError: name 'np' is not defined" in done.stdout
    assert "return triple(np.ones(9))" in done.stdout


def test_a_key_is_made_anew_when_a_used_exercise_changes(tmp_path):
    lay(tmp_path)
    lay(tmp_path, "ninefold", CAPSTONE, "13_large")
    before = Library(tmp_path).key("ninefold")
    lay(tmp_path, text=TRIPLE.replace("return 3 * x\n", "return 3.0 * x + 0\n").replace("3 x", "three x"))

    library = Library(tmp_path)

    assert library.digest("ninefold") != Library(tmp_path).digest("triple")
    assert before.uses == library.key("ninefold").uses == ("triple",)
    assert library._references("ninefold") == [library.places["triple"].solution]


def test_a_reference_as_a_learners_file_has_all_it_calls_and_nothing_of_the_graders():
    text = TRIPLE.replace(
        "@exercise(",
        "FACTOR = 3\nCHECK = mistake\nBOTH = [CHECK]\n\n\ndef times(x):\n    return FACTOR * x\n\n\n@exercise(",
    )

    source = stub.reference_source(text.replace("return 3 * x\n", "return times(x)\n"))

    names: dict = {}
    exec(source, names)
    assert names["triple"](2.0) == 6.0
    assert "grader" not in source
    assert {"adds", "doubles", "by_hand", "CHECK", "BOTH"}.isdisjoint(names)


def test_pytest_skips_a_blocked_capstone_with_its_reason(graded, tmp_path):
    graded("return 2 * x", USUAL)

    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rs", "assignments/13_large"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "Do triple first" in done.stdout
    assert "failed" not in done.stdout
