"""Tries what a session must not be able to do, in a process that is locked up like one.

The level of isolation is decided by what this finds, never by what was asked for.
"""

import json
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

from .lockdown import Lockdown

__all__ = ["WALLS", "report"]

_HERE = os.path.abspath(__file__)


def _read() -> None:
    with open(_HERE, "rb") as file:
        file.read(1)


def _write() -> None:
    with open(f"/tmp/probe-{os.getpid()}", "wb") as file:
        os.unlink(file.name)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _connect(family: int) -> None:
    socket.socket(family, socket.SOCK_STREAM).close()


def _trace() -> None:
    with open(f"/proc/{os.getppid()}/mem", "rb") as file:
        file.read(0)


# What each wall keeps from happening. All of them have to stand for the levels from "seccomp" up.
WALLS: Mapping[str, Callable[[], Any]] = {
    "read a file": _read,
    "write a file": _write,
    "list a folder": lambda: os.listdir("/"),
    "ask about a file": lambda: os.stat(_HERE),
    "open a network socket": lambda: _connect(socket.AF_INET),
    "open a local socket": lambda: _connect(socket.AF_UNIX),
    "start a process": _fork,
    "signal the parent": lambda: os.kill(os.getppid(), 0),
    "signal everybody": lambda: os.kill(-1, 0),
    "look into the parent": _trace,
    "take 8 GiB of memory": lambda: bytearray(8 << 30),
}


def report(lockdown: Lockdown) -> dict[str, list[str]]:
    """Return which steps of the lock-down a probe could take, and which things it could still do."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            found = {"done": lockdown.lock(), "possible": [name for name, tried in WALLS.items() if _possible(tried)]}
            os.write(write, json.dumps(found).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as file:
        told = file.read()
    os.waitpid(pid, 0)
    return json.loads(told) if told else {"done": [], "possible": list(WALLS)}


def _possible(tried: Callable[[], Any]) -> bool:
    try:
        tried()
    except (OSError, MemoryError):
        return False
    return True
