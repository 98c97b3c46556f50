"""Starts workers: forks of a warm parent on Linux, a pool of processes started ahead elsewhere."""

import array
import contextlib
import functools
import importlib.util
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.messages import say
from grader.sandbox import level as levels
from grader.sandbox.output import Output, PipeOutput, ThreadOutput
from grader.sandbox.session import SandboxError, Session, cpu_seconds, wait_status

__all__ = ["Sandbox", "SandboxError", "forks"]

_START = Path(__file__).parent.parent / "worker" / "start.py"
# Long enough for numpy and scipy from a cold disk on a busy machine.
_START_SECONDS = 60.0
_AHEAD = 2
_FD = array.array("i").itemsize
# What Python and the libraries are told from outside: where they lie, and which processor to compute for.
_TOLD = ("SYSTEMROOT", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")


def forks() -> bool:
    """Say whether workers are forked here. macOS has fork, but its numpy does not survive one (numpy issue 5752)."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class Sandbox:
    """All workers of one run. Started at once, in the background; closed, nothing of it is left behind.

    Args:
        fork: whether to fork workers from one warm parent; by default where that is safe.
        most: the level of isolation to go no higher than.
    """

    def __init__(self, fork: bool | None = None, most: str = levels.USUAL) -> None:
        self._fork = forks() if fork is None else fork
        self._most = most
        self._lock = threading.Lock()
        self._closed = False
        self._source: _Zygote | _Pool = _Zygote(most) if self._fork else _Pool()

    @property
    def isolation(self) -> str:
        """The level of isolation that was found by trying, one of `level.LEVELS`; waits until it is known."""
        found = self._source.isolation
        return self._living().isolation if self._source.lost and not self._closed else found

    def require(self, level: str) -> None:
        """Go on only where the isolation is at least at this level.

        Raises:
            SandboxError: it is not; no learner code has run.
        """
        if not levels.at_least(self.isolation, level):
            raise SandboxError(
                say(
                    "isolation {level} is asked for, and this machine reaches {reached}.",
                    level=repr(level),
                    reached=repr(self.isolation),
                )
            )

    def session(self, modules: Sequence[str] = ()) -> Session:
        """Return a session in a fresh process.

        Args:
            modules: what the learner's file may import; a locked worker can load nothing later.

        Raises:
            SandboxError: it cannot be started.
        """
        return self._living().session(modules)

    def _living(self) -> "_Zygote | _Pool":
        """Return where workers come from; another one where that was ended from outside."""
        with self._lock:
            if self._closed:
                raise SandboxError(say("the workers are closed already"))
            if self._source.lost:
                self._source.close()
                self._source = _Zygote(self._most)
            return self._source

    def close(self) -> None:
        """End every worker, and what they have started."""
        with self._lock:
            self._closed = True
            self._source.close()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _command(mode: str, handle: str, most: str) -> list[str]:
    """Return the worker's command line: an isolated Python that finds the libraries and nothing else."""
    steps = ",".join(levels.steps(most))
    return [sys.executable, "-I", "-S", "-B", str(_START), mode, handle, steps, *_libraries()]


def _libraries() -> list[str]:
    """Return the folders in which numpy and scipy lie."""
    found = [importlib.util.find_spec(name) for name in ("numpy", "scipy")]
    return sorted({str(Path(spec.origin).parent.parent) for spec in found if spec is not None and spec.origin})


@functools.cache
def _wrapper() -> tuple[str, ...]:
    """Return the command that gives a process a world of its own, with Python and the libraries in it and no more;
    nothing where bubblewrap is not there or may not do it."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    seen = {
        sys.base_prefix,
        sys.prefix,
        str(_START.parent),
        *_libraries(),
        "/usr",
        "/lib",
        "/lib64",
        "/etc/ld.so.cache",
    }
    views = [word for path in sorted(seen) for word in ("--ro-bind-try", path, path)]
    apart = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command = (program, *apart, *views, "--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--")
    works = subprocess.run([*command, sys.executable, "-I", "-S", "-c", ""], capture_output=True, check=False)
    return command if works.returncode == 0 else ()


def _environment() -> dict[str, str]:
    """Return the few variables that Python needs to start; one thread, because a fork has no more (sandbox design).

    glibc is told to ask for large pages: a fork that fills arrays meets a page fault for every page.
    """
    needed = {name: os.environ[name] for name in _TOLD if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    pages = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    return {**needed, **threads, **pages, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


# --- forks of a warm parent ----------------------------------------------------------------------------------------


class _Zygote:
    """The warm parent, and the socket on which it is asked for forks."""

    def __init__(self, most: str) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._ready = False
        self._isolation = "process"
        self._asked: frozenset[str] = frozenset()
        self._wrap = _wrapper() if most == "kernel+ns" else ()
        self.lost = False  # whether it was ended from outside
        self._process = subprocess.Popen(
            [*self._wrap, *_command("fork", str(theirs.fileno()), most)],
            pass_fds=[theirs.fileno()],
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we end it
        )
        theirs.close()

    @property
    def isolation(self) -> str:
        with self._lock, contextlib.suppress(SandboxError):
            self._wait_until_ready()
        return self._isolation

    def session(self, modules: Sequence[str]) -> Session:
        pid, pidfd, channel, output, loaded = self._fork(modules)
        return Session(socket.socket(fileno=channel), PipeOutput(output), _Fork(pid, pidfd, self._reap), loaded)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # wakes the parent, which ends its children and itself
        if not self._ready:
            self._process.kill()  # it has no children yet
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _fork(self, modules: Sequence[str]) -> tuple[int, int, int, int, frozenset[str]]:
        with self._lock:
            self._wait_until_ready()
            self._asked |= set(modules)
            packet, rights = self._ask({"do": "fork", "modules": list(modules)})
            try:
                pidfd, channel, output = array.array("i", rights[0][2])
                return json.loads(packet)["pid"], pidfd, channel, output, self._asked
            except (ValueError, LookupError):
                raise self._gone() from None

    def _reap(self, pid: int) -> int:
        with self._lock:
            packet, _ = self._ask({"do": "reap", "pid": pid})
            try:
                return int(json.loads(packet)["status"])
            except (ValueError, LookupError):
                raise self._gone() from None

    def _ask(self, request: dict[str, Any]) -> tuple[bytes, list[tuple[int, int, bytes]]]:
        try:
            self._control.send(json.dumps(request).encode())
            packet, rights, _, _ = self._control.recvmsg(4096, socket.CMSG_SPACE(3 * _FD))
            return packet, rights
        except OSError:
            raise self._gone() from None
        except BaseException:  # Ctrl-C: the next answer would be the one to this
            self.lost = True
            raise

    def _gone(self) -> SandboxError:
        self.lost = True
        return SandboxError(say("the process that starts the workers was ended from outside"))

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        said: list[str] = []
        with contextlib.suppress(OSError, ValueError):  # too late, or closed meanwhile
            self._control.settimeout(_START_SECONDS)
            first = self._control.recv(4096)
            self._control.settimeout(None)
            if first:
                told = json.loads(first)
                self._isolation = levels.level(told["done"], told["possible"], bool(self._wrap))
                self._ready = True
                return
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.lost = self._process.wait(timeout=1) < 0
        self._process.kill()
        why = said[-1] if said else say("no answer from their parent")
        raise SandboxError(say("workers cannot be started: {why}", why=why))


class _Fork:
    """A forked worker, named by its pidfd."""

    def __init__(self, pid: int, pidfd: int, reap: Callable[[int], int]) -> None:
        self._pid, self._pidfd, self._reap = pid, pidfd, reap
        self._seen = _seen_pid(pidfd, pid)

    def descriptor(self) -> int | None:
        return self._pidfd

    def cpu(self) -> float | None:
        return cpu_seconds(self._seen)

    def ended(self) -> bool:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(0))

    def end(self) -> int:
        if not self.ended():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)
        return wait_status(self._reap(self._pid))


def _seen_pid(pidfd: int, pid: int) -> int:
    """Return the number by which we see a process; to its own parent, in another world, it has another one."""
    try:
        with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as file:
            return int(next(line for line in file if line.startswith("Pid:")).split()[1])
    except (OSError, ValueError, StopIteration):
        return pid


# --- a pool of processes -------------------------------------------------------------------------------------------


class _Pool:
    """Processes started ahead, each for one session."""

    lost = False
    isolation = "process"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = [_Started(self._forget) for _ in range(_AHEAD)]
        self._running: set[_Started] = set()

    def session(self, modules: Sequence[str]) -> Session:
        """Return a session; what its file imports is loaded as it comes, since nothing is locked here."""
        with self._lock:
            started = self._waiting.pop(0)
            self._running.add(started)
            self._waiting.append(_Started(self._forget))
        return started.session()

    def close(self) -> None:
        with self._lock:
            running, waiting = list(self._running), self._waiting
            self._waiting = []
        for started in running:
            started.end()  # its session closes the rest
        for started in waiting:
            started.discard()

    def _forget(self, started: "_Started") -> None:
        self._running.discard(started)


class _Started:
    """One process of the pool. Its standard input is the lifeline: when we are gone it ends."""

    def __init__(self, forget: Callable[["_Started"], None]) -> None:
        self._forget = forget
        self._status: int | None = None
        self._channel, theirs = socket.socketpair()
        shared = sys.platform == "win32"
        read, write = os.pipe()
        self._process = subprocess.Popen(
            _command("single", "-" if shared else str(theirs.fileno()), "process"),
            pass_fds=[] if shared else [theirs.fileno()],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=write,
            stderr=subprocess.STDOUT,
            start_new_session=not shared,
        )
        os.close(write)
        if sys.platform == "win32":
            assert self._process.stdin is not None
            handle = theirs.share(self._process.pid)
            self._process.stdin.write(len(handle).to_bytes(4, "big") + handle)
            self._process.stdin.flush()
        theirs.close()
        self._output: Output = ThreadOutput(read) if shared else PipeOutput(read)

    def session(self) -> Session:
        self._channel.settimeout(_START_SECONDS)
        try:
            ready = self._channel.recv(1)
        except OSError:
            ready = b""
        if not ready:
            said = self._output.take().strip().splitlines()
            self.discard()
            why = said[-1] if said else say("no answer")
            raise SandboxError(say("a worker cannot be started: {why}", why=why))
        return Session(self._channel, self._output, self)

    def discard(self) -> None:
        """End it where no session has been made of it."""
        self.end()
        self._channel.close()
        self._output.close()

    def descriptor(self) -> int | None:
        return None

    def cpu(self) -> float | None:
        return cpu_seconds(self._process.pid)

    def ended(self) -> bool:
        if self._status is None and self._process.poll() is not None:
            self.end()
        return self._status is not None

    def end(self) -> int:
        if self._status is None:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)  # and what it has started
            self._status = self._process.wait()
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._forget(self)
        return self._status
