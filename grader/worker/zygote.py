"""The parent of all sessions: numpy and scipy are loaded here once, and every session is a fork of it.

It is started by exec, so that no expected value of the grader is in its memory, and runs no learner code itself. The
grader asks over one socket, a JSON object a packet:

    {"do": "fork", "modules": [...]}  ->  {"pid": ...} with a pidfd, a channel and an output pipe
    {"do": "reap", "pid": ...}        ->  {"status": wait status}

and is told first {"ready": pid, "done": [steps of the lock-down], "possible": [what a locked probe could still do]}.
One session is always forked ahead, and has locked itself in by the time that it is asked for. When the grader goes
away the socket ends, and all that was started ends with it.
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


def serve(control: socket.socket, steps: Collection[str]) -> None:
    """Fork and reap as asked until the grader hangs up."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    lockdown = Lockdown(libc, steps)
    _freeze()
    control.send(json.dumps({"ready": os.getpid(), **probe.report(lockdown)}).encode())
    living: set[int] = set()
    try:
        ahead = _fork(control, lockdown, living)
        while packet := control.recv(LARGEST_PACKET):
            request = json.loads(packet)
            if request["do"] == "fork":
                loaded = preload.load(request["modules"])
                if loaded:
                    _freeze()
                if loaded or ahead.ended():
                    ahead.discard()
                    _reap(ahead.pid, living)
                    ahead = _fork(control, lockdown, living)
                ahead.hand_out(control)
                ahead = _fork(control, lockdown, living)
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


class _Ahead:
    """A session that waits for somebody to ask for it, and the grader's ends of its channel and its output."""

    def __init__(self, pid: int, channel: socket.socket, output: int) -> None:
        self.pid, self.channel, self.output = pid, channel, output

    def ended(self) -> bool:
        """Say whether it was ended from outside meanwhile."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def hand_out(self, control: socket.socket) -> None:
        """Give it away, with a pidfd, which names this process for ever, where a number may come to name another."""
        pidfd = os.pidfd_open(self.pid)
        rights = array.array("i", [pidfd, self.channel.fileno(), self.output])
        control.sendmsg([json.dumps({"pid": self.pid}).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        os.close(pidfd)
        self.discard()

    def discard(self) -> None:
        """Let go of it."""
        self.channel.close()
        os.close(self.output)


def _fork(control: socket.socket, lockdown: Lockdown, living: set[int]) -> _Ahead:
    channel, their_channel = socket.socketpair()
    output, their_output = os.pipe()
    lockdown.measure()
    pid = os.fork()
    if pid == 0:
        _become_session(control, their_channel.detach(), their_output, lockdown)
    living.add(pid)
    their_channel.close()
    os.close(their_output)
    return _Ahead(pid, channel, output)


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
