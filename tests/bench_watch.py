"""From save to verdict, through a pseudo-terminal: how long a learner waits in `make watch`.

    python -m tests.bench_watch [ROUNDS]

Every round saves another text (wrong and right in turn) and waits until its verdict stands on the screen. Beside it:
the same function called in this process at every case of the key.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from grader.library import Library
from tests import courses
from tests.answers import answer

NAMES = ("relu_backward", "softmax_loss", "calibrate_threshold")
ROUNDS = 20


def measure(rounds: int = ROUNDS) -> list[tuple[str, float, float, float]]:
    """Return of some exercises: name, median and 95th percentile of the seconds from save to verdict, bare seconds."""
    with tempfile.TemporaryDirectory() as folder:
        sources = {
            f"{place.topic}/{name}": place.solution
            for name, place in Library(courses.ROOT).places.items()
            if name in (*NAMES, "relu_forward")
        }
        course = courses.make(Path(folder), sources)
        return [(name, *_waited(course, name, rounds), _bare(course, name)) for name in NAMES]


def _waited(course: courses.Course, name: str, rounds: int) -> tuple[float, float]:
    right = answer(course.library.places[name].solution)
    texts = {"robust": right, "wrong": f"{right}\n\ndef {name}(*arguments):\n    return 0.0\n"}
    shell = pexpect.spawn(
        sys.executable,
        ["-m", "grader", "watch", name],
        cwd=str(course.root),
        env={**courses.ENVIRONMENT, "TERM": "xterm-256color"},
        dimensions=(60, 120),
        encoding="utf-8",
        timeout=120,
    )
    shell.expect_exact("q: quit")
    seconds = []
    for number in range(rounds):
        state = ("wrong", "robust")[number % 2]
        time.sleep(0.2)
        started = time.perf_counter()
        course.write(name, f"{texts[state]}# {number}\n")
        shell.expect_exact(f"{name}: {state}")
        seconds.append(time.perf_counter() - started)
        shell.expect_exact("q: quit")
    shell.send("q")
    shell.expect(pexpect.EOF)
    shell.close()
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def _bare(course: courses.Course, name: str) -> float:
    """Return the seconds of calling the reference once at every case."""
    exercise, key = course.library.exercise(name), course.library.key(name)
    function = exercise.reference
    plays = [arguments for case in key.cases for arguments in case.plays]
    started = time.perf_counter()
    for arguments in plays:
        with contextlib.suppress(Exception):  # a case may ask for one
            function(*arguments)
    return time.perf_counter() - started


def main(words: list[str]) -> None:
    """Print a line for each exercise."""
    for name, median, late, bare in measure(int(words[0]) if words else ROUNDS):
        print(
            f"{name}: from save to verdict {median:.3f} s at the median (to reach: 0.300), {late:.3f} s at the 95th "
            f"percentile (to reach: {0.15 + 2 * bare:.3f}, twice a bare call and 0.15 s)"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
