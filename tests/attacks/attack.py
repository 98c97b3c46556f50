"""What an attack is: a learner's file that is after something, and what should keep it from it."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HARMS", "Attack", "in_call", "raw"]

# What counts as success. All of them are looked for after every attack, whatever it was after.
HARMS: Mapping[str, str] = {
    "read": "something secret shows up in a reply, a print, a message or a report",
    "wrote": "something in the file system has changed",
    "reached": "a connection or packet arrived at somebody who listens",
    "lives on": "a process is there that outlives its session",
    "struck": "another process was ended, stopped, changed or slowed down",
    "could": "it says itself that a forbidden thing went well, with a word that only success can spell",
    "points": "a wrong answer is judged to be right, or an honest one is not",
    "unjudged": "it was not judged, where it had earned nothing",
    "neighbour": "an honest answer beside it lost points",
    "leaked": "numbers of a hidden case show up in what is reported",
    "commands": "a report holds characters that a terminal obeys",
    "broke": "the grader itself fails, computes for seconds, or says nothing that helps",
}


@dataclass(frozen=True)
class Attack:
    """One hostile answer to "return three times x".

    Args:
        name: what it does.
        threat: the line of the threat list it stands for.
        source: the learner's file. `$word` stands for something in the scene.
        harm: what counts as success, one of HARMS.
        by: the control that should catch it.
        since: the lowest level of isolation at which the control is promised.
        deserves: the state of an exercise that it has earned by its answers.
        seconds: the CPU time that a call may take.
        not_below: the level below which it would hurt the machine, so that it is not played there.
        machine: the processor that it is written for.
    """

    name: str
    threat: str
    source: str
    harm: str
    by: str
    since: str = "process"
    deserves: str = "wrong"
    seconds: float = 0.1
    not_below: str = "process"
    machine: str = ""


def in_call(*lines: str, before: str = "") -> str:
    """Return a file whose f(x) runs `lines`."""
    body = "\n".join(lines).replace("\n", "\n    ")
    return f"import os, sys\nimport numpy as np\n{before}\ndef f(x):\n    {body}\n"


_RAW = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def done(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
def raw(number, *words):
    return done(libc.syscall(ctypes.c_long(number), *words))
def channel():
    for n in range(3, 64):
        try: os.close(os.dup(n))
        except OSError: continue
        return n
"""


def raw(*lines: str, before: str = "") -> str:
    """Return the same with system calls at hand: `raw(number, ...)`, or `done(libc.name(...))`, and channel()."""
    return in_call(*lines, before=_RAW + before)
