"""`pytest assignments`: the same verdicts and points as `grade`, one item per case."""

import json
import re
import shutil
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from grader.history import History
from tests import courses

PLACE = f"assignments/{courses.TOPIC}"
ROBUST = """
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0), x
"""
RIGHT = """
def relu_backward(dout, cache):
    dx = dout
    dx[cache < 0] = 0
    return dx
"""
WRONG = """
def affine_forward(x, w, b):
    print("rows:", len(x))
    return x.reshape(len(x), -1) @ w - b, (x, w, b)
"""
EMPTY = re.compile(r"\d+ of \d+ points")


@pytest.fixture(scope="module")
def begun(tmp_path_factory, whole_course):
    """A course as the repository is set up, in which one exercise is robust, one right and one wrong."""
    course = courses.copy(whole_course, tmp_path_factory.mktemp("begun") / "course")
    shutil.copy(courses.ROOT / "pyproject.toml", course.root)
    course.write("relu_forward", ROBUST)
    course.write("relu_backward", RIGHT)
    course.write("affine_forward", WRONG)
    return course


@pytest.fixture(scope="module")
def everything(begun):
    """All exercises, run by pytest."""
    return begun.pytest("assignments", "--junitxml=out.xml", "-o", "cache_dir=.before", "-q")


@pytest.fixture(scope="module")
def items(everything, begun):
    """What pytest reports of every item, by exercise and case."""
    cases = ElementTree.parse(begun.root / "out.xml").iter("testcase")
    return {(case.get("classname").rpartition(".")[2], case.get("name")): case for case in cases}


@pytest.fixture(scope="module")
def graded(begun):
    """What `grade --json` reports of the same files."""
    return json.loads(begun.run("grade", "--json").stdout)


def state(item):
    """Return how an item ended, in the grader's words."""
    if item.find("failure") is not None:
        return "failed"
    return "not run" if item.find("skipped") is not None else "passed"


def properties(item):
    return {one.get("name"): one.get("value") for one in item.iter("property")}


def test_there_is_one_item_for_every_case_and_it_ends_as_the_case_does(items, graded):
    planned = {(e["name"], case["name"]): case["state"] for e in graded["exercises"] for case in e["cases"]}

    assert {key: state(item) for key, item in items.items()} == planned


def test_pytest_prints_the_points_of_grade(everything, graded):
    got, most = Fraction(graded["points"]), graded["max_points"]

    # Robust 2 of 2; right 2 of 3, and four of the five edges; the wrong one has only edges, which count for nothing.
    assert got == 2 + 2 + Fraction(3, 4)
    assert f"\n4.75 of {most} points.\n" in everything.stdout


def test_the_points_follow_from_the_report_for_programs(items, graded):
    for exercise in graded["exercises"]:
        shares = {}
        for kind in ("core", "edge"):
            of_kind = [
                state(item) == "passed"
                for (name, _), item in items.items()
                if name == exercise["name"] and properties(item)["kind"] == kind
            ]
            shares[kind] = Fraction(sum(of_kind), len(of_kind))
        share = Fraction(2, 3) * shares["core"] + (Fraction(1, 3) * shares["edge"] if shares["core"] else 0)

        assert int(exercise["max_points"]) * share == Fraction(exercise["points"]), exercise["name"]


def test_what_nobody_has_begun_is_skipped(items):
    item = items["rectify", "by_hand"]

    assert item.find("skipped").get("message") == "not started"


def test_a_failure_is_the_finding_and_no_traceback_of_ours(items, everything):
    text = items["affine_forward", "by_hand"].find("failure").text

    # x = [[1, 2]], w = [[1], [10]], b = [5]: 21 + 5 is right, and this answer says 21 - 5.
    assert text.startswith("out[0, 0] is 16, expected 26\nthe call was affine_forward(x=array([[1., 2.]])")
    assert "it printed: rows: 1" in text
    assert "Traceback" not in everything.stdout
    assert "grader/" not in everything.stdout


def test_a_hidden_case_shows_no_evidence(items):
    item = items["affine_forward", "colour_pictures"]

    assert properties(item)["hidden"] == "true"
    assert item.find("failure").text.split("\n")[0] == "a hidden case fails (value)"
    assert "the call was" not in item.find("failure").text
    assert "printed" not in item.find("failure").text


def test_something_that_fails_is_status_1(everything):
    assert everything.returncode == 1


def test_k_and_x_choose_and_stop(begun):
    run = begun.pytest("assignments", "-k", "relu", "-x", "--junitxml=some.xml")
    cases = list(ElementTree.parse(begun.root / "some.xml").iter("testcase"))

    assert run.returncode == 1
    assert {properties(case)["exercise"] for case in cases} == {"relu_backward"}
    assert [state(case) for case in cases] == ["passed"] * 6 + ["failed"]
    assert "2.75 of 3 points." in run.stdout


def test_lf_runs_what_failed_again(everything, items, begun):
    failed = {f"{name}.py::{case}" for (name, case), item in items.items() if state(item) == "failed"}

    run = begun.pytest("assignments", "--lf", "-o", "cache_dir=.before", "--collect-only", "-q")

    assert failed
    assert {line.rpartition("/")[2] for line in run.stdout.splitlines() if "::" in line} == failed
    assert not EMPTY.search(run.stdout)


def test_items_are_collected_alike_from_a_topics_folder(begun):
    def collected(*words, cwd):
        run = begun.pytest("--collect-only", "-q", *words, cwd=cwd)
        return sorted(line.rpartition("/")[2] for line in run.stdout.splitlines() if "::" in line)

    below = collected(cwd=begun.root / PLACE)
    above = collected(PLACE, cwd=begun.root)

    assert below == above
    assert "relu_forward.py::by_hand" in below


def test_one_case_can_be_run_by_its_name_from_its_folder(begun):
    run = begun.pytest("relu_forward.py::by_hand", cwd=begun.root / PLACE)

    assert run.returncode == 0
    assert "1 passed" in run.stdout
    assert "2 of 2 points." in run.stdout


SLOW = """
import time
import grader.grading, grader.pytest_plugin

grader.pytest_plugin.SECONDS_PER_ITEM = 0.2
grader.grading.Play.begin = lambda self: time.sleep(0.8)
"""


def test_an_item_that_never_ends_is_ended_from_outside(begun):
    (begun.root / "slow.py").write_text(SLOW)

    run = begun.pytest("-p", "slow", f"{PLACE}/relu_forward.py::by_hand")

    assert run.returncode == 1
    assert "Timeout (>0.2s) from pytest-timeout" in run.stdout


def test_an_exercise_that_is_not_ready_is_our_fault_and_stops_no_other(course):
    for folder in ("solutions", "assignments"):
        (course.root / folder / courses.TOPIC / "broken.py").write_text("def broken(x): pass\n")
    course.write("relu_forward", ROBUST)

    run = course.pytest("assignments", "-k", "broken or relu_forward")

    assert run.returncode == 3
    assert "7 passed" in run.stdout
    assert "not judged: the exercise itself is not ready." in run.stdout
    assert "This is not your mistake." in run.stdout


def test_the_courses_own_tests_are_not_disturbed(begun):
    tests = begun.root / "tests"
    tests.mkdir()
    (tests / "test_own.py").write_text("def test_own():\n    assert 1 + 1 == 2\n")

    run = begun.pytest()

    assert run.returncode == 0
    assert "1 passed" in run.stdout
    assert not EMPTY.search(run.stdout)


@pytest.mark.parametrize(
    ("words", "folder"),
    [(["assignments"], ""), ([f"{PLACE}/relu_forward.py::by_hand"], ""), ([], PLACE)],
    ids=["all", "one file", "from its folder"],
)
def test_a_conftest_among_the_learners_files_is_not_run(course, words, folder):
    (course.root / PLACE / "conftest.py").write_text("raise SystemExit('it has been run')\n")

    run = course.pytest(*words, cwd=course.root / folder)

    assert run.returncode == 4
    assert f"{PLACE}/conftest.py belongs to no exercise. Move it elsewhere, or delete it." in run.stderr
    assert "it has been run" not in run.stdout + run.stderr


def test_what_pytest_has_graded_is_in_the_history(course):
    course.write("relu_forward", ROBUST)
    course.pytest(f"{PLACE}/relu_forward.py", "-q")

    assert [(one.name, one.state) for one in History(course.root).attempts()] == [("relu_forward", "robust")]


def test_pytest_goes_on_where_the_history_cannot_be_written(course):
    (course.root / ".grader" / "history.sqlite").mkdir(parents=True)
    course.write("relu_forward", ROBUST)

    run = course.pytest(f"{PLACE}/relu_forward.py", "-q")

    assert run.returncode == 0
    assert "the history in .grader/ cannot be used" in run.stdout
