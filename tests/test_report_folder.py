"""A learner's own work as pages in a folder: the map, topics, lessons and exercises, links that lead somewhere."""

import base64
import os
import re
from pathlib import Path

import pytest

from grader.report.text import FACES
from tests import pages

WRONG = "def relu_backward(dout, cache):\n    print('half way')\n    return dout * (dout > 0)\n"
AFFINE = """
def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(len(x), w.shape[0])
    return (dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0)
"""
RIGHT = "import numpy as np\n\n\ndef relu_forward(x):\n    return np.maximum(0, x), x\n"
LESSON = """# 04 Backpropagation

Before `relu_backward`, see [topic 05](../05_losses_optim/README.md) and [elsewhere](https://example.org/).

## ReLU

```math
y = \\max(0, x)
```

![Two curves.](curves.svg)

![Not there.](../../secret.svg)
"""


@pytest.fixture(scope="module")
def written(whole_course, tmp_path_factory):
    from tests import courses

    course = courses.copy(whole_course, tmp_path_factory.mktemp("written"))
    lesson = course.root / "assignments" / "04_backprop" / "README.md"
    lesson.write_text(LESSON, encoding="utf-8")
    (lesson.parent / "curves.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (course.root / "secret.svg").write_text("<svg/>", encoding="utf-8")
    course.write("relu_backward", WRONG)
    course.write("relu_forward", RIGHT)
    course.write("affine_backward", AFFINE)
    course.run("hint", "relu_backward")
    run = course.run("report", "--to", str(course.root / "new" / "report"))
    assert run.returncode == 0, run.stderr
    assert run.stdout == f"Open it in a browser: {course.root / 'new' / 'report' / 'index.html'}\n"
    return course


@pytest.fixture
def folder(written):
    return written.root / "new" / "report"


def read(file: Path):
    return pages.parsed(file.read_text(encoding="utf-8"))


def test_there_is_a_map_and_a_page_for_each_topic_lesson_and_exercise(written, folder):
    places = written.library.places
    topics = {place.topic for place in places.values()}

    names = {file.name for file in folder.iterdir()}

    assert names == {
        "index.html",
        *(f"{topic}.html" for topic in topics),
        *(f"lesson-{topic}.html" for topic in topics),
        *(f"exercise-{name}.html" for name in places),
    }


def test_every_page_is_well_formed_harmless_and_leads_to_pages_that_are_there(folder):
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")

        assert pages.faults(text) == [], file.name
        for target in re.findall(r'href="\./([^"#]+)"', text):
            assert (folder / target).is_file(), f"{file.name} leads to {target}"


def test_the_map_has_every_exercise_with_its_state_in_words(written, folder):
    tree = read(folder / "index.html")

    said = pages.said(tree)
    assert "relu_backward wrong" in said
    assert "relu_forward robust" in said
    assert said.count(" not started") >= len(written.library.places) - 2
    assert "go on with relu_backward" in said


def test_a_topics_page_has_its_exercises_in_a_table_and_tells_of_what_has_begun(folder):
    tree = read(folder / "04_backprop.html")

    rows = pages.table(pages.described(tree, "Exercises"))
    assert next(row for row in rows if row[0] == "relu_backward")[1:3] == [f"{FACES['wrong']} wrong", "0/3"]
    said = pages.said(tree)
    assert "assignments/04_backprop/relu_backward.py" in said
    assert "Likely cause: The mask follows the sign of dout." in said


def test_an_exercises_page_has_all_that_there_is_to_know_of_it(folder):
    tree = read(folder / "exercise-relu_backward.html")

    said = pages.said(tree)
    assert "ReLU hands a positive input on unchanged" in said
    assert len(pages.every(tree, "math")) == 1
    assert "nudging x[1] moves the loss at rate -6" in said
    assert "half way" in said
    assert "return dout * (dout > 0)" in pages.visible(tree)
    assert "2 hints left" in said
    assert f"{FACES['wrong']} wrong 0/3 points, 2 of 7 cases pass in case by_hand: nudging" in said


def test_a_picture_of_the_answer_is_in_the_page_itself(folder):
    sources = [one.get("src", "") for one in read(folder / "exercise-relu_backward.html").iter("img")]

    assert {base64.b64decode(source.partition(",")[2])[:4] for source in sources} == {b"\x89PNG"}


def test_a_gradient_has_its_picture_where_the_author_has_drawn_none(written, folder):
    assert not written.library.key("affine_backward").pictures

    tree = read(folder / "exercise-affine_backward.html")

    assert [one.get("src", "")[:22] for one in tree.iter("img")] == ["data:image/png;base64,"]
    assert "The curve is a V" in pages.said(tree)


def test_other_right_answers_are_shown_beside_a_robust_one_alone(folder):
    assert "Other right answers" in pages.said(read(folder / "exercise-relu_forward.html"))
    for name in ("relu_backward", "affine_forward"):
        assert "Other right answers" not in pages.said(read(folder / f"exercise-{name}.html"))


def test_a_lesson_has_its_formulas_and_pictures_and_leads_to_nobody_else(folder):
    tree = read(folder / "lesson-04_backprop.html")

    targets = {one.get("href") for one in tree.iter("a")} - {"#main"}
    assert targets == {
        "./index.html",
        "./04_backprop.html",
        "./exercise-relu_backward.html",
        "./lesson-05_losses_optim.html",
    }
    assert "elsewhere" in pages.said(tree)
    (picture,) = tree.iter("img")
    assert picture.get("alt") == "Two curves."
    assert base64.b64decode(picture.get("src", "").partition(",")[2]).startswith(b"<svg")
    assert "Not there." in pages.said(tree)


def test_where_nothing_can_be_written_the_command_says_so(course, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    run = course.run("report", "--to", str(tmp_path / "taken"))

    assert run.returncode == 2
    assert f"cannot be written: {os.strerror(17)}. Choose another place: --to" in run.stderr
