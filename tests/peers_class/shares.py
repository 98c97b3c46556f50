"""Where our time goes, measured on one submission of references, again and again: CPU milliseconds by part.

Each part is run by itself: taking in, digest and journal with graders who do nothing; the grader's side of playing
and of judging; the workers' parent (forks and reaping); the sessions with and without the lock-down; and the learner's
calls as the limit makes them.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.classroom.assistant import Plan, Task
from grader.classroom.hand_ins import assigned, find
from grader.classroom.journal import Journal, Mark
from grader.classroom.run import Run
from grader.judge import judge
from grader.library import Library
from grader.report.json import record
from grader.sandbox import Sandbox
from grader.sandbox.run import Play
from grader.sandbox.sharing import Sharing
from tests.peers_class import assignment
from tests.peers_class.assignment import POINTS

__all__ = ["measure"]

ROUNDS = 60  # the kernel tells the time of other processes in hundredths of a second


def measure(library: Library) -> dict[str, float]:
    """Return CPU milliseconds a submission by part."""
    keys = {name: library.key(name) for name in POINTS}
    files = assignment.honest(library, 0, True)
    found = {"coordinator: intake, digest, journal": _coordinator(library)}
    outcomes = {}
    for level in ("kernel", "process"):
        with Sandbox(most=level) as sandbox:

            def played(sandbox: Sandbox = sandbox) -> None:
                sharing = Sharing()
                plays = {n: Play(sandbox, k, files[n], f"{n}.py", sharing=sharing) for n, k in keys.items()}
                for one in plays.values():
                    one.begin()
                outcomes.update({name: one.outcomes() for name, one in plays.items()})
                sharing.close()

            played()
            parent = _children_of(os.getpid())[-1]
            before = _ticks(parent)
            own = _milliseconds(played)
            forks, sessions = ((b - a) * 1000 / ROUNDS for a, b in zip(before, _ticks(parent), strict=True))
        if level == "kernel":
            found |= {"asking, from the grader's side": own, "the workers' parent: forks, reaping": forks}
            found["sessions, all of it"] = sessions
        else:
            found["sessions without the lock-down"] = sessions
    found["judging and its record"] = _milliseconds(
        lambda: [record(judge(key, outcomes[name])) for name, key in keys.items()]
    )
    calls, references = assignment.key_calls(library), {name: library.exercise(name).reference for name in POINTS}
    found["the learner's calls, in a warm process"] = _milliseconds(
        lambda: [references[name](*play) for name, own in calls.items() for play, _ in own]
    )
    return found


def _coordinator(library: Library) -> float:
    """Return what a run costs in which nobody grades."""
    plan = Plan(tuple(POINTS), least="process")
    verdict = {name: Mark(name, "", "kernel", 0.0, {"state": "robust"}) for name in POINTS}

    class Nobody:
        def prepare(self, names: Iterable[str]) -> None:
            pass

        def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Mark] | Exception]]:
            for task in tasks:
                yield task, [Mark(n, d, "kernel", 0.0, verdict[n].verdict) for n, d in task.digests.items()]

    with tempfile.TemporaryDirectory() as folder:
        files = {f"s{n:02}": assignment.honest(library, n, True) for n in range(ROUNDS)}
        assignment.lay(Path(folder) / "class", files)
        with Journal(Path(folder) / "out") as journal:
            run = Run(library, plan, assigned(find(Path(folder) / "class"), None), journal)
            run._task(run.students[0])  # what is the same for all of a class
            started = time.process_time()
            run.go(Nobody())
            return (time.process_time() - started) * 1000 / ROUNDS


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(ROUNDS):
        work()
    return (time.process_time() - started) * 1000 / ROUNDS


def _ticks(pid: int) -> tuple[float, float]:
    """Return the CPU seconds of a process, and those of its children that have ended."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, children = (int(words[n]) + int(words[n + 1]) for n in (11, 13))
    tick = os.sysconf("SC_CLK_TCK")
    return own / tick, children / tick


def _children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sorted(int(child) for task in tasks for child in (task / "children").read_text().split())
