"""What a learner has tried is kept, whatever happens while it is written."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from grader.history import History, HistoryError, latest, tries
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict
from grader.outcome import Failed

ROOT = Path(__file__).parent.parent
CASES = (
    CaseVerdict("by_hand", "core", False, "failed"),
    CaseVerdict("both_signs", "core", False, "passed"),
    CaseVerdict("nothing", "edge", False, "passed"),
)
WRONG = Verdict(
    *("triple", "01_toys", "Triple", "wrong", 3, CASES),
    findings=(Finding("by_hand", "value", "out[0] is 2 and should be 3"),),
    diagnosis=Diagnosis("mistake", "doubles", "That is twice x."),
)
ROBUST = replace(
    WRONG, state="robust", cases=tuple(replace(c, state="passed") for c in CASES), findings=(), diagnosis=None
)
UNTOUCHED = replace(WRONG, state="not started", findings=(), diagnosis=None)


def test_an_attempt_is_kept_with_its_time_finding_and_diagnosis(tmp_path):
    History(tmp_path).record([(WRONG, "2 * x")], now=1000.0)

    (found,) = History(tmp_path).attempts()
    assert (found.name, found.topic, found.state, found.first, found.last, found.times) == (
        *("triple", "01_toys", "wrong"),
        *(1000.0, 1000.0, 1),
    )
    assert (found.case, found.check, found.finding) == ("by_hand", "value", "out[0] is 2 and should be 3")
    assert (found.cause, found.cause_said) == ("doubles", "That is twice x.")
    assert (found.passed, found.cases, found.points, found.max_points) == (2, 3, Fraction(2), 3)


def test_the_same_text_with_the_same_verdict_is_the_same_attempt(tmp_path):
    history = History(tmp_path)
    history.record([(WRONG, "2 * x")], now=1.0)
    history.record([(WRONG, "2 * x")], now=2.0)
    history.record([(WRONG, "x * 2")], now=3.0)
    history.record([(ROBUST, "x * 2")], now=4.0)

    assert [(a.first, a.last, a.times, a.state) for a in history.attempts("triple")] == [
        *[(1.0, 2.0, 2, "wrong"), (3.0, 3.0, 1, "wrong")],
        (4.0, 4.0, 1, "robust"),
    ]
    assert latest(history.attempts())["triple"].state == "robust"


def test_what_nobody_has_begun_is_left_out_until_it_is_a_step_back(tmp_path):
    history = History(tmp_path)
    history.record([(UNTOUCHED, "stub")])
    assert not (tmp_path / ".grader").exists()

    history.record([(WRONG, "2 * x"), (replace(UNTOUCHED, name="other"), "stub")])
    history.record([(UNTOUCHED, "stub")])

    assert [(a.name, a.state) for a in history.attempts()] == [("triple", "wrong"), ("triple", "not started")]
    assert history.attempts("other") == []


def test_tries_count_the_texts_that_met_the_same_finding_last(tmp_path):
    history = History(tmp_path)
    other = replace(WRONG, findings=(Finding("both_signs", "value", "another"),), diagnosis=None)
    for number, verdict in enumerate([other, WRONG, WRONG]):
        history.record([(verdict, f"text {number}")])
    assert tries(history.attempts("triple")) == 2

    history.record([(replace(WRONG, findings=(replace(WRONG.findings[0], message="other numbers"),)), "text 9")])
    assert tries(history.attempts("triple")) == 3

    history.record([(ROBUST, "3 * x")])
    assert tries(history.attempts("triple")) == 0
    assert tries([]) == 0


def test_a_file_that_cannot_be_read_and_half_characters_are_attempts_like_others(tmp_path):
    message = "ValueError: \ud800"
    torn = replace(WRONG, findings=(Finding(None, "source", message),))
    History(tmp_path).record([(torn, Failed("source", message="it is no text")), (WRONG, "x = '\ud800'")])

    assert [a.finding for a in History(tmp_path).attempts()] == [
        *["ValueError: \\ud800", "out[0] is 2 and should be 3"]
    ]


def test_a_damaged_history_is_put_aside_and_a_new_one_begun(tmp_path):
    file = tmp_path / ".grader" / "history.sqlite"
    file.parent.mkdir()
    file.write_bytes(b"no database at all, but longer than its head, which has a hundred bytes" * 9)

    History(tmp_path).record([(WRONG, "2 * x")])

    assert len(History(tmp_path).attempts()) == 1
    (aside,) = file.parent.glob("history.damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"no database")


def test_a_history_that_is_torn_in_the_middle_is_put_aside(tmp_path):
    history = History(tmp_path)
    history.record([(replace(WRONG, name=f"e{n}"), f"text {n}") for n in range(500)])
    file = tmp_path / ".grader" / "history.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    history.record([(WRONG, "2 * x")])

    assert len(history.attempts()) == 1
    assert len(list(file.parent.glob("history.damaged-*"))) == 1


def test_a_history_of_a_newer_grader_is_left_alone(tmp_path):
    History(tmp_path).record([(WRONG, "2 * x")])
    file = tmp_path / ".grader" / "history.sqlite"
    base = sqlite3.connect(file)
    base.execute("PRAGMA user_version = 99")
    base.close()
    before = file.read_bytes()

    with pytest.raises(HistoryError, match="newer grader"):
        History(tmp_path).record([(ROBUST, "3 * x")])
    assert file.read_bytes() == before


def test_where_nothing_can_be_written_the_reason_is_said(tmp_path):
    (tmp_path / ".grader").write_text("a file where a folder should be")

    with pytest.raises(HistoryError, match="Everything else works without it"):
        History(tmp_path).record([(WRONG, "2 * x")])


# What another process does, so that it can be killed or kept from writing.
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from grader.history import History, HistoryError
from tests.test_history import WRONG
history = History(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    history.record([(replace(WRONG, name=f"e{n}"), f"{sys.argv[3]} {number}") for n in range(5)])
    print(number, flush=True)
"""


def _writer(root: Path, runs: int, who: str, **options) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(root), str(runs), who]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_two_graders_at_once_lose_nothing(tmp_path):
    both = [_writer(tmp_path, 40, who) for who in ("a", "b")]
    assert [writer.wait(timeout=60) for writer in both] == [0, 0], both[0].stderr

    assert len(History(tmp_path).attempts()) == 2 * 40 * 5
    for writer in both:
        writer.communicate()


def test_a_grader_that_is_killed_has_written_whole_runs(tmp_path):
    for kill in range(3):
        with _writer(tmp_path, 10_000, f"run {kill}") as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline()
            time.sleep(0.02 * kill)
            writer.send_signal(signal.SIGKILL)
            told = [0, *(int(line) for line in writer.stdout if line.endswith("\n"))]
        found = [a for a in History(tmp_path).attempts("e0") if a.times]
        assert len(History(tmp_path).attempts()) == 5 * len(found)
        assert len(found) >= max(told) + 1
    assert not list((tmp_path / ".grader").glob("history.damaged-*"))


def test_on_a_full_disk_what_stood_there_still_stands(tmp_path):
    with _writer(tmp_path, 3, "before") as writer:
        assert writer.wait(timeout=60) == 0
    size = (tmp_path / ".grader" / "history.sqlite").stat().st_size

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))

    with _writer(tmp_path, 500, "full", preexec_fn=full) as writer:
        assert writer.stderr is not None
        said = writer.stderr.read()
        assert writer.wait(timeout=60) == 1
    assert "HistoryError: the history in .grader/ cannot be used" in said

    attempts = History(tmp_path).attempts()
    assert len(attempts) % 5 == 0
    assert len(attempts) >= 15
    with _writer(tmp_path, 1, "after", env={**os.environ}) as writer:
        assert writer.wait(timeout=60) == 0
    assert len(History(tmp_path).attempts()) == len(attempts) + 5
