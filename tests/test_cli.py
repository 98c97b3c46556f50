"""The command line, from end to end: what a learner types, and what they read."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction

import pytest

from tests import courses

RELU = courses.ROOT / "solutions" / courses.TOPIC / "relu_backward.py"
ARTICLE = """
def relu_backward(dout, cache):
    x = cache
    dx = dout
    dx[x < 0] = 0
    return dx
"""
ROBUST = """
def relu_backward(dout, cache):
    x = cache
    dx = dout.copy()
    dx[x < 0] = 0
    return dx
"""
WRONG = """
def relu_backward(dout, cache):
    return dout * (dout > 0)
"""


# --- a fresh course ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(whole_course):
    return whole_course.run("grade")


def test_in_a_fresh_course_nothing_is_wrong(fresh):
    assert (fresh.returncode, fresh.stderr) == (0, "")


def test_in_a_fresh_course_every_exercise_is_not_started(fresh, whole_course):
    for name in whole_course.library.places:
        assert re.search(rf"^   \. {name} +not started +0/\d$", fresh.stdout, re.MULTILINE), name
    assert re.search(r"^0 of \d+ points\.$", fresh.stdout, re.MULTILINE)


def test_a_fresh_course_says_which_file_to_open_first(fresh, whole_course):
    named = re.search(r"^Open first: (\S+)$", fresh.stdout, re.MULTILINE).group(1)

    assert (whole_course.root / named).is_file()


def test_a_fresh_course_fits_in_one_screen(fresh):
    lines = fresh.stdout.splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100


# --- right answers -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory, whole_course):
    """A course in which somebody is at work; every test writes the files that it grades."""
    return courses.copy(whole_course, tmp_path_factory.mktemp("own") / "course")


@pytest.fixture(scope="module")
def article(own):
    """What is read and what a program reads about the article's own code."""
    own.write("relu_backward", ARTICLE)
    return own.run("grade", "relu_backward"), own.graded("relu_backward")["relu_backward"]


def test_the_code_of_the_article_is_right_but_for_one_edge(article):
    run, found = article

    assert (run.returncode, found["state"]) == (0, "right")
    assert [finding["case"] for finding in found["findings"]] == ["leaves_its_arguments_alone"]
    # In the case by_hand dout is [5, -6, 7], and x is negative at the first entry alone.
    assert "the caller's dout" in found["findings"][0]["message"]
    assert "dout[0] was 5 and is now 0" in found["findings"][0]["message"]
    assert found["diagnosis"]["name"] == "writes_into_dout"


def test_a_right_answer_loses_only_points_for_its_edges(article):
    run, found = article
    edges = [case["state"] for case in found["cases"] if case["kind"] == "edge"]

    # Three points: two for the core, one for the edge cases in equal shares.
    assert Fraction(found["points"]) == 2 + Fraction(edges.count("passed"), len(edges))
    assert edges.count("passed") == len(edges) - 1
    assert run.stdout.startswith(":) relu_backward: right, 2.75 of 3 points\n")


def test_a_copy_makes_the_code_of_the_article_robust(own):
    own.write("relu_backward", ROBUST)

    run = own.run("grade", "relu_backward")

    assert run.returncode == 0
    assert run.stdout.startswith(":D relu_backward: robust, 3 of 3 points\n")
    assert "in case" not in run.stdout


def test_other_names_for_the_arguments_do_not_matter(own):
    own.write("relu_backward", ROBUST.replace("dout", "upstream").replace("cache", "saved"))

    assert own.graded("relu_backward")["relu_backward"]["state"] == "robust"


# --- wrong answers -------------------------------------------------------------------------------------------------

SOFTMAX_WITHOUT_ITS_MEAN = """
import numpy as np

def softmax_loss(x, y):
    z = x - x.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(x.shape[0])
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx
"""
# The same, and its logarithm is taken of a probability that may be 0: two mistakes at once, so neither is known.
NAIVE_SOFTMAX = """
import numpy as np

def naive_softmax(x, y):
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(x.shape[0])
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p
"""
TRANSPOSED_DW = """
def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), (rows.T @ dout).T, dout.sum(axis=0)
"""
# Whole files for an exercise, or bodies for copies of relu_backward, which may each be wrong in a way of its own.
BODIES = {
    "sign_error": "return -dout * (cache > 0)",
    "mask_from_dout": "return dout * (dout > 0)",
    "none_answer": "dx = dout * (cache > 0)",
    "list_answer": "return (dout * (cache > 0)).tolist()",
    "half_answer": "return (dout * (cache > 0)).astype(np.float16)",
    "column_answer": "return (dout * (cache > 0)).reshape(-1, 1)",
    "nan_answer": "return dout * (cache > 0) * np.nan",
    "object_answer": "return (dout * (cache > 0)).astype(object)",
    "double_answer": "return (dout * (cache > 0)).astype(float)",
    "never_empty": "return dout * (cache > 0) if cache.max() else None",
}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    """What is read and what a program reads about many wrong answers, graded in one run."""
    sources = {f"91_copies/{name}": RELU for name in BODIES}
    sources["91_copies/relu_forward"] = RELU.with_name("relu_forward.py")
    sources["04_backprop/affine_backward"] = RELU.with_name("affine_backward.py")
    sources["04_backprop/affine_forward"] = RELU.with_name("affine_forward.py")
    for place in ("05_losses_optim/softmax_loss", "91_copies/naive_softmax"):
        sources[place] = courses.ROOT / "solutions" / "05_losses_optim" / "softmax_loss.py"
    course = courses.make(tmp_path_factory.mktemp("wrong"), sources)
    course.write("naive_softmax", NAIVE_SOFTMAX)
    course.write("softmax_loss", SOFTMAX_WITHOUT_ITS_MEAN)
    course.write("affine_backward", TRANSPOSED_DW)
    for name, body in BODIES.items():
        course.write(name, f"import numpy as np\n\ndef {name}(dout, cache):\n    {body}\n")
    return course.run("grade", FORCE_COLOR="1"), course.graded()


def test_something_wrong_is_status_1(wrong):
    run, _ = wrong

    assert (run.returncode, run.stderr) == (1, "")


def test_without_a_terminal_there_are_no_colours(wrong):
    run, _ = wrong

    assert "\x1b" not in run.stdout


# In the case by_hand of relu_backward x is [-1, 2, 3] and dout is [5, -6, 7], so the right answer is [0, -6, 7].
@pytest.mark.parametrize(
    ("name", "case", "message", "cause"),
    [
        pytest.param(
            "sign_error",  # [0, 6, -7]
            "by_hand",
            "nudging x[2] moves the loss at rate 7, your dx says -7 (2 of 3 entries differ, all where x > 0)",
            "opposite sign",
            id="a sign error",
        ),
        pytest.param(
            "mask_from_dout",  # [5, 0, 7]
            "by_hand",
            "nudging x[1] moves the loss at rate -6, your dx says 0 (2 of 3 entries differ)",
            "follows the sign of dout",
            id="a mask from dout",
        ),
        pytest.param(
            "softmax_loss",  # four scores of 0 make every p 1/4, and 1/4 - 1 at the right class 3
            "all_scores_zero",
            "nudging x[0, 3] moves the loss at rate -0.375, your dx says -0.75 (all 8 entries differ)",
            "dx is N times too large",
            id="a forgotten 1/N",
        ),
        pytest.param(
            "affine_backward",
            "by_hand",
            "dw has shape (1, 2), expected (2, 1)",
            "dw lies on its side",
            id="a transposed dw",
        ),
    ],
)
def test_a_mistake_is_shown_once_with_its_worst_entry_and_named(wrong, name, case, message, cause):
    run, graded = wrong
    told = courses.part(run.stdout, name)

    assert graded[name]["state"] == "wrong"
    assert {finding["case"]: finding["message"] for finding in graded[name]["findings"]}[case].startswith(message)
    assert f"in case {case}: {message}" in told
    assert told.count("in case") == 1
    assert told.count("Likely cause:") == 1
    assert cause in told.partition("Likely cause:")[2]


def test_of_two_mistakes_at_once_the_one_in_the_core_is_named(wrong):
    run, _ = wrong

    assert "dx is N times too large" in courses.part(run.stdout, "naive_softmax").partition("Likely cause:")[2]


def test_a_transposed_dw_of_the_right_shape_is_judged_by_its_numbers(wrong):
    _, graded = wrong

    findings = {finding["case"]: finding["message"] for finding in graded["affine_backward"]["findings"]}

    assert re.match(r"nudging w\[\d, \d\] moves the loss at rate \S+, your dw says \S+ \(6 of 9 entries differ",
                    findings["a_square_of_weights"])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none_answer", "dx is None, expected an array of shape (3,); is a return missing?"),
        ("list_answer", "dx is a list, expected an array of shape (3,); np.array(...) makes one"),
        ("half_answer", "dx has dtype float16, which keeps three digits: too few to be judged; compute in float64"),
        ("column_answer", "dx has shape (3, 1), expected (3,)"),
        ("nan_answer", "dx[0] is NaN (not a number), expected a finite number (3 of 3 entries are not finite)"),
        ("object_answer", "your answer is an array of dtype object: its entries are Python objects"),
    ],
)
def test_an_answer_of_another_form_has_its_own_sentence(wrong, name, sentence):
    run, graded = wrong

    assert graded[name]["state"] == "wrong"
    assert f"in case by_hand: {sentence}" in courses.part(run.stdout, name)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mask_from_dout", "(dout=array([ 5., -6., 7.]), cache=array([-1., 2., 3.]))"),
        ("double_answer", ", dtype=float32), cache=array([["),
        ("never_empty", "(dout=zeros((0, 3)), cache=zeros((0, 3)))"),
    ],
    ids=["usual numbers", "single precision", "no numbers"],
)
def test_a_call_is_shown_so_that_it_can_be_typed_again(wrong, name, call):
    run, _ = wrong

    assert call in courses.part(run.stdout, name).replace(f"{name}(", "(")


def test_every_wrong_answer_ends_with_what_to_do_next(wrong):
    run, graded = wrong

    for name, exercise in graded.items():
        if exercise["state"] == "wrong":
            assert courses.part(run.stdout, name).endswith(f"make hint EX={name}"), name


# --- which exercises, and the exit status --------------------------------------------------------------------------


def test_an_exercise_that_cannot_be_judged_is_our_fault(course):
    (course.root / "solutions" / courses.TOPIC / "broken.py").write_text("def broken(x): pass\n")

    run = course.run("grade", "broken", "rectify")

    assert run.returncode == 3
    assert "This is not your mistake." in courses.part(run.stdout, "broken")
    assert re.search(r"rectify +not started", run.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["grade", "relu_bakward"], "Is it relu_backward?", id="a name with a slip"),
        pytest.param(["grade", "qqq"], "there is no exercise 'qqq'", id="no such exercise"),
        pytest.param(["grade", "--topic", "77"], "There are: 04_backprop, 05_losses_optim, 90_other.", id="no topic"),
        pytest.param(["grade", "relu_forward", "--topic", "90"], "relu_forward is not in topic", id="another topic"),
        pytest.param(["hint", "relu_bakward"], "Is it relu_backward?", id="a hint for no exercise"),
        pytest.param(["grade", "--jsn"], "--json", id="no such option"),
    ],
)
def test_a_command_used_wrongly_is_status_2_and_says_how_to_go_on(whole_course, words, said):
    run = whole_course.run(*words)

    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_outside_a_course_the_way_into_one_is_told(whole_course, tmp_path):
    run = whole_course.python("-m", "grader", "grade", cwd=tmp_path)

    assert (run.returncode, run.stdout) == (2, "")
    assert f"{tmp_path} is not inside a folder with assignments/ and solutions/" in run.stderr
    assert "Go to the repository first." in run.stderr


def test_a_topic_is_graded_alone(whole_course):
    assert list(whole_course.graded("--topic", "90")) == ["rectify"]


def test_a_file_does_as_well_as_its_name_and_a_folder_below_as_well_as_the_root(own):
    own.write("relu_backward", ROBUST)
    folder = own.file("relu_backward").parent

    run = own.python("-m", "grader", "grade", "relu_backward.py", "--topic", courses.TOPIC, cwd=folder)

    assert run.stdout.startswith(":D relu_backward: robust")


# --- forms of output -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printing(own):
    """A course in which learners' code prints, graded for a program that reads."""
    own.write("relu_backward", "print('mine')\n" + WRONG.replace("    return", "    print('mine too')\n    return"))
    return own.run("grade", "--json", "--timings")


def test_json_is_all_there_is_on_stdout(printing, own):
    whole = json.loads(printing.stdout)

    assert whole["version"] == 1
    assert {"isolation", "points", "max_points", "exercises"} <= set(whole)
    assert sum(Fraction(exercise["points"]) for exercise in whole["exercises"]) == Fraction(whole["points"])
    assert [exercise["name"] for exercise in whole["exercises"]] == list(own.library.places)


def test_timings_say_where_the_time_went(printing):
    assert re.fullmatch(r"time: (.+ \d+\.\d+ s, )+all \d+\.\d+ s\n", printing.stderr)


def test_every_planned_case_is_in_the_json(printing):
    found = {exercise["name"]: exercise for exercise in json.loads(printing.stdout)["exercises"]}["rectify"]
    planned = re.findall(r"@case.*\ndef (\w+)", RELU.with_name("relu_forward.py").read_text(encoding="utf-8"))

    assert [case["name"] for case in found["cases"]] == [*planned, "leaves_its_arguments_alone"]
    assert {case["state"] for case in found["cases"]} == {"not run"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["a terminal", "NO_COLOR", "a terminal without colours"],
)
def test_colours_are_for_a_terminal_that_wants_them(own, environment, coloured):
    own.write("relu_backward", WRONG)

    seen = in_terminal(own, ["-m", "grader", "grade", "relu_backward"], environment)

    assert "relu_backward: wrong, 0 of 3 points" in seen
    assert ("\x1b[" in seen) == coloured


def in_terminal(course, words, environment):
    """Return what Python shows in a pseudo terminal."""
    master, slave = os.openpty()
    try:
        subprocess.run(
            [sys.executable, *words],
            cwd=course.root,
            env={**courses.ENVIRONMENT, **environment},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            timeout=120,
            check=False,
        )
        return os.read(master, 1 << 16).decode()
    finally:
        os.close(slave)
        os.close(master)


# --- hint, reset, stubs, check -------------------------------------------------------------------------------------


def test_hints_go_one_step_further_each_time(course):
    seen = [course.run("hint", "relu_backward").stdout for _ in range(4)]
    hints = course.library.key("relu_backward").hints

    assert len(hints) == 3
    for step, text in enumerate(seen, start=1):
        for number, hint in enumerate(hints, start=1):
            assert (hint in text) == (number <= step)
    assert [text.splitlines()[-1] for text in seen] == [
        "There are 2 more.", "There is 1 more.", "That was the last one.", "That was the last one.",
    ]  # fmt: skip


def test_reset_brings_the_stub_back_and_keeps_what_was_there(course):
    stub = course.file("relu_backward").read_text()
    course.write("relu_backward", WRONG)

    run = course.run("reset", "relu_backward")

    assert course.file("relu_backward").read_text() == stub
    (kept,) = (course.root / ".grader" / "kept").iterdir()
    assert kept.read_text() == WRONG
    assert str(kept.relative_to(course.root)) in run.stdout


def test_reset_leaves_a_folder_alone(course):
    course.file("rectify").unlink()
    course.file("rectify").mkdir()

    run = course.run("reset", "rectify")

    assert run.returncode == 2
    assert "rectify.py is a folder. Move it away first." in run.stderr
    assert course.file("rectify").is_dir()


def test_stubs_leave_work_alone_and_bring_back_what_is_missing(course):
    stub = course.file("relu_forward").read_text()
    course.file("relu_forward").unlink()
    course.write("relu_backward", WRONG)

    run = course.run("stubs")

    assert run.returncode == 0
    assert course.file("relu_forward").read_text() == stub
    assert course.file("relu_backward").read_text() == WRONG
    assert f"written: assignments/{courses.TOPIC}/relu_forward.py" in run.stdout
    assert "make reset EX=relu_backward" in run.stdout


def test_check_finds_nothing_in_a_fresh_course(whole_course):
    run = whole_course.run("check")

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"{len(whole_course.library.places)} exercises, 0 faults.\n"


def test_check_names_every_file_that_is_not_in_order(course):
    (course.root / "assignments" / "notes.txt").write_text("mine\n")
    (course.root / "solutions" / courses.TOPIC / "broken.py").write_text("def broken(x): pass\n")
    course.file("rectify").unlink()

    run = course.run("check")

    assert run.returncode == 3
    assert "assignments/notes.txt belongs to no exercise." in run.stderr
    assert "broken.py: " in run.stderr
    assert "rectify.py is missing. `make stubs` cuts it." in run.stderr


# --- isolation -----------------------------------------------------------------------------------------------------


def test_below_the_lock_down_the_level_is_said_in_one_line(whole_course):
    run = whole_course.run("grade", "relu_forward", "--isolation", "process")

    assert run.stdout.splitlines()[-1] == "isolation: process. The code ran with your own rights."
    assert run.returncode == 0


def test_nothing_is_graded_below_the_level_that_is_asked_for(whole_course):
    run = whole_course.run("grade", "relu_forward", "--isolation", "kernel+ns", PATH="/nowhere")

    assert run.returncode == 3
    assert "isolation 'kernel+ns' is asked for, and this machine reaches" in run.stderr
    assert run.stdout == ""


# --- progress ------------------------------------------------------------------------------------------------------


def test_what_was_graded_is_progress(course, tmp_path):
    assert "Nothing has been graded yet" in course.run("progress").stdout
    for text in (WRONG, ROBUST):
        course.write("relu_backward", text)
        course.run("grade", "relu_backward")

    text = course.run("progress").stdout
    assert re.search(r"^04_backprop +1 +0 +0 +\d+ +3/\d+", text, re.MULTILINE)
    assert "Your last try: just now." in text
    attempts = json.loads(course.run("progress", "--json").stdout)["attempts"]
    assert [(one["state"], one["case"], one["cause"]) for one in attempts] == [
        *[("wrong", "by_hand", "asks_the_gradient_not_the_input"), ("robust", "", "")]
    ]
    assert course.run("progress", "--csv").stdout.count("\n") == 3


def test_the_picture_of_progress_goes_where_it_is_told_or_says_why_not(course, tmp_path):
    pytest.importorskip("matplotlib")
    drawn = course.run("progress", "--picture", str(tmp_path / "p.svg"))
    assert (tmp_path / "p.svg").read_text().startswith("<?xml")
    assert drawn.returncode == 0

    refused = course.run("progress", "--picture", str(tmp_path / "p.gif"))
    assert refused.returncode == 2
    assert ".png nor in .svg" in refused.stderr


def test_grading_goes_on_where_the_history_cannot_be_written(course):
    (course.root / ".grader" / "history.sqlite").mkdir(parents=True)
    course.write("relu_backward", ROBUST)

    graded = course.run("grade", "relu_backward")

    assert graded.returncode == 0
    assert "robust" in graded.stdout
    assert "grader: the history in .grader/ cannot be used" in graded.stderr
    assert course.run("progress").returncode == 2
