"""A lesson's parts, and what it asks to explain and to play with."""

import re
from pathlib import Path

import pytest

from grader import lessons
from grader.library import find

LIBRARY = find(Path(__file__).parent)
NOT_TEACHING = ("The exercises", "Explain and play", "When you are stuck", "Stuck?", "Reading", "Data")


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


@pytest.mark.parametrize("name", LIBRARY.places)
def test_every_exercise_names_the_part_of_its_lesson_that_teaches_it(name):
    exercise = LIBRARY.exercise(name)

    part = lessons.of_topic(LIBRARY.root, exercise.topic).parts[exercise.lesson]

    assert len(part) > 300  # a part to learn from, not a bare heading
    assert exercise.lesson not in NOT_TEACHING


@pytest.mark.parametrize("name", LIBRARY.places)
def test_every_exercise_says_why_it_works_in_a_breath(name):
    why = LIBRARY.exercise(name).why

    sentences = re.split(r"(?<=[.?]) ", why)  # not at "!", which is a factorial
    assert 1 <= len(sentences) <= 2
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(why) <= 240
    assert why == " ".join(why.split())  # one line


def test_a_topic_without_a_lesson_has_an_empty_one(tmp_path):
    assert lessons.of_topic(tmp_path, "01_none") == lessons.Lesson("", {}, {}, {})
