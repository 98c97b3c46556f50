"""Plays sabotages: each in a copy of the repository of its own, with the tests that are meant to notice it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sabotage.form import Sabotage, StaleError, apply

__all__ = ["Result", "copy", "passes", "play"]

# What the tests need, and the answer keys, which are used where they are still true.
FOLDERS = ("grader", "tests", "solutions", "assignments", ".grader/keys")
PARTS = (*FOLDERS, "pyproject.toml", "README.md", "CONTRIBUTING.md")
SECONDS_IN_ALL = 240
FAILED = 1  # pytest's exit status for tests that have failed; other kinds of trouble have others


@dataclass(frozen=True)
class Result:
    """What became of a sabotage: whether it was noticed, and the test that noticed it or why not."""

    sabotage: Sabotage
    noticed: bool
    said: str
    seconds: float


def copy(source: Path, target: Path) -> None:
    """Copy the repository at `source`, as far as tests need it, into the new folder `target`."""
    target.mkdir(parents=True)
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif (source / part).exists():
            shutil.copy2(source / part, target / part)


def passes(root: Path, sabotages: Iterable[Sabotage]) -> str:
    """Run the tests of all sabotages in the copy `root`; return "" where they pass, else what pytest said."""
    tests = dict.fromkeys(test for sabotage in sabotages for test in sabotage.tests)
    status, said = _pytest(root, tests, seconds=60)
    return "" if status == 0 else said


def play(sabotage: Sabotage, source: Path) -> Result:
    """Do the sabotage in a copy of `source` and run its tests, which have to fail, not to stumble."""
    started = time.monotonic()
    with TemporaryDirectory(prefix="sabotage") as folder:
        root = Path(folder).resolve() / "copy"
        copy(source, root)
        try:
            apply(sabotage, root)
            status, said = _pytest(root, sabotage.tests, sabotage.seconds)
        except StaleError as fault:
            status, said = None, str(fault)
    failure = re.search(r"^FAILED tests/(.+?)(?: - |$)", said, re.MULTILINE)
    noticed = status == FAILED and failure is not None and not re.search(r"^ERROR ", said, re.MULTILINE)
    if noticed and failure is not None:
        said = failure.group(1)
    elif status == 0:
        said = "its tests pass"
    return Result(sabotage, noticed, said, time.monotonic() - started)


def _pytest(root: Path, tests: Iterable[str], seconds: int) -> tuple[int | None, str]:
    """Run tests in the copy `root` until one fails; return the exit status, None for no end, and what was said."""
    plugins = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "tests.sabotage.witness"]
    options = ["-x", "-q", "-rfE", "--tb=short", f"--timeout={seconds}"]
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *plugins, *options, *(f"tests/{test}" for test in tests)],
            cwd=root,
            env={**_environment(), "PYTHONPATH": str(root)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS_IN_ALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, f"its tests did not end within {SECONDS_IN_ALL} s"
    return run.returncode, run.stdout + run.stderr


def _environment() -> dict[str, str]:
    """Return our variables without those that would change how pytest runs or finds the grader."""
    dropped = ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTHONPATH", "PYTHONSAFEPATH", "NO_COLOR", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if name not in dropped}
