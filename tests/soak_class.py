"""Kills `grader class` at random moments: `python -m tests.soak_class [MOMENTS]`, 30 if nothing is said.

In turn the run itself, a worker of it, or the parent of a sandbox dies; a run that died is started again.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from grader.library import Library
from tests import made_class
from tests.processes import children, gone, until

ROOT = Path(__file__).parent.parent
STUDENTS = 12
VICTIMS = ("the run", "a worker", "a sandbox")


def main() -> int:
    """Run it; return 0 where nothing was lost."""
    moments = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    chance = random.Random(moments)
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = made_class.make(Library(ROOT), folder / "class")
        for path in sorted(made.submissions.iterdir())[STUDENTS:]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        started = time.monotonic()
        whole = _finished(folder / "class", folder / "whole")
        usual = time.monotonic() - started
        for number in range(moments):
            victim, delay = VICTIMS[number % 3], chance.uniform(0.2, 1.0) * usual
            found = _disturbed(folder / "class", folder / f"out{number}", victim, delay, whole)
            faults += [f"{number}: {victim} killed after {delay:.1f} s: {fault}" for fault in found]
            shutil.rmtree(folder / f"out{number}", ignore_errors=True)
    for fault in faults:
        print(fault)
    print(f"{moments} moments, {len(faults)} faults.")
    return 1 if faults else 0


def _command(made: Path, out: Path) -> list[str]:
    chosen = [word for name in made_class.EXERCISES for word in ("--exercise", name)]
    late = ["--due", made_class.DUE, "--late-per-day", "10", "--jobs", "2", "--isolation", "process"]
    where = [str(made / "handed in"), str(out), "--roster", str(made / "roster.csv")]
    return [sys.executable, "-m", "grader", "class", *where, *chosen, *late]


def _finished(made: Path, out: Path) -> dict[str, bytes]:
    """Run to the end, and return all that students and programs get."""
    subprocess.run(_command(made, out), cwd=ROOT, check=True, capture_output=True)
    files = [file for file in out.rglob("*") if file.is_file() and "journal" not in file.name]
    return {str(file.relative_to(out)): file.read_bytes() for file in files if file.name != "overview.html"}


def _disturbed(made: Path, out: Path, victim: str, delay: float, whole: dict[str, bytes]) -> list[str]:
    run = subprocess.Popen(_command(made, out), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    family = _family(run.pid)
    workers = sorted(pid for pid in children(run.pid) if b"spawn_main" in _words(pid))
    sandboxes = sorted(pid for worker in workers for pid in children(worker))
    for pid in {"the run": [run.pid], "a worker": workers[:1], "a sandbox": sandboxes[:1]}[victim]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, said = run.communicate()
    faults = []
    if victim != "the run" and run.returncode != 0:
        faults.append(f"the run ended with {run.returncode}: {said.decode()[-300:]}")
    if not until(lambda: all(gone(pid) for pid in family)):
        faults.append("processes live on")
    found = _finished(made, out)
    different = sorted(name for name in {*found, *whole} if found.get(name) != whole.get(name))
    return [*faults, *([f"other than undisturbed: {different}"] if different else [])]


def _family(pid: int) -> set[int]:
    """Return a process and all that it has started."""
    found = {pid}
    for child in children(pid):
        found |= _family(child)
    return found


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main())
