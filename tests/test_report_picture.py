"""`make plot`: yours beside the expected answer, whatever yours is."""

import re
import subprocess
import sys

import numpy as np
import pytest

from grader import key as keys
from grader.authoring import AuthoringError
from grader.exercise import load
from grader.outcome import Failed, Returned
from grader.report.picture import draw
from tests.toys import TRIPLE, lay

DRAWING = '''

@picture(case="by_hand")
def dots(axes, arguments, answer):
    """Dots on a line through 0."""
    axes.plot(arguments["x"], answer + 0, "o")
    axes.set_title("dots")
'''
DRAWN = TRIPLE.replace("given, mistake", "given, mistake, picture") + DRAWING


@pytest.fixture
def key(tmp_path):
    return keys.from_bytes(keys.to_bytes(keys.answer(load(lay(tmp_path, text=DRAWN)))))


def drawn(axes):
    """The points of a picture, and its words."""
    return [line.get_xydata().tolist() for line in axes.lines], [text.get_text() for text in axes.texts]


def test_yours_is_drawn_beside_the_expected_answer(key):
    left, right = draw(key, "dots", Returned(np.array([2.0, 4.0]))).axes

    assert drawn(left) == ([[[1.0, 2.0], [2.0, 4.0]]], [])
    assert drawn(right) == ([[[1.0, 3.0], [2.0, 6.0]]], [])
    assert [left.get_title(), right.get_title()] == ["yours: dots", "expected: dots"]
    assert left.get_ylim() == right.get_ylim()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Failed("exception", type="NotImplementedError"), "not written yet"),
        (Failed("timeout"), "no answer"),
        (Returned(None), "cannot be drawn"),
        (Returned(np.zeros(5)), "cannot be drawn"),
    ],
)
def test_the_place_of_an_answer_that_cannot_be_drawn_says_why(key, outcome, words):
    left, right = draw(key, "dots", outcome).axes

    assert words in drawn(left)[1][0]
    assert drawn(right)[0]


def test_a_picture_is_not_in_the_stub_and_needs_no_solution(key, tmp_path):
    subprocess.run([sys.executable, "-m", "grader", "stubs"], cwd=tmp_path, check=True, capture_output=True)

    assert "dots" not in (tmp_path / "assignments" / "01_toys" / "triple.py").read_text(encoding="utf-8")
    assert "3 * x" not in key.drawing


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('case="by_hand"', 'case="two_axes"'), "a case 'two_axes' that is not hidden"),
        (('case="by_hand"', 'case="nowhere"'), "a case 'nowhere' that is not hidden"),
        (('    """Dots on a line through 0."""\n', ""), "a docstring for the picture dots"),
    ],
)
def test_an_author_hears_what_a_picture_lacks(tmp_path, change, words):
    with pytest.raises(AuthoringError, match=re.escape(words)):
        load(lay(tmp_path, text=DRAWN.replace(*change)))


@pytest.fixture
def plotted(tmp_path):
    """What `grader plot triple` does with a body of the function."""
    lay(tmp_path, text=DRAWN)

    def run(body, *options, name="triple"):
        (tmp_path / "assignments" / "01_toys" / "triple.py").write_text(f"def triple(x):\n    {body}\n")
        command = [sys.executable, "-m", "grader", "plot", name, *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return x + 2 * x", "your answer agrees with the expected one"),
        ("return x + x", "In case by_hand: y[1] is 4, expected 6"),
        ("raise NotImplementedError", "Yours is not written yet"),
    ],
)
def test_the_command_writes_a_file_and_says_what_it_shows(plotted, tmp_path, body, words):
    done = plotted(body)

    assert done.returncode == 0
    file, look, said = done.stdout.splitlines()
    assert file == str(tmp_path / ".grader" / "pictures" / "triple_dots.png")
    assert (tmp_path / ".grader" / "pictures" / "triple_dots.png").read_bytes().startswith(b"\x89PNG")
    assert [one.name for one in (tmp_path / ".grader" / "pictures").iterdir()] == ["triple_dots.png"]
    assert look == "  Dots on a line through 0."
    assert words in said


def test_a_picture_goes_where_it_is_wanted_in_the_form_that_is_wanted(plotted, tmp_path):
    plotted("return 3 * x", "--svg", "--to", "here/there")

    assert "<svg" in (tmp_path / "here" / "there" / "triple_dots.svg").read_text(encoding="utf-8")


def test_an_exercise_without_a_picture_says_which_have_one(plotted, tmp_path):
    lay(tmp_path, "three", TRIPLE.replace("triple", "three"))

    done = plotted("return 3 * x", name="three")

    assert done.returncode == 2
    assert "there is no picture of three. There are pictures of: triple." in done.stderr


def test_a_capstone_is_drawn_with_the_learners_own_functions(tmp_path):
    lay(tmp_path)
    capstone = DRAWN.replace("triple", "ninefold").replace("3 x", "9 x").replace("three times x", "nine times x")
    capstone = capstone.replace("import numpy as np\n", "import numpy as np\nfrom assignments import triple\n", 1)
    lay(tmp_path, "ninefold", capstone.replace("return 3 * x\n", "return triple(triple(x))\n"), "13_large")
    head = "from assignments import triple\n\n"
    for name, text in {
        "01_toys/triple": "def triple(x):\n    return x + x + x\n",
        "13_large/ninefold": head + "def ninefold(x):\n    return triple(triple(x))\n",
    }.items():
        (tmp_path / "assignments" / f"{name}.py").write_text(text, encoding="utf-8")

    command = [sys.executable, "-m", "grader", "plot", "ninefold"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "your answer agrees with the expected one" in done.stdout
