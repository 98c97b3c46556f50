"""What attacks are after, laid out where it can be looked at from outside: files, a folder, another process, listeners.

Everything secret in it begins with "secret-" and is made anew for every scene.
"""

import contextlib
import os
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from string import Template
from types import TracebackType

import numpy as np

from grader.key import Key
from tests import toys
from tests.attacks.attack import Attack
from tests.processes import until

__all__ = ["Scene"]

_ROOT = Path(__file__).resolve().parents[2]
_VICTIM = """
import ctypes, sys, time
held = ctypes.create_string_buffer(sys.stdin.readline().strip().encode())
print(ctypes.addressof(held), flush=True)
while True:
    sys.stdin.readline()
    print(held.value.decode("latin-1"), flush=True)
"""
_VARIABLE = "ATTACKS_SECRET"


class Scene:
    """A canary file, a folder that all may write to, a process that holds a secret, and four listeners."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # several attacks may be played at the same time
        self.secrets = {where: f"secret-{secrets.token_hex(16)}" for where in ("file", "memory", "environment")}
        self.proof, self.left = secrets.token_hex(12), f"left-{secrets.token_hex(8)}"
        os.environ[_VARIABLE] = self.secrets["environment"]
        self._folder = Path(tempfile.mkdtemp(prefix="scene"))
        self._folder.chmod(0o755)
        self._canary, self._open = self._folder / "canary.py", self._folder / "open"
        self._listeners = _Listeners(self._folder / "socket")
        self._victim = _Victim(self.secrets["memory"])
        self._hidden = np.random.default_rng().normal(size=3)
        self._lay()

    def __enter__(self) -> "Scene":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._victim.end()
        self._listeners.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        os.environ.pop(_VARIABLE, None)

    def source(self, attack: Attack) -> str:
        """Return the attack's file with the names of this scene in it."""
        words = {
            "canary": self._canary,
            "folder": self._folder,
            "open": self._open,
            "root": _ROOT,
            "grader": os.getpid(),
            "victim": self._victim.pid,
            "address": self._victim.address,
            "tcp": self._listeners.tcp,
            "udp": self._listeners.udp,
            "abstract": self._listeners.abstract,
            "name": attack.name,
            "foorp": self.proof[::-1],
            "left": self.left,
        }
        return Template(attack.source).safe_substitute(words)

    def key(self, seconds: float) -> Key:
        """Return the key of "three times x", in which one case is hidden."""
        rng = np.random.default_rng()
        cases = {
            "by_hand": (np.array([1.0, -2.0, 3.0]), {}),
            "drawn": (rng.normal(size=3), {}),
            "unseen": (self._hidden, {"hidden": True}),
            "nothing": (np.zeros(0), {"kind": "edge"}),
        }
        made = [toys.key_case(n, (x,), 3 * x, **{"seconds": seconds, **more}) for n, (x, more) in cases.items()]
        return toys.key(*made, banned=("scipy.special.softmax",))

    @property
    def hidden(self) -> list[str]:
        """Return the numbers of the hidden case as Python prints them, short of their last digits."""
        return [repr(float(number))[:12] for number in self._hidden]

    def changed(self) -> bool:
        """Say whether anything in the file system is not as it was, and lay it anew."""
        with self._lock:
            changed = self._seen() != self._laid
            if changed:
                self._lay()
        return changed

    def reached(self, attack: Attack) -> bool:
        """Say whether anybody who listens has heard the attack's name."""
        return self._listeners.heard(attack.name.encode())

    def struck(self) -> bool:
        """Say whether the other process is not as it was, and start another."""
        with self._lock:
            struck = self._victim.struck()
            if struck:
                self._victim.end()
                self._victim = _Victim(self.secrets["memory"])
        return struck

    def _lay(self) -> None:
        shutil.rmtree(self._open, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self._canary.unlink()
        self._canary.write_text(f"CANARY = '{self.secrets['file']}'\n", encoding="ascii")
        self._open.mkdir()
        self._open.chmod(0o777)
        (self._open / "spare").write_text("spare\n", encoding="ascii")
        self._laid = self._seen()

    def _seen(self) -> object:
        """Return all that can be seen of the files, the times of reading apart."""
        found: list[object] = []
        for path in (self._canary, self._open, *sorted(self._open.rglob("*"))):
            try:
                facts = path.lstat()
                marks = os.listxattr(path, follow_symlinks=False)
            except OSError as fault:
                found.append((str(path), type(fault)))
                continue
            content = path.read_bytes() if stat.S_ISREG(facts.st_mode) else b""
            found.append((str(path), facts.st_mode, facts.st_uid, facts.st_nlink, facts.st_mtime_ns, marks, content))
        return found


class _Victim:
    """A process that holds a secret and tells it to whoever started it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _VICTIM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid
        self.address = int(self._say(secret))
        self._was = self._facts()

    def struck(self) -> bool:
        """Say whether it has ended, stands still, or is another than it was."""
        return self._facts() != self._was or self._say("") != self._secret

    def end(self) -> None:
        """End it, whatever has become of it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _say(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            return self._process.stdout.readline().strip()
        except OSError:
            return ""

    def _facts(self) -> object:
        """Return what the system says of it, as far as it stands still."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
            fields = dict(line.split(":", 1) for line in lines)
            stopped = fields["State"].strip()[0] in "TtZX"
            limits = Path(f"/proc/{self.pid}/limits").read_text(encoding="ascii")
            nice = os.getpriority(os.PRIO_PROCESS, self.pid)
            return stopped, fields["TracerPid"], fields["Cpus_allowed"], nice, limits
        except OSError:
            return None


class _Listeners:
    """Who listens: over TCP, UDP, a socket in the folder and one without a name in any folder."""

    def __init__(self, path: Path) -> None:
        self.abstract = f"scene-{secrets.token_hex(8)}"
        inet, unix = socket.AF_INET, socket.AF_UNIX
        self._streams = [socket.socket(inet), socket.socket(unix)]
        self._packets = [socket.socket(inet, socket.SOCK_DGRAM), socket.socket(unix, socket.SOCK_DGRAM)]
        self._streams[0].bind(("127.0.0.1", 0))
        self._streams[1].bind(str(path))
        path.chmod(0o777)
        self._packets[0].bind(("127.0.0.1", 0))
        self._packets[1].bind("\0" + self.abstract)
        for one in self._streams:
            one.listen(100)
        self.tcp, self.udp = self._streams[0].getsockname()[1], self._packets[0].getsockname()[1]
        self._heard: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept, args=[s], daemon=True) for s in self._streams]
        self._threads += [threading.Thread(target=self._hear, args=[s], daemon=True) for s in self._packets]
        for thread in self._threads:
            thread.start()

    def heard(self, name: bytes) -> bool:
        """Say whether a message with the name in it has come.

        A message may lie in a socket while its thread still sleeps. One of our own is sent after it on every way; once
        all of these are heard, so is whatever came before.
        """
        mark = secrets.token_bytes(16)
        for one in (*self._streams, *self._packets):
            with socket.socket(one.family, one.type) as ours:
                ours.connect(one.getsockname())
                ours.send(mark)
        assert until(lambda: self._heard.count(mark) == len(self._threads)), "a listener hears nothing any more"
        return any(name in message for message in self._heard)

    def close(self) -> None:
        """Stop listening."""
        for one in (*self._streams, *self._packets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(1)
                    self._hear_once(connection)

    def _hear_once(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._heard.append(connection.recv(1000))

    def _hear(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while message := listener.recv(1000):
                self._heard.append(message)
