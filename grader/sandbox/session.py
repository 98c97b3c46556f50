"""The grader's end of one session with a worker: asks, waits within limits, and says what went wrong.

Only what is seen from outside counts: the bytes of a reply to the request that was just sent, clocks, and how the
process ended.
"""

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from typing import Protocol

from grader.messages import say
from grader.outcome import Failed
from grader.sandbox.output import Output
from grader.worker.frame import FRAME, LARGEST_REPLY

__all__ = ["Process", "SandboxError", "Session", "cpu_seconds", "wait_status"]

# A wall clock runs on while a busy machine does other things, so it is a multiple of the CPU time that a call may
# take.
WALL_PER_CPU = 5.0
TICK = 0.05
# A process closes its channel a moment before it has ended; one that lives on after so long has closed it on purpose.
LAST_SECONDS = 2.0


class SandboxError(Exception):
    """A worker could not be started or asked: our fault or the machine's, never the learner's."""


class Process(Protocol):
    """A worker's process, as far as it can be known and ended from outside."""

    def descriptor(self) -> int | None:
        """Return a descriptor that becomes readable when the process ends, where the system has that."""

    def cpu(self) -> float | None:
        """Return the CPU seconds it has used, where the system tells."""

    def ended(self) -> bool:
        """Say whether it has ended by itself."""

    def end(self) -> int:
        """Kill it and all that it has started; return its exit status, negative for a signal.

        Raises:
            SandboxError: nobody is left who could tell; then it is dead as well.
        """


class Session:
    """One worker process that holds one learner's function."""

    def __init__(self, channel: socket.socket, output: Output, process: Process) -> None:
        self._channel = channel
        self._output = output
        self._process = process
        self._sequence = 0
        self.alive = True
        self.printed = ""
        channel.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        for descriptor in (output.descriptor(), process.descriptor()):
            if descriptor is not None:
                self._selector.register(descriptor, selectors.EVENT_READ)

    def ask(self, message: bytes, seconds: float, watch: Callable[[str], None] | None = None) -> bytes | Failed:
        """Send a request and return the reply, or the failure that ended the session.

        Args:
            message: the request, in the wire format.
            seconds: the CPU time that the answer may take; five times as much on the wall clock.
            watch: is told the last line that was printed, several times a second.
        """
        self._sequence += 1
        nonce = os.urandom(16)
        pending = memoryview(FRAME.pack(nonce, self._sequence, len(message)) + message)
        reply = self._exchange(pending, nonce, seconds, watch)
        self.printed = self._output.take()
        return reply if isinstance(reply, bytes) else self._failed(reply)

    def close(self) -> None:
        """End the process; what it has printed meanwhile is dropped."""
        if self.alive:
            self.alive = False
            with contextlib.suppress(SandboxError):
                self._process.end()
        self._selector.close()
        self._channel.close()
        self._output.close()

    def _exchange(
        self, pending: memoryview, nonce: bytes, seconds: float, watch: Callable[[str], None] | None
    ) -> bytes | Failed:
        received = bytearray()
        started, used = time.monotonic(), self._process.cpu()
        while True:
            if pending:
                pending = self._send(pending)
            for ready, _ in self._selector.select(0.0 if pending else TICK):
                if ready.fd == self._output.descriptor() and self._output.ended():
                    self._selector.unregister(ready.fd)
            # Asked before receiving: whatever it has sent before its end has then arrived. A child of its own may hold
            # the channel open for longer.
            over = self._process.ended()
            closed = self._receive(received)
            if self._output.overflows():
                return Failed("output limit", self._output.limit)
            if len(received) >= FRAME.size:
                reply = self._complete(received, nonce)
                if reply is not None:
                    return reply
            if over or closed:
                return self._ending(over)
            if watch is not None:
                watch(self._output.latest())
            late = self._late(time.monotonic() - started, used, seconds)
            if late is not None:
                return late

    def _ending(self, over: bool) -> Failed:
        """Tell a process that has ended from one that has closed its channel and runs on."""
        deadline = time.monotonic() + LAST_SECONDS
        while not over and time.monotonic() < deadline:
            time.sleep(0.001)
            over = self._process.ended()
        if over:
            return Failed("crash")
        return Failed("protocol", say("it closed the channel that answers travel on, and ran on"))

    def _send(self, pending: memoryview) -> memoryview:
        try:
            return pending[self._channel.send(pending[: 1 << 20]) :]
        except BlockingIOError:
            time.sleep(0.0005)
            return pending
        except OSError:
            return pending[:0]  # the other end is gone; receiving will say so

    def _receive(self, received: bytearray) -> bool:
        """Take in what has arrived; return whether nothing more can come."""
        try:
            while True:
                part = self._channel.recv(1 << 20)
                received += part
                if not part or len(received) > LARGEST_REPLY + FRAME.size:
                    return not part
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _complete(self, received: bytearray, nonce: bytes) -> bytes | Failed | None:
        """Return the reply once it is whole; anything but one reply to the request just sent breaks the protocol."""
        got, sequence, size = FRAME.unpack_from(received)
        if got != nonce or sequence != self._sequence:
            return Failed("protocol", say("it does not belong to the question"))
        if size > LARGEST_REPLY:
            return Failed("reply limit", f"{LARGEST_REPLY >> 20} MiB")
        if len(received) > FRAME.size + size:
            return Failed("protocol", say("there is more than one answer"))
        return bytes(received[FRAME.size :]) if len(received) == FRAME.size + size else None

    def _late(self, wall: float, used: float | None, seconds: float) -> Failed | None:
        now = self._process.cpu() if used is not None and wall > seconds else None
        if now is not None and used is not None and now - used > seconds:
            return Failed("timeout", f"{seconds:g} s", type="cpu")
        if wall > WALL_PER_CPU * seconds or (used is None and wall > seconds):
            return Failed("timeout", f"{wall:.0f} s", type="wall" if used is not None else "")
        return None

    def _failed(self, failed: Failed) -> Failed:
        """End the process and complete the failure by how it ended."""
        self.alive = False
        status = self._process.end()
        if failed.kind != "crash":
            return Failed(failed.kind, failed.message, failed.type, printed=self.printed)
        if status >= 0:
            return Failed("exit", str(status), printed=self.printed)
        name = signal.Signals(-status).name if -status in {s.value for s in signal.Signals} else f"signal {-status}"
        return Failed("crash", "", name, printed=self.printed)


def cpu_seconds(pid: int) -> float | None:
    """Return the CPU time of another process (Linux: the clock whose id is made from its number)."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except (OSError, AttributeError):
        return None


def wait_status(status: int) -> int:
    """Return the exit status of a process from what wait() says, negative for a signal."""
    return os.waitstatus_to_exitcode(status)
