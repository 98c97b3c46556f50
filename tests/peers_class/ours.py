"""A class graded by us, as `grader class` does, in a program of its own: from hand-ins to records and gradebook.

Pages of feedback and the overview are left out, since nobody beside us writes any.

    python -m tests.peers_class.ours JOBS LEVEL FOLDER OUT

FOLDER holds a folder for every submission. OUT gets journal, records and gradebook, and `told.json`: by submission its
points and its states, and the level of isolation that was reached.
"""

import json
import sys
from pathlib import Path
from typing import Any

from grader.classroom import results
from grader.classroom.assistant import Plan
from grader.classroom.hand_ins import assigned, find
from grader.classroom.journal import Journal
from grader.classroom.lateness import Policy
from grader.classroom.pool import Pool
from grader.classroom.record import Record
from grader.classroom.run import Run
from grader.library import Library
from tests.peers_class.assignment import POINTS

ROOT = Path(__file__).parent.parent.parent


def main(jobs: str, level: str, folder: str, out: str) -> None:
    """Grade a folder of submissions."""
    found = graded(Library(ROOT), Path(folder), Path(out), int(jobs), level)
    (Path(out) / "told.json").write_text(json.dumps(found))


def graded(library: Library, folder: Path, out: Path, jobs: int, level: str = "kernel") -> dict[str, Any]:
    """Grade a folder of submissions and write all that a class gets; return what each of them got."""
    plan = Plan(tuple(POINTS), most=level, least="process")
    with Journal(out) as journal, Pool(library.root, plan, jobs) as pool:
        run = Run(library, plan, assigned(find(folder), None), journal)
        run.go(pool)
        records = (run.record(one, Policy()) for one in run.students)
        written = results.written(out, plan.names, records, lambda record: record.student.id)
        return {record.student.id: _told(record) for record, _ in written}


def _told(record: Record) -> dict[str, Any]:
    states = {verdict.name: verdict.state for verdict in record.verdicts}
    return {"points": float(record.points), "states": states, "isolation": record.isolation}


if __name__ == "__main__":
    main(*sys.argv[1:])
