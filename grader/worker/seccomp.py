"""The filter of system calls that a session puts on itself: an allow-list without a single call that names a file.

What is not on the list fails with EPERM, as for a user without the right, so that honest code sees an ordinary
PermissionError. Numbers of system calls are those of the kernel's tables for the two processors that are known here;
on others there is no filter, and the probe says so.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; arch/x86/entry/syscalls/syscall_64.tbl;
include/uapi/asm-generic/unistd.h for arm64.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Sequence

__all__ = ["Filter", "program"]

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# name: (x86_64, arm64); None where the processor has no such call.
_CALLS: dict[str, tuple[int | None, int | None]] = {
    # talking over what is open already
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    # memory
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    # its own signals and locks
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "pause": (34, None),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "futex": (202, 98),
    "rseq": (334, 293),
    "restart_syscall": (219, 128),
    # time and chance
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrandom": (318, 278),
    # questions about itself
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "getcwd": (79, 17),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    # the end
    "exit": (60, 93),
    "exit_group": (231, 94),
}
# Calls of which one form is harmless: the number, the argument that is looked at, what it may be (two 32-bit words
# for a pointer that has to be null).
_FCNTL = (72, 25)
_HARMLESS_FCNTL = (0, 1, 2, 3, 1030)  # copies and flags: F_SETOWN would let the kernel send signals in its name
_TALKS = ((44, 206), (45, 207))  # sendto and recvfrom, without flags: what is out of band has broken kernels
_PRLIMIT = (302, 261)  # reading limits, not setting those of others
_KILLS = ((62, 129), (234, 131))  # kill and tgkill, for abort() and raise(): at itself alone
# What libraries probe for before they use an older way.
_ABSENT = {"clone3": (435, 435), "openat2": (437, 437)}
_IOCTL = (16, 29)  # isatty() asks with it

_LOAD, _JUMP, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_X32 = 0x40000000
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_MODE_FILTER, _PR_SET_SECCOMP = 1, 22


def _refuse(number: int) -> int:
    return 0x00050000 | number


def program(machine: str, pid: int) -> list[tuple[int, int, int, int]]:
    """Return the filter for one process as instructions (code, jump if true, jump if false, value).

    Args:
        machine: "x86_64" or "aarch64".
        pid: the process that may signal itself.
    """
    column = ("x86_64", "aarch64").index(machine)
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _AUDIT_ARCH[machine]), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _refuse(errno.ENOSYS))]
    allowed = [number for numbers in _CALLS.values() if (number := numbers[column]) is not None]
    for place, number in enumerate(allowed):
        steps.append((_EQUAL, len(allowed) - place, 0, number))
    steps += [(_JUMP, 0, 0, 1), (_RETURN, 0, 0, _ALLOW)]  # where the jumps above arrive, and a hop over it
    steps += [(_EQUAL, 0, 1, _IOCTL[column]), (_RETURN, 0, 0, _refuse(errno.ENOTTY))]
    for numbers in _ABSENT.values():
        steps += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _refuse(errno.ENOSYS))]
    steps += _if(_FCNTL[column], 1, _HARMLESS_FCNTL)
    for kill in _KILLS:
        steps += _if(kill[column], 0, (pid,))
    for talk in _TALKS:
        steps += _if(talk[column], 3, (0,))
    steps += _if_null(_PRLIMIT[column], 2)
    return [*steps, (_RETURN, 0, 0, _refuse(errno.EPERM))]


def _low(argument: int) -> int:
    """Return where the low word of an argument stands in what the filter sees."""
    return 16 + 8 * argument


def _if(call: int, argument: int, values: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Allow `call` where the low word of an argument is one of `values`."""
    tests = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    body = [(_LOAD, 0, 0, _low(argument)), *tests, (_RETURN, 0, 0, _refuse(errno.EPERM)), (_RETURN, 0, 0, _ALLOW)]
    return [(_EQUAL, 0, len(body), call), *body]


def _if_null(call: int, argument: int) -> list[tuple[int, int, int, int]]:
    """Allow `call` where an argument is a null pointer."""
    body = [
        (_LOAD, 0, 0, _low(argument)),
        (_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _low(argument) + 4),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _refuse(errno.EPERM)),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return [(_EQUAL, 0, len(body), call), *body]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class Filter:
    """The filter, built ahead by the parent and loaded by each session."""

    def __init__(self, libc: ctypes.CDLL) -> None:
        self._libc = libc
        self._machine = platform.machine()
        self.known = self._machine in _AUDIT_ARCH
        # A stand-in for the session's own number, which is put in its place later.
        stand_in = 0x7FFFFFF1
        steps = program(self._machine, stand_in) if self.known else []
        self._own = [place for place, step in enumerate(steps) if step[3] == stand_in]
        self._bytes = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in steps))
        self._program = _Program(len(steps), ctypes.addressof(self._bytes))

    def load(self) -> bool:
        """Put the filter on this process, for ever; say whether that was possible. Needs no_new_privs."""
        if not self.known:
            return False
        for place in self._own:
            struct.pack_into("<I", self._bytes, 8 * place + 4, os.getpid())
        pointer = ctypes.byref(self._program)
        if self._libc.syscall(_SECCOMP[self._machine], _MODE_FILTER, 0, pointer) == 0:
            return True
        return bool(self._libc.prctl(_PR_SET_SECCOMP, 2, pointer, 0, 0) == 0)
