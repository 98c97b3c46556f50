"""The likely cause of what is wrong: one diagnosis, or none. A wrong name is worse than none.

It is the known mistake that gives exactly these outcomes, at every case or at least at every core case, or else what
the errors of a gradient look like.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader import compare, gradcheck
from grader.checks import Fault
from grader.checks.chance import Statistics
from grader.checks.relation import Bound
from grader.checks.slope import Slope
from grader.faults import Outcomes, calls, fault, turned
from grader.key import Key, KeyCase, KeyMistake
from grader.messages import say_marked
from grader.misfit import misfit
from grader.outcome import Failed, Outcome, Returned
from grader.parts import Place

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """The likely cause: a known mistake (`kind` "mistake") or a pattern of the errors (`kind` "gradient")."""

    kind: str
    name: str
    message: str


def diagnose(key: Key, faults: Mapping[str, Fault | None], outcomes: Outcomes) -> Diagnosis | None:
    """Return the likely cause of the faults, by case, of an exercise; None where it is not clear."""
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
    """Explain the first wrong gradient by the pattern of its errors, if the others like it show the same pattern."""
    shown = [_explained(case, faults[case.name], outcomes) for case in key.cases if not case.hidden]
    found = [one for one in shown if one is not None]
    if not found:
        return None
    kind, place, first = found[0]
    if first is None:
        return None
    words: Sequence[str] = first.words
    for other in [other for its, where, other in found[1:] if (its, where) == (kind, place)]:
        if other is None or (other.kind, other.fit.get("sign")) != (first.kind, first.fit.get("sign")):
            return None
        words = [one for one in words if one in other.words]  # causes that fit all
    if not words or (first.kind == "factor" and not words[-1].endswith("?")):  # what is left asks for no cause
        return None
    return Diagnosis("gradient", first.kind, " ".join(say_marked(one, first.fit) for one in words))


def _explained(
    case: KeyCase, wrong: Fault | None, outcomes: Outcomes
) -> tuple[str, Place, gradcheck.Explanation | None] | None:
    """Return the kind of a case whose gradient is wrong, which part that is, and what its errors look like."""
    first = calls(case, outcomes)[0]
    if wrong is None or wrong.check != "gradient" or not isinstance(first, Returned):
        return None
    slope = next(c for c in case.checks if isinstance(c, Slope) and c.fault([first.value]) is not None)
    return case.kind, slope.place, slope.explain(first.value)


def _alike(key: Key, mistake: KeyMistake, outcomes: Outcomes, strict: bool) -> bool:
    """Say whether every outcome is the mistake's; `strict`: in its types and the arguments it changed, too."""
    alike = all(
        _same_outcome(mistake, case, theirs, ours, strict)
        for case in key.cases
        for theirs, ours in zip(calls(case, mistake.outcomes), calls(case, outcomes), strict=True)
    ) and all(_same_faults(mistake, case, calls(case, outcomes)) for case in key.cases)
    return alike and _tells(key, mistake, outcomes)


def _tells(key: Key, mistake: KeyMistake, outcomes: Outcomes) -> bool:
    """Say whether outcomes that are alike tell the mistake: many things end in a ValueError, few give the same wrong
    number. Where nothing comes back in the cases that it fails, the exceptions have to say the same, too."""
    wrong = [case for case in key.cases if fault(key, case, mistake.outcomes) is not None]
    theirs = [one for case in wrong for one in calls(case, mistake.outcomes)]
    ours = [one for case in wrong for one in calls(case, outcomes)]
    return any(isinstance(one, Returned) for one in theirs) or all(map(_same_words, theirs, ours))


def _same_words(theirs: Outcome, ours: Outcome) -> bool:
    if not isinstance(theirs, Failed) or not isinstance(ours, Failed) or theirs.kind != "exception":
        return True
    return theirs.message == ours.message


def _same_outcome(mistake: KeyMistake, case: KeyCase, theirs: Outcome, ours: Outcome, strict: bool) -> bool:
    if isinstance(theirs, Failed) or isinstance(ours, Failed):
        return (
            isinstance(theirs, Failed)
            and isinstance(ours, Failed)
            and (theirs.kind, theirs.type) == (ours.kind, ours.type)
        )
    found = misfit(theirs.value, ours.value)
    if found is not None and found.kind != "finite" and (strict or not found.soft):
        return False
    if strict and set(theirs.changed) != set(ours.changed):
        return False
    random = frozenset(chance.place for chance in mistake.chances.get(case.name, ()))
    # What only has to reach a target may differ, unless all is the same to the last part.
    free = frozenset() if strict else frozenset(place for bound in _bounds(case) for place in bound.places)
    if any(chance.fault([ours.value]) for chance in mistake.chances.get(case.name, ())):
        return False
    if compare.difference(turned(case, theirs.value, ours.value), ours.value, case.bars, random | free) is not None:
        return False
    both = set(theirs.changed) & set(ours.changed)
    return all(compare.same(theirs.changed[position], ours.changed[position], {}) for position in both)


def _bounds(case: KeyCase) -> list[Bound]:
    return [check for check in case.checks if isinstance(check, Bound)]


def _same_faults(mistake: KeyMistake, case: KeyCase, ours: Sequence[Outcome]) -> bool:
    """Where chance or a target plays a part, what is asked of the parts has to fail or hold alike."""
    if case.name not in mistake.chances and not _bounds(case):
        return True
    checks = [check for check in case.checks if not isinstance(check, (Slope, Statistics))]
    answers = [
        [one.value for one in found if isinstance(one, Returned)] for found in (calls(case, mistake.outcomes), ours)
    ]
    if not all(answers):  # one of them has failed; how is compared with the outcomes
        return True
    return all((check.fault(answers[0]) is None) == (check.fault(answers[1]) is None) for check in checks)


def _harmless(key: Key, mistake: KeyMistake) -> bool:
    """Say whether the mistake's values are right, so that it is known by its types or by what it changes alone."""
    # At a core case types do not count; what random parts are like is asked of their statistics.
    found = (fault(key, replace(case, kind="core"), mistake.outcomes) for case in key.cases)
    return all(one is None or one.check == "arguments" for one in found)
