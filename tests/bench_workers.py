"""What a worker costs, in units of the bare fork and exit of a parent like its own.

The twin is such a parent: started by the same command, with the same libraries loaded. Asked by a line, it answers
with the seconds of a bare fork and exit, of a whole submission (fork, lock, load, three calls, exit) that was not
forked ahead, and of the lock-down in it.
"""

import ctypes
import gc
import importlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

ROUNDS = 100
CALLS = 300
SOURCE = "def f(x):\n    return 2 * x\n"
WORDS = {"source": SOURCE, "path": "f.py", "name": "f", "given": "", "drive": None, "free": ()}


def measure() -> tuple[float, float, float, float]:
    """Return a submission in units of a bare fork and exit, another file in the same process in the same units, the
    share of the lock-down in the work that a submission is, and a call on an array of shape (10, 12) in units of an
    empty round trip: medians over rounds."""
    import numpy as np

    from grader.sandbox import Sandbox
    from grader.sandbox.session import Session
    from grader.worker import wire

    load, array, nothing = wire.encode(WORDS), wire.encode((np.ones((10, 12)),)), wire.encode((None,))

    def submission() -> None:
        session = sandbox.session()
        file(session)
        session.close()

    def file(session: Session) -> None:
        session.load(load, 2.0)
        list(session.ask_all([(array, 2.0)] * 3))

    with Sandbox() as sandbox, _twin() as twin:
        session = sandbox.session()
        rounds = [(_seconds(submission), _seconds(lambda: file(session)), *_asked(twin)) for _ in range(ROUNDS)]
        session.load(wire.encode({**WORDS, "source": "def f(x):\n    return x\n"}), 2.0)
        asked = [
            [_seconds(lambda m=message: session.ask(m, 2.0)) for message in (array, nothing)] for _ in range(CALLS)
        ]
        session.close()
        assert twin.stdin is not None
        twin.stdin.close()
    return (
        statistics.median(seen / bare for seen, _, bare, _, _ in rounds),
        statistics.median(more / bare for _, more, bare, _, _ in rounds),
        statistics.median(lock / whole for _, _, _, whole, lock in rounds),
        statistics.median(full for full, _ in asked) / statistics.median(empty for _, empty in asked),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _twin() -> subprocess.Popen[str]:
    from grader.sandbox import level, start

    mine = [__file__, ",".join(level.steps("kernel")), os.path.dirname(start._START), *start._libraries()]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", *mine],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=start._environment(),
        cwd="/",
        text=True,
    )


def _asked(twin: subprocess.Popen[str]) -> list[float]:
    assert twin.stdin is not None
    assert twin.stdout is not None
    twin.stdin.write("\n")
    twin.stdin.flush()
    return [float(word) for word in twin.stdout.readline().split()]


# --- in the twin ---------------------------------------------------------------------------------------------------


def serve(steps: str, worker: str, folders: Sequence[str]) -> None:
    """Measure once for every line that comes in."""
    sys.path.insert(0, worker)
    importlib.import_module("start").prepare(folders)
    locks, wire, np = (importlib.import_module(name) for name in ("worker.lockdown", "worker.wire", "numpy"))
    messages = [wire.encode(WORDS), *[wire.encode((np.ones((10, 12)),))] * 3]

    class Timed(locks.Lockdown):
        def lock(self) -> None:
            os.write(1, repr(_seconds(super().lock)).encode())

    lockdown = Timed(ctypes.CDLL(None, use_errno=True), steps.split(","))
    gc.collect()
    gc.freeze()
    for _ in sys.stdin:
        print(_seconds(_bare), *_submission(lockdown, messages), flush=True)


def _bare() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _submission(lockdown: object, messages: Sequence[bytes]) -> tuple[float, float]:
    """Play the messages with a fork; return its seconds, and those of its lock-down."""
    frame, zygote = (importlib.import_module(name) for name in ("worker.frame", "worker.zygote"))
    control, _ = ends = socket.socketpair()
    started = time.perf_counter()
    forked = zygote._fork(control, lockdown, set())
    for number, message in enumerate(messages, 1):
        forked.channel.sendall(frame.FRAME.pack(bytes(16), number, len(message)) + message)
        size = frame.FRAME.unpack(forked.channel.recv(frame.FRAME.size, socket.MSG_WAITALL))[2]
        forked.channel.recv(size, socket.MSG_WAITALL)
    forked.channel.close()
    os.waitpid(forked.pid, 0)
    seconds = time.perf_counter() - started
    told = float(os.read(forked.output, 100))
    os.close(forked.output)
    for end in ends:
        end.close()
    return seconds, told


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.argv[3:])
