"""Asks a student's git clone when its last commit was made, and obeys nothing that is written in it.

A clone's configuration can name programs to run. So git is never run in it: it is run in a folder of ours, which
borrows the clone's objects alone.
"""

import os
import re
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

__all__ = ["last_commit"]

_HASH = re.compile(r"^[0-9a-f]{40}([0-9a-f]{24})?$")
_REF = re.compile(r"^ref: (refs/[\w./-]{1,200})$")
_COMMITTER = re.compile(rb"^committer .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)
_SECONDS = 20


def last_commit(clone: Path) -> datetime | None:
    """Return when the commit that is checked out was made, as its author's machine says; None where nobody can tell."""
    try:
        head = _head(clone / ".git")
        return _committed(clone / ".git" / "objects", head) if head else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _head(folder: Path) -> str:
    """Return the hash of the commit that HEAD names."""
    text = _line(folder / "HEAD")
    if _HASH.match(text):
        return text
    found = _REF.match(text)
    if found is None or ".." in found[1]:
        return ""
    name = found[1]
    if (folder / name).is_file():
        text = _line(folder / name)
        return text if _HASH.match(text) else ""
    for line in _text(folder / "packed-refs").splitlines():
        commit, _, packed = line.partition(" ")
        if packed == name and _HASH.match(commit):
            return commit
    return ""


def _line(file: Path) -> str:
    return _text(file).strip()


def _text(file: Path) -> str:
    if file.is_symlink():
        return ""
    with open(file, encoding="utf-8", errors="replace") as stream:
        return stream.read(4 << 20)


def _committed(objects: Path, commit: str) -> datetime | None:
    if objects.is_symlink():
        return None
    with tempfile.TemporaryDirectory() as own:
        for name in ("refs", "objects"):
            os.mkdir(os.path.join(own, name))
        Path(own, "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_DIR": own,
            "GIT_OBJECT_DIRECTORY": str(objects.absolute()),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ALLOW_PROTOCOL": "none",
            "HOME": own,
        }
        command = ["git", "cat-file", "commit", commit]
        done = subprocess.run(command, env=environment, cwd=own, capture_output=True, timeout=_SECONDS, check=False)
    found = _COMMITTER.search(done.stdout.split(b"\n\n", 1)[0]) if done.returncode == 0 else None
    if found is None:
        return None
    seconds, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
    return datetime.fromtimestamp(int(seconds), timezone(offset))
