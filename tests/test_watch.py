"""`make watch`: what is saved is graded and shown at once, and what helps is a key away."""

import os
import re
import signal
import subprocess
import sys
import termios
from dataclasses import replace

import pytest

pexpect = pytest.importorskip("pexpect")  # needs a terminal of Unix

from grader.history import History  # noqa: E402
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict  # noqa: E402
from grader.watch.screen import Screen, lines  # noqa: E402
from tests import courses  # noqa: E402
from tests.processes import children, linux, until  # noqa: E402

WRONG = "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
RIGHT = "def relu_backward(dout, cache):\n    return (dout * (cache > 0)).astype(float)\n"
ROBUST = "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
PATIENCE = 30
_CODES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[A-Za-z]")

# --- the screen ----------------------------------------------------------------------------------------------------

CASES = (CaseVerdict("by_hand", "core", False, "failed"), CaseVerdict("four_axes", "core", True, "failed"))
VERDICT = Verdict(
    *("relu_backward", "04_backprop", "ReLU", "wrong", 3, CASES),
    (Finding("by_hand", "value", "dx[1] is 5 and should be -6"), Finding("four_axes", "value", "a hidden case fails")),
    Diagnosis("mistake", "m", "The mask follows dout."),
)
SCREEN = Screen(
    "relu_backward",
    "assignments/04_backprop/relu_backward.py",
    "file:///course/assignments/04_backprop/relu_backward.py",
    {"one_hot": "robust", "relu_backward": "wrong", "relu_forward": "not started"},
    {"one_hot": "00_notation", "relu_backward": "04_backprop", "relu_forward": "04_backprop"},
    VERDICT,
    ("Next: change it, and save.",),
    hints_left=2,
)


def text(screen: Screen) -> str:
    return "\n".join(line.text for line in lines(screen))


def test_the_screen_says_what_is_wrong_how_far_one_is_and_which_keys_there_are():
    shown = text(SCREEN)

    assert "dx[1] is 5 and should be -6" in shown
    assert "Likely cause: The mask follows dout." in shown
    assert "Next: change it, and save." in shown
    assert "1 of 3 exercises are right" in shown
    assert shown.splitlines()[-1] == (
        "n: next · h: hint (2 left) · d: details · p: picture · l: list · r: reset · q: quit"
    )


def test_the_path_of_the_file_is_a_link_to_it():
    (path,) = [line for line in lines(SCREEN) if line.text.strip() == SCREEN.path]

    assert path.style.endswith(f"link {SCREEN.address}")


def test_hints_stay_open_and_say_how_many_are_left():
    shown = text(replace(SCREEN, hints=("Draw it.",), hints_left=1))
    assert "Hint 1 of 2: Draw it." in shown
    assert "There is 1 more." in shown

    last = text(replace(SCREEN, hints=("Draw it.", "Multiply."), hints_left=0))
    assert "Hint 2 of 2: Multiply." in last
    assert "That was the last one." in last
    assert "h: hint" not in last


def test_details_show_every_case_and_keep_the_hidden_ones_secret():
    shown = text(replace(SCREEN, part="details"))

    assert "by_hand    core: failed" in shown
    assert "four_axes  core, hidden: failed" in shown
    assert shown.splitlines()[-1] == "any key: back · q: quit"


def test_the_list_shows_every_topic_and_the_exercises_of_the_one_in_front():
    shown = text(replace(SCREEN, part="list"))

    assert "00_notation: 1 of 1 right" in shown
    assert "04_backprop: 0 of 2 right" in shown
    assert " > :( relu_backward: wrong" in shown
    assert "one_hot" not in shown


def test_other_answers_have_a_key_only_where_there_are_some():
    assert "other right answers" not in text(SCREEN)
    both = replace(SCREEN, answers=(("relu_backward", "def a():\n    pass"), ("chooses", "def b():\n    pass")))
    assert "s: other right answers" in text(both)
    shown = text(replace(both, part="answers"))
    assert shown.index("the course's own") < shown.index("def a():") < shown.index("chooses") < shown.index("def b():")


def test_a_narrow_window_breaks_lines_between_words():
    assert max(len(line.text) for line in lines(replace(SCREEN, width=50))) <= 50
    assert "quit" in text(replace(SCREEN, width=50))


def test_what_a_learners_code_said_commands_no_terminal():
    hostile = replace(VERDICT, findings=(Finding("by_hand", "exception", "ValueError: \x1b[2Jgone\x07"),))

    assert "\x1b" not in text(replace(SCREEN, verdict=hostile, said=("\x1b]0;title\x07",)))


# --- a session in a terminal ---------------------------------------------------------------------------------------


@pytest.fixture
def watch(course):
    """Starts watching in a terminal, 120 characters wide; whatever a failing test leaves is ended."""
    started = []

    def start(*words: str, dimensions=(40, 120), **environment: str):
        shell = pexpect.spawn(
            sys.executable,
            ["-m", "grader", "watch", *words],
            cwd=str(course.root),
            env={**courses.ENVIRONMENT, "TERM": "xterm-256color", **environment},
            dimensions=dimensions,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        started.append(shell)
        return shell

    yield start
    for shell in started:
        shell.close(force=True)


def until_shown(shell, *wanted: str) -> str:
    """The screen on which all of this stands, without colours; waits for it."""
    for words in wanted:
        shell.expect_exact(words)
    shell.expect_exact("q: quit")
    return _CODES.sub("", shell.before)


def test_a_session_from_wrong_to_robust_and_on_to_the_next(watch, course):
    shell = watch("relu_backward")
    until_shown(shell, "not started")

    course.write("relu_backward", WRONG)
    until_shown(shell, "relu_backward: wrong", "Likely cause")

    shell.send("h")
    until_shown(shell, "Hint 1 of 3", "There are 2 more.")

    course.write("relu_backward", RIGHT)
    until_shown(shell, "relu_backward: right", "What is left looks at")

    shell.send("s")
    until_shown(shell, "Other right answers are shown once yours is robust.")

    course.write("relu_backward", ROBUST)
    until_shown(shell, "relu_backward: robust", "Open next: assignments/04_backprop/")

    shell.send("s")
    until_shown(shell, "the course's own", "chooses_instead_of_multiplying")
    shell.send("x")
    until_shown(shell, "relu_backward: robust")

    shell.send("n")
    until_shown(shell, "not started", "1 of ")
    shell.send("q")
    shell.expect_exact("exercises are right. See you.")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 0
    states = [attempt.state for attempt in History(course.root).attempts("relu_backward")]
    assert states == ["wrong", "right", "robust"]


def test_a_reset_asks_first_and_keeps_what_was_there(watch, course):
    course.write("relu_backward", WRONG)
    shell = watch("relu_backward")
    until_shown(shell, "wrong")

    shell.send("r")
    shell.expect_exact("y: yes, put the stub back")
    shell.send("n")
    until_shown(shell, "Left as it is.")
    assert course.file("relu_backward").read_text() == WRONG

    shell.send("r")
    shell.expect_exact("y: yes, put the stub back")
    shell.send("y")
    until_shown(shell, "is the stub again.", "What you had is kept in .grader/kept/")
    assert "NotImplementedError" in course.file("relu_backward").read_text()


def test_keys_that_are_typed_during_a_check_are_ignored(watch, course):
    shell = watch("relu_backward")
    until_shown(shell, "not started")

    course.write("relu_backward", f"import time\ntime.sleep(1.5)\n{WRONG}")
    shell.expect_exact("checking relu_backward")
    shell.send("h")
    until_shown(shell, "relu_backward: wrong")
    shell.send("d")
    until_shown(shell, "any key: back")

    assert not (course.root / ".grader" / "hints.json").exists()


def test_a_file_that_is_saved_comes_to_the_front(watch, course):
    shell = watch("relu_backward")
    until_shown(shell, "not started")

    course.write("affine_forward", "def affine_forward(x, w, b):\n    return None\n")

    until_shown(shell, "affine_forward: wrong")


def test_watching_begins_where_one_has_stopped(watch, course):
    course.write("relu_backward", WRONG)
    course.run("grade", "relu_backward")

    until_shown(watch(), "relu_backward: wrong")


def test_the_picture_is_drawn_and_its_file_named(watch, course):
    pytest.importorskip("matplotlib")
    course.write("relu_backward", WRONG)
    shell = watch("relu_backward")
    until_shown(shell, "wrong")

    shell.send("p")

    until_shown(shell, "file://", ".png")
    assert list((course.root / ".grader" / "pictures").glob("relu_backward_*.png"))


def test_after_a_resize_the_screen_is_drawn_anew(watch):
    shell = watch("relu_backward")
    until_shown(shell, "not started")

    shell.setwinsize(30, 44)

    narrow = until_shown(shell, "not started")
    assert max(len(line) for line in narrow.splitlines()) <= 44


@linux
def test_ctrl_c_leaves_a_terminal_as_it_was_and_no_process(watch, course):
    shell = watch("relu_backward")
    before = termios.tcgetattr(shell.child_fd)
    until_shown(shell, "not started")
    running = children(shell.pid)
    assert running

    shell.sendcontrol("c")
    shell.expect_exact("See you.")
    shell.expect(pexpect.EOF)
    after = termios.tcgetattr(shell.child_fd)
    shell.close()

    assert shell.exitstatus == 0
    assert after == before
    assert until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in running))


def test_after_ctrl_z_and_back_keys_still_work(watch):
    shell = watch("relu_backward")
    until_shown(shell, "not started")

    os.kill(shell.pid, signal.SIGSTOP)
    os.kill(shell.pid, signal.SIGCONT)

    until_shown(shell, "not started")
    shell.send("h")
    until_shown(shell, "Hint 1 of 3")


def test_without_colour_the_screen_is_plain_text(watch):
    shell = watch("relu_backward", NO_COLOR="1")
    shell.expect_exact("q: quit")

    assert "\x1b" not in shell.before


def test_without_a_terminal_it_says_what_to_use(course):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "watch"],
        cwd=course.root,
        env=courses.ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "make grade EX=name" in done.stderr
