"""The parent of all sessions: numpy and scipy are loaded here once, and every session is a fork of it.

It is started by exec, so that no expected value of the grader is in its memory, and runs no learner code itself. The
grader asks over one socket, a JSON object a packet:

    {"do": "fork", "modules": [...]} with a channel and an output pipe  ->  {"pid": ...} with a pidfd
    {"do": "reap", "pid": ...}                                          ->  {"status": wait status}

and is told first {"ready": pid, "done": [steps of the lock-down], "possible": [what a locked probe could still do]}.
When the grader goes away the socket ends, and all that was started ends with it.
"""

import array
import contextlib
import ctypes
import gc
import itertools
import json
import os
import signal
import socket
import sys
from collections.abc import Collection
from typing import NoReturn

from . import preload, probe, session
from .lockdown import Lockdown

__all__ = ["serve"]

# A chain of children is ended a link at a time; whoever forks faster than that meets the other limits.
MOST_GENERATIONS = 1000
# Ten times what the modules that a learner's text can name take.
LARGEST_PACKET = 1 << 16
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36
_FD = array.array("i").itemsize


def serve(control: socket.socket, steps: Collection[str]) -> None:
    """Fork and reap as asked until the grader hangs up."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    lockdown = Lockdown(libc, steps)
    _freeze()
    living: set[int] = set()
    control.send(json.dumps({"ready": os.getpid(), **probe.report(lockdown)}).encode())
    try:
        while True:
            packet, ancillary, _, _ = control.recvmsg(LARGEST_PACKET, socket.CMSG_SPACE(2 * _FD))
            if not packet:
                return
            request = json.loads(packet)
            if request["do"] == "fork":
                if preload.load(request["modules"]):
                    _freeze()
                channel, output = _descriptors(ancillary)
                pid = os.fork()
                if pid == 0:
                    _become_session(control, channel, output, lockdown)
                living.add(pid)
                os.close(channel)
                os.close(output)
                _answer_fork(control, pid)
            else:
                control.send(json.dumps({"status": _reap(request["pid"], living)}).encode())
    finally:
        for pid in living:
            _kill_family(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        _kill_orphans(set())


def _freeze() -> None:
    """Keep the garbage collector of a fork away from what it inherits, which would be copied page by page."""
    gc.collect()
    gc.freeze()


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> tuple[int, int]:
    found = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    channel, output = found
    return channel, output


def _answer_fork(control: socket.socket, pid: int) -> None:
    """Hand out a pidfd, which names this process for ever, where a number may come to name another."""
    pidfd = os.pidfd_open(pid)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pidfd]))]
    control.sendmsg([json.dumps({"pid": pid}).encode()], rights)
    os.close(pidfd)


def _become_session(control: socket.socket, channel: int, output: int, lockdown: Lockdown) -> NoReturn:
    """Cut all ties but the channel and the output pipe, lock up, and only then read what a learner wrote."""
    status = 1
    try:
        os.setsid()
        for target in (1, 2):
            os.dup2(output, target)
        control.detach()
        _keep_only(channel, *lockdown.keep())
        os.chdir("/")
        # Open as long as the process lives.
        sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        connection = socket.socket(fileno=channel)
        lockdown.lock()
        session.serve(connection)
        status = 0
    finally:
        os._exit(status)


def _keep_only(*kept: int) -> None:
    """Close every descriptor but the first three and those that are named."""
    edges = [2, *sorted(kept), 1 << 16]
    for low, high in itertools.pairwise(edges):
        os.closerange(low + 1, high)


def _reap(pid: int, living: set[int]) -> int:
    """End a session with everything that it has started, and return how it ended."""
    if pid not in living:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    living.discard(pid)
    _kill_orphans(living)
    return status


def _kill_family(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def _kill_orphans(living: set[int]) -> None:
    """End what a session left behind in a group of its own: it has come to us, the nearest reaper above it."""
    for _ in range(MOST_GENERATIONS):
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
                strays = {int(pid) for pid in file.read().split()} - living
        except OSError:
            return
        if not strays:
            return
        for pid in strays:
            _kill_family(pid)
        for pid in strays:  # now their own children come to us
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
