"""One session: loads one learner's file and answers calls to its function, until the other end hangs up."""

import contextlib
import io
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from . import calls, gate, lockdown, wire
from .frame import FRAME, LARGEST_REQUEST, boundary

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

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
    """Answer requests: of every file the first loads it, the others call its function."""
    calls.rehearse()
    gate.close()
    sys.stdout, sys.stderr = _stream(1), _stream(2)
    requests = channel.makefile("rb", buffering=1 << 16)
    loaded: calls.Loaded | dict[str, Any] | None = None
    while len(frame := requests.read(FRAME.size)) == FRAME.size:
        nonce, sequence, size = FRAME.unpack(frame)
        message = requests.read(size) if size <= LARGEST_REQUEST else b""
        if len(message) < size:
            return
        printed = _Counted.printed
        if sequence == 1:
            calls.reseed()
            loaded = calls.load(wire.decode(message, wire.Limits(size=LARGEST_REQUEST)))
            reply = wire.encode({"loaded": True} if isinstance(loaded, calls.Loaded) else loaded)
        else:
            assert isinstance(loaded, calls.Loaded)
            reply = calls.call(loaded, message)
        _flush()
        if _Counted.printed != printed:
            with contextlib.suppress(OSError):
                os.write(1, boundary(nonce))
        channel.sendall(FRAME.pack(nonce, sequence, len(reply)) + reply)


class _Counted(io.FileIO):
    """One end of the output pipe, which counts what passes."""

    printed = 0

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, and count."""
        _Counted.printed += 1
        return super().write(data)


def _stream(descriptor: int) -> io.TextIOWrapper:
    """Return a stream to what is printed, line by line, which takes any text."""
    raw = io.BufferedWriter(_Counted(descriptor, "wb", closefd=False))
    return io.TextIOWrapper(raw, "utf-8", "replace", line_buffering=True)


def _flush() -> None:
    """Send what was printed on its way before the reply; a stream that the learner has closed prints nothing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # whatever the learner has put in its place
            stream.flush()
