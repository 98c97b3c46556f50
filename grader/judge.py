"""Judges outcomes by a key. A pure function of plain data: no files, no clock, no learner code.

Of every case the first thing that is wrong counts (`grader.faults`); then there is one diagnosis for the whole
exercise, or none (`grader.diagnosis`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import Fault
from grader.diagnosis import Diagnosis, diagnose
from grader.evidence import evidence
from grader.faults import Outcomes, calls, changed_argument, fault
from grader.key import Key, KeyCase
from grader.messages import say
from grader.outcome import OURS, Failed, Outcome, Returned
from grader.parts import leaves
from grader.worker import wire

__all__ = ["DONE", "LEAVES_ALONE", "CaseVerdict", "Diagnosis", "Finding", "Outcomes", "Verdict", "judge", "planned"]

DONE = frozenset({"right", "robust"})  # the states in which an exercise is right
LEAVES_ALONE = "leaves_its_arguments_alone"
_WHOLE_FILE = ("syntax", "source", "shortcut", "missing", "setup")


@dataclass(frozen=True)
class CaseVerdict:
    """What became of one case; `state` is "passed", "failed", "not judged" or "not run"."""

    name: str
    kind: str
    hidden: bool
    state: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with its evidence.

    `case` is None where the file as a whole is at fault. `called` shows the arguments where they are small, `printed`
    what the learner's own prints said. A hidden case gives no evidence.
    """

    case: str | None
    check: str
    message: str
    called: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Verdict:
    """All that is known of one exercise of one learner.

    `assisted` names the functions that a capstone got from the references, because the learner's are not right yet;
    `evidence` is what looks like tampering, a sentence each, for a teacher.
    """

    name: str
    topic: str
    title: str
    state: str
    max_points: int
    cases: tuple[CaseVerdict, ...]
    findings: tuple[Finding, ...]
    diagnosis: Diagnosis | None
    assisted: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@np.errstate(all="ignore")  # a learner's numbers may overflow where they are compared; that says nothing to anybody
def judge(key: Key, outcomes: Outcomes) -> Verdict:
    """Return the verdict on what a learner's function did at every case of the key.

    Args:
        key: the answer key.
        outcomes: by case, the outcome of every call that the case asks for. A missing one counts as failed.
    """
    if _not_started(key, outcomes):
        cases = tuple(CaseVerdict(name, kind, hidden, "not run") for name, kind, hidden in planned(key))
        return Verdict(key.name, key.topic, key.title, "not started", key.points, cases, (), None)
    faults = {case.name: fault(key, case, outcomes) for case in key.cases}
    cases_list = [CaseVerdict(c.name, c.kind, c.hidden, _state(faults[c.name], calls(c, outcomes))) for c in key.cases]
    findings = list(_findings(key, faults, outcomes))
    if _can_change(key):
        changed = changed_argument(key, outcomes)
        returned = any(isinstance(o, Returned) for c in key.cases for o in calls(c, outcomes))
        state = "failed" if changed else "passed" if returned else "not run"
        cases_list.append(CaseVerdict(LEAVES_ALONE, "edge", False, state))
        findings += [Finding(LEAVES_ALONE, "arguments", changed)] if changed else []
    cases = tuple(cases_list)
    state = _overall(cases)
    diagnosis = diagnose(key, faults, outcomes) if state in ("wrong", "right") else None
    seen = evidence(key, outcomes)
    return Verdict(key.name, key.topic, key.title, state, key.points, cases, tuple(findings), diagnosis, (), seen)


def planned(key: Key) -> list[tuple[str, str, bool]]:
    """Return name, kind and hiddenness of every case that a verdict on this exercise lists."""
    cases = [(case.name, case.kind, case.hidden) for case in key.cases]
    return [*cases, (LEAVES_ALONE, "edge", False)] if _can_change(key) else cases


def _can_change(key: Key) -> bool:
    """A drive builds the arguments itself, so what a function leaves in them is for the drive to report."""
    return key.drive is None and len(key.changes) < len(key.parameters)


def _not_started(key: Key, outcomes: Outcomes) -> bool:
    """Every case meets the stub's own exception, except where an exception is what is asked for."""
    found = [o for case in key.cases for o in calls(case, outcomes)]
    return bool(found) and all(isinstance(o, Failed) and o.not_started and not o.loading for o in found)


def _state(fault: Fault | None, found: Sequence[Outcome]) -> str:
    if fault is None:
        return "passed"
    failed = [o for o in found if isinstance(o, Failed)]
    if any(o.kind in OURS for o in failed):
        return "not judged"
    return "not run" if any(o.kind == "not run" for o in failed) else "failed"


def _overall(cases: Sequence[CaseVerdict]) -> str:
    core = [case.state for case in cases if case.kind == "core"]
    if any(case.state == "not judged" for case in cases):
        return "not judged"
    if any(state != "passed" for state in core):
        return "wrong"
    return "robust" if all(case.state == "passed" for case in cases) else "right"


# --- findings ------------------------------------------------------------------------------------------------------


def _findings(key: Key, faults: Mapping[str, Fault | None], outcomes: Outcomes) -> Iterator[Finding]:
    """Yield a finding for every fault; one alone where the file as a whole is at fault."""
    for case in key.cases:
        fault, first = faults[case.name], calls(case, outcomes)[0]
        if fault is None:
            continue
        if _whole_file(first):
            yield Finding(None, fault.check, fault.message, printed=first.printed)
            return
    for case in key.cases:
        fault, first = faults[case.name], calls(case, outcomes)[0]
        if fault is None:
            continue
        if case.hidden:
            yield Finding(case.name, fault.check, say("a hidden case fails ({kind})", kind=fault.check))
        else:
            yield Finding(case.name, fault.check, fault.message, _called(key, case), first.printed)


def _whole_file(first: Outcome) -> bool:
    return isinstance(first, Failed) and (first.loading or first.kind in _WHOLE_FILE)


def _called(key: Key, case: KeyCase) -> str:
    """Show the call where its arguments are small enough to be worked through by hand."""
    sizes = [np.size(leaf) for _, leaf in leaves(case.arguments)]
    if sum(sizes) > 16:
        return ""
    shown = [f"{name}={_shown(value)}" for name, value in zip(key.parameters, case.arguments, strict=False)]
    text = f"{key.name}({', '.join(shown)})"
    return text if len(text) <= 240 else ""


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        entries = np.array2string(value, separator=", ", max_line_width=10_000).replace("\n", "")
        usual = value.dtype in (np.dtype(float), np.dtype(int), np.dtype(bool))
        dtype = "" if usual else f", dtype={value.dtype}"
        return f"array({entries}{dtype})" if value.size else f"zeros({value.shape}{dtype})"
    if isinstance(value, tuple):
        return "(" + ", ".join(_shown(part) for part in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    if isinstance(value, wire.Named):
        return value.name
    if isinstance(value, wire.Seed):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, wire.Drawn):
        return _drawn(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_shown(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _drawn(value: wire.Drawn) -> str:
    rng = f"np.random.default_rng({value.seed})"
    if value.below is None:
        return f"{rng}.standard_normal({value.shape})"
    return f"{rng}.integers({value.below}, size={value.shape})"
