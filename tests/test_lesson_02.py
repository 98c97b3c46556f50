"""The numbers in the lesson on measured derivatives, computed anew."""

import re
from pathlib import Path

import numpy as np
import pytest

TOPIC = Path(__file__).parent.parent / "assignments" / "02_calculus"
TEXT = (TOPIC / "README.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())  # a sentence may be broken anywhere


def says(*sentences: str) -> bool:
    return all(sentence in FLAT for sentence in sentences)


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with `head`."""
    lines = TEXT[TEXT.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def cube(x):
    return x * x * x


def one_side(h):
    return (cube(2 + h) - 8) / h


def both_sides(h):
    return (cube(2 + h) - cube(2 - h)) / (2 * h)


def s(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def test_the_chords_of_the_cube_have_the_slopes_of_the_lesson():
    assert [one_side(h) for h in (1, 0.5)] == [19, 15.25]
    assert [both_sides(h) for h in (1, 0.5)] == [13, 12.25]
    assert round(one_side(0.1), 10) == 12.61
    assert (cube(2.5), cube(2.5) - 8) == (15.625, 7.625)
    assert says("its slope is 19", "the slope 15.25", "it is 12.61", "f is 15.625, the rise is 7.625")
    assert says("h = 1 has slope 19", "0.5 has 15.25", "from 1 to 3 the slope is 13", "from 1.5 to 2.5 it is 12.25")


def test_the_errors_of_both_quotients_are_those_of_the_table():
    for cell, one, both in rows("h | error to one side | error to both sides"):
        h = float(cell)
        assert (one, both) == (f"{abs(one_side(h) - 12):.1e}", f"{abs(both_sides(h) - 12):.1e}")


def test_the_bottom_of_the_v_lies_where_the_lesson_says():
    h = np.cbrt(8 * 1.11e-16 / 2)
    steps = np.logspace(-12, -1, 1000)
    sum_of_arms = steps**2 + 8.9e-16 / steps

    assert says("h³ = 4.4e-16 and h = 7.6e-6")
    assert f"{h**3:.1e} {h:.1e}" == "4.4e-16 7.6e-06"
    assert steps[np.argmin(sum_of_arms)] == pytest.approx(7.6e-6, rel=0.05)
    assert np.finfo(float).eps / 2 == pytest.approx(1.1e-16, rel=0.01)
    assert abs(both_sides(1e-5) / 12 - 1) < 1e-10


def test_the_lowest_points_of_the_picture_are_where_its_text_says():
    h = np.array([float(f"{m}e{k}") for k in range(-15, 0) for m in (1, 1.33, 1.78, 2.37, 3.16, 4.22, 5.62, 7.5)])
    one, both = np.abs(one_side(h) - 12), np.abs(both_sides(h) - 12)

    assert 5e-9 < h[np.argmin(one)] < 2e-8
    assert f"{one.min():.0e}" == "4e-08"
    assert both[(h >= 1e-6) & (h <= 1e-5)].max() < 1e-9
    assert both[(h < 2e-7) | (h > 1e-4)].min() > 1e-9
    assert says("near h = 1e-8 with an error of 4e-8", "below 1e-9 from h = 1e-6 to h = 1e-5")


def test_the_gradient_by_hand_is_that_of_the_lesson():
    def f(x):
        return x[0] ** 2 + x[1] ** 2

    assert (f([1.5, 2]), f([0.5, 2]), f([1, 2.5]), f([1, 1.5])) == (6.25, 4.25, 7.25, 3.25)
    assert says("6.25 - 4.25 = 2", "7.25 - 3.25 = 4")


def test_a_float_does_not_come_back_and_an_integer_has_no_room():
    x, whole = np.array([0.3]), np.array([3])
    x[0] += 0.1
    x[0] -= 2 * 0.1
    x[0] += 0.1
    whole[0] = 3 + 1e-5

    assert repr(float(x[0])) == "0.30000000000000004"
    assert whole[0] == 3
    assert says("it is 0.30000000000000004")


def test_a_reshaped_transpose_is_a_copy():
    x = np.ones((2, 3))

    assert np.shares_memory(x, x.reshape(-1))
    assert not np.shares_memory(x.T, x.T.reshape(-1))


def test_a_million_weights_take_five_and_a_half_hours():
    seconds = 2 * 1_000_000 * 0.010

    assert seconds / 3600 == pytest.approx(5.5, abs=0.1)
    assert says("a million weights", "10 milliseconds", "five and a half hours")


def test_the_check_with_a_slip_finds_it(library):
    gradient, error = (library.exercise(name).reference for name in ("eval_numerical_gradient", "rel_error"))
    names: dict = {}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], names)

    measured = gradient(names["f"], names["x"].copy())

    assert names["right"].tolist() == [12, 9]
    assert names["slip"].tolist() == [6, 9]
    assert error(measured, names["right"]) < 1e-10
    assert error(measured, names["slip"]) == pytest.approx(6 / 18, rel=1e-6)
    assert np.argmax(np.abs(measured - names["slip"])) == 0
    assert says("6 / 18 = 0.33")


def test_kinks_are_measured_as_the_lesson_says():
    def ramp(x):
        return max(x, 0.0)

    def slope(f, x, h=0.25):
        return (f(x + h) - f(x - h)) / (2 * h)

    assert (slope(ramp, 0.0), slope(abs, 0.0), slope(ramp, 0.125), ramp(0.125 + 0.25)) == (0.5, 0, 0.75, 0.375)
    assert says("(0.375 - 0) / 0.5 = 0.75")


def test_the_sigmoid_has_the_values_of_the_lesson():
    assert (f"{np.exp(2):.2f}", f"{s(2):.4f}", f"{1 - s(2):.4f}") == ("7.39", "0.8808", "0.1192")
    assert (f"{s(4) * (1 - s(4)):.4f}", f"{s(10) * (1 - s(10)):.7f}") == ("0.0177", "0.0000454")
    assert max(s(x) * (1 - s(x)) for x in np.linspace(-5, 5, 101)) == s(0) * (1 - s(0)) == 0.25
    assert says("odds of 7.39 to 1, s = 0.8808", "1 - s(2) = 0.1192", "0.0177 at 4, 0.0000454 at 10")


def test_floats_give_out_where_the_lesson_says():
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isfinite(np.exp(709.0))
        assert np.isinf(np.exp(710.0))
        assert np.isnan(np.exp(1000.0) / (1 + np.exp(1000.0)))
    assert round(s(-30) / s(-40) / 1000) == 22
    assert 1 - s(40) == 0
    assert f"{s(-40):.3e}" == "4.248e-18"
    assert round(float(np.log(s(-40)))) == -40
    assert says("22 thousand times", "the right answer is 4.248e-18", "e^709", "e^710")


def test_the_two_answers_of_the_play_are_a_third_and_a_tenth(library):
    error = library.exercise("rel_error").reference

    assert error(np.array([1.0]), np.array([2.0])) == pytest.approx(1 / 3)
    assert error(np.array([1e-9]), np.array([2e-9])) == pytest.approx(0.1)


def test_the_table_lists_the_topics_exercises(library):
    listed = {row[0].strip("`"): row[1:3] for row in rows("exercise | difficulty")}
    files = sorted((TOPIC.parent.parent / "solutions" / TOPIC.name).glob("*.py"))

    assert sorted(listed) == [file.stem for file in files]
    for name, (difficulty, points) in listed.items():
        exercise = library.exercise(name)
        assert (str(exercise.difficulty), str(exercise.points)) == (difficulty, points)
