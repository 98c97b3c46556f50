"""Waits for what may happen while somebody works: a key, a file that was saved, a window of another size.

A thread listens for files, and signals arrive in whatever thread they like; both wake the one loop through a socket.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from grader.saves import WATCHING

__all__ = ["Event", "Events", "listening"]


@dataclass(frozen=True)
class Event:
    """What has happened: a `key`, files that were `saved`, or, where both are empty, a reason to draw anew."""

    key: str = ""
    saved: tuple[Path, ...] = ()


class Events:
    """What happens in a terminal and in a folder, one after the other."""

    def __init__(self, keyboard: int, folder: Path) -> None:
        self._keyboard = keyboard
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        self._saved: list[Path] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(folder,), daemon=True)
        self._thread.start()

    def next(self) -> Event:
        """Wait for the next event; Ctrl-C is a KeyboardInterrupt."""
        with self._lock:
            waiting = bool(self._saved)
        ready, _, _ = select.select([self._keyboard, self._ours.fileno()], [], [], 0 if waiting else None)
        if self._ours.fileno() in ready:
            with contextlib.suppress(BlockingIOError):
                self._ours.recv(4096)
        with self._lock:
            saved, self._saved = tuple(dict.fromkeys(self._saved)), []
        if saved:
            return Event(saved=saved)
        if self._keyboard in ready:
            typed = os.read(self._keyboard, 64)
            if not typed:  # the terminal is gone
                raise EOFError
            return Event(key=_key(typed))
        return Event()

    def forget_keys(self) -> None:
        """Drop what was typed meanwhile."""
        termios.tcflush(self._keyboard, termios.TCIFLUSH)

    @property
    def alarm(self) -> int:
        """A descriptor; whatever is written to it ends the waiting."""
        return self._theirs.fileno()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(timeout=2)
        self._ours.close()
        self._theirs.close()

    def _listen(self, folder: Path) -> None:
        import watchfiles

        if self._stop.is_set():  # somebody has left meanwhile
            return
        changes = watchfiles.watch(folder, stop_event=self._stop, raise_interrupt=False, **WATCHING)
        for found in changes:
            with self._lock:
                self._saved += [Path(path) for _, path in sorted(found, key=lambda change: change[1])]
            with contextlib.suppress(BlockingIOError, OSError):
                self._theirs.send(b"!")


def _key(typed: bytes) -> str:
    """Return the last letter that was typed; arrows and other keys that send several bytes are none."""
    return "" if typed.startswith(b"\x1b") else typed.decode("utf-8", "replace")[-1:].lower()


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[Events]:
    """Listen to the keyboard, key by key, and to a folder; leave the terminal as it was."""
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    events = Events(keyboard, folder)

    def resized(number: int, frame: FrameType | None) -> None:
        """Nothing more to do: the signal has ended the waiting."""

    def again(number: int, frame: FrameType | None) -> None:
        """After Ctrl-Z and fg: the shell has set the terminal anew."""
        tty.setcbreak(keyboard, termios.TCSANOW)

    handlers = {signal.SIGWINCH: resized, signal.SIGCONT: again}
    replaced = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    # A signal may reach the other thread, and would not end the waiting of this one by itself.
    before_alarm = signal.set_wakeup_fd(events.alarm, warn_on_full_buffer=False)
    try:
        tty.setcbreak(keyboard, termios.TCSANOW)
        yield events
    finally:
        signal.set_wakeup_fd(before_alarm)
        for number, handler in replaced.items():
            signal.signal(number, handler)
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
        events.close()
