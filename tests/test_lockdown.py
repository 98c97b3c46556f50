"""What a locked worker may still do: the filter, call by call, the levels, and the modules that are there."""

import itertools
import os
import sys
from contextlib import closing

import pytest

from grader.sandbox import Sandbox, SandboxError, start
from grader.sandbox.level import LEVELS, at_least, level, steps
from grader.sandbox.start import forks
from grader.worker.preload import allowed, loadable, modules_in
from grader.worker.seccomp import program

ALLOW, KILL, EPERM, ENOTTY, ENOSYS = 0x7FFF0000, 0x80000000, 0x50001, 0x50019, 0x50026
X86, ARM = 0xC000003E, 0xC00000B7
OWN = 4242
forked = pytest.mark.skipif(not forks(), reason="workers are not forked here")


def answer(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """Run the filter as the kernel does, on one system call."""
    words = {0: number, 4: arch or {"x86_64": X86, "aarch64": ARM}[machine]}
    for place, argument in enumerate((*arguments, 0, 0, 0, 0, 0, 0)[:6]):
        words[16 + 8 * place], words[20 + 8 * place] = argument & 0xFFFFFFFF, argument >> 32
    steps, at, value = program(machine, OWN), 0, 0
    while True:
        code, yes, no, k = steps[at]
        at += 1
        if code == 0x20:
            value = words[k]
        elif code == 0x05:
            at += k
        elif code in (0x15, 0x35):
            at += yes if (value == k if code == 0x15 else value >= k) else no
        else:
            assert code == 0x06
            return k


@pytest.mark.parametrize(
    ("machine", "number"),
    [("x86_64", n) for n in (0, 1, 3, 9, 12, 202, 228, 231, 318)]
    + [("aarch64", n) for n in (63, 64, 57, 222, 98, 94, 278)],
)
def test_a_session_may_talk_compute_and_end(machine, number):
    assert answer(machine, number) == ALLOW


@pytest.mark.parametrize(
    ("name", "machine", "number"),
    [
        (name, machine, number)
        for name, numbers in {
            "open": (2, None),
            "openat": (257, 56),
            "stat": (4, None),
            "newfstatat": (262, 79),
            "statx": (332, 291),
            "unlinkat": (263, 35),
            "mkdirat": (258, 34),
            "chmod": (90, None),
            "socket": (41, 198),
            "connect": (42, 203),
            "sendmsg": (46, 211),
            "clone": (56, 220),
            "fork": (57, None),
            "vfork": (58, None),
            "execve": (59, 221),
            "ptrace": (101, 117),
            "process_vm_readv": (310, 270),
            "pidfd_open": (434, 434),
            "pidfd_getfd": (438, 438),
            "memfd_create": (319, 279),
            "io_uring_setup": (425, 425),
            "bpf": (321, 280),
            "unshare": (272, 97),
            "mount": (165, 40),
            "keyctl": (250, 219),
            "shmget": (29, 194),
            "a number of the future": (600, 600),
        }.items()
        for machine, number in zip(("x86_64", "aarch64"), numbers, strict=True)
        if number is not None
    ],
)
def test_a_session_may_not(name, machine, number):
    assert answer(machine, number) == EPERM


def test_a_call_in_another_table_of_calls_is_not_taken_for_an_allowed_one():
    assert answer("x86_64", 0x40000000) == ENOSYS
    assert answer("x86_64", 0x40000001) == ENOSYS
    assert answer("x86_64", 1, arch=0x40000003) == KILL


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_process_may_signal_itself_and_nobody_else(machine):
    kill, tgkill = {"x86_64": (62, 234), "aarch64": (129, 131)}[machine]

    for number in (kill, tgkill):
        assert answer(machine, number, OWN) == ALLOW
        for other in (OWN + 1, 0, 1, 0xFFFFFFFF):
            assert answer(machine, number, other) == EPERM


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_limits_can_be_read_and_not_set(machine):
    prlimit = {"x86_64": 302, "aarch64": 261}[machine]

    assert answer(machine, prlimit, 0, 7, 0, 0x7F0000001000) == ALLOW
    assert answer(machine, prlimit, 0, 7, 0x1000, 0) == EPERM
    assert answer(machine, prlimit, 0, 7, 0x7F0000000000, 0) == EPERM


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_descriptor_cannot_be_made_to_send_signals(machine):
    fcntl = {"x86_64": 72, "aarch64": 25}[machine]
    get_flags, set_flags, set_owner, set_signal = 3, 4, 8, 10

    assert answer(machine, fcntl, 3, get_flags) == ALLOW
    for command in (set_flags, set_owner, set_signal):
        assert answer(machine, fcntl, 3, command) == EPERM


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_socket_is_used_without_flags(machine):
    out_of_band = 1

    for number in {"x86_64": (44, 45), "aarch64": (206, 207)}[machine]:
        assert answer(machine, number, 3, 0x7F0000001000, 8, 0) == ALLOW
        assert answer(machine, number, 3, 0x7F0000001000, 8, out_of_band) == EPERM


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_libraries_fall_back_where_they_probe(machine):
    assert answer(machine, {"x86_64": 16, "aarch64": 29}[machine]) == ENOTTY
    assert answer(machine, 435) == ENOSYS  # clone3
    assert answer(machine, 437) == ENOSYS  # openat2


@pytest.mark.parametrize(
    ("done", "possible", "wrapped", "expected"),
    [
        (["user", "landlock", "seccomp"], [], True, "kernel+ns"),
        (["landlock", "seccomp"], [], False, "kernel"),
        (["seccomp"], [], True, "seccomp"),
        (["user"], ["read a file", "list a folder"], False, "user"),
        (["user"], ["signal the parent"], False, "process"),
        (["user", "landlock", "seccomp"], ["read a file"], False, "user"),
        (["landlock", "seccomp"], ["read a file"], True, "process"),
        ([], ["read a file"], False, "process"),
    ],
)
def test_the_level_is_what_was_found_and_not_what_was_asked_for(done, possible, wrapped, expected):
    assert level(done, possible, wrapped) == expected


def test_levels_are_ordered():
    assert [at_least(name, "seccomp") for name in LEVELS] == [False, False, True, True, True]


def test_each_level_takes_fewer_steps_than_the_next():
    taken = [set(steps(name)) for name in LEVELS]

    assert taken[0] == set()
    assert all(low <= high for low, high in itertools.pairwise(taken))


@forked
@pytest.mark.parametrize("most", LEVELS)
def test_a_sandbox_reaches_no_higher_level_than_it_may(most):
    with Sandbox(most=most) as sandbox:
        assert at_least(most, sandbox.isolation)
        if most == "process" or (most == "user" and os.geteuid() == 0):
            assert sandbox.isolation == most


def test_a_level_that_is_not_reached_can_be_insisted_on():
    with Sandbox(most="process") as sandbox:
        sandbox.require("process")
        with pytest.raises(SandboxError, match="'seccomp' is asked for, and this machine reaches 'process'"):
            sandbox.require("seccomp")


@forked
@pytest.mark.skipif(not start._wrapper(), reason="bubblewrap is not there")
def test_a_worker_in_a_world_of_its_own_is_known_by_our_number_for_it():
    with Sandbox(most="kernel+ns") as sandbox, closing(sandbox.session()) as session:
        assert sandbox.isolation == "kernel+ns"
        assert session._process.cpu() is not None


def test_a_pool_says_that_nothing_is_locked():
    with Sandbox(fork=False) as sandbox:
        assert sandbox.isolation == "process"


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("import numpy as np\nx = 1", []),
        ("import numpy as np\nfrom scipy import linalg, stats as s", ["scipy", "scipy.linalg", "scipy.stats"]),
        ("import scipy as sp\nsp.optimize.minimize(f, x)", ["scipy", "scipy.optimize"]),
        ("import scipy.sparse.linalg as sla", ["scipy", "scipy.linalg", "scipy.sparse", "scipy.sparse.linalg"]),
        ("def f():\n    import json, re  # late", ["json", "re"]),
        ("from collections import deque", ["collections", "collections.deque"]),
        ("np.testing.assert_allclose", ["numpy.testing"]),
        ("import matplotlib.pyplot as plt", []),
        ("import antigravity, this", []),
        ("from . import secrets", []),
        ("", []),
    ],
)
def test_the_modules_that_a_text_names_are_found(text, modules):
    assert modules_in(text) == modules


def test_a_text_cannot_ask_for_more_modules_than_a_message_holds():
    text = "".join(f"import json.{'x' * 50}{n}\n" for n in range(10_000))

    assert sum(map(len, modules_in(text))) < 4000


def test_only_libraries_that_every_learner_has_are_allowed():
    assert all(allowed(name) for name in ("numpy", "scipy.stats", "math", "os", "dataclasses", "__future__"))
    assert not any(allowed(name) for name in ("matplotlib", "torch", "sklearn.svm", "pytest", "grader", "tkinter"))
    assert "grader" not in sys.stdlib_module_names


@pytest.mark.parametrize("name", ["_" + "ä" * 50, "_" + "a" * 60, "_a/b", "_a b", "", "matplotlib"])
def test_the_parent_is_asked_only_for_short_names_in_plain_letters(name):
    assert not loadable(name)
    assert name not in modules_in(f"import {name}")


def test_a_docstring_that_names_scipy_asks_for_nothing():
    assert modules_in('"""Do without scipy.special."""\n') == []
