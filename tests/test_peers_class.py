"""The limit and ours, side by side: the parts of `make bench-peers` that need no peer."""

import ast
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers_class import assignment, natively, ours
from tests.peers_class.assignment import POINTS
from tests.processes import linux

HERE = Path(__file__).parent / "peers_class"
FULL = sum(POINTS.values())


@pytest.fixture(scope="module")
def three(library):
    """One that is right, one that is wrong everywhere, and one that ends its process."""
    return {
        "right": assignment.honest(library, 0, True),
        "wrong": assignment.honest(library, 0, False),
        "exits": assignment.hostile(library, "exits"),
    }


@linux
@pytest.mark.parametrize("program", ["limit", "apart"])
def test_the_limit_agrees_on_right_and_wrong(library, three, tmp_path, program):
    assignment.lay(tmp_path / "class", three)
    (tmp_path / "cases").write_bytes(pickle.dumps(assignment.key_calls(library)))
    words = [str(tmp_path / name) for name in ("cases", "class", "told")]
    subprocess.run([sys.executable, "-m", f"tests.peers_class.{program}", *words], check=True, cwd=library.root)
    limit = json.loads((tmp_path / "told").read_text())

    assert limit["right"]["right"] == dict.fromkeys(POINTS, True)
    assert limit["wrong"]["right"] == dict.fromkeys(POINTS, False)
    assert limit["exits"] == {}


@linux
def test_ours_agrees_on_right_and_wrong(library, three, tmp_path):
    assignment.lay(tmp_path / "class", three)
    found = ours.graded(library, tmp_path / "class", tmp_path / "out", 1)

    assert found["right"]["points"] == FULL
    assert set(found["wrong"]["states"].values()) == {"wrong"}
    assert found["exits"]["points"] == 0


@linux
def test_what_a_command_costs_counts_what_it_leaves_behind(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.3: pass\n"
    orphan = f"import os\nif os.fork() == 0:\n    os.setsid()\n    exec({burn!r})\n"
    asked = {"commands": [[sys.executable, "-c", orphan]], "log": str(tmp_path / "log"), "seconds": 60}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "spent.py")], input=json.dumps(asked), capture_output=True, text=True
    )

    told = json.loads(done.stdout)
    assert told["cpu"] >= 0.3
    assert told["status"] == [0]


@linux
def test_what_never_ends_is_ended_and_counts(tmp_path):
    asked = {"commands": [[sys.executable, "-c", "while True: pass"]], "log": str(tmp_path / "log"), "seconds": 0.5}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "spent.py")], input=json.dumps(asked), capture_output=True, text=True
    )

    told = json.loads(done.stdout)
    assert told["late"]
    assert told["status"] == [-9]
    assert told["cpu"] > 0


def test_others_make_eleven_calls_one_of_each_function_hidden(library):
    calls = assignment.eleven_calls(library)

    assert sum(map(len, calls.values())) == 11
    ast.parse(natively.pytest_tests(calls))
    ast.parse(natively.gradescope_tests(calls))
    notebook = json.loads(natively.nbgrader_notebook(calls))
    assert sum("BEGIN HIDDEN TESTS" in cell["source"] for cell in notebook["cells"]) == len(POINTS)


def test_a_class_of_fifty_is_half_right_with_one_endless_loop(library):
    submissions = assignment.fifty(library)

    assert len(submissions) == assignment.SIZE
    assert sum("while True" in "".join(files.values()) for files in submissions.values()) == 1
    assert len(assignment.fifty(library, loop=False)) == assignment.SIZE - 1
