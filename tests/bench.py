"""`make bench`: what a learner waits for, as ratios within one run, so that the machine's own speed cancels.

The unit is `python -c "import numpy, scipy.special"`. Every figure is the median over rounds, in each of which
everything is measured once, one after the other. Then: what a worker costs; how long a save waits for its verdict; how
often the gradient checker errs, and others beside it.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import bench_watch, bench_workers
from tests.answers import answer
from tests.gradcheck import table

ROOT = Path(__file__).parent.parent
ROUNDS = 7
KEYS = """
import time
from pathlib import Path
from grader.library import Library
from grader import key
library = Library(Path.cwd())
exercises = [library.exercise(name) for name in library.places]
started = time.perf_counter()
for exercise in exercises:
    key.answer(exercise)
print(time.perf_counter() - started)
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        names = _answered(course)
        one, some = [sys.executable, "-m", "grader", "grade", names[0]], [sys.executable, "-m", "grader", "grade"]
        _seconds(some, course)  # the first run makes the keys
        rounds = [_round(one, some, course) for _ in range(ROUNDS)]
    unit, first, every, keys = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"the unit, importing numpy and scipy.special: {unit:.3f} s (median of {ROUNDS})")
    _row("one exercise, cold, keys cached", first / unit, "units", 2.0)
    _row(f"all {len(names)} exercises, cold, keys cached", every / first, "times one", 8.0)
    _row("each of them beside the first", (every - first) / (len(names) - 1) / unit, "units", 0.07)
    _row("a key anew", keys / len(names) / unit, "units", 0.67)
    submission, more, lock, call = bench_workers.measure()
    _row("a submission: fork, lock, load, 3 calls, exit", submission, "times a bare fork and exit", 2.5)
    _row("another file in the same process: load, 3 calls", more, "times a bare fork and exit", 1.0)
    _row("the lock-down in a submission", 100 * lock, "%", 10.0)
    _row("a call on an array of shape (10, 12)", call, "times an empty round trip", 2.0)
    print("\nFrom save to verdict in `make watch`, through a pseudo-terminal\n")
    bench_watch.main([])
    print("\nThe gradient checker, on a part of its battery (all of it: python -m tests.gradcheck.table)\n")
    table.main(["--quick"])
    print("\nOthers' rules on the same functions\n")
    table.main(["--peers"])


def _answered(course: Path) -> list[str]:
    """Lay out a course in which every exercise is answered rightly; return the names."""
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(course / "solutions" / "13_capstones")  # they train networks, and take what that takes
    solutions = sorted((course / "solutions").glob("*/*.py"))
    for solution in solutions:
        file = course / "assignments" / solution.parent.name / solution.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(answer(solution), encoding="utf-8")
    return ["relu_backward", *(s.stem for s in solutions if s.stem != "relu_backward")]


def _round(one: list[str], some: list[str], course: Path) -> tuple[float, float, float, float]:
    unit = _seconds([sys.executable, "-c", "import numpy, scipy.special"], course)
    keys = subprocess.run([sys.executable, "-c", KEYS], cwd=course, check=True, capture_output=True, text=True).stdout
    return unit, _seconds(one, course), _seconds(some, course), float(keys)


def _seconds(command: list[str], course: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    return time.perf_counter() - started


def _row(what: str, value: float, unit: str, target: float) -> None:
    verdict = "holds" if value <= target else "missed"
    print(f"{what}: {value:.2f} {unit} (to reach: {target:g}; {verdict})")


if __name__ == "__main__":
    main()
