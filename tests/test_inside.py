"""What the author wrote, played as a learner's file in a locked worker: the same verdicts as outside."""

import dataclasses
import random
import zlib
from functools import cache

import pytest

from grader.judge import judge
from grader.key import Key
from grader.library import Library
from grader.sandbox import Sandbox
from grader.sandbox.run import Used, play
from grader.sandbox.sharing import Sharing
from tests.answers import answer
from tests.conftest import ROOT
from tests.processors import PROCESSORS, may_play

pytestmark = pytest.mark.slow

LIBRARY = Library(ROOT)
NAMES = list(LIBRARY.places)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@cache
def key(name: str) -> Key:
    """The key without its large cases, which take what they take; `test_large` plays such cases inside."""
    whole = LIBRARY.key(name)
    return dataclasses.replace(whole, cases=tuple(case for case in whole.cases if not case.large))


def verdict(sandbox: Sandbox, name: str, variant: str, sharing: Sharing | None = None):
    it = key(name)
    source = answer(LIBRARY.places[name].solution, variant)
    used = [Used(other, answer(LIBRARY.places[other].solution), f"{other}.py", key(other).given) for other in it.uses]
    return judge(it, play(sandbox, it, source, f"{name}.py", used=used, sharing=sharing))


@pytest.mark.parametrize("name", NAMES)
def test_every_right_answer_is_robust_inside(sandbox, name):
    for variant in ["", *(v.name for v in LIBRARY.exercise(name).alternatives)]:
        found = verdict(sandbox, name, variant)

        assert found.state == "robust", (variant, found.findings)


@may_play
def test_every_reference_is_robust_where_another_processor_has_computed(monkeypatch):
    for name, value in PROCESSORS["Nehalem"].items():
        monkeypatch.setenv(name, value)
    with Sandbox() as elsewhere:
        for name in NAMES:
            found = verdict(elsewhere, name, "")

            assert found.state == "robust", (name, found.findings)


def test_one_process_after_the_other_gives_the_verdicts_that_a_process_each_gives(sandbox):
    mixed = []
    for name in NAMES:
        if key(name).uses:  # shares with nobody
            continue
        variants = ["", *(mistake.name for mistake in LIBRARY.exercise(name).mistakes)]
        mixed += [(name, variants[0]), (name, variants[zlib.crc32(name.encode()) % len(variants)])]
    random.Random(0).shuffle(mixed)
    sharing = Sharing()

    for name, variant in mixed:
        together, alone = verdict(sandbox, name, variant, sharing), verdict(sandbox, name, variant)

        assert together == alone
    sharing.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_named_inside(sandbox, name):
    has_large_cases = len(key(name).cases) < len(LIBRARY.key(name).cases)
    for mistake in LIBRARY.exercise(name).mistakes:
        found = verdict(sandbox, name, mistake.name)

        if has_large_cases and found.diagnosis is None:  # its large case, left out here, would tell it from others
            continue
        assert found.diagnosis is not None, (mistake.name, found.findings)
        assert found.diagnosis.name == mistake.name
