"""Looks at processes from outside, for tests of what is left behind."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["children", "gone", "linux", "until"]

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
# How long a busy machine may take for what happens at once on an idle one.
PATIENCE = 20.0


def children(pid: int | None = None) -> set[int]:
    """Return the processes, living or not yet reaped, that `pid` (this process) is the parent of."""
    tasks = Path(f"/proc/{pid or os.getpid()}/task")
    try:
        return {int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()}
    except FileNotFoundError:
        return set()


def gone(pid: int) -> bool:
    """Say whether a process runs no more; one that nobody has reaped yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is true; say whether it became so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
