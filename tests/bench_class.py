"""What a class costs: `python -m tests.bench_class [STUDENTS]`, 1,000 if nothing is said, which takes a while.

Submissions an hour, memory, and whether twice as many take twice as long; two workers of a Dask cluster beside two
processes; and, of 1,000 or more, 100,000 results that nobody graded, through journal and gradebook.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from grader.classroom import feedback, overview, results
from grader.classroom.assistant import Plan
from grader.classroom.hand_ins import assigned, find
from grader.classroom.journal import Journal, Mark
from grader.classroom.lateness import Policy
from grader.classroom.pool import Pool
from grader.classroom.record import Record, Student
from grader.classroom.run import Graders, Run
from grader.library import Library
from grader.report import json as report
from tests import made_records
from tests.answers import answer

ROOT = Path(__file__).parent.parent
EXERCISES = (
    "relu_forward", "relu_backward", "affine_forward", "affine_backward", "dropout_forward", "dropout_backward",
    "batchnorm_forward", "layernorm_forward", "softmax_loss", "sigmoid", "variance", "one_hot", "svm_loss",
    "sgd_momentum", "calibrate_threshold",
)  # fmt: skip


def lay(library: Library, folder: Path, students: int) -> None:
    """Lay out a class: three of four answers are right, the others known mistakes that are not slow on purpose."""
    chance, texts = random.Random(1), dict[tuple[str, str], str]()
    right = {name: ["", *(v.name for v in library.exercise(name).alternatives)] for name in EXERCISES}
    wrong = {name: [v.name for v in library.exercise(name).mistakes] for name in EXERCISES}
    for number in range(students):
        for name in EXERCISES:
            variant = chance.choice(right[name] if chance.random() < 0.75 else wrong[name])
            if (name, variant) not in texts:
                texts[name, variant] = answer(library.places[name].solution, variant)
            file = folder / f"s{number:06}" / library.places[name].assignment.relative_to(library.root)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(texts[name, variant], encoding="utf-8")


def graded(library: Library, folder: Path, out: Path, graders: Graders) -> float:
    """Grade a class and write all about it; return the seconds."""
    started = time.perf_counter()
    with Journal(out) as journal:
        run = Run(library, Plan(EXERCISES), assigned(find(folder), None), journal)
        run.go(graders)
        found = (run.record(one, Policy()) for one in run.students)
        assert overview.page(results.written(out, EXERCISES, found, feedback.page))
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    if "--simulated" in sys.argv:
        simulate(int(sys.argv[-1]))
        return
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    library = Library(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay(library, folder / "half", students // 2)
        lay(library, folder / "whole", students)
        with Pool(library.root, Plan(EXERCISES), 2) as pool:
            pool.prepare(EXERCISES)
            half = graded(library, folder / "half", folder / "out half", pool)
            before = _peak()
            whole = graded(library, folder / "whole", folder / "out whole", pool)
            again = graded(library, folder / "whole", folder / "out whole", pool)
        print(f"{students} submissions of {len(EXERCISES)} exercises on 2 processes: {students / whole:.1f} a second")
        print(f"twice as many take {whole / half:.2f} times as long (2 would be linear)")
        print(f"once more, nothing changed: {again / whole:.3f} of that")
        print(f"the coordinator's memory: {before:.0f} MB for half of them, {_peak():.0f} MB for all")
        _dask(library, folder, half)
    if students >= 1000:
        _simulated()


def _dask(library: Library, folder: Path, local: float) -> None:
    try:
        from distributed import LocalCluster

        from grader.classroom.cluster import Cluster
    except ImportError:
        print("Dask is not installed.")
        return
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as dask,
        Cluster(dask.scheduler_address, library, Plan(EXERCISES)) as cluster,
    ):
        cluster.prepare(EXERCISES)
        there = graded(library, folder / "half", folder / "out dask", cluster)
    print(f"two workers of a Dask cluster take {there / local:.2f} times as long as two processes (to reach 1.15)")


def _simulated() -> None:
    """Put results that nobody graded through the journal and the gradebook, each number in a process of its own."""
    (few, short), (many, long) = (_of_its_own(students) for students in (10_000, 100_000))
    print(
        f"100,000 results through journal and gradebook: {many:.0f} MB, {few:.0f} MB for 10,000; "
        f"{long / short:.1f} times as long (10 would be linear)"
    )


def _of_its_own(students: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench_class", "--simulated", str(students)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    memory, seconds = done.stdout.split()
    return float(memory), float(seconds)


def simulate(students: int) -> None:
    """Do so for one number of students; print the peak of memory in MB, and the seconds."""
    verdicts = [made_records.verdict(name, "right") for name in made_records.NAMES]
    marks = [Mark(one.name, "d", "kernel", 0.1, report.record(one)) for one in verdicts]
    ids = (f"s{number:06}" for number in range(students))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, Journal(Path(name)) as journal:

        def found() -> Iterator[tuple[Record, float]]:
            for student in ids:
                journal.keep(student, marks)
                kept = journal.marks(student)
                own = tuple(report.verdict(kept[mark.exercise].verdict) for mark in marks)
                yield Record(Student(student), "x", "", 0, Fraction(1), "kernel", own), 0.3

        seen = results.written(Path(name), made_records.NAMES, found(), feedback.page)
        assert overview.page(seen)
        print(_peak(), time.perf_counter() - started)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
