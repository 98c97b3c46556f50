"""The promises that every exercise keeps. This file is never edited when an exercise is added."""

import dataclasses
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader import gradcheck, stub
from grader import key as keys
from grader.checks.slope import Slope
from grader.compare import closeness
from grader.exercise import Exercise, Variant
from grader.faults import turned
from grader.judge import judge
from grader.key import Key, KeyCase
from grader.library import Library
from grader.misfit import misfit
from grader.outcome import Failed, Returned
from grader.parts import leaves
from grader.points import points
from grader.report.json import document
from grader.worker import calls

ROOT = Path(__file__).parent.parent
LIBRARY = Library(ROOT)
NAMES = list(LIBRARY.places)


@cache
def exercise(name: str) -> Exercise:
    return LIBRARY.exercise(name)


@cache
def data(name: str) -> bytes:
    return keys.to_bytes(LIBRARY.key(name))


@cache
def key(name: str) -> Key:
    return keys.from_bytes(data(name))


@cache
def outcomes(name: str, variant: str):
    """What a variant answers to all cases. The key knows it of mistakes; test_inside.py plays them anew."""
    for mistake in key(name).mistakes:
        if mistake.name == variant:
            return mistake.outcomes
    found = next(v for v in variants(name) if v.name == variant)
    return {case.name: keys.play(exercise(name), found, case) for case in key(name).cases}


@cache
def verdict_of(name: str, variant: str):
    return judge(key(name), outcomes(name, variant))


def variants(name: str) -> list[Variant]:
    it = exercise(name)
    return [Variant("reference", "", it.reference), *it.alternatives, *it.mistakes]


def pairs(kind: str) -> list[tuple[str, str]]:
    if kind == "right":
        return [(n, v.name) for n in NAMES for v in [Variant("reference", "", print), *exercise(n).alternatives]]
    return [(n, v.name) for n in NAMES for v in exercise(n).mistakes]


right = pytest.mark.parametrize(("name", "variant"), pairs("right"))
wrong = pytest.mark.parametrize(("name", "variant"), pairs("wrong"))
every = pytest.mark.parametrize("name", NAMES)


@right
def test_a_right_answer_is_robust(name, variant):
    verdict = verdict_of(name, variant)

    assert verdict.state == "robust", verdict.findings
    assert points(verdict) == verdict.max_points


@every
def test_right_answers_are_robust_with_a_classs_own_numbers(name):
    public = dataclasses.replace(key(name), mistakes=())
    own = keys.with_secret(dataclasses.replace(exercise(name), mistakes=()), public, secret="winter")
    own = dataclasses.replace(own, cases=tuple(case for case in own.cases if case.hidden))
    answers = [Variant("reference", "", exercise(name).reference), *exercise(name).alternatives]

    for variant in answers:
        found = {case.name: keys.play(exercise(name), variant, case) for case in own.cases}
        verdict = judge(own, found)

        assert verdict.state == "robust", (variant.name, verdict.findings)


@wrong
def test_a_mistake_is_rejected_and_named(name, variant):
    verdict = verdict_of(name, variant)

    assert verdict.state in ("wrong", "right")
    assert verdict.findings
    assert verdict.diagnosis is not None, verdict.findings
    assert (verdict.diagnosis.kind, verdict.diagnosis.name) == ("mistake", variant)


@wrong
def test_a_mistake_is_rejected_and_named_without_the_hidden_cases(name, variant):
    whole = verdict_of(name, variant)
    hidden = {case.name for case in whole.cases if case.hidden}

    verdict = judge(keys.public(key(name)), outcomes(name, variant))

    assert verdict.state == whole.state
    assert verdict.diagnosis is not None
    assert verdict.diagnosis == whole.diagnosis
    assert verdict.cases == tuple(case for case in whole.cases if not case.hidden)
    assert verdict.findings == tuple(found for found in whole.findings if found.case not in hidden)


@right
def test_a_right_answer_stays_below_a_tenth_of_the_tolerance(name, variant):
    for case in key(name).cases:
        for one in outcomes(name, variant)[case.name][: case.calls]:
            assert margin(case, one) <= 0.1, case.name


@wrong
def test_a_mistake_in_numbers_is_above_ten_times_the_tolerance(name, variant):
    verdict = verdict_of(name, variant)
    failed = {case.name for case in verdict.cases if case.state == "failed"}
    by_number = {f.case for f in verdict.findings if f.check in ("gradient", "value")}

    for case in key(name).cases:
        if case.name in failed & by_number:
            assert margin(case, outcomes(name, variant)[case.name][0]) >= 10, case.name


def margin(case: KeyCase, one) -> float:
    """How far an outcome is from the reference in units of its tolerance, at the worst entry that is not at a kink."""
    if isinstance(one, Failed) or isinstance(case.expected, Failed):
        return 0.0 if isinstance(one, Failed) == isinstance(case.expected, Failed) else np.inf
    fault = misfit(case.expected.value, one.value)
    if fault is not None and not fault.soft:
        return np.inf
    kinks = {c.place: c.slopes.judged & ~c.slopes.smooth for c in case.checks if isinstance(c, Slope)}
    chance = {place for c in case.checks if not isinstance(c, Slope) for place in c.places}
    worst, given = 0.0, dict(leaves(one.value))
    for place, value in leaves(turned(case, case.expected.value, one.value)):
        if value is None or place in chance:
            continue
        if isinstance(value, str):
            worst = worst if given[place] == value else np.inf
            continue
        ratio, _ = closeness(np.asarray(value), np.asarray(given[place]), case.bars.get(place, 0.0))
        worst = max(worst, float(np.max(np.where(kinks.get(place, False), 0.0, ratio), initial=0.0)))
    return worst


@every
def test_the_stub_compiles_and_is_not_started(name):
    source = stub.cut(LIBRARY.places[name].solution.read_text(encoding="utf-8"))
    it = key(name)
    used = [
        {
            "name": other,
            "source": stub.reference_source(LIBRARY.places[other].solution.read_text(encoding="utf-8")),
            "path": f"{other}.py",
            "given": exercise(other).given,
        }
        for other in it.uses
    ]

    request = {"source": source, "path": "stub.py", "name": name, "given": it.given, "drive": it.drive, "used": used}
    loaded = calls.load(request)
    assert isinstance(loaded, calls.Loaded), loaded
    player = Variant("stub", "", loaded.function)
    verdict = judge(it, {case.name: keys.play(exercise(name), player, case) for case in it.cases})

    assert verdict.state == "not started"
    assert points(verdict) == 0


@every
def test_the_assignment_is_the_stub_unless_somebody_has_begun(name):
    place = LIBRARY.places[name]
    cut = stub.cut(place.solution.read_text(encoding="utf-8"))
    work = place.assignment.read_text(encoding="utf-8")

    assert work == cut or not stub.untouched(work, cut)


@every
def test_the_stub_gives_nothing_away(name):
    source = LIBRARY.places[name].solution.read_text(encoding="utf-8")
    cut = stub.cut(source)

    assert "grader" not in cut
    for variant in [*exercise(name).alternatives, *exercise(name).mistakes]:
        assert variant.name not in cut


@every
def test_a_key_survives_its_file_and_holds_no_code(name):
    again = keys.from_bytes(data(name))

    assert keys.to_bytes(again) == data(name)
    text = data(name).decode("latin-1")
    for line in LIBRARY.places[name].solution.read_text(encoding="utf-8").splitlines():
        code = line.strip()
        if (
            re.match(r"(return|for|if|def|while|[\w.\[\], ]+ (=|\+=|-=)) ?\S", code)
            and len(code) > 12
            and code not in again.stub + again.given + again.drawing
        ):
            assert code not in text


@every
def test_every_gradient_check_judges_a_smooth_entry(name):
    slopes = [check for case in key(name).cases for check in case.checks if isinstance(check, Slope)]
    by_place = {place: [s for s in slopes if s.place == place] for place in {s.place for s in slopes}}

    for found in by_place.values():
        assert any((s.slopes.judged & s.slopes.smooth).any() for s in found)


@every
def test_ignoring_the_upstream_gradient_fails(name):
    it, own = key(name), exercise(name)
    with_upstream = [c for c in it.cases if any(isinstance(s, Slope) and s.upstream is not None for s in c.checks)]
    if not with_upstream:
        return

    def ignores(dout, *rest):
        return own.reference(np.ones_like(dout), *rest)

    found = {case.name: keys.play(own, Variant("ignores", "", ignores), case) for case in it.cases}
    verdict = judge(it, found)

    assert verdict.state == "wrong"


@every
def test_the_numerical_gradient_agrees_with_the_reference(name):
    for case in key(name).cases:
        for check in case.checks:
            if isinstance(check, Slope):
                measured = gradcheck.compare(check.gradient(check.reference), check._measured(check.reference))
                assert not measured.wrong.any()
                assert (~check.slopes.judged).sum() <= 0.1 * check.reference.size


@every
def test_no_name_of_an_exercise_occurs_in_the_grader(name):
    pattern = re.compile(rf"\b{name}\b")
    for file in (ROOT / "grader").rglob("*.py"):
        if "gradcheck" not in file.parts:
            assert not pattern.search(file.read_text(encoding="utf-8")), file


@pytest.mark.slow
@every
def test_judging_twice_gives_the_same_bytes(name):
    for variant in variants(name):
        once = verdict_of(name, variant.name)
        again = judge(key(name), outcomes(name, variant.name))

        first, second = (document([verdict], isolation="process") for verdict in (once, again))
        assert first == second


@every
def test_what_an_exercise_needs_is_named_like_an_exercise(name):
    for needed in exercise(name).needs:
        assert re.fullmatch(r"[A-Za-z_]\w*", needed)
        assert needed != name


@every
def test_a_changed_argument_costs_no_more_than_its_edge_case(name):
    it = key(name)
    if it.drive is not None or len(it.changes) == len(it.parameters):
        return
    position = next(n for n in range(len(it.parameters)) if n not in it.changes)
    right_ones = outcomes(name, "reference")
    first = it.cases[0]
    changed = {
        **right_ones,
        first.name: tuple(dataclasses.replace(o, changed={**o.changed, position: 0.0}) for o in right_ones[first.name]),
    }
    assert all(isinstance(o, Returned) for o in right_ones[first.name])

    verdict = judge(it, changed)

    assert verdict.state == "right"
    assert [f.case for f in verdict.findings] == ["leaves_its_arguments_alone"]
