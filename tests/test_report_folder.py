"""A learner's own work as pages in a folder: every exercise, the words of the terminal, links that lead somewhere."""

import os
import re
from pathlib import Path

import pytest

from grader.report.folder import write
from grader.report.text import FACES
from tests import pages
from tests.made_records import NAMES, verdict

VERDICTS = [verdict(name, state) for name, state in zip(NAMES, ("robust", "wrong", "not started"), strict=True)]


@pytest.fixture
def folder(tmp_path):
    write(VERDICTS, lambda name: f"assignments/{name}.py", "process", tmp_path / "new" / "report")
    return tmp_path / "new" / "report"


def test_there_is_a_page_for_all_and_one_for_each_topic(folder):
    names = {"index.html", "04_backprop.html", "05_losses_optim.html", "08_calibration.html"}

    assert {file.name for file in folder.iterdir()} == names
    for file in folder.iterdir():
        assert pages.faults(file.read_text(encoding="utf-8")) == []


def test_the_first_page_has_the_points_of_every_topic_and_links_that_lead_there(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")

    rows = pages.table(pages.described(pages.parsed(text), "Topics"))
    assert rows[1:] == [
        ["04_backprop", "3/3", "1 robust"],
        ["05_losses_optim", "1/3", "1 wrong"],
        ["08_calibration", "0/3", "1 not started"],
    ]
    assert "points 4 of 9 points" in pages.said(pages.parsed(text))
    assert "The code ran with your own rights." in text
    for target in re.findall(r'href="\./([^"]+)"', text):
        assert (folder / target).is_file()


def test_an_exercise_is_told_with_its_file(folder):
    said = pages.said(pages.parsed((folder / "05_losses_optim.html").read_text(encoding="utf-8")))

    assert "assignments/softmax_loss.py" in said
    assert "Likely cause: The mask follows the sign of dout." in said
    assert "make hint EX=softmax_loss" in said


def test_the_command_writes_what_was_graded(course, tmp_path):
    course.write("relu_backward", "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n")

    run = course.run("report", "--to", str(tmp_path / "report"))

    assert run.returncode == 0, run.stderr
    assert run.stdout == f"Open it in a browser: {tmp_path / 'report' / 'index.html'}\n"
    rows = pages.table(pages.described(pages.parsed(_read(tmp_path / "report" / "04_backprop.html")), _TABLE))
    assert ["relu_backward", f"{FACES['wrong']} wrong", "0/3"] in rows
    assert len(rows) == 1 + sum(place.topic == "04_backprop" for place in course.library.places.values())


_TABLE = "Every exercise of the topic, its state and its points"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_where_nothing_can_be_written_the_command_says_so(course, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    run = course.run("report", "--to", str(tmp_path / "taken"))

    assert run.returncode == 2
    assert f"cannot be written: {os.strerror(17)}. Choose another place: --to" in run.stderr
