"""Grades on all cores of this machine: assistants, each a process that takes tasks as it becomes free.

An assistant that dies costs its tasks in flight, and these are tried again. Assistants end when the run does, however
that ends.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

from grader.classroom.assistant import Assistant, Plan, Task
from grader.classroom.journal import Mark
from grader.messages import say

__all__ = ["LostError", "Pool"]

# A task that takes its assistant with it so often is not tried again in this run.
_ATTEMPTS = 3
_AHEAD = 2  # how many tasks wait for each assistant: enough that none waits for us, few enough to be small in memory


class LostError(Exception):
    """A task took its assistant with it, again and again."""


class Pool:
    """Assistant processes for one plan.

    Args:
        root: the course.
        plan: how to grade.
        jobs: how many assistants there are.
    """

    def __init__(self, root: Path, plan: Plan, jobs: int) -> None:
        self._start, self._jobs = (root, plan), jobs
        self._executor = self._started()

    def prepare(self, names: Iterable[str]) -> None:
        """Make the keys of exercises, each in one of the assistants."""
        for _, fault in self._all(_prepare, names):
            if isinstance(fault, BaseException):
                raise fault

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Mark] | Exception]]:
        """Yield every task with its marks as they come, or with the fault of ours that kept it from being graded."""
        yield from self._all(_grade, tasks)

    def close(self) -> None:
        """End all assistants at once."""
        processes = list((self._executor._processes or {}).values())
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._jobs, context, _initialise, self._start)

    def _all(self, do: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        running: dict[Future[Any], tuple[Any, int]] = {}
        waiting = iter(items)
        while True:
            while len(running) < self._jobs * _AHEAD:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
                self._submit(running, do, item, 1)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                if future not in running:
                    continue
                fault = future.exception()
                if isinstance(fault, BrokenProcessPool):
                    yield from self._again(running, do)
                    break
                item, _ = running.pop(future)
                yield item, fault if fault is not None else future.result()

    def _submit(self, running: dict[Future[Any], tuple[Any, int]], do: Callable[[Any], Any], item: Any, n: int) -> None:
        try:
            with _unheard():  # this may start an assistant
                future = self._executor.submit(do, item)
        except BrokenProcessPool as broken:  # it broke a moment ago; the loop will see it and start another
            future = Future()
            future.set_exception(broken)
        running[future] = (item, n)

    def _again(
        self, running: dict[Future[Any], tuple[Any, int]], do: Callable[[Any], Any]
    ) -> Iterator[tuple[Any, Any]]:
        """Start other assistants, and try again what was in flight; give up what has taken too many with it."""
        self.close()
        self._executor = self._started()
        flying, running_now = list(running.values()), dict(running)
        running.clear()
        for future in running_now:
            future.cancel()
        for item, attempt in flying:
            if attempt >= _ATTEMPTS:
                yield item, LostError(say("an assistant of the grader's ended while it was graded, several times"))
            else:
                self._submit(running, do, item, attempt + 1)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Have processes that are started meanwhile begin with Ctrl-C shut out: it is for the run, which ends them."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the assistant -------------------------------------------------------------------------------------------------

_assistant: Assistant | None = None


def _initialise(root: Path, plan: Plan) -> None:
    global _assistant
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    _assistant = Assistant(root, plan)


def _end_with_the_run() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            wait_for([parent.sentinel])
    os._exit(1)


def _prepare(name: str) -> None:
    assert _assistant is not None
    _assistant.prepare(name)


def _grade(task: Task) -> list[Mark]:
    assert _assistant is not None
    return _assistant.grade(task)
