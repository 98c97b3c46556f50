"""The sabotages fit the grader as it is, and the runner tells noticed from unnoticed."""

import ast
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sabotage.catalogue import SABOTAGES
from tests.sabotage.form import Sabotage, StaleError, apply, misfits
from tests.sabotage.runner import copy, passes, play

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
every = pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
TINY = """
from grader.compare import FLOOR

def test_the_floor():
    assert FLOOR == 64

def test_that_passes():
    assert FLOOR > 0

def test_that_cannot_be_set_up(nothing_of_this_name):
    assert FLOOR
"""
LOWERED = Sabotage(
    "floor_lowered",
    "Zeros have less room.",
    "compare.py",
    [("FLOOR = 64.0", "FLOOR = 1.0")],
    ["test_tiny.py::test_the_floor"],
)


def test_no_two_sabotages_have_one_name():
    assert [name for name, times in Counter(sabotage.name for sabotage in SABOTAGES).items() if times > 1] == []


@every
def test_every_text_to_be_replaced_is_there_once(sabotage):
    text = (ROOT / "grader" / sabotage.file).read_text(encoding="utf-8")

    assert sabotage.edits
    assert misfits(sabotage, text) == []


@every
def test_the_tests_that_should_notice_exist(sabotage):
    assert sabotage.tests
    for test in sabotage.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        assert set(name.partition("[")[0].split("::")) <= names, test


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A copy of the repository with a tiny file of tests."""
    root = tmp_path_factory.mktemp("tiny") / "clean"
    copy(ROOT, root)
    (root / "tests" / "test_tiny.py").write_text(TINY, encoding="utf-8")
    return root


def test_the_runner_tells_what_is_noticed_from_what_is_not(tiny):
    before = (tiny / "grader" / LOWERED.file).read_bytes()
    played = {
        "noticed": LOWERED,
        "unnoticed": replace(LOWERED, tests=["test_tiny.py::test_that_passes"]),
        "no set-up": replace(LOWERED, tests=["test_tiny.py::test_that_cannot_be_set_up"]),
        "no grader": replace(LOWERED, edits=[("import numpy as np", "import nothing_of_this_name")]),
        "stale": replace(LOWERED, edits=[("FLOOR = 65.0", "FLOOR = 1.0")]),
    }

    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(played, pool.map(lambda sabotage: play(sabotage, tiny), played.values()), strict=True))

    assert {name for name, result in results.items() if result.noticed} == {"noticed"}
    assert results["noticed"].said == "test_tiny.py::test_the_floor"
    assert results["unnoticed"].said == "its tests pass"
    assert results["stale"].said == "compare.py holds 'FLOOR = 65.0' 0 times, not once"
    assert (tiny / "grader" / LOWERED.file).read_bytes() == before


def test_what_does_not_pass_without_sabotage_is_said(tiny):
    said = passes(tiny, [replace(LOWERED, tests=["test_tiny.py::test_that_is_not_there"])])

    assert "test_that_is_not_there" in said


def test_a_sabotage_that_fits_twice_is_not_done(tmp_path):
    (tmp_path / "grader").mkdir()
    file = tmp_path / "grader" / "compare.py"
    file.write_text("FLOOR = 64.0\nFLOOR = 64.0\n", encoding="utf-8")

    with pytest.raises(StaleError, match="2 times, not once"):
        apply(LOWERED, tmp_path)

    assert file.read_text(encoding="utf-8") == "FLOOR = 64.0\nFLOOR = 64.0\n"
