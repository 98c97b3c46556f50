"""Kills `grader class` at random moments: `python -m tests.soak_class [MOMENTS] [--dask]`, 30 if nothing is said.

In turn the run itself, a worker of it, or the parent of a sandbox dies; a run that died is started again. With --dask
the run grades on a Dask cluster of two workers, and it is one of these that dies.
"""

import functools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.library import Library
from tests import made_class
from tests.processes import children, gone, until

ROOT = Path(__file__).parent.parent
STUDENTS = 12
VICTIMS = ("the run", "a worker", "a sandbox")


def main() -> int:
    """Run it; return 0 where nothing was lost."""
    words = [word for word in sys.argv[1:] if word != "--dask"]
    moments, dask = int(words[0]) if words else 30, "--dask" in sys.argv
    chance = random.Random(moments)
    faults = []
    with tempfile.TemporaryDirectory() as name, _cluster(dask) as cluster:
        folder = Path(name)
        made = made_class.make(Library(ROOT), folder / "class")
        for path in sorted(made.submissions.iterdir())[STUDENTS:]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        whole = _finished(folder / "class", folder / "whole")  # on the cores of this machine
        where = ["--dask", cluster.scheduler_address] if cluster else []
        started = time.monotonic()
        _finished(folder / "class", folder / "usual", where)
        usual = time.monotonic() - started
        for number in range(moments):
            victim = "a worker of the cluster" if cluster else VICTIMS[number % 3]
            delay = chance.uniform(0.2, 1.0) * usual
            kill = functools.partial(_kill_of_cluster, cluster, chance) if cluster else functools.partial(_kill, victim)
            found = _disturbed(folder / "class", folder / f"out{number}", kill, delay, whole, where)
            faults += [f"{number}: {victim} killed after {delay:.1f} s: {fault}" for fault in found]
            shutil.rmtree(folder / f"out{number}", ignore_errors=True)
    for fault in faults:
        print(fault)
    print(f"{moments} moments, {len(faults)} faults.")
    return 1 if faults else 0


@contextmanager
def _cluster(wanted: bool) -> Iterator[Any]:
    """Start a Dask cluster of two workers, where it is wanted."""
    if not wanted:
        yield None
        return
    import dask
    from distributed import LocalCluster

    # A local cluster gives a nanny up some seconds after its worker has died, though it has started another.
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"})
    with patient, LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as cluster:
        yield cluster


def _kill_of_cluster(cluster: Any, chance: random.Random, run: int) -> bool:
    """Kill a worker of the cluster; its nanny starts another. Say whether the run has to live on."""
    nannies = [nanny for nanny in cluster.workers.values() if nanny.pid is not None]
    with suppress(ProcessLookupError):
        os.kill(chance.choice(nannies).pid, signal.SIGKILL)
    return True


def _kill(victim: str, run: int) -> bool:
    """Kill the run or a process of it; say whether the run has to live on."""
    workers = sorted(pid for pid in children(run) if b"spawn_main" in _words(pid))
    sandboxes = sorted(pid for worker in workers for pid in children(worker))
    for pid in {"the run": [run], "a worker": workers[:1], "a sandbox": sandboxes[:1]}[victim]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return victim != "the run"


def _command(made: Path, out: Path) -> list[str]:
    chosen = [word for name in made_class.EXERCISES for word in ("--exercise", name)]
    late = ["--due", made_class.DUE, "--late-per-day", "10", "--jobs", "2", "--isolation", "process"]
    where = [str(made / "handed in"), str(out), "--roster", str(made / "roster.csv")]
    return [sys.executable, "-m", "grader", "class", *where, *chosen, *late]


def _finished(made: Path, out: Path, where: Sequence[str] = ()) -> dict[str, bytes]:
    """Run to the end, and return all that students and programs get."""
    subprocess.run([*_command(made, out), *where], cwd=ROOT, check=True, capture_output=True)
    files = [file for file in out.rglob("*") if file.is_file() and "journal" not in file.name]
    return {str(file.relative_to(out)): file.read_bytes() for file in files if file.name != "overview.html"}


def _disturbed(
    made: Path, out: Path, kill: Callable[[int], bool], delay: float, whole: dict[str, bytes], where: Sequence[str]
) -> list[str]:
    command = [*_command(made, out), *where]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    family = _family(run.pid)
    lives_on = kill(run.pid)
    _, said = run.communicate()
    faults = []
    if lives_on and run.returncode != 0:
        faults.append(f"the run ended with {run.returncode}: {said.decode()[-300:]}")
    if not until(lambda: all(gone(pid) for pid in family)):
        faults.append("processes live on")
    found = _finished(made, out, where)
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
