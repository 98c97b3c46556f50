"""The numbers in the lessons, computed anew."""

import re
from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt

LESSONS = Path(__file__).parent.parent / "assignments"


def lesson(topic: str) -> str:
    return (LESSONS / topic / "README.md").read_text(encoding="utf-8")


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line begins with `head`."""
    lines = text[text.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(text: str) -> list[float]:
    return [float(found.replace(" ", "")) for found in re.findall(r"-?\d[\d ]*(?:\.\d+)?", text)]


@pytest.mark.parametrize(("scores", "column"), [("p", 1), ("q", 2)])
def test_the_costs_of_blocking_payments_are_those_of_the_lesson(scores, column):
    text = lesson("08_calibration")
    drawn: dict = {"np": np}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], drawn)
    score, fraud = drawn[scores], drawn["y"]
    *fixed, best = [row[column] for row in rows(text, "threshold | cost with p")]

    def cost(threshold: float) -> int:
        blocked = score >= threshold
        return int(np.sum(blocked & ~fraud) + 20 * np.sum(~blocked & fraud))

    assert [numbers(cell)[0] for cell in fixed] == [cost(t) for t in (np.inf, 0.9, 0.5, 1 / 21)]
    found, at = numbers(best)
    near = score[np.abs(score - at) < 1e-3]
    assert found == min(cost(t) for t in near)
    assert abs(min(near, key=cost) - at) <= 5e-5
    assert f"{100 * fraud.mean():.1f} % of them frauds" in text


def test_no_threshold_is_cheaper_than_the_one_of_the_lesson():
    drawn: dict = {"np": np}
    exec(re.findall(r"```python\n(.*?)```", lesson("08_calibration"), re.DOTALL)[0], drawn)
    order = np.argsort(-drawn["p"])

    costs = np.cumsum(np.where(drawn["y"][order], -20, 1)) + 20 * drawn["y"].sum()

    assert costs.min() == 38953


def test_the_staircase_of_costs_is_that_of_the_lesson():
    table = rows(lesson("08_calibration"), "threshold | blocked")
    scores, fraud = np.array([0.9, 0.6, 0.3, 0.1, 0.05]), np.array([1, 0, 0, 1, 0])

    for row, threshold in zip(table, [np.inf, *scores], strict=True):
        blocked = scores >= threshold
        fp, fn = np.sum(blocked & (fraud == 0)), np.sum(~blocked & (fraud == 1))
        assert [numbers(cell)[0] for cell in row[2:]] == [fp, fn, fp + 20 * fn]


def test_the_steps_down_the_softmax_loss_are_those_of_the_lesson():
    x = np.array([1.0, 2.0, 3.0])

    for step, scores, loss in rows(lesson("05_losses_optim"), "step | scores"):
        p = np.exp(x) / np.exp(x).sum()
        assert numbers(scores) == [round(value, 3) for value in x]
        assert float(loss) == round(-np.log(p[0]), 3), step
        x = x - (p - [1, 0, 0])


def test_the_surprises_are_those_of_the_lesson():
    text = lesson("05_losses_optim")
    head = text[text.index("| p of the right class") :].split("\n\n")[0].splitlines()
    p, surprise = ([float(cell) for cell in line.strip("|").split("|")[1:]] for line in (head[0], head[2]))

    assert surprise == [round(-np.log(value), 3) + 0.0 for value in p]


def test_floats_give_out_where_the_lesson_says():
    with np.errstate(over="ignore", under="ignore"):
        assert np.isfinite(np.exp(709.0))
        assert np.isinf(np.exp(710.0))
        assert np.exp(-745.0) > 0 == np.exp(-746.0)
        assert np.isfinite(np.exp(np.float32(88)))
        assert np.isinf(np.exp(np.float32(89)))


@pytest.mark.parametrize("topic", sorted(file.parent.name for file in LESSONS.glob("*/README.md")))
def test_formulas_reach_the_reader_as_they_were_written(topic):
    """Between dollars GitHub reads Markdown first, takes the backslash from \\, and makes _ a slant; a fence is left
    alone."""
    fences = [token for token in MarkdownIt().parse(lesson(topic)) if token.type == "fence" and token.info == "math"]

    assert fences
    assert "$" not in re.sub(r"```.*?```|`[^`]*`", "", lesson(topic), flags=re.DOTALL)
    for fence in fences:
        assert fence.content.count("{") == fence.content.count("}")


TOPICS = sorted(file.parent.name for file in LESSONS.glob("*/README.md"))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_lesson_lists_its_exercises_with_difficulty_and_points(topic, library):
    listed = {cells[0].strip("`"): cells[1:3] for cells in rows(lesson(topic), "exercise | difficulty")}

    for name, place in library.places.items():
        if place.topic == topic:
            exercise = library.exercise(name)
            assert listed.pop(name) == [str(exercise.difficulty), str(exercise.points)], name
    assert not listed


@pytest.mark.parametrize("topic", TOPICS)
def test_a_lesson_has_a_question_and_a_game_for_each_exercise_and_something_to_read(topic, library):
    text = " ".join(lesson(topic).split())

    assert "## Reading" in text
    for name, place in library.places.items():
        if place.topic == topic:
            entry = text[text.index(f"- **{name}.**") :]
            entry = entry[: entry.find(" - **", 5)] if " - **" in entry[5:] else entry.split(" ## ")[0]
            assert "Explain" in entry, name
            assert "Play:" in entry, name
