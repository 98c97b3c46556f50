"""The places that attacks are played in, and how a command is run there."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.sandbox.level import LEVELS
from tests.attacks import container

__all__ = ["WORLDS", "World", "run"]

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class World:
    """A place by its name: what is given up before, and the levels to play at."""

    name: str
    given_up: tuple[str, ...]
    levels: tuple[str, ...]


WORLDS = (
    World("as you are:", (), LEVELS),
    World("plain user:", ("--user",), ("process", "seccomp", "kernel", "kernel+ns")),
    World("Docker, root:", ("--docker",), ("kernel",)),
    World("Docker, root, no Landlock:", ("--docker", "--no-landlock"), ("seccomp",)),
    World("Docker, plain user:", ("--docker", "--user"), ("kernel",)),
    World("Docker, plain user, no Landlock:", ("--docker", "--no-landlock", "--user"), ("seccomp",)),
)


def run(world: World, command: Sequence[str]) -> Any:
    """Run a command in a world and return what it said, JSON; None where there can be no such world."""
    if world.given_up and not container.possible("--user" in world.given_up):
        return None
    before = [sys.executable, "-m", "tests.attacks.container", *world.given_up] if world.given_up else []
    ran = subprocess.run(
        [*before, *command],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(ran.stdout)
