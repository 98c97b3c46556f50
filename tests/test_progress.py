"""Progress is told from the history: by topic, over time, what was hard, what waits."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import StringIO

import pytest

from grader.history import Attempt
from grader.progress import csv_text, json_text, lines, summary
from grader.progress.text import ago

DAY = 86400.0
WORTH = {"one": ("00_first", 2), "two": ("00_first", 3), "three": ("01_then", 8)}


def attempt(name: str, state: str, points: str = "0", day: float = 0.0, **others) -> Attempt:
    text = f"{name} {state} {day}"
    found = Attempt(
        *(name, WORTH[name][0] if name in WORTH else "09_gone", text, day * DAY, day * DAY, 1, state),
        *(Fraction(points), 3, 1, 3, "by_hand", "value", "out[0] is 2", "", ""),
    )
    return replace(found, **others)


def day_of(at: float) -> date:
    return datetime.fromtimestamp(at, UTC).date()


HISTORY = [
    *(attempt("one", "wrong", day=0 + n / 10) for n in range(4)),
    attempt("one", "robust", "2", day=1),
    attempt("two", "right", "8/3", day=1.5),
    attempt("two", "not judged", day=1.6),
    attempt("two", "wrong", "1/3", day=3),
    attempt("three", "blocked", day=3.5),
    attempt("gone", "robust", "99", day=4),
]
FOUND = summary(HISTORY, WORTH, day_of)


def test_topics_count_the_newest_state_of_every_exercise():
    first, then = FOUND.topics
    assert (first.name, first.states) == ("00_first", {"robust": 1, "right": 0, "wrong": 1, "not started": 0})
    assert (first.points, first.max_points) == (2 + Fraction(1, 3), 5)
    assert (then.states["not started"], then.points, then.max_points) == (1, 0, 8)
    assert (FOUND.points, FOUND.max_points) == (2 + Fraction(1, 3), 13)


def test_the_points_of_a_day_are_those_at_its_end_and_a_fault_of_ours_takes_none():
    assert [(one.day.day, one.points) for one in FOUND.days] == [
        (1, 0),
        (2, 2 + Fraction(8, 3)),
        (4, 2 + Fraction(1, 3)),
    ]


def test_hard_is_what_took_several_wrong_texts():
    assert [(one.name, one.wrong, one.done) for one in FOUND.hard] == [("one", 4, True)]


def test_begun_and_not_right_is_listed_the_last_tried_first():
    assert [(one.name, one.state) for one in FOUND.waiting] == [("three", "blocked"), ("two", "wrong")]
    assert FOUND.last == 3.5 * DAY


def test_a_course_without_a_history_has_all_of_its_topics():
    nothing = summary([], WORTH, day_of)

    assert [topic.name for topic in nothing.topics] == ["00_first", "01_then"]
    assert nothing.last is None
    (only,) = lines(nothing, 0.0)
    assert "make grade" in only.text


def test_the_text_says_all_of_it_without_colour():
    text = "\n".join(line.text for line in lines(FOUND, 5 * DAY))

    assert "2.33 of 13 points" in text
    assert "1970-01-02     4.67" in text
    assert "one: 4 wrong texts, right by now" in text
    assert "two: wrong, 2 days ago" in text
    assert "Your last try: 1 day ago." in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (7199, "1 hour ago"), (47 * 3600, "1 day ago")],
)
def test_how_long_ago_is_said_in_the_largest_unit_that_fits(seconds, said):
    assert ago(seconds) == said


def test_an_export_holds_every_attempt_exactly():
    rows = list(csv.DictReader(StringIO(csv_text(HISTORY))))
    objects = json.loads(json_text(HISTORY))

    assert len(rows) == len(objects["attempts"]) == len(HISTORY)
    assert objects["version"] == 1
    assert rows[5]["points"] == objects["attempts"][5]["points"] == "8/3"
    assert rows[4]["first"] == objects["attempts"][4]["first"] == "1970-01-02T00:00:00+00:00"


def test_what_a_learners_code_said_is_no_formula_in_a_spreadsheet():
    hostile = attempt("one", "wrong", finding='=HYPERLINK("http://x")')

    assert next(csv.DictReader(StringIO(csv_text([hostile]))))["finding"].startswith("'=")


def test_the_picture_says_its_numbers(tmp_path):
    pytest.importorskip("matplotlib")
    from grader.progress.picture import draw

    figure = draw(FOUND)
    figure.savefig(tmp_path / "progress.png")

    over_time, by_topic = figure.axes
    assert [float(y) for y in over_time.lines[0].get_ydata()] == pytest.approx([0, 0, 14 / 3, 7 / 3])
    assert [text.get_text().strip() for text in over_time.texts] == ["2.33"]
    assert [text.get_text() for text in by_topic.texts if text.get_text()] == ["1", "1", "1"]
    assert draw(summary([], WORTH, day_of)).axes
