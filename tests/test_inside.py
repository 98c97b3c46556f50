"""What the author wrote, played as a learner's file in a locked worker: the same verdicts as outside."""

import pytest

from grader.judge import judge
from grader.library import Library
from grader.sandbox import Sandbox
from grader.sandbox.run import play
from tests.answers import answer
from tests.conftest import ROOT

LIBRARY = Library(ROOT)
NAMES = list(LIBRARY.places)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def verdict(sandbox: Sandbox, name: str, variant: str):
    key = LIBRARY.key(name)
    source = answer(LIBRARY.places[name].solution, variant)
    return judge(key, play(sandbox, key, source, f"{name}.py"))


@pytest.mark.parametrize("name", NAMES)
def test_every_right_answer_is_robust_inside(sandbox, name):
    for variant in ["", *(v.name for v in LIBRARY.exercise(name).alternatives)]:
        found = verdict(sandbox, name, variant)

        assert found.state == "robust", (variant, found.findings)


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_named_inside(sandbox, name):
    for mistake in LIBRARY.exercise(name).mistakes:
        found = verdict(sandbox, name, mistake.name)

        assert found.diagnosis is not None, (mistake.name, found.findings)
        assert found.diagnosis.name == mistake.name
