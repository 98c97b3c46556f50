"""A lesson's parts, and what it asks to explain and to play with."""

from pathlib import Path

import pytest

from grader import lessons
from grader.library import find

LIBRARY = find(Path(__file__).parent)


def test_a_part_reaches_to_the_next_heading_of_its_depth():
    lesson = lessons.parse("# T\n\nwhy\n\n## A\n\none\n\n### A1\n\ntwo\n\n## B\n\nthree\n")

    assert lesson.title == "T"
    assert lesson.parts["A"] == "one\n\n### A1\n\ntwo"
    assert lesson.parts["A1"] == "two"
    assert lesson.parts["B"] == "three"


def test_a_comment_in_a_fence_is_no_heading():
    lesson = lessons.parse("## A\n\n```python\n# no heading\n```\n\n~~~~\n```\n# none\n~~~~\n\n## B\n")

    assert list(lesson.parts) == ["A", "B"]


def test_explain_and_play_are_told_apart():
    asked = "- **f.** Explain why\n  it is. Play: try\n  it.\n- **g.** Explain g.\n"
    lesson = lessons.parse(f"## Explain and play\n\nMeans: aloud.\n\n{asked}")

    assert lesson.explain == {"f": "Explain why it is.", "g": "Explain g."}
    assert lesson.play == {"f": "try it."}


@pytest.mark.parametrize("name", LIBRARY.places)
def test_every_exercise_has_something_to_explain_and_to_play_with(name):
    lesson = lessons.of_topic(LIBRARY.root, LIBRARY.places[name].topic)

    assert lesson.explain[name].startswith("Explain")
    assert lesson.play[name]


def test_a_topic_without_a_lesson_has_an_empty_one(tmp_path):
    assert lessons.of_topic(tmp_path, "01_none") == lessons.Lesson("", {}, {}, {})
