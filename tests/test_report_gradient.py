"""The picture of a gradient check: a map of the entries and a V-curve, said in words as well, from the key alone."""

import subprocess
import sys

import numpy as np
import pytest

from grader import key as keys
from grader.exercise import load
from grader.gradcheck.pictures import trusted
from grader.outcome import Failed, Returned
from grader.report import gradient
from tests.toys import TRIPLE, lay

# A loss with a kink at 0, bent elsewhere, and its gradient.
BENT = '''"""A bent loss, and its gradient.

Maths. loss = sum_i |x_i| + x_i^3.

Source: made up for tests.
"""

import numpy as np

from grader.authoring import Gradient, alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=1,
    returns=["loss", "dx"],
    hints=["Entry by entry.", "Cubes become squares."],
    why="The slope of a sum is the sum of the slopes, so each entry has one of its own.",
    lesson="A lesson",
    checks=[Gradient(part="dx", wrt="x")],
)
def bent(x):
    """Return the sum of |x| + x^3 and its gradient.

    Args:
        x: float array, any shape.

    Returns:
        A float and a float array, the shape of x; any value between the slopes of both sides where x is 0.
    """
    return float(np.sum(np.abs(x) + x**3)), np.sign(x) + 3 * x**2


@case
def by_hand(rng):
    return {"x": np.array([1.0, -2.0])}


@case
def table(rng):
    return {"x": np.array([[1.0, -2.0, 0.5], [2.0, 1.5, -1.0]])}


@case(edge=True)
def at_zero(rng):
    return {"x": np.array([1.0, 0.0, -2.0])}


@case(hidden=True)
def hidden_case(rng):
    return {"x": np.array([1.0, -2.0, 0.5])}


@alternative
def differently(x):
    return float(np.sum(np.abs(x)) + np.sum(x**3)), np.where(x < 0, -1.0, 1.0) + 3 * x**2


@mistake
def forgets_the_kink(x):
    """Where is |x|?"""
    return float(np.sum(np.abs(x) + x**3)), 3 * x**2


@mistake
def forgets_three(x):
    """Where is the 3?"""
    return float(np.sum(np.abs(x) + x**3)), np.sign(x) + x**2
'''


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    return keys.from_bytes(keys.to_bytes(keys.answer(load(lay(root, "bent", BENT)))))


def right(x):
    return np.sign(x) + 3 * x**2


def seen(key, dx):
    """What is looked at when a function answers `dx(x)` for the gradient."""
    answers = {
        case.name: (Returned((0.0, dx(case.arguments[0]))),) if callable(dx) else (dx,) for case in key.gradients
    }
    return gradient.worst(key, answers)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def drawn_curve(key, one):
    """Steps and heights of the learner's curve."""
    curve = gradient.draw(key, one).axes[1].lines[0]
    return curve.get_xdata(), curve.get_ydata()


def test_a_right_gradient_draws_a_v(key):
    steps, heights = drawn_curve(key, seen(key, right))

    bottom = np.argmin(heights)
    assert heights[bottom] < 1e-9
    assert heights[0] > 1e3 * heights[bottom]
    assert heights[-1] > 1e-2
    assert 1e-8 < steps[bottom] < 1e-3


def test_a_wrong_gradient_draws_a_plateau(key):
    one = seen(key, lambda x: 2 * right(x))

    _, heights = drawn_curve(key, one)
    first, last = trusted(one.slope.climbed(one.gradient)[1])

    assert heights[first : last + 1] == pytest.approx(1.0, rel=1e-5)


def test_the_three_regions_are_named(key):
    found = " ".join(texts(gradient.draw(key, seen(key, right))))

    assert all(word in found for word in ("rounding", "trustworthy", "truncation"))


def test_the_words_say_what_the_curve_shows(key):
    assert "The curve is a V" in gradient.said(seen(key, right))
    assert "The curve is flat: yours stays 1 times the slope away" in gradient.said(seen(key, lambda x: 2 * right(x)))


def test_a_wrong_entry_is_marked_and_has_its_numbers_in_the_picture_and_in_words(key):
    def off(x):
        dx = right(x)
        dx[..., -1] += 0.25 * (x.ndim == 2)
        return dx

    one = seen(key, off)
    figure = gradient.draw(key, one)

    assert one.case == "table"
    assert [text for text in texts(figure) if text.startswith("×")] == ["×\n+0.25", "×\n+0.25"]
    assert "2 of 6 entries of dx are wrong; at x[0, 2] yours is 2, the slope 1.75" in gradient.said(one)
    assert any("at x[1, 2] yours is 2.25, the slope 2" in text for text in texts(figure))


def test_a_kink_is_marked_where_it_is_right_and_where_it_is_wrong(key):
    above = seen(key, lambda x: np.where(x == 0, 3.0, right(x)))

    assert "k" in texts(gradient.draw(key, seen(key, right)))
    assert "×k\n+2" in texts(gradient.draw(key, above))
    assert "at x[1] yours is 3, the slope between -1 and 1 (a kink)" in gradient.said(above)
    assert "The curve is a V" in gradient.said(above)
    assert "The entries at a kink, which have no one slope, are not in it." in gradient.said(above)


def test_a_case_with_a_wrong_core_entry_comes_before_one_with_a_kink(key):
    assert seen(key, right).case == "at_zero"
    assert seen(key, lambda x: -right(x)).case in ("by_hand", "table")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Failed("exception", type="NotImplementedError"), "not written yet"),
        (Failed("timeout"), "no answer"),
        (Returned(3.0), "your answer has no part dx"),
        (Returned((1.0, np.zeros(9))), "your dx has shape (9,), it needs"),
        (Returned((1.0, "text")), "your dx holds no real numbers"),
    ],
)
def test_the_place_of_a_gradient_that_is_not_there_says_why(key, answer, words):
    one = seen(key, answer)

    assert any(words in text for text in texts(gradient.draw(key, one)))
    assert words in gradient.said(one)
    assert "A right gradient draws the dashed V" in gradient.said(one)


def test_what_is_not_finite_is_marked(key):
    one = seen(key, lambda x: right(x) * np.nan)

    assert next(text for text in texts(gradient.draw(key, one)) if text.startswith("×")) == "×\n+nan"
    assert "yours is nan" in gradient.said(one)


def test_a_hidden_case_has_no_ladder_and_no_picture(key):
    ladders = {case.name: case.checks[0].ladder.steps.size for case in key.cases}

    assert ladders.pop("hidden_case") == 0
    assert all(size > 15 for size in ladders.values())
    assert [case.name for case in key.gradients] == ["by_hand", "table", "at_zero"]


def test_where_the_last_step_is_the_best_no_step_is_too_long():
    assert trusted(np.array([1e-3, 1e-7, 1e-12, 1e-15])).tolist() == [2, 3]


def test_one_lucky_step_is_not_trusted():
    errors = np.array([1e-2, 1e-15, 1e-3, 1e-4, 1e-8, 1e-10, 1e-9, 1e-5, 1e-3])

    assert trusted(errors).tolist() == [5, 5]


def test_the_command_draws_the_gradient_and_says_what_it_shows(tmp_path):
    lay(tmp_path, "bent", BENT)
    lay(tmp_path, "triple", TRIPLE)
    body = "import numpy as np\ndef bent(x):\n    return np.sum(np.abs(x) + x**3), np.sign(x) + x**2\n"
    (tmp_path / "assignments" / "01_toys" / "bent.py").write_text(body, encoding="utf-8")

    def plot(name):
        command = [sys.executable, "-m", "grader", "plot", name]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    done, none = plot("bent"), plot("triple")

    assert done.returncode == 0, done.stderr
    file, look, said = done.stdout.splitlines()
    assert file == str(tmp_path / ".grader" / "pictures" / "bent_gradient.png")
    assert (tmp_path / ".grader" / "pictures" / "bent_gradient.png").read_bytes().startswith(b"\x89PNG")
    assert "a right gradient draws a V" in look
    assert "entries of dx are wrong" in said
    assert none.returncode == 2
    assert "There are pictures of: bent." in none.stderr
