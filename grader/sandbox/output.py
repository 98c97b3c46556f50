"""What a session prints: caught, capped, and never part of a verdict."""

import os
import sysconfig
import threading
from typing import Protocol

__all__ = ["KEPT", "MOST", "Output", "PipeOutput", "ThreadOutput"]

KEPT = 64 << 10
MOST = 1 << 20
# Where libraries lie on this machine is nobody's affair: a warning of numpy's names its file without it.
_INSTALLED = tuple(
    sorted({sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib", "stdlib")}, reverse=True)
)


class Output(Protocol):
    """Where a session's prints arrive."""

    limit: str

    def descriptor(self) -> int | None:
        """Return what to wait on, where it can be waited on."""

    def overflows(self) -> bool:
        """Take in what has arrived; say whether it is more than a session may print."""

    def ended(self) -> bool:
        """Say whether nothing more can come."""

    def take(self) -> str:
        """Take in what has arrived; return what was printed since the last time, its end cut off where it is long."""

    def take_until(self, boundary: bytes) -> str:
        """Return what was printed up to a boundary, which is dropped; nothing where no boundary has arrived."""

    def forget(self) -> None:
        """Drop what was printed so far; it does not count any more."""

    def latest(self) -> str:
        """Return the last whole line that was printed; it stays where it is."""

    def close(self) -> None:
        """Close it."""


class _Kept:
    """What was printed, up to the cap, and how much there was in all."""

    limit = f"{MOST >> 20} MiB"

    def __init__(self) -> None:
        self._kept = bytearray()
        self._total = 0
        self._ended = False

    def add(self, data: bytes) -> None:
        self._kept += data
        self._total += len(data)

    def take(self) -> str:
        self.overflows()
        taken, self._kept = self._kept, bytearray()
        return _text(taken)

    def take_until(self, boundary: bytes) -> str:
        before, found, after = self._kept.partition(boundary)
        if not found:
            return ""
        self._kept = after
        return _text(before)

    def forget(self) -> None:
        self.overflows()
        self._kept.clear()
        self._total = 0

    def latest(self) -> str:
        """Return the last whole line, cut where it is long."""
        whole = bytes(self._kept[-1000:]).rpartition(b"\n")[0]
        return whole.rpartition(b"\n")[2].decode("utf-8", "replace")

    def overflows(self) -> bool:
        return self._total > MOST

    def ended(self) -> bool:
        self.overflows()
        return self._ended


def _text(taken: bytearray) -> str:
    text = taken[:KEPT].decode("utf-8", "replace")
    for folder in _INSTALLED:
        text = text.replace(folder, "")
    return text


class PipeOutput(_Kept):
    """A pipe that is read whenever the session is waited for."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor

    def descriptor(self) -> int | None:
        """Return the pipe's end."""
        return self._descriptor

    def overflows(self) -> bool:
        """Read the pipe empty, up to the cap."""
        while self._total <= MOST:
            try:
                data = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                break
            if not data:
                self._ended = True
                break
            self.add(data)
        return super().overflows()

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._descriptor)


class ThreadOutput(_Kept):
    """A pipe that a thread reads, where pipes cannot be waited on together with sockets."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while data := os.read(self._descriptor, 1 << 16):
            self.add(data)

    def descriptor(self) -> int | None:
        """Return nothing to wait on."""
        return None

    def close(self) -> None:
        """Close the pipe once the process has ended and the thread has read the rest."""
        self._thread.join(timeout=1)
        os.close(self._descriptor)
