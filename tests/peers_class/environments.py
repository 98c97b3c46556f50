"""An environment of its own for every peer, so that none changes ours or another's.

Each is made once, under `.grader/peers/`, with the versions in the table. What cannot be installed is said with the
last line of the reason.
"""

import hashlib
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

__all__ = ["PINNED", "InstallError", "python"]

ROOT = Path(__file__).parent.parent.parent
_SAME = tuple(f"{name}=={version(name)}" for name in ("numpy", "scipy"))  # all grade with the same numerics
PINNED = {
    "pytest": (*(f"{name}=={version(name)}" for name in ("pytest", "pytest-timeout")), *_SAME),
    "gradescope-utils": ("gradescope-utils==0.5.0", *_SAME),
    "otter-grader": ("otter-grader==7.0.0", "ipykernel==7.4.0", *_SAME),
    "nbgrader": ("nbgrader==0.9.6", "ipykernel==7.4.0", *_SAME),
}


class InstallError(Exception):
    """A peer cannot be installed."""


def python(name: str) -> Path:
    """Return the interpreter of a peer's environment, and make it where it is not there yet.

    Raises:
        InstallError: it cannot be made.
    """
    pins = PINNED[name]
    folder = ROOT / ".grader" / "peers" / f"{name}-{hashlib.sha256(repr(pins).encode()).hexdigest()[:8]}"
    found, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Setting up {name}, once.", file=sys.stderr, flush=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(found), "-m", "pip", "install", "-q", "--disable-pip-version-check", *pins])
        ready.touch()
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise InstallError(said[-1][:200])
