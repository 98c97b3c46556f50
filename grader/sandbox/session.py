"""The grader's end of one session with a worker: asks, waits within limits, and says what went wrong.

Only what is seen from outside counts: the bytes of replies, in the order of the requests, clocks, and how the process
ended.
"""

import contextlib
import itertools
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from grader.messages import say
from grader.outcome import Failed
from grader.sandbox.output import Output
from grader.worker.frame import FRAME, LARGEST_REPLY, boundary

__all__ = ["Process", "SandboxError", "Session", "cpu_seconds", "wait_status"]

# A wall clock runs on while a busy machine does other things, so it is a multiple of the CPU time that a call may
# take.
WALL_PER_CPU = 5.0
TICK = 0.05
# More than that would be taken from the system, page by page, and given back for every reply.
AT_ONCE = 1 << 14
PARTS = 256  # of a message to the socket; the system takes up to 1,024
# Replies to several requests are taken in together: waking up for each would cost more than most of them take.
TOGETHER = 0.0005
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
    """One worker process that holds one learner's function.

    Attributes:
        alive: whether it can be asked.
        modules: what is loaded in it beyond what always is; None where it can still load.
        printed: what was printed during the last request.
    """

    def __init__(
        self, channel: socket.socket, output: Output, process: Process, modules: frozenset[str] | None = None
    ) -> None:
        self._channel = channel
        self._output = output
        self._process = process
        self._sequence = 0
        self._pending: deque[memoryview] = deque()
        self._received = bytearray()
        self.alive = True
        self.modules = modules
        self.printed = ""
        channel.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        for descriptor in (output.descriptor(), process.descriptor()):
            if descriptor is not None:
                self._selector.register(descriptor, selectors.EVENT_READ)

    def load(self, message: bytes, seconds: float) -> bytes | Failed:
        """Send a request to load a file, in place of the one that is there; as `ask` otherwise."""
        self._sequence = 0
        self._output.forget()
        return self.ask(message, seconds)

    def ask(self, message: bytes, seconds: float, watch: Callable[[str], None] | None = None) -> bytes | Failed:
        """Send a request and return the reply, or the failure that ended the session.

        Args:
            message: the request, in the wire format.
            seconds: the CPU time that the answer may take; five times as much on the wall clock.
            watch: is told the last line that was printed, several times a second.
        """
        (reply,) = self.ask_all([(message, seconds)], watch)
        return reply

    def ask_all(
        self, requests: Sequence[tuple[bytes, float]], watch: Callable[[str], None] | None = None
    ) -> Iterator[bytes | Failed]:
        """Send requests, each a message and the seconds for it, and yield the reply to each as it comes.

        All are sent at once: waiting for every single reply would cost more than most calls do. A failure is the last
        that is yielded. What code prints is told apart by call, but it can see what it will be asked next.
        """
        if self._output.descriptor() is None and len(requests) > 1:  # what is printed arrives in its own time
            for one in requests:
                yield from self.ask_all([one], watch)
                if not self.alive:
                    return
            return
        nonces = [os.urandom(16) for _ in requests]
        first = self._sequence + 1
        self._sequence += len(requests)
        numbered = list(enumerate(zip(nonces, requests, strict=True), first))
        frames = [(FRAME.pack(nonce, number, len(m)), m) for number, (nonce, (m, _)) in numbered]
        self._pending.extend(memoryview(part) for frame in frames for part in frame)
        for number, (nonce, (_, seconds)) in numbered:
            reply = self._exchange(nonce, number, seconds, watch)
            self.printed = self._output.take_until(boundary(nonce))
            if isinstance(reply, Failed) or number == self._sequence:
                self.printed += self._output.take()
            if isinstance(reply, Failed):
                yield self._failed(reply)
                return
            yield reply

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
        self, nonce: bytes, number: int, seconds: float, watch: Callable[[str], None] | None
    ) -> bytes | Failed:
        """Return the reply to the request that is the next to be answered."""
        started, used = time.monotonic(), self._process.cpu()
        over = closed = False
        while True:
            full = self._output.overflows()
            reply = self._complete(nonce, number)
            if full and (reply is None or number == self._sequence):  # else the next call has printed that
                return Failed("output limit", self._output.limit)
            if reply is not None:
                return reply
            if over or closed:
                return self._ending(over)
            if watch is not None:
                watch(self._output.latest())
            late = self._late(time.monotonic() - started, used, seconds)
            if late is not None:
                return late
            self._wait(number)
            # Asked before receiving: whatever it has sent before its end has then arrived. A child of its own may hold
            # the channel open for longer.
            over = self._process.ended()
            closed = self._receive()

    def _wait(self, number: int) -> None:
        """Send what is left to be sent, and wait for something to happen."""
        if self._pending:
            self._send()
        for ready, _ in self._selector.select(TICK):
            if ready.fd == self._output.descriptor() and self._output.ended():
                self._selector.unregister(ready.fd)
        if number < self._sequence and not self._pending:
            time.sleep(TOGETHER)

    def _ending(self, over: bool) -> Failed:
        """Tell a process that has ended from one that has closed its channel and runs on."""
        deadline = time.monotonic() + LAST_SECONDS
        while not over and time.monotonic() < deadline:
            time.sleep(0.001)
            over = self._process.ended()
        if over:
            return Failed("crash")
        return Failed("protocol", say("it closed the channel that answers travel on, and ran on"))

    def _send(self) -> None:
        """Send as much as the socket takes, and be woken when it takes more."""
        try:
            sent = self._send_parts()
        except BlockingIOError:
            sent = 0
        except OSError:
            self._pending.clear()  # the other end is gone; receiving will say so
        while self._pending and sent >= len(self._pending[0]):
            sent -= len(self._pending.popleft())
        if self._pending:
            self._pending[0] = self._pending[0][sent:]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._pending else 0)
        if self._selector.get_key(self._channel).events != events:
            self._selector.modify(self._channel, events)

    def _send_parts(self) -> int:
        if sys.platform == "win32":  # has no sendmsg
            return self._channel.send(self._pending[0])
        return self._channel.sendmsg(itertools.islice(self._pending, PARTS))

    def _receive(self) -> bool:
        """Take in what has arrived; return whether nothing more can come."""
        try:
            while True:
                part = self._channel.recv(AT_ONCE)
                self._received += part
                if len(part) < AT_ONCE or len(self._received) > LARGEST_REPLY + FRAME.size:
                    return not part
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _complete(self, nonce: bytes, number: int) -> bytes | Failed | None:
        """Return the reply once it is whole; anything but one reply to each request in turn breaks the protocol."""
        received = self._received
        if len(received) < FRAME.size:
            return None
        got, sequence, size = FRAME.unpack_from(received)
        if got != nonce or sequence != number:
            return Failed("protocol", say("it does not belong to the question"))
        if size > LARGEST_REPLY:
            return Failed("reply limit", f"{LARGEST_REPLY >> 20} MiB")
        end = FRAME.size + size
        if len(received) > end and number == self._sequence:
            return Failed("protocol", say("there is more than one answer"))
        if len(received) < end:
            return None
        reply = bytes(received[FRAME.size : end])
        del received[:end]
        return reply

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
