"""Plays an author's function on a large case in a process of its own, within the limits that learners' code has.

A known mistake may be to take a hundred times the memory that an answer needs, or the time. What a learner who makes
it will meet has to stand in the key; and the process that computes keys must not meet it itself. So a fresh process
loads the exercise and forks for every call, and whatever the fork cannot do within the limits is its outcome. Where
the system has no fork or does not enforce limits, nothing is limited here either, and neither for learners.

`python -m grader.apart` reads a request from standard input and writes the replies to standard output, both in the
wire format.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.exercise import Exercise, Variant, load
from grader.worker import calls, wire
from grader.worker.lockdown import limit

__all__ = ["main", "play"]

LIMITS = wire.Limits(size=256 << 20, tree=32 << 20, nodes=5_000_000, keys=1_000_000)
# As in a worker: CPU time is that of one thread.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
Call = tuple[tuple[Any, ...], float]
MEMORY: dict[str, Any] = {"failed": "memory", "type": "MemoryError"}


def play(exercise: Exercise, variants: Sequence[Variant], calls_of: Sequence[Call]) -> list[list[Any]]:
    """Return for each variant the plain outcome of every call, none of which can harm this process.

    Args:
        exercise: the exercise, which lies in its file.
        variants: alternatives or mistakes of it.
        calls_of: arguments of each call, and the CPU seconds that it may take.

    Raises:
        RuntimeError: the other process has failed.
    """
    names = [variant.function.__name__ for variant in variants]
    request = {"path": str(exercise.path), "names": names, "calls": list(calls_of)}
    command = [sys.executable, "-m", "grader.apart"]
    done = subprocess.run(
        command,
        input=wire.encode(request, LIMITS),
        capture_output=True,
        check=False,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    if done.returncode:
        raise RuntimeError(f"{exercise.name} could not be played: {done.stderr.decode('utf-8', 'replace')[-500:]}")
    return list(wire.decode(done.stdout, LIMITS))


def main() -> None:
    """Play what standard input asks for."""
    request = wire.decode(sys.stdin.buffer.read(), LIMITS)
    exercise = load(Path(request["path"]))
    functions = {v.function.__name__: v.function for v in (*exercise.alternatives, *exercise.mistakes)}
    given = calls.given(exercise.given)
    messages = [(wire.encode(arguments, LIMITS), seconds) for arguments, seconds in request["calls"]]
    replies = []
    for name in request["names"]:
        loaded = calls.Loaded(functions[name], given, exercise.drive, str(exercise.path), exercise.free)
        replies.append([_limited(loaded, message, seconds) for message, seconds in messages])
    sys.stdout.buffer.write(wire.encode(replies, LIMITS))


def _limited(loaded: calls.Loaded, message: bytes, seconds: float) -> Any:
    if not hasattr(os, "fork"):
        return wire.decode(calls.call(loaded, message), LIMITS)
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        _child(loaded, message, seconds, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        reply = file.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return {"failed": "timeout", "type": "cpu", "message": f"{seconds:g} s"}
    return wire.decode(reply, LIMITS) if reply else MEMORY


def _child(loaded: calls.Loaded, message: bytes, seconds: float, writing: int) -> None:
    """Play one call within the limits, send the reply, and end: a fork must not go on with its parent's work."""
    import resource

    try:
        limit()
        used = resource.getrusage(resource.RUSAGE_SELF)
        ceiling = int(used.ru_utime + used.ru_stime + seconds + 0.999)
        resource.setrlimit(resource.RLIMIT_CPU, (ceiling, ceiling + 1))
        with os.fdopen(writing, "wb") as file:
            file.write(calls.call(loaded, message))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
