"""A class is graded once, all of it, however often the run is ended: nothing twice, nothing lost, nothing forged."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from grader.classroom import ClassError, results
from grader.classroom.assistant import Assistant, Plan, Task, secret_of
from grader.classroom.hand_ins import assigned, find
from grader.classroom.journal import Journal, Mark
from grader.classroom.lateness import Policy
from grader.classroom.pool import Pool
from grader.classroom.run import Run
from grader.library import Library
from tests.toys import TRIPLE, lay

ROOT = Path(__file__).parent.parent
PLAN = Plan(("thrice", "triple"), least="process")
ANSWERS = {
    "right": "return 3 * x",
    "adds": "return x + x + x",
    "doubles": "return 2 * x",
    "raises": "raise ValueError('no')",
    "ends": "import os; os._exit(0)",
    "stub": "raise NotImplementedError",
}
STATES = {"right": "robust", "adds": "robust", "stub": "not started"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of two exercises, with kept keys."""
    root = tmp_path_factory.mktemp("course")
    lay(root)
    lay(root, "thrice", TRIPLE.replace("triple", "thrice"), "02_more")
    library = Library(root)
    for name in library.places:
        library.key(name)
    return library


def hand_in(folder: Path, student: str, **answers: str) -> None:
    for name, kind in answers.items():
        topic = "01_toys" if name == "triple" else "02_more"
        file = folder / student / "assignments" / topic / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"def {name}(x):\n    {ANSWERS[kind]}\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A class of three."""
    hand_in(tmp_path / "in", "anna", triple="right", thrice="adds")
    hand_in(tmp_path / "in", "ben", triple="doubles", thrice="ends")
    hand_in(tmp_path / "in", "cleo", triple="stub")
    return tmp_path / "in"


class Inline:
    """Grades here and now, and notes what it was asked for."""

    def __init__(self, course: Library, plan: Plan = PLAN) -> None:
        self.assistant, self.asked = Assistant(course.root, plan), []

    def prepare(self, names) -> None:
        for name in names:
            self.assistant.prepare(name)

    def grade(self, tasks):
        for task in tasks:
            self.asked.append((task.student, sorted(task.digests)))
            yield task, self.assistant.grade(task)


@pytest.fixture(scope="module")
def inline(course):
    graders = Inline(course)
    yield graders
    graders.assistant.close()


@pytest.fixture
def graders(inline):
    inline.asked.clear()
    return inline


def go(course, folder, out, graders, plan=PLAN, roster=None):
    """Run, and return the records of all students."""
    with Journal(out) as journal:
        run = Run(course, plan, assigned(find(folder), roster), journal)
        run.go(graders)
        return [run.record(one, Policy())[0] for one in run.students]


def write(out: Path, names, records, page) -> None:
    """Write what students and teachers get."""
    list(results.written(out, names, ((record, 0.0) for record in records), page))


def states(records) -> dict[str, list[str]]:
    return {one.student.id: [verdict.state for verdict in one.verdicts] for one in records}


# --- what is graded ------------------------------------------------------------------------------------------------


def test_everybody_gets_what_their_work_is_worth(course, folder, tmp_path, graders):
    records = go(course, folder, tmp_path / "out", graders)

    assert states(records) == {
        "anna": ["robust", "robust"],
        "ben": ["wrong", "wrong"],
        "cleo": ["wrong", "not started"],
    }
    assert [one.points for one in records] == [Fraction(6), Fraction(0), Fraction(0)]
    assert "there is no file" in records[2].verdicts[0].findings[0].message
    assert "ended its process" in records[1].verdicts[0].evidence[0]


def test_what_has_not_changed_is_not_graded_again(course, folder, tmp_path, graders):
    first = go(course, folder, tmp_path / "out", graders)
    graders.asked.clear()

    assert go(course, folder, tmp_path / "out", graders) == first
    assert graders.asked == []


def test_a_changed_exercise_is_graded_again_and_no_other(course, folder, tmp_path, graders):
    go(course, folder, tmp_path / "out", graders)
    graders.asked.clear()
    hand_in(folder, "ben", triple="right")

    records = go(course, folder, tmp_path / "out", graders)
    assert graders.asked == [("ben", ["triple"])]
    assert states(records)["ben"] == ["wrong", "robust"]


def test_somebody_new_is_graded_alone(course, folder, tmp_path, graders):
    go(course, folder, tmp_path / "out", graders)
    graders.asked.clear()
    hand_in(folder, "dora", triple="adds", thrice="stub")

    assert states(go(course, folder, tmp_path / "out", graders))["dora"] == ["not started", "robust"]
    assert graders.asked == [("dora", ["thrice", "triple"])]


def test_a_changed_secret_grades_all_again_and_says_the_same_of_right_answers(course, folder, tmp_path, graders):
    go(course, folder, tmp_path / "out", graders)
    plan = Plan(PLAN.names, "a secret of the class", least="process")
    own = Inline(course, plan)
    try:
        records = go(course, folder, tmp_path / "out", own, plan)
    finally:
        own.assistant.close()

    assert [student for student, _ in own.asked] == ["anna", "ben", "cleo"]
    assert states(records)["anna"] == ["robust", "robust"]


def test_students_have_secrets_of_their_own_where_that_is_asked_for(course, folder, tmp_path):
    plan = Plan(PLAN.names, "a secret of the class", per_student=True, least="process")
    own = Inline(course, plan)
    try:
        records = go(course, folder, tmp_path / "out", own, plan)
    finally:
        own.assistant.close()

    assert len({secret_of(plan, student) for student in ("anna", "ben", "")} | {plan.secret}) == 4
    assert states(records)["anna"] == ["robust", "robust"]
    assert states(records)["ben"] == ["wrong", "wrong"]


def test_below_the_isolation_that_is_asked_for_nothing_runs_and_nobody_is_failed(course, folder, tmp_path):
    low = Inline(course, Plan(PLAN.names, most="process", least="kernel"))

    class Told(Inline):
        def grade(self, tasks):
            for task in tasks:
                try:
                    yield task, self.assistant.grade(task)
                except Exception as fault:
                    yield task, fault

    told = Told(course, Plan(PLAN.names, most="process", least="kernel"))
    try:
        records = go(course, folder, tmp_path / "out", told)
    finally:
        told.assistant.close()
        low.assistant.close()

    assert {state for found in states(records).values() for state in found} == {"not judged"}
    assert "reaches 'process'" in records[0].verdicts[0].findings[0].message


def test_what_nobody_can_tell_is_not_judged(course, tmp_path, graders):
    hand_in(tmp_path / "in", "anna", triple="right")
    (tmp_path / "all.csv").write_text("path,id\nin/anna,1\nin/anna,1\n", encoding="utf-8")
    (record,) = go(course, tmp_path / "all.csv", tmp_path / "out", graders)

    assert [verdict.state for verdict in record.verdicts] == ["not judged", "not judged"]
    assert "nobody knows which counts" in record.verdicts[0].findings[0].message


# --- faults of ours ------------------------------------------------------------------------------------------------


class Failing(Inline):
    """Fails for some students the first time, or always."""

    def __init__(self, course, always: bool) -> None:
        super().__init__(course)
        self.always, self.failed = always, set()

    def grade(self, tasks):
        for task in tasks:
            self.asked.append((task.student, sorted(task.digests)))
            if task.student == "anna" and (self.always or "anna" not in self.failed):
                self.failed.add("anna")
                yield task, OSError("no space left")
            else:
                yield task, self.assistant.grade(task)


@pytest.mark.parametrize("always", [False, True])
def test_a_fault_of_ours_is_tried_again_and_is_never_a_zero(course, folder, tmp_path, always):
    own = Failing(course, always)
    try:
        records = go(course, folder, tmp_path / "out", own)
        expected = ["not judged"] * 2 if always else ["robust"] * 2
        assert states(records)["anna"] == expected
        assert [student for student, _ in own.asked] == ["anna", "ben", "cleo", "anna"]

        own.always = False
        assert states(go(course, folder, tmp_path / "out", own))["anna"] == ["robust", "robust"]
    finally:
        own.assistant.close()


# --- the journal ---------------------------------------------------------------------------------------------------

MARK = Mark("triple", "d", "kernel", 0.5, {"state": "robust"})


def test_a_journal_remembers(tmp_path):
    with Journal(tmp_path) as journal:
        journal.keep("anna", [MARK])
    with Journal(tmp_path) as journal:
        assert journal.marks("anna") == {"triple": MARK}
        assert journal.digests("anna") == {"triple": "d"}
        assert journal.digests("ben") == {}


def test_two_runs_at_once_are_refused(tmp_path):
    with Journal(tmp_path), pytest.raises(ClassError, match="another run is writing"):
        Journal(tmp_path)
    Journal(tmp_path).close()


def test_a_damaged_journal_and_one_of_another_version_are_refused(tmp_path):
    Journal(tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "journal.sqlite")) as base:
        base.execute("PRAGMA user_version = 7")
    with pytest.raises(ClassError, match="another version"):
        Journal(tmp_path)
    (tmp_path / "journal.sqlite").write_bytes(b"nonsense" * 1000)
    with pytest.raises(ClassError, match="Move it away"):
        Journal(tmp_path)


def test_a_place_where_nothing_can_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ClassError, match="nothing can be written"):
        Journal(tmp_path / "file" / "out")


def test_a_full_disk_loses_nothing(tmp_path):
    with Journal(tmp_path) as journal:
        journal.keep("anna", [MARK])
        journal._base.execute(f"PRAGMA max_page_count = {journal._base.execute('PRAGMA page_count').fetchone()[0]}")
        large = Mark("triple", "d", "kernel", 0.5, {"state": "x" * 100_000})
        with pytest.raises(ClassError, match="is full"):
            journal.keep("ben", [large])
    with Journal(tmp_path) as journal:
        assert journal.marks("anna") == {"triple": MARK}
        assert journal.marks("ben") == {}


# --- processes -----------------------------------------------------------------------------------------------------


def test_workers_on_all_cores_say_what_one_says(course, folder, tmp_path, graders):
    here = go(course, folder, tmp_path / "here", graders)
    with Pool(course.root, PLAN, 2) as pool:
        pool.prepare(PLAN.names)
        there = go(course, folder, tmp_path / "there", pool)

    assert [(one.student, one.verdicts) for one in there] == [(one.student, one.verdicts) for one in here]


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_tasks_in_flight_and_these_are_tried_again(course, folder, tmp_path):
    for n in range(12):
        hand_in(folder, f"more{n:02}", triple="right", thrice="adds")
    with Pool(course.root, PLAN, 2) as pool:
        killed = []

        class Killing:
            def grade(self, tasks):
                for number, done in enumerate(pool.grade(tasks)):
                    yield done
                    if number in (2, 5):
                        victim = next(iter(pool._executor._processes))
                        killed.append(victim)
                        os.kill(victim, signal.SIGKILL)

        records = go(course, folder, tmp_path / "out", Killing())

    assert len(killed) == 2
    found = states(records)
    assert len(found) == 15
    assert all(found[f"more{n:02}"] == ["robust", "robust"] for n in range(12))


SCRIPT = """
import sys
from pathlib import Path
from tests.test_classroom_run import PLAN, go
from grader.classroom.pool import Pool
from grader.library import Library

if __name__ == "__main__":
    course = Library(Path(sys.argv[1]))
    with Pool(course.root, PLAN, 2) as pool:
        print("begun", flush=True)
        go(course, Path(sys.argv[2]), Path(sys.argv[3]), pool)
"""


def _written(course, folder: Path, out: Path, graders) -> dict[str, bytes]:
    """All that students and teachers get of a run."""
    records = go(course, folder, out, graders)
    write(out, PLAN.names, records, lambda record: f"page of {record.student.id}")
    return {
        str(f.relative_to(out)): f.read_bytes()
        for f in sorted(out.rglob("*"))
        if f.is_file() and "journal" not in f.name
    }


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_moment_goes_on_and_comes_to_the_same(course, folder, tmp_path, graders):
    kinds = list(ANSWERS)
    chance = random.Random(7)
    for n in range(30):
        hand_in(folder, f"more{n:02}", triple=kinds[n % len(kinds)], thrice=kinds[n // 2 % len(kinds)])
    whole = _written(course, folder, tmp_path / "whole", graders)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    out = tmp_path / "out"
    for _ in range(4):
        command = [sys.executable, str(script), str(course.root), str(folder), str(out)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
            assert run.stdout.readline() == b"begun\n"
            time.sleep(chance.uniform(0.1, 1.2))
            run.kill()
    graders.asked.clear()

    assert _written(course, folder, out, graders) == whole
    assert len({student for student, _ in graders.asked}) == len(graders.asked)


# --- what is written -----------------------------------------------------------------------------------------------


def test_files_about_students_have_safe_names_and_no_two_the_same():
    ids = [
        "anna",
        "Anna",
        "ANNA",
        "../x",
        "..",
        "",
        "a/b",
        "a\\b",
        "con\n",
        "x" * 300,
        "zoë",
        "a.",
        "a",
        ".hidden",
        "a~1",
    ]
    names = [results.file_name(one) for one in ids]

    assert names[0] == "anna"
    assert len({name.casefold() for name in names}) == len(ids)
    for name in names:
        assert name.isascii()
        assert len(name) <= 80
        assert not set(name) & set('/\\:*?"<>|\n ')
        assert not name.startswith(".")
        assert not name.endswith(".")


def test_what_cannot_be_written_is_said_and_nothing_half_is_left(tmp_path, course, folder, graders):
    records = go(course, folder, tmp_path / "out", graders)
    (tmp_path / "out" / "records").write_text("a file where a folder should be")

    with pytest.raises(ClassError, match="cannot be written"):
        write(tmp_path / "out", PLAN.names, records, lambda record: "")
    assert not (tmp_path / "out" / "gradebook.csv").exists()


def test_a_gradebook_that_could_not_be_finished_leaves_the_old_one(tmp_path, course, folder, graders):
    records = go(course, folder, tmp_path / "out", graders)
    write(tmp_path / "out", PLAN.names, records, lambda record: "")
    before = (tmp_path / "out" / "gradebook.csv").read_bytes()

    def stops():
        yield records[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out", PLAN.names, stops(), lambda record: "")
    assert (tmp_path / "out" / "gradebook.csv").read_bytes() == before
    assert not list((tmp_path / "out").glob(".*"))


def test_a_record_on_disk_is_the_record(tmp_path, course, folder, graders):
    from grader.classroom.record import from_plain

    records = go(course, folder, tmp_path / "out", graders)
    write(tmp_path / "out", PLAN.names, records, lambda record: "")

    kept = [json.loads(file.read_text()) for file in sorted((tmp_path / "out" / "records").iterdir())]
    assert [from_plain(one) for one in kept] == records


def test_what_is_about_nobody_of_this_run_is_put_aside(tmp_path, course, folder, graders):
    records = go(course, folder, tmp_path / "out", graders)
    write(tmp_path / "out", PLAN.names, records, lambda record: "page")
    gone, *rest = records

    write(tmp_path / "out", PLAN.names, rest, lambda record: "page")

    out, name = tmp_path / "out", results.file_name(gone.student.id)
    for part, ending in (("records", "json"), ("feedback", "html")):
        assert {file.stem for file in (out / part).iterdir()} == {
            results.file_name(record.student.id) for record in rest
        }
        assert [file.name for file in (out / "former" / part).iterdir()] == [f"{name}.{ending}"]


def test_a_task_holds_no_key_and_no_secret(course, folder, tmp_path):
    plan = Plan(PLAN.names, "a secret of the class", least="process")
    with Journal(tmp_path / "out") as journal:
        run = Run(course, plan, assigned(find(folder), None), journal)
        task = run._task(run.students[0])

    assert isinstance(task, Task)
    assert plan.secret not in repr(task)
