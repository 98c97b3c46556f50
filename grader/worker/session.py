"""One session: loads one learner's file and answers calls to its function, until the other end hangs up."""

import contextlib
import os
import signal
import socket
import sys
import threading
from typing import Any

from . import calls, gate, lockdown, wire
from .frame import FRAME, LARGEST_REQUEST

__all__ = ["serve", "single"]


def single(handle: str) -> None:
    """Serve one session in a process of its own, where there is no fork, until it is done or the grader is gone."""
    status = 1
    try:
        if sys.platform == "win32":
            channel = socket.fromshare(os.read(0, int.from_bytes(os.read(0, 4), "big")))
        else:
            channel = socket.socket(fileno=int(handle))
        lifeline = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        threading.Thread(target=_end_with, args=[lifeline], daemon=True).start()
        channel.sendall(b"r")  # ready: the libraries are loaded
        lockdown.limit()
        serve(channel)
        status = 0
    finally:
        os._exit(status)


def _end_with(lifeline: int) -> None:
    """End this process, and what it has started, when the other end of `lifeline` is closed."""
    with contextlib.suppress(OSError):
        while os.read(lifeline, 1):
            pass
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)
        os._exit(1)


def serve(channel: socket.socket) -> None:
    """Answer requests: first one to load, then calls."""
    calls.rehearse()
    gate.close()
    calls.reseed()
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True, errors="replace")
    loaded: calls.Loaded | dict[str, Any] | None = None
    while True:
        frame = _receive(channel, FRAME.size)
        if frame is None:
            return
        nonce, sequence, size = FRAME.unpack(frame)
        message = _receive(channel, size) if size <= LARGEST_REQUEST else None
        if message is None:
            return
        if loaded is None:
            loaded = calls.load(wire.decode(message, wire.Limits(size=LARGEST_REQUEST)))
            reply = wire.encode({"loaded": True} if isinstance(loaded, calls.Loaded) else loaded)
        else:
            assert isinstance(loaded, calls.Loaded)
            reply = calls.call(loaded, message)
        _flush()
        channel.sendall(FRAME.pack(nonce, sequence, len(reply)) + reply)


def _receive(channel: socket.socket, size: int) -> bytearray | None:
    """Return exactly `size` bytes; None where the other end has hung up."""
    received = bytearray(size)
    rest = memoryview(received)
    while rest:
        count = channel.recv_into(rest)
        if not count:
            return None
        rest = rest[count:]
    return received


def _flush() -> None:
    """Send what was printed on its way before the reply; a stream that the learner has closed prints nothing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # whatever the learner has put in its place
            stream.flush()
