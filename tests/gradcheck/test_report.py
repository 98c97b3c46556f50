"""A report: message, notebook, truth value, data, pictures."""

import importlib.util
import re
import sys

import numpy as np
import pytest

from grader.gradcheck import check_gradient
from grader.gradcheck.pictures import REGIONS

X = np.random.default_rng(60).normal(size=(3, 4))


def total(x):
    return np.sum(np.sin(x))


def off_in_two(x):
    g = np.cos(x)
    g[0, 1] += 1
    g[2, 3] -= 2
    return g


RIGHT, WRONG = check_gradient(total, np.cos, X), check_gradient(total, off_in_two, X)
UNJUDGED = check_gradient(lambda x: total(x) + 1e20, np.cos, X)


def test_its_truth_value_is_the_verdict():
    assert RIGHT
    assert not WRONG


def test_what_is_not_judged_is_neither_true_nor_false():
    with pytest.raises(ValueError, match="neither True nor False"):
        bool(UNJUDGED)


def test_the_message_begins_with_the_verdict_and_the_cost():
    for report, word in ((RIGHT, "Right"), (WRONG, "Wrong"), (UNJUDGED, "Not judged")):
        first = str(report).splitlines()[0]

        assert first.startswith(word)
        assert f"{report.evaluations} calls of f" in first
        assert f"{report.gradient_calls} of the gradient" in first


def test_the_message_lists_the_worst_entry_first_with_both_numbers_and_the_bar():
    nudged = [line for line in str(WRONG).splitlines() if "nudging" in line]

    assert [re.search(r"x\[\d, \d\]", line).group() for line in nudged] == ["x[2, 3]", "x[0, 1]"]
    shown = re.search(r"rate (\S+) \(\+- (\S+)\), yours says (\S+)", nudged[0])
    true, bar, yours = map(float, shown.groups())
    assert true == pytest.approx(np.cos(X[2, 3]), abs=3 * bar + 1e-5)
    assert yours == pytest.approx(np.cos(X[2, 3]) - 2, rel=1e-5)


def test_the_message_counts_the_wrong_entries():
    assert "2 of 12 measured entries are wrong (12 in all)" in str(WRONG)


def test_two_numbers_that_differ_never_print_as_equal():
    def hardly_off(x):
        g = np.cos(x)
        g[1, 1] *= 1 + 3e-6
        return g

    line = next(line for line in str(check_gradient(total, hardly_off, X)).splitlines() if "nudging" in line)
    true, yours = re.search(r"rate (\S+) \(.*yours says (\S+)", line).groups()

    assert true != yours


def test_the_data_say_the_same_as_the_message():
    (block,) = WRONG.blocks

    assert np.argwhere(block.wrong).tolist() == [[0, 1], [2, 3]]
    assert np.all(block.right.astype(int) + block.wrong + block.unjudged == 1)
    assert np.array_equal(block.gradient, off_in_two(X))
    assert np.all(np.abs(block.slopes.value - np.cos(X)) <= 3 * block.slopes.bound)
    assert np.all(block.slopes.bound[block.slopes.judged] < 1e-4)


def test_a_right_report_has_its_resolution():
    assert 0 <= RIGHT.resolution < 1e-5
    assert RIGHT.explanation is None
    assert RIGHT.blocks[0].right.all()


def test_an_unjudged_report_says_what_to_try():
    assert UNJUDGED.blocks[0].unjudged.all()
    assert "Try" in str(UNJUDGED)


def test_a_wrong_report_without_an_explanation_says_what_to_do_next():
    assert WRONG.explanation is None
    assert "Next" in str(WRONG)


def test_a_notebook_shows_the_message_and_escapes_it():
    def f(x):
        return np.sin(x)

    html = WRONG._repr_html_()
    odd = check_gradient(f, lambda x, u: np.cos(x), X, names=["<b>"])._repr_html_()

    assert html.startswith("<b>Wrong")
    assert "nudging x[2, 3]" in html
    assert "<b>[" not in odd


def test_an_array_function_is_spoken_of_as_weighed():
    text = str(check_gradient(np.sin, lambda x, u: 2 * u * np.cos(x), X))

    assert "sum(upstream * f)" in text


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")
@pytest.mark.parametrize(
    ("report", "regions"),
    [
        (RIGHT, set(REGIONS)),
        (WRONG, {"trustworthy"}),
        (UNJUDGED, set()),
    ],
    ids=["right", "wrong", "not judged"],
)
def test_the_pictures_name_the_regions_and_the_verdict(report, regions):
    import matplotlib

    matplotlib.use("Agg")
    figure = report.plot()
    texts = [text.get_text() for axes in figure.axes for text in (*axes.texts, axes.title)]

    assert len(figure.axes) >= 2
    assert any(report.verdict in text for text in texts)
    assert regions <= set(texts)


def test_without_matplotlib_the_picture_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    with pytest.raises(ImportError, match="pip install matplotlib"):
        WRONG.plot()
