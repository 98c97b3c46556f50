"""Wears workers out: `python -m tests.soak` plays 1,500 sessions and kills a grader, or its workers' parent, 50 times.

Everything is asked of the system from outside: descriptors, memory and processes in /proc, files on the disk. Each part
returns the sentences that say what was wrong; none, where all is well.
"""

import ctypes
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from tests.processes import PATIENCE, children, gone, until

SESSIONS, MOMENTS = 1500, 50
# Python's own memory comes in pieces of 1 MiB; a session that was not let go of would cost 60 KiB each.
MOST_GROWTH = 4 << 20
_SUBREAPER = 36
_GRADE = [sys.executable, "-m", "grader", "grade", "--json"]


def wear_out(count: int) -> list[str]:
    """Play sessions in a row, each with something else wrong with it; say what has grown."""
    from grader.sandbox import Sandbox
    from grader.worker import wire

    words = {"path": "f.py", "name": "f", "given": "", "drive": None, "free": ()}
    sources = [
        "return x",
        "print(x); return x",
        "1 / 0",
        "import os; os._exit(3)",
        "import os; os.kill(os.getpid(), 9)",
    ]
    loads = [wire.encode({**words, "source": f"def f(x):\n    {source}\n"}) for source in sources]
    call = wire.encode((1.0,))
    others = children()
    with Sandbox(fork=True, most="kernel") as sandbox:
        (zygote,) = children() - others

        def play(numbers: Sequence[int]) -> None:
            for number in numbers:
                session = sandbox.session()
                session.load(loads[number % len(loads)], 20.0)
                session.ask(call, 20.0)
                session.close()

        play(range(50))
        before = _used(zygote)
        play(range(count))
        after = _used(zygote)
        faults = [
            f"{what}: {before[what]} before, {after[what]} after" for what in before if _grew(what, before, after)
        ]
    return faults if gone(zygote) else [*faults, "the parent of all workers lives on"]


def _used(zygote: int) -> dict[str, int]:
    """Return what this process and the zygote use: descriptors, processes, bytes."""
    used = {"our descriptors": len(os.listdir("/proc/self/fd")), "workers": len(children(zygote))}
    with suppress(PermissionError):  # of a process that lets nobody look into it, to all but root
        used["the parent's descriptors"] = len(os.listdir(f"/proc/{zygote}/fd"))
    for who, pid in {"our": os.getpid(), "the parent's": zygote}.items():
        used[f"{who} memory"] = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return used


def _grew(what: str, before: dict[str, int], after: dict[str, int]) -> bool:
    return after[what] > before[what] + (MOST_GROWTH if "memory" in what else 0)


def kill(course: Path, count: int, seed: int, seconds: float) -> list[str]:
    """Kill the grader or the zygote at random moments of `grade` in a course; say what was different then, and what was
    left after so many seconds.

    Whatever loses its parent becomes a child of this process, so that nothing can hide.
    """
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    rng = random.Random(seed)
    _graded(course)
    started = time.monotonic()
    expected = _graded(course)
    usual = time.monotonic() - started
    faults = []
    for number in range(count):
        victim, anew, delay = ("grader", "zygote")[number % 2], rng.random() < 0.5, rng.uniform(0, 1.1) * usual
        if anew:
            shutil.rmtree(course / ".grader", ignore_errors=True)  # so that keys are being written
        found = [*_killed(course, victim, delay, expected, seconds), *_files(course)]
        again = _graded(course)
        if again != expected:
            found.append("the next run had other verdicts")
        faults += [f"{number}: {victim} killed after {delay:.2f} s: {fault}" for fault in found]
    return faults


def _killed(course: Path, victim: str, delay: float, expected: object, seconds: float) -> list[str]:
    run = subprocess.Popen(_GRADE, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    for pid in [run.pid] if victim == "grader" else sorted(children(run.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    out, _ = run.communicate(timeout=60)
    ended = until(lambda: all(map(gone, children())), seconds)
    left = [_name(pid) for pid in children() if not gone(pid)]
    for pid in children():
        with suppress(ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    faults = [] if ended else [f"lived on for {seconds:g} s: {', '.join(left) or 'nothing that is left'}"]
    if victim == "zygote" and not _fair(_verdicts(out), expected):
        faults.append("somebody's verdict was another one")
    return faults


def _name(pid: int) -> str:
    """Return the command of a process and what it waits for."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return f"{words[:120]} ({Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0]})"


def _fair(verdicts: object, expected: object) -> bool:
    """Say whether every exercise has its verdict, or none because the machine was at fault."""
    assert isinstance(verdicts, dict)
    assert isinstance(expected, dict)
    return verdicts.keys() == expected.keys() and all(
        found == expected[name] or found["state"] == "not judged" for name, found in verdicts.items()
    )


def _files(course: Path) -> list[str]:
    """Say which files were written by half: none but what says so in its name."""
    import hashlib

    faults = []
    for file in (course / ".grader").rglob("*.key"):
        data = file.read_bytes()
        if data[32:64] != hashlib.sha256(data[64:]).digest():
            faults.append(f"{file.name} was written by half")
    if (course / ".grader" / "history.sqlite").exists():
        with closing(sqlite3.connect(course / ".grader" / "history.sqlite")) as base:
            if base.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                faults.append("the history is damaged")
    faults += [f"{file.name} was put aside" for file in (course / ".grader").glob("history.damaged-*")]
    return faults


def _graded(course: Path) -> object:
    run = subprocess.run(
        _GRADE, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=120
    )
    return _verdicts(run.stdout)


def _verdicts(out: bytes) -> object:
    return {exercise["name"]: exercise for exercise in json.loads(out)["exercises"]}


def lay_course(root: Path, count: int = 6) -> Path:
    """Lay out a course of so many exercises: a third right, a third wrong, a third not begun."""
    from tests import courses
    from tests.answers import answer

    topic = sorted((courses.ROOT / "solutions" / courses.TOPIC).glob("*.py"))
    solutions = [file for file in topic if "reference(" not in file.read_text(encoding="utf-8")][:count]
    course = courses.make(root, {f"{courses.TOPIC}/{file.stem}": file for file in solutions})
    for file in solutions[::3]:
        course.write(file.stem, answer(file))
    for file in solutions[1::3]:
        course.write(file.stem, f"def {file.stem}(*arguments):\n    return 1 / 0\n")
    return root


def main(words: Sequence[str]) -> int:
    """Run both parts in full, or `kill COURSE COUNT SEED` alone, with patience for a busy machine."""
    if words:
        faults = kill(Path(words[1]), int(words[2]), int(words[3]), PATIENCE)
    else:
        with tempfile.TemporaryDirectory() as folder:
            faults = [*wear_out(SESSIONS), *kill(lay_course(Path(folder)), MOMENTS, seed=0, seconds=1.0)]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
