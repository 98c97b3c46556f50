"""`grader class` as a teacher types it: what it asks for, what it says, and what lies there afterwards."""

import csv
import os
import signal
import subprocess
import sys
import time

import pytest

from grader.library import Library
from tests.test_classroom_run import hand_in
from tests.toys import TRIPLE, lay


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    lay(root)
    lay(root, "thrice", TRIPLE.replace("triple", "thrice"), "02_more")
    for name in Library(root).places:
        Library(root).key(name)
    hand_in(root / "in", "anna", triple="right", thrice="adds")
    hand_in(root / "in", "ben", triple="doubles", thrice="stub")
    (root / "roster.csv").write_text("id,name\nben,Ben\nanna,Anna\ncleo,Cleo\n", encoding="utf-8")
    (root / "secret").write_text("0123456789abcdef\n", encoding="utf-8")
    (root / "short").write_text("12345\n", encoding="utf-8")
    return root


def run(root, *words, **more):
    command = [sys.executable, "-m", "grader", "class", *map(str, words)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, **more)


def rows(folder) -> dict[str, dict[str, str]]:
    with open(folder / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_a_class_is_graded_in_the_order_of_its_roster(root, tmp_path):
    done = run(
        root, "in", tmp_path / "out", "--roster", "roster.csv", "--secret-file", "secret", "--isolation", "process"
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "3 students.",
        "1 of them has handed in nothing.",
        f"What the class understood: {tmp_path / 'out' / 'overview.html'}",
        f"Points: {tmp_path / 'out' / 'gradebook.csv'}. Pages for students: {tmp_path / 'out' / 'feedback'}.",
    ]
    found = rows(tmp_path / "out")
    assert [(name, row["points"], row["state"]) for name, row in found.items()] == [
        ("ben", "0.00", "judged"),
        ("anna", "6.00", "judged"),
        ("cleo", "0.00", "nothing handed in"),
    ]
    assert sorted(file.name for file in (tmp_path / "out" / "feedback").iterdir()) == [
        "anna.html",
        "ben.html",
        "cleo.html",
    ]
    assert "feedback/anna.html" in (tmp_path / "out" / "overview.html").read_text(encoding="utf-8")
    assert "0123456789abcdef" not in "".join(
        file.read_text(encoding="utf-8", errors="replace") for file in (tmp_path / "out").rglob("*") if file.is_file()
    )


def test_a_topic_or_an_exercise_alone_can_be_graded(root, tmp_path):
    for options in (("--topic", "02"), ("--exercise", "thrice")):
        out = tmp_path / options[0]
        assert run(root, "in", out, *options, "--isolation", "process").returncode == 0
        assert [name for name in ("triple", "thrice") if name in rows(out)["anna"]] == ["thrice"]


def test_lateness_is_taken_off(root, tmp_path):
    roster = tmp_path / "late.csv"
    roster.write_text("id,handed in\nanna,2026-11-02T12:00+01:00\nben,2026-10-30T12:00+01:00\n", encoding="utf-8")
    late = ["--due", "2026-10-31T23:59+01:00", "--late-per-day", "12,5%", "--late-most", "50"]
    run(root, "in", tmp_path / "out", "--roster", roster, *late, "--isolation", "process")

    found = rows(tmp_path / "out")["anna"]
    assert (found["final"], found["points"], found["kept"], found["days_late"]) == ("4.50", "6.00", "0.75", "2")
    assert found["final_exact"] == "9/2 of 6"


WRONG = {
    "no submissions": (("none", "out"), "none is not there"),
    "no such exercise": (("in", "out", "--exercise", "x"), "there is no exercise 'x'"),
    "no such topic": (("in", "out", "--topic", "77"), "there is no topic '77'. There are: 01_toys, 02_more."),
    "a short secret": (("in", "out", "--secret-file", "short"), "too short to be a secret"),
    "students without a secret": (("in", "out", "--per-student"), "--per-student needs --secret-file"),
    "a time nowhere": (("in", "out", "--due", "2026-10-31T23:59"), "leaves open where"),
    "too much a day": (("in", "out", "--late-per-day", "120"), "not between 0 and 100"),
    "no number": (("in", "out", "--late-per-day", "ten"), "no number of percent"),
    "a roster that is none": (("in", "out", "--roster", "in/anna/assignments/01_toys/triple.py"), "there is no id"),
    "a file for results": (("in", "roster.csv/out"), "nothing can be written"),
    "no scheduler": (("in", "out", "--dask", "nowhere"), "no Dask scheduler answers"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_a_teacher_got_wrong_is_said_in_a_line_or_two(root, kind):
    words, said = WRONG[kind]
    done = run(root, *words)

    assert done.returncode == 2, done.stderr
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 4


def test_two_runs_on_one_folder_are_refused(root, tmp_path):
    from grader.classroom.journal import Journal

    with Journal(tmp_path / "out"):
        done = run(root, "in", tmp_path / "out", "--isolation", "process")

    assert done.returncode == 2
    assert "another run is writing" in done.stderr


def test_ctrl_c_is_said_in_a_word_and_keeps_what_is_graded(root, tmp_path):
    for n in range(60):
        hand_in(tmp_path / "in", f"s{n:02}", triple="right", thrice="adds")
    command = [
        sys.executable,
        "-m",
        "grader",
        "class",
        str(tmp_path / "in"),
        str(tmp_path / "out"),
        "--isolation",
        "process",
    ]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True) as started:
        until = time.monotonic() + 30
        while not (tmp_path / "out" / "journal.sqlite-wal").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1.0)
        os.killpg(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=30)

    assert "Traceback" not in said
    if started.returncode != 0:  # it was not done yet
        kept = "What has been graded is kept. The same command goes on from here."
        assert [line for line in said.splitlines() if line] == [kept, "Stopped."]
    assert run(root, tmp_path / "in", tmp_path / "out", "--isolation", "process").returncode == 0
    assert len(rows(tmp_path / "out")) == 60
