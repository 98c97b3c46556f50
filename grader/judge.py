"""Judges outcomes by a key. A pure function of plain data: no files, no clock, no learner code.

Per case the first thing that is wrong counts, coarsest first: did the call return, is the answer of the right form,
is it the derivative that it should be, is it the right value, does it keep the other checks. Then one diagnosis for
the whole exercise: the known mistake that gives exactly these outcomes, at every case or at least at every core case,
or else what the gradient's errors look like, or else nothing. A wrong name is worse than none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import compare
from grader.checks import Fault
from grader.checks.chance import Statistics
from grader.checks.consistency import Consistency
from grader.checks.slope import Slope
from grader.checks.symmetry import Symmetry
from grader.key import Key, KeyCase, KeyMistake
from grader.locate import where
from grader.outcome import OURS, Failed, Outcome, Returned
from grader.parts import entry, leaves, name_of, numbers
from grader.sentences import failure

__all__ = ["LEAVES_ALONE", "CaseVerdict", "Diagnosis", "Finding", "Outcomes", "Verdict", "judge", "planned"]

LEAVES_ALONE = "leaves_its_arguments_alone"
Outcomes = Mapping[str, Sequence[Outcome]]
_WHOLE_FILE = ("syntax", "source", "shortcut", "missing", "setup")
_NOT_RUN = Failed("not run", "there is no outcome for it")


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
class Diagnosis:
    """The likely cause: a known mistake (`kind` "mistake") or a pattern of the errors (`kind` "gradient")."""

    kind: str
    name: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """All that is known of one exercise of one learner."""

    name: str
    topic: str
    title: str
    state: str
    max_points: int
    cases: tuple[CaseVerdict, ...]
    findings: tuple[Finding, ...]
    diagnosis: Diagnosis | None


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
    faults = {case.name: _fault(key, case, _calls(case, outcomes), _beside(case, outcomes)) for case in key.cases}
    cases_list = [CaseVerdict(c.name, c.kind, c.hidden, _state(faults[c.name], _calls(c, outcomes))) for c in key.cases]
    findings = list(_findings(key, faults, outcomes))
    if _can_change(key):
        changed = _changed_argument(key, outcomes)
        returned = any(isinstance(o, Returned) for c in key.cases for o in _calls(c, outcomes))
        state = "failed" if changed else "passed" if returned else "not run"
        cases_list.append(CaseVerdict(LEAVES_ALONE, "edge", False, state))
        findings += [Finding(LEAVES_ALONE, "arguments", changed)] if changed else []
    cases = tuple(cases_list)
    state = _overall(cases)
    diagnosis = _diagnosis(key, faults, outcomes) if state in ("wrong", "right") else None
    return Verdict(key.name, key.topic, key.title, state, key.points, cases, tuple(findings), diagnosis)


def planned(key: Key) -> list[tuple[str, str, bool]]:
    """Return name, kind and hiddenness of every case that a verdict on this exercise lists."""
    cases = [(case.name, case.kind, case.hidden) for case in key.cases]
    return [*cases, (LEAVES_ALONE, "edge", False)] if _can_change(key) else cases


def _can_change(key: Key) -> bool:
    """A drive builds the arguments itself, so what a function leaves in them is for the drive to report."""
    return key.drive is None and len(key.changes) < len(key.parameters)


def _calls(case: KeyCase, outcomes: Outcomes) -> Sequence[Outcome]:
    """Return what the calls with the arguments of the case did."""
    found = outcomes.get(case.name, ())[: case.calls]
    return [*found, *([_NOT_RUN] * (case.calls - len(found)))]


def _beside(case: KeyCase, outcomes: Outcomes) -> Sequence[Outcome]:
    """Return what the calls beside the case did, as far as there are any."""
    return outcomes.get(case.name, ())[case.calls :]


def _not_started(key: Key, outcomes: Outcomes) -> bool:
    """Every case meets the stub's own exception, except where an exception is what is asked for."""
    found = [o for case in key.cases for o in _calls(case, outcomes)]
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


# --- one case ------------------------------------------------------------------------------------------------------


def _fault(key: Key, case: KeyCase, found: Sequence[Outcome], beside: Sequence[Outcome]) -> Fault | None:
    first, expected = found[0], case.expected
    if isinstance(expected, Failed):
        return _not_raised(key, case, expected, first)
    for one in found:
        if isinstance(one, Failed):
            return Fault(one.kind, failure(one, key.name, key.parameters))
    assert isinstance(first, Returned)
    form = _form(key, case, expected.value, first)
    return form or _which_of_two(key, case, found, beside) or _numbers(key, case, expected, found)


def _not_raised(key: Key, case: KeyCase, expected: Failed, got: Outcome) -> Fault | None:
    if isinstance(got, Returned):
        return Fault("raises", f"it returns an answer, where the statement asks it to raise {expected.type}")
    if got.kind == "exception" and not got.loading and expected.type in (got.type, *got.bases):
        return None
    sentence = failure(got, key.name, key.parameters)
    if got.kind == "exception" and not got.loading:
        sentence = f"it should raise {expected.type} here, and raises another exception. {sentence}"
    return Fault(got.kind, sentence)


def _form(key: Key, case: KeyCase, expected: Any, got: Returned) -> Fault | None:
    found = compare.misfit(expected, got.value)
    if found is None or (found.soft and case.kind == "core"):
        return None
    return Fault(found.kind, found.of(name_of(found.place, key.returns)))


def _numbers(key: Key, case: KeyCase, expected: Returned, found: Sequence[Outcome]) -> Fault | None:
    answers = [one.value for one in found if isinstance(one, Returned)]
    slopes = [check for check in case.checks if isinstance(check, Slope)]
    others = [check for check in case.checks if not isinstance(check, Slope)]
    for check in slopes:
        fault = check.fault(answers)
        if fault is not None:
            return fault
    skip = frozenset(place for check in case.checks for place in check.places)
    different = compare.difference(_turned(case, expected.value, answers[0]), answers[0], case.bars, skip)
    if different is not None:
        return Fault(
            "value", _difference(different, name_of(different.place, key.returns)) + _free(key, case, different)
        )
    for other in others:
        fault = other.fault(answers)
        if fault is not None:
            return fault
    return _left_behind(key, case, expected, found[0])


def _which_of_two(key: Key, case: KeyCase, found: Sequence[Outcome], beside: Sequence[Outcome]) -> Fault | None:
    """Return what is wrong with a loss and its gradient, with a word on which of them has to be mended."""
    check = next((check for check in case.checks if isinstance(check, Consistency)), None)
    first, expected = found[0], case.expected
    if check is None or not isinstance(first, Returned) or not isinstance(expected, Returned):
        return None
    slope = next((s.fault([first.value]) for s in case.checks if isinstance(s, Slope) and s.place == check.place), None)
    others = frozenset(place for place, _ in leaves(expected.value) if place != check.loss)
    different = compare.difference(expected.value, first.value, case.bars, others)
    if slope is None and different is None:
        return None
    loss = Fault("value", _difference(different, name_of(check.loss, key.returns))) if different is not None else None
    answers = [one.value for one in beside if isinstance(one, Returned)]
    agrees = check.agrees(first.value, answers) if loss and slope else None
    fault = loss or slope
    assert fault is not None
    remark = check.remark(loss is not None, slope is not None, agrees)
    return replace(fault, message=f"{fault.message}\n{remark}." if remark else fault.message)


def _turned(case: KeyCase, expected: Any, answer: Any) -> Any:
    """Return the expected answer, its free parts (an eigenvector's sign) turned towards those of `answer`."""
    for check in case.checks:
        if isinstance(check, Symmetry):
            expected = check.turned(expected, answer)
    return expected


def _free(key: Key, case: KeyCase, found: compare.Difference) -> str:
    """Say that a part which differs was compared up to its freedom."""
    free = (c for c in case.checks if isinstance(c, Symmetry) and c.place == found.place)
    return "".join(f"; {check.remark(name_of(found.place, key.returns))}, but not this" for check in free)


def _difference(found: compare.Difference, name: str) -> str:
    if found.yours == found.expected:  # text
        return f"{name} is another text than expected"
    yours, wanted = numbers(found.yours, found.expected)
    lie = where(found.wrong, {})
    return f"{name}{entry(found.index)} is {yours}, expected {wanted}" + (f" ({lie})" if lie else "")


def _left_behind(key: Key, case: KeyCase, expected: Returned, got: Outcome) -> Fault | None:
    """Compare what the function left in the arguments that it is meant to change; more entries in a dict do no harm."""
    assert isinstance(got, Returned)
    for position in key.changes:
        if position >= len(case.arguments):
            continue
        name, before = key.parameters[position], case.arguments[position]
        wanted, now = expected.changed.get(position, before), got.changed.get(position, before)
        if isinstance(wanted, dict) and isinstance(now, dict):
            now = {k: now[k] for k in wanted if k in now}
        found = compare.misfit(wanted, now)
        if found is not None and not (found.soft and case.kind == "core"):
            return Fault("arguments", f"after the call, {found.of(name_of(found.place, name))}")
        different = compare.difference(wanted, now, {}, frozenset())
        if different is not None:
            return Fault("arguments", "after the call, " + _difference(different, name_of(different.place, name)))
    return None


def _changed_argument(key: Key, outcomes: Outcomes) -> str:
    """Return a sentence on the first argument that the function changed and should have left alone, or nothing."""
    for case in key.cases:
        for one in _calls(case, outcomes):
            for position, now in one.changed.items() if isinstance(one, Returned) else ():
                if position in key.changes or not 0 <= position < len(case.arguments):
                    continue
                name = key.parameters[position]
                what = "" if case.hidden else _change(name, case.arguments[position], now)
                head = f"the caller's {name} is not what it was before the call{what}"
                return f"{head}. Work on a copy, or on a new array."
    return ""


def _change(name: str, before: Any, now: Any) -> str:
    """Show the first number that has changed."""
    after = dict(leaves(now))
    for place, old in leaves(before):
        new = after.get(place)
        one, other = np.asarray(old), np.asarray(new)
        if one.shape != other.shape or one.dtype.kind not in "biufc" or other.dtype.kind not in "biufc":
            continue
        moved = ~((one == other) | ((one != one) & (other != other)))
        if moved.any():
            index = tuple(int(i) for i in np.argwhere(moved)[0])
            was, is_now = numbers(one[index].item(), other[index].item())
            return f": {name_of(place, name)}{entry(index)} was {was} and is now {is_now}"
    return ""


# --- findings ------------------------------------------------------------------------------------------------------


def _findings(key: Key, faults: Mapping[str, Fault | None], outcomes: Outcomes) -> Iterator[Finding]:
    """Yield a finding for every fault; one alone where the file as a whole is at fault."""
    for case in key.cases:
        fault, first = faults[case.name], _calls(case, outcomes)[0]
        if fault is None:
            continue
        if _whole_file(first):
            yield Finding(None, fault.check, fault.message, printed=first.printed)
            return
    for case in key.cases:
        fault, first = faults[case.name], _calls(case, outcomes)[0]
        if fault is None:
            continue
        if case.hidden:
            yield Finding(case.name, fault.check, f"a hidden case fails ({fault.check})")
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
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_shown(v)}" for k, v in value.items()) + "}"
    return repr(value)


# --- diagnosis -----------------------------------------------------------------------------------------------------


def _diagnosis(key: Key, faults: Mapping[str, Fault | None], outcomes: Outcomes) -> Diagnosis | None:
    matching = [m for m in key.mistakes if _alike(key, m, outcomes, strict=True)]
    if not matching:
        matching = [m for m in key.mistakes if not _harmless(key, m) and _alike(key, m, outcomes, strict=False)]
    if len(matching) > 1:
        return None
    # Whoever makes a known mistake may make another one at the edges.
    core = replace(key, cases=tuple(case for case in key.cases if case.kind == "core"))
    matching = matching or [m for m in key.mistakes if not _harmless(core, m) and _alike(core, m, outcomes, False)]
    if len(matching) == 1:
        return Diagnosis("mistake", matching[0].name, matching[0].message)
    return _pattern(key, faults, outcomes)


def _pattern(key: Key, faults: Mapping[str, Fault | None], outcomes: Outcomes) -> Diagnosis | None:
    """Explain the first wrong gradient by the pattern of its errors."""
    for case in key.cases:
        fault, first = faults[case.name], _calls(case, outcomes)[0]
        if fault is None or fault.check != "gradient" or case.hidden or not isinstance(first, Returned):
            continue
        wrong = next(c for c in case.checks if isinstance(c, Slope) and c.fault([first.value]) is not None)
        found = wrong.explain(first.value)
        return Diagnosis("gradient", found.kind, found.sentence) if found else None
    return None


def _alike(key: Key, mistake: KeyMistake, outcomes: Outcomes, strict: bool) -> bool:
    """Say whether every outcome is the mistake's; `strict`: in its types and the arguments it changed, too."""
    return all(
        _same_outcome(mistake, case, theirs, ours, strict)
        for case in key.cases
        for theirs, ours in zip(_calls(case, mistake.outcomes), _calls(case, outcomes), strict=True)
    ) and all(_same_faults(mistake, case, _calls(case, outcomes)) for case in key.cases)


def _same_outcome(mistake: KeyMistake, case: KeyCase, theirs: Outcome, ours: Outcome, strict: bool) -> bool:
    if isinstance(theirs, Failed) or isinstance(ours, Failed):
        return (
            isinstance(theirs, Failed)
            and isinstance(ours, Failed)
            and (theirs.kind, theirs.type) == (ours.kind, ours.type)
        )
    found = compare.misfit(theirs.value, ours.value)
    if found is not None and found.kind != "finite" and (strict or not found.soft):
        return False
    if strict and set(theirs.changed) != set(ours.changed):
        return False
    random = frozenset(chance.place for chance in mistake.chances.get(case.name, ()))
    if any(chance.fault([ours.value]) for chance in mistake.chances.get(case.name, ())):
        return False
    if compare.difference(_turned(case, theirs.value, ours.value), ours.value, case.bars, random) is not None:
        return False
    both = set(theirs.changed) & set(ours.changed)
    return all(compare.same(theirs.changed[position], ours.changed[position], {}) for position in both)


def _same_faults(mistake: KeyMistake, case: KeyCase, ours: Sequence[Outcome]) -> bool:
    """Where chance plays a part, the relations between the parts have to fail or hold alike."""
    if case.name not in mistake.chances:
        return True
    checks = [check for check in case.checks if not isinstance(check, (Slope, Statistics))]
    answers = [
        [one.value for one in found if isinstance(one, Returned)] for found in (mistake.outcomes[case.name], ours)
    ]
    return all((check.fault(answers[0]) is None) == (check.fault(answers[1]) is None) for check in checks)


def _harmless(key: Key, mistake: KeyMistake) -> bool:
    """Say whether the mistake's values are right, so that it is known by its types or by what it changes alone."""
    return all(
        isinstance(one, Returned)
        and isinstance(case.expected, Returned)
        and compare.same(_turned(case, case.expected.value, one.value), one.value, case.bars)
        for case in key.cases
        for one in _calls(case, mistake.outcomes)
    )
