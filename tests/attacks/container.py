"""`python -m tests.attacks.container [--docker] [--no-landlock] [--user] COMMAND...`: runs a command with less rights.

--docker takes the capabilities and system calls away that Docker's default profile does not give (moby's
profiles/seccomp/default.json and its default capabilities). It is a stand-in: it forbids what the profile would not
allow, and has neither its namespaces nor its masked parts of /proc. --no-landlock is the profile before 2022, or a
kernel without Landlock; --user is a user without any rights. On x86_64 alone; needs root where rights are given up.
"""

import ctypes
import os
import platform
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["possible"]

_USER = 60001
# What Docker leaves a container's root: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
# net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap.
_CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
_DENIED = (
    *(101, 310, 311, 312, 438),  # ptrace, process_vm_readv and _writev, kcmp, pidfd_getfd
    *(155, 165, 166, 272, 308, 428, 429, 430, 431, 432, 433, 442),  # mounts and namespaces
    *(248, 249, 250, 298, 321, 323, 425, 426, 427),  # keys, perf, bpf, userfaultfd, io_uring
    *(103, 134, 135, 136, 139, 153, 163, 164, 167, 168, 169, 172, 173, 175, 176, 179, 180, 212, 227),
    *(237, 238, 239, 246, 279, 303, 304, 305, 313, 320, 443),
)
_CLONE, _CLONE3, _LANDLOCK = 56, 435, (444, 445, 446)
_NAMESPACES = 0x7E020000
_EPERM, _ENOSYS, _ALLOW = 0x50001, 0x50026, 0x7FFF0000
_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_CAPBSET_DROP = 317, 38, 24
_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 16384, 1 << 18


def possible(user: bool) -> bool:
    """Say whether rights can be given up here."""
    return platform.machine() == "x86_64" and sys.platform == "linux" and (not user or os.geteuid() == 0)


def main(words: Sequence[str]) -> None:
    """Give rights up and become the command."""
    command = [word for word in words if word not in ("--docker", "--no-landlock", "--user")]
    libc = ctypes.CDLL(None, use_errno=True)
    if "--user" in words:
        _open_the_way(libc, Path(sys.base_prefix))
    if "--docker" in words:
        _filter(libc, landlock="--no-landlock" not in words)
        for number in set(range(41)) - _CAPABILITIES:
            libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)
    if "--user" in words:
        os.setgroups([])
        os.setresgid(_USER, _USER, _USER)
        os.setresuid(_USER, _USER, _USER)
    os.execvpe(command[0], command, {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HOME": tempfile.gettempdir()})


def _filter(libc: ctypes.CDLL, landlock: bool) -> None:
    """Load the stand-in for moby's filter: (code, jump if true, jump if false, value) an instruction."""
    steps = [(0x20, 0, 0, 4), (0x15, 1, 0, 0xC000003E), (0x06, 0, 0, _ALLOW), (0x20, 0, 0, 0)]
    for number in (*_DENIED, *(() if landlock else _LANDLOCK)):
        steps += [(0x15, 0, 1, number), (0x06, 0, 0, _EPERM)]
    steps += [(0x15, 0, 1, _CLONE3), (0x06, 0, 0, _ENOSYS), (0x15, 0, 4, _CLONE), (0x20, 0, 0, 16)]
    steps += [(0x54, 0, 0, _NAMESPACES), (0x15, 1, 0, 0), (0x06, 0, 0, _EPERM), (0x06, 0, 0, _ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *step) for step in steps))
    program = (ctypes.c_size_t * 2)(len(steps), ctypes.addressof(code))
    if os.geteuid() != 0:
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.syscall(_SECCOMP, 1, 0, program) != 0:
        raise OSError(ctypes.get_errno(), "the filter cannot be loaded")


def _open_the_way(libc: ctypes.CDLL, folder: Path) -> None:
    """Where a folder above Python is closed to others, show Python alone in its place, to us and our children."""
    closed = [above for above in folder.parents if not above.stat().st_mode & 1]
    if not closed:
        return
    if libc.unshare(_CLONE_NEWNS) != 0 or libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None) != 0:
        raise OSError(ctypes.get_errno(), "no world of its own to mount in")
    aside = tempfile.mkdtemp()
    _mount("--bind", str(folder), aside)
    _mount("-t", "tmpfs", "-o", "mode=755", "none", str(closed[-1]))
    folder.mkdir(parents=True)
    _mount("--bind", aside, str(folder))


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
