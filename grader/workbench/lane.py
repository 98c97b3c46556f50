"""Does one thing after the other in a thread of its own; asked for twice while it waits, a thing is done once."""

import sys
import threading
from collections.abc import Callable, Iterable

from grader.messages import say

__all__ = ["Lane"]


class Lane:
    """A thread, and what waits for it.

    Args:
        do: does one thing, which is called by its name.
    """

    def __init__(self, do: Callable[[str], None]) -> None:
        self._do = do
        self._waiting: list[str] = []
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def ask(self, names: Iterable[str], first: bool = False) -> None:
        """Have things done.

        Args:
            names: the things, in order.
            first: whether they go in front of all that waits.
        """
        asked = list(dict.fromkeys(names))
        with self._changed:
            if first:
                self._waiting = [*asked, *(name for name in self._waiting if name not in asked)]
            else:
                self._waiting += [name for name in asked if name not in self._waiting]
            self._changed.notify()

    def close(self) -> None:
        """Do nothing more; what has begun goes on."""
        with self._changed:
            self._closed, self._waiting = True, []
            self._changed.notify()

    def _run(self) -> None:
        while (name := self._next()) is not None:
            try:
                self._do(name)
            except Exception as fault:  # a fault of ours with one thing must not end the others
                if not self._closed:
                    print(
                        say(
                            "grader: a fault of the grader's, with {name}: {why}",
                            name=name,
                            why=f"{type(fault).__name__}: {fault}",
                        ),
                        file=sys.stderr,
                    )

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting)
            return None if self._closed else self._waiting.pop(0)
