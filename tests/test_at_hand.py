"""`from grader import check, hint, plot` in a script: what `make grade` says, of the function at hand."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader import desk
from grader.library import Library
from tests.courses import ENVIRONMENT
from tests.test_report_gradient import BENT
from tests.toys import TRIPLE, lay

NINEFOLD = (
    TRIPLE.replace("triple", "ninefold")
    .replace("import numpy as np\n", "import numpy as np\nfrom assignments import triple\n", 1)
    .replace("return 3 * x\n", "return triple(triple(x))\n")
    .replace("3 x", "9 x")
)
RIGHT = "def triple(x):\n    return x + x + x\n"
WRONG = "def triple(x):\n    return 2 * x\n"


@pytest.fixture
def course(tmp_path):
    """A small course, with stubs."""
    root = tmp_path / "course"
    lay(root)
    lay(root, "bent", BENT)
    lay(root, "ninefold", NINEFOLD, "13_large")
    library = Library(root)
    for name in library.places:
        desk.lay(library, name)
    return library


@pytest.fixture
def script(course):
    """Run a script in the course's folder, or elsewhere."""

    def run(text, cwd=None):
        folder = Path(cwd or course.root)
        file = folder / "mine.py"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "mine.py"]
        return subprocess.run(
            command, cwd=folder, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=60, check=False
        )

    return run


HEAD = "from grader import check, hint, plot\n"


def test_a_script_prints_the_report_of_the_command_line_up_to_what_comes_next(course, script):
    course.places["triple"].assignment.write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "grade", "triple"]
    graded = subprocess.run(
        command, cwd=course.root, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
    )

    done = script(f"{HEAD}{WRONG}check(triple)\n")

    assert done.stderr == ""
    assert "That is twice x. How many are three?" in done.stdout
    here, there = done.stdout.partition("   Next: "), graded.stdout.partition("   Next: ")
    assert here[0].replace("mine.py", "assignments/01_toys/triple.py") == there[0]
    assert 'hint("triple")' in here[2]
    assert "make hint EX=triple" in there[2]


def test_the_function_is_never_called_in_the_script_and_the_script_never_in_the_worker(script):
    body = "def triple(x):\n    print('called', os.getpid())\n    return 2 * x\n"

    done = script(f"{HEAD}import os\nprint('script', os.getpid())\n{body}check(triple)\n")

    assert done.stdout.count("script") == 1
    own = done.stdout.split("\n")[0].split()[1]
    assert "called" in done.stdout
    assert f"called {own}" not in done.stdout


def test_a_result_is_data_and_its_representation_is_one_line(script):
    done = script(
        f"{HEAD}{RIGHT}one = check(triple)\n{WRONG}two = check(triple)\n"
        "print([repr(one), one.name, one.state, str(one.points), one.max_points, bool(one), bool(two)])\n"
        "print(str(two).startswith(':( triple: wrong'))\n"
    )

    assert "['<triple: robust, 3 of 3 points>', 'triple', 'robust', '3', 3, True, False]\nTrue\n" in done.stdout


def test_a_function_that_is_not_written_yet_is_neither_true_nor_false(script):
    done = script(f"{HEAD}def triple(x):\n    raise NotImplementedError\nbool(check(triple))\n")

    assert " . triple: not started" in done.stdout
    assert "triple is not started, neither True nor False" in done.stderr


def test_a_message_has_the_scripts_own_line_and_name(script):
    helper = "def helper(x):\n    return x / K\n"

    done = script(f"{HEAD}\nK = 1\n\n\n{helper}\n\ndef triple(x):\n    return helper(x) + y\n\ncheck(triple)\n")

    assert "NameError: name 'y' is not defined" in done.stdout
    assert "line 11, in triple: return helper(x) + y" in done.stdout
    assert "   mine.py\n" in done.stdout


def test_what_is_checked_is_remembered(course, script):
    script(f"{HEAD}{WRONG}check(triple)\n{RIGHT}check(triple)\n")

    with sqlite3.connect(course.root / ".grader" / "history.sqlite") as base:
        found = base.execute("SELECT name, state FROM attempts ORDER BY number").fetchall()
    base.close()
    assert found == [("triple", "wrong"), ("triple", "robust")]


def test_a_capstone_uses_the_learners_files_and_is_blocked_until_they_are_right(course, script):
    capstone = f"{HEAD}def ninefold(x):\n    return triple(triple(x))\ncheck(ninefold)\n"

    before = script(capstone)
    course.places["triple"].assignment.write_text(RIGHT, encoding="utf-8")
    after = script(capstone)

    assert ":| ninefold: blocked" in before.stdout
    assert ":D ninefold: robust" in after.stdout


def test_hints_go_one_step_further_each_time_by_name_or_by_function(script):
    done = script(f"{HEAD}{WRONG}hint('triple')\nhint(triple)\n")

    assert done.stdout.count("Hint 1 of 2: What is three times one?") == 2
    assert done.stdout.count("Hint 2 of 2: Multiply.") == 1


def test_a_picture_is_drawn_of_the_function_at_hand_or_of_the_file(course, script):
    right = "import numpy as np\ndef bent(x):\n    return np.sum(np.abs(x) + x**3), np.sign(x) + 3 * x**2\n"

    done = script(f"{HEAD}{right}plot(bent)\nplot('bent')\n")

    at_hand, in_file = done.stdout.split(".png")[1:]
    assert "The curve is a V" in at_hand
    assert "not written yet" in in_file
    assert (course.root / ".grader" / "pictures" / "bent_gradient.png").is_file()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def tripel(x):\n    return x\ncheck(tripel)", "there is no exercise 'tripel'. Is it triple?"),
        ("def other(x):\n    return x\ncheck(other)", "there is no exercise 'other'; a function is graded as"),
        ("check('triple')", "without quotes: check(triple)"),
        ("check(len)", "len is built in"),
        ("hint('tripel')", "Is it triple?"),
        ("plot('triple')", "there is no picture of triple. There are pictures of: bent."),
        ("R = object()\ndef triple(x):\n    return R\ncheck(triple)", "R is of type object"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(script, text, words):
    done = script(f"{HEAD}{text}\n")

    assert words in done.stderr.strip().splitlines()[-1]


def test_outside_of_any_course_it_is_that_of_the_grader(script, tmp_path):
    (tmp_path / "elsewhere").mkdir()

    done = script(f"{HEAD}hint('nothing_of_this_name')\n", tmp_path / "elsewhere")

    assert "there is no exercise 'nothing_of_this_name'" in done.stderr


def test_a_large_helper_that_makes_the_text_too_large_is_said(script):
    parts = "\n".join(f"T{i} = 'x' * 60000" for i in range(6))
    used = " + ".join(f"len(T{i})" for i in range(6))

    done = script(f"{HEAD}{parts}\ndef triple(x):\n    return {used}\ncheck(triple)\n")

    assert "more than the 262,144 that an answer may have" in " ".join(done.stdout.split())


def test_the_second_check_starts_no_worker_parent_and_a_fork_has_one_of_its_own(course, monkeypatch):
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    from grader.at_hand import warm

    first = warm.sandbox()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        theirs = pool.apply(_own_sandbox)

    assert warm.sandbox() is first
    assert theirs not in (None, id(first))


def _own_sandbox():
    from grader.at_hand import warm

    found = warm.sandbox()
    answer = id(found)
    found.close()
    return answer


def test_importing_the_grader_brings_nothing_heavy():
    text = "import sys, grader; print(sorted({'numpy', 'jinja2', 'click', 'grader.at_hand'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
