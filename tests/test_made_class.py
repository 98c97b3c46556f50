"""The made-up class gets its true scores, every one of its students, in every way in which work comes."""

import csv
from fractions import Fraction

import pytest

from grader.classroom.assistant import Plan
from grader.classroom.hand_ins import assigned, find
from grader.classroom.journal import Journal
from grader.classroom.lateness import Policy, moment
from grader.classroom.pool import Pool
from grader.classroom.record import Record
from grader.classroom.roster import Roster
from grader.classroom.run import Run
from tests import made_class
from tests.test_classroom_run import write

pytestmark = pytest.mark.slow

POLICY = Policy(moment(made_class.DUE), per_day=Fraction(1, 10))


@pytest.fixture(scope="module")
def made(library, tmp_path_factory):
    return made_class.make(library, tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="module")
def records(library, made, tmp_path_factory) -> dict[str, Record]:
    out = tmp_path_factory.mktemp("results")
    plan = Plan(made_class.EXERCISES, "the secret of this class", least="process")
    with Journal(out) as journal, Pool(library.root, plan, 2) as pool:
        pool.prepare(plan.names)
        run = Run(library, plan, assigned(find(made.submissions), Roster.read(made.roster)), journal)
        run.go(pool)
        found = [run.record(one, POLICY)[0] for one in run.students]
    write(out, plan.names, found, lambda record: record.student.id)
    (made.submissions.parent / "gradebook.csv").write_bytes((out / "gradebook.csv").read_bytes())
    return {record.student.id: record for record in found}


def test_every_student_gets_the_true_score(made, records):
    assert {student: record.points for student, record in records.items()} == dict(made.points)


def test_every_student_keeps_what_lateness_leaves(made, records):
    assert {student: record.kept for student, record in records.items()} == dict(made.kept)
    assert Fraction(4, 5) in made.kept.values()


def test_nobody_is_missing_and_nobody_is_not_judged(made, records):
    assert len(records) == made_class.SIZE
    assert not any(record.not_judged for record in records.values())
    assert sum(not record.submission for record in records.values()) == 2


def test_attacks_leave_evidence(records):
    said = [
        line
        for record in records.values()
        for line in (*record.evidence, *(e for v in record.verdicts for e in v.evidence))
    ]

    assert any("ended its process" in line for line in said)
    assert any("may not" in line for line in said)
    assert any("conftest.py" in line for line in said)


def test_the_gradebook_says_the_same(made, records):
    with open(made.submissions.parent / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["id"] for row in rows] == list(records)
    for row in rows:
        assert Fraction(row["points_exact"].split(" of ")[0]) == made.points[row["id"]]
        assert abs(Fraction(row["final"]) - made.points[row["id"]] * made.kept[row["id"]]) <= Fraction(1, 200)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
