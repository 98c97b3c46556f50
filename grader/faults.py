"""What is wrong with one case: the first thing that is, coarsest first.

Did the call return, is the answer of the right form, is it the derivative that it should be, is it the right value,
does it keep the other checks, are the arguments as they should be?
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader import compare
from grader.checks import Fault
from grader.checks.consistency import Consistency
from grader.checks.slope import Slope
from grader.checks.symmetry import Symmetry
from grader.key import Key, KeyCase
from grader.locate import where
from grader.messages import say
from grader.misfit import misfit
from grader.outcome import Failed, Outcome, Returned
from grader.parts import entry, leaves, name_of, numbers
from grader.sentences import failure

__all__ = ["Outcomes", "beside", "calls", "changed_argument", "fault", "turned"]

Outcomes = Mapping[str, Sequence[Outcome]]


def calls(case: KeyCase, outcomes: Outcomes) -> Sequence[Outcome]:
    """Return what the calls with the arguments of the case did."""
    found = outcomes.get(case.name, ())[: case.calls]
    if len(found) == case.calls:
        return found
    missing = Failed("not run", say("there is no outcome for it"))
    return [*found, *([missing] * (case.calls - len(found)))]


def beside(case: KeyCase, outcomes: Outcomes) -> Sequence[Outcome]:
    """Return what the calls beside the case did, as far as there are any."""
    return outcomes.get(case.name, ())[case.calls :]


def fault(key: Key, case: KeyCase, outcomes: Outcomes) -> Fault | None:
    """Return the first thing that is wrong with what a function did at a case, or None."""
    found = calls(case, outcomes)
    first, expected = found[0], case.expected
    if isinstance(expected, Failed):
        return _not_raised(key, case, expected, first)
    for one in found:
        if isinstance(one, Failed):
            return Fault(one.kind, failure(one, key.name, key.parameters))
    assert isinstance(first, Returned)
    form = _form(key, case, expected.value, first)
    return form or _which_of_two(key, case, first, beside(case, outcomes)) or _numbers(key, case, expected, found)


def _not_raised(key: Key, case: KeyCase, expected: Failed, got: Outcome) -> Fault | None:
    if isinstance(got, Returned):
        asked = say("it returns an answer, where the statement asks it to raise {type}", type=expected.type)
        return Fault("raises", asked)
    if got.kind == "exception" and not got.loading and expected.type in (got.type, *got.bases):
        return None
    sentence = failure(got, key.name, key.parameters)
    if got.kind == "exception" and not got.loading:
        asked = say("it should raise {type} here, and raises another exception.", type=expected.type)
        sentence = f"{asked} {sentence}"
    return Fault(got.kind, sentence)


def _form(key: Key, case: KeyCase, expected: Any, got: Returned) -> Fault | None:
    found = misfit(expected, got.value)
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
    different = compare.difference(turned(case, expected.value, answers[0]), answers[0], case.bars, skip)
    if different is not None:
        message = _difference(different, name_of(different.place, key.returns))
        return Fault("value", message + _free(key, case, different))
    for other in others:
        fault = other.fault(answers)
        if fault is not None:
            return fault
    return _left_behind(key, case, expected, found[0])


def _which_of_two(key: Key, case: KeyCase, first: Returned, nearby: Sequence[Outcome]) -> Fault | None:
    """Return what is wrong with a loss and its gradient, with a word on which of them has to be mended."""
    check = next((check for check in case.checks if isinstance(check, Consistency)), None)
    expected = case.expected
    if check is None or not isinstance(expected, Returned):
        return None
    slope = next((s.fault([first.value]) for s in case.checks if isinstance(s, Slope) and s.place == check.place), None)
    others = frozenset(place for place, _ in leaves(expected.value) if place != check.loss)
    different = compare.difference(expected.value, first.value, case.bars, others)
    if slope is None and different is None:
        return None
    loss = Fault("value", _difference(different, name_of(check.loss, key.returns))) if different is not None else None
    answers = [one.value for one in nearby if isinstance(one, Returned)]
    agrees = check.agrees(first.value, answers) if loss and slope else None
    told = loss or slope
    assert told is not None
    remark = check.remark(loss is not None, slope is not None, agrees)
    return replace(told, message=f"{told.message}\n{remark}" if remark else told.message)


def turned(case: KeyCase, expected: Any, answer: Any) -> Any:
    """Return the expected answer, its free parts (an eigenvector's sign) turned towards those of `answer`."""
    for check in case.checks:
        if isinstance(check, Symmetry):
            expected = check.turned(expected, answer)
    return expected


def _free(key: Key, case: KeyCase, found: compare.Difference) -> str:
    """Say that a part which differs was compared up to its freedom."""
    free = (c for c in case.checks if isinstance(c, Symmetry) and c.place == found.place)
    return "".join(f"\n{check.remark(name_of(found.place, key.returns))}" for check in free)


def _difference(found: compare.Difference, name: str) -> str:
    if isinstance(found.yours, str) or isinstance(found.expected, str):
        yours, wanted = (
            repr(text if len(text) <= 60 else f"{text[:57]}...") for text in map(str, (found.yours, found.expected))
        )
        return say("{name} is {yours}, expected {wanted}", name=name, yours=yours, wanted=wanted)
    yours, wanted = numbers(found.yours, found.expected)
    head = say("{name} is {yours}, expected {wanted}", name=name + entry(found.index), yours=yours, wanted=wanted)
    return f"{head} {where(found.wrong, {})}".rstrip()


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
        found = misfit(wanted, now)
        if found is not None and not (found.soft and case.kind == "core"):
            return Fault("arguments", _after(found.of(name_of(found.place, name))))
        different = compare.difference(wanted, now, {}, frozenset())
        if different is not None:
            return Fault("arguments", _after(_difference(different, name_of(different.place, name))))
    return None


def _after(sentence: str) -> str:
    return " ".join([say("after the call an argument is not as it should be:"), sentence])


def changed_argument(key: Key, outcomes: Outcomes) -> str:
    """Return a sentence on the first argument that the function changed and should have left alone, or nothing."""
    for case in key.cases:
        for one in calls(case, outcomes):
            for position, now in one.changed.items() if isinstance(one, Returned) else ():
                if position in key.changes or not 0 <= position < len(case.arguments):
                    continue
                name = key.parameters[position]
                changed = "" if case.hidden else _change(name, case.arguments[position], now)
                changed = changed or say("the caller's {name} is not what it was before the call.", name=name)
                return " ".join([changed, say("Work on a copy, or on a new array.")])
    return ""


def _change(name: str, before: Any, now: Any) -> str:
    """Say which number is the first that has changed; nothing where that is none."""
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
            return say(
                "the caller's {name} is not what it was before the call: {place} was {before} and is now {now}.",
                name=name,
                place=name_of(place, name) + entry(index),
                before=was,
                now=is_now,
            )
    return ""
