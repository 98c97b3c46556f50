"""The level of isolation that learner code is run at, from what was tried.

kernel+ns   "kernel", and a world of its own: bubblewrap around all workers
kernel      the filter of system calls and Landlock, each enough by itself for files and network
seccomp     the filter of system calls
user        another user than the grader's, who can open what everybody can
process     another process, with your own rights
"""

from collections.abc import Collection

from grader.worker.lockdown import STEPS

__all__ = ["LEVELS", "USUAL", "at_least", "level", "steps"]

LEVELS = ("process", "user", "seccomp", "kernel", "kernel+ns")
# As high as it goes without another program: what bubblewrap adds is asked for by name.
USUAL = "kernel"
# What another user is good for: the grader and its memory are out of reach, files are not.
_OTHER_USER = frozenset({"signal the parent", "look into the parent"})


def level(done: Collection[str], possible: Collection[str], wrapped: bool) -> str:
    """Return the level that a probe has found.

    Args:
        done: the steps of the lock-down that could be taken.
        possible: the forbidden things that the probe could do after them.
        wrapped: whether bubblewrap is around it.
    """
    if possible:
        return "user" if "user" in done and not _OTHER_USER & set(possible) else "process"
    if "landlock" not in done:
        return "seccomp"
    return "kernel+ns" if wrapped else "kernel"


def at_least(reached: str, wanted: str) -> bool:
    """Say whether a level is as high as another."""
    return LEVELS.index(reached) >= LEVELS.index(wanted)


def steps(most: str) -> list[str]:
    """Return the steps of the lock-down to take in order to come to `most` and no higher."""
    unwanted = {"process": {*STEPS}, "user": {"landlock", "seccomp"}, "seccomp": {"landlock"}}
    return [step for step in STEPS if step not in unwanted.get(most, ())]
