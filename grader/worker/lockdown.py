"""Gives up, step by step, what learner code must not have. Each step is a help; the filter of system calls is the wall.

In this order, since each step needs what the next one takes away: limits, another user (as root), no core and no
tracing, death with the parent, no new privileges, Landlock, the filter.
"""

import contextlib
import ctypes
import os
import signal
from collections.abc import Collection, Mapping

from .landlock import Ruleset
from .seccomp import Filter

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["CPU_SECONDS", "MEMORY", "STEPS", "Lockdown", "limit"]

# What a session may use beyond what the libraries take: bytes, and CPU time in all. Single calls are watched from
# outside; the kernel's own limits are the last net.
MEMORY = 512 << 20
CPU_SECONDS = 600
STACK = 8 << 20
FILES = 16
# Users that no account has: Debian's policy leaves 64000 to 64899 to programs that take them with care.
FIRST_USER, USERS = 64000, 900
STEPS = ("user", "landlock", "seccomp")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


class Lockdown:
    """What the parent prepares so that a session can lock itself in within a fraction of a millisecond.

    Args:
        steps: which of STEPS to try; fewer only to test what the others are worth.
    """

    def __init__(self, libc: ctypes.CDLL, steps: Collection[str] = STEPS) -> None:
        self._libc = libc
        self._user = "user" in steps and os.geteuid() == 0 and _has_users()
        self._ruleset = Ruleset(libc) if "landlock" in steps else None
        self._filter = Filter(libc) if "seccomp" in steps else None
        self._bounds = _bounds()

    def keep(self) -> list[int]:
        """Return the descriptors that are needed until `lock`."""
        return [self._ruleset.descriptor] if self._ruleset is not None and self._ruleset.descriptor >= 0 else []

    def measure(self) -> None:
        """Take note of how much memory this process uses by now, which its forks may use as well."""
        self._bounds = _bounds()

    def lock(self) -> list[str]:
        """Lock this process in, and return the steps that were possible."""
        limit(self._bounds)
        done = ["user"] if self._user and _become_nobody() else []
        self._libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # after the change of user, which would undo it
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if self._ruleset is not None:
            done += ["landlock"] if self._ruleset.restrict() else []
            for descriptor in self.keep():
                os.close(descriptor)
        if self._filter is not None and self._filter.load():
            done.append("seccomp")
        return done


def limit(bounds: Mapping[int, int] | None = None) -> None:
    """Bound what this process may use: memory beyond what it has, CPU time, no file, no other process."""
    for kind, bound in (_bounds() if bounds is None else bounds).items():
        resource.setrlimit(kind, (bound, bound))


def _bounds() -> dict[int, int]:
    """Return the limits by kind, none above what this process has; a fork of it has the same."""
    if resource is None:
        return {}
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_STACK: STACK,
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        bounds[resource.RLIMIT_NPROC] = 1
    used = _address_space()
    if used:
        bounds[resource.RLIMIT_AS] = used + MEMORY
    for kind in bounds:
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            bounds[kind] = min(bounds[kind], hard)
    return bounds


def _address_space() -> int:
    """Return the bytes of address space in use; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _has_users() -> bool:
    """Say whether the numbers from FIRST_USER on are users here; inside a user namespace they may not be."""
    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/uid_map", encoding="ascii") as file:
            ranges = [[int(word) for word in line.split()] for line in file]
        return any(first <= FIRST_USER and first + count >= FIRST_USER + USERS for first, _, count in ranges)
    return False


def _become_nobody() -> bool:
    """Become a user that owns nothing."""
    number = FIRST_USER + os.getpid() % USERS
    try:
        os.setgroups([])
        os.setresgid(number, number, number)
        os.setresuid(number, number, number)
    except OSError:
        return False
    return True
