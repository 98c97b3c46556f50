"""Plays an attack beside an honest answer, and looks from outside for what it has done."""

import platform
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.clean import clean
from grader.judge import Verdict, judge
from grader.outcome import Failed, Outcome
from grader.report.json import document
from grader.report.text import verdict_lines
from grader.sandbox import Sandbox
from grader.sandbox.level import at_least
from grader.sandbox.run import play
from tests.attacks.attack import Attack
from tests.attacks.scene import Scene
from tests.processes import gone

__all__ = ["Result", "attacked", "fits"]

_HONEST = "import os\ndef f(x):\n    print(os.getppid())\n    return 3 * x\n"
_HONEST_SECONDS = 20.0
# A message that is longer than that helps nobody.
_LONGEST_MESSAGE = 10_000
# What the grader may compute for one attack, in the thread that plays it.
_GRADERS_SECONDS = 5.0
# What a signal of the sandbox's needs at the most to take effect.
_PATIENCE = 1.0


@dataclass(frozen=True)
class Result:
    """What became of an attack: the harms that it did, what held it, and the state of its exercise."""

    attack: Attack
    harms: tuple[str, ...]
    held: str
    state: str
    said: str

    @property
    def contained(self) -> bool:
        return not self.harms


def fits(attack: Attack, level: str) -> bool:
    """Say whether an attack can be played on this machine, at this level."""
    return attack.machine in ("", platform.machine()) and at_least(level, attack.not_below)


def attacked(scene: Scene, sandbox: Sandbox, attack: Attack) -> Result:
    """Play one attack, and say what it has done."""
    neighbour = _Neighbour(scene, sandbox)
    parent = neighbour.parent() if attack.harm in ("struck", "neighbour") else ""
    beside = threading.Thread(target=neighbour.check)
    beside.start()
    outcomes: list[Outcome] = []
    verdict: Verdict | None = None
    said = ""
    began = time.thread_time()
    try:
        key = scene.key(attack.seconds)
        played = play(sandbox, key, scene.source(attack), "f.py", max(0.5, attack.seconds))
        outcomes = [one for several in played.values() for one in several]
        verdict = judge(key, played)
    except Exception as fault:  # the grader's own failure is what is looked for
        said = f"{type(fault).__name__}: {fault}"
    laborious = time.thread_time() - began > _GRADERS_SECONDS
    beside.join()
    struck = bool(parent) and neighbour.parent() != parent
    found = {
        *_seen(scene, attack, outcomes, verdict),
        *(["struck"] if struck else []),
        *(["neighbour"] if neighbour.harmed else []),
        *(["broke"] if laborious else []),
    }
    said = said or "; ".join(finding.message for finding in verdict.findings) if verdict else said
    state = verdict.state if verdict else "none"
    return Result(attack, tuple(sorted(found)), _held(outcomes), state, said)


class _Neighbour:
    """An honest answer, graded at the same time."""

    def __init__(self, scene: Scene, sandbox: Sandbox) -> None:
        self._key, self._sandbox = scene.key(_HONEST_SECONDS), sandbox
        self.harmed = False

    def check(self) -> None:
        """Play it, and note whether it has lost anything."""
        self.parent()

    def parent(self) -> str:
        """Play it, and return the number of the process that all workers are forks of."""
        try:
            outcomes = play(self._sandbox, self._key, _HONEST, "f.py", _HONEST_SECONDS)
            self.harmed |= judge(self._key, outcomes).state != "robust"
            return outcomes["by_hand"][0].printed
        except Exception:
            self.harmed = True
            return ""


def _seen(scene: Scene, attack: Attack, outcomes: Sequence[Outcome], verdict: Verdict | None) -> Iterator[str]:
    everything = "\n".join(repr(outcome) for outcome in outcomes)
    if any(secret in everything for secret in scene.secrets.values()):
        yield "read"
    if scene.proof in everything:
        yield "could"
    if scene.changed():
        yield "wrote"
    if scene.reached(attack):
        yield "reached"
    if scene.struck():
        yield "struck"
    if any(_lives(int(pid)) for pid in re.findall(rf"{scene.left} (\d+) \.", everything)):
        yield "lives on"
    yield from ["broke"] if verdict is None else _judged(scene, attack, verdict)


def _lives(pid: int) -> bool:
    end = time.monotonic() + _PATIENCE
    while not gone(pid):
        if time.monotonic() > end:
            return True
        time.sleep(0.01)
    return False


def _judged(scene: Scene, attack: Attack, verdict: Verdict) -> Iterator[str]:
    if attack.deserves == "robust" and verdict.state != "robust":
        yield "points"
    if attack.deserves == "wrong" and verdict.state != "wrong":
        yield "points" if verdict.state in ("right", "robust") else "unjudged"
    report = [line.text for line in verdict_lines(verdict, "f.py")]
    data = document([verdict], "kernel")
    if any(number in text for number in scene.hidden for text in (*report, data)):
        yield "leaked"
    if any(clean(line) != line for line in report) or not data.isascii():
        yield "commands"
    if not all(_helps(finding.message) for finding in verdict.findings) or (
        verdict.state == "wrong" and not verdict.findings
    ):
        yield "broke"


def _helps(message: str) -> bool:
    return 0 < len(message) < _LONGEST_MESSAGE and "Traceback" not in message and "worker/" not in message


def _held(outcomes: Sequence[Outcome]) -> str:
    """Say what stopped it, from the first outcome that is no answer."""
    failed = next((one for one in outcomes if isinstance(one, Failed)), None)
    if failed is None:
        return "judged"
    if failed.kind == "exception":
        return "refused" if failed.type in ("PermissionError", "BlockingIOError", "OSError") else "its own exception"
    return f"{failed.kind} {failed.type}".rstrip() if failed.kind == "crash" else failed.kind
