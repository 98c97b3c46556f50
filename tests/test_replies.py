"""What is believed of a reply, and what a session may remember: a worker's own code may have been changed."""

import dataclasses

import numpy as np
import pytest

from grader.outcome import Failed, from_plain
from grader.sandbox import Sandbox
from grader.sandbox.run import play
from tests import toys

LIE = """
import sys
wire = sys.modules["worker.wire"]
encode, lie = wire.encode, {lie}
def f(x):
    wire.encode = lambda value: encode(lie)
    return x
if {at_once}:
    f(0)
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def outcomes(sandbox, source, *cases, **facts):
    key = toys.key(*cases or [toys.key_case("one", (1,), 3)], **facts)
    return {name: found[0] for name, found in play(sandbox, key, source, "f.py").items()}


@pytest.mark.parametrize("failed", [np.zeros(2), ["exception"], 1, None, "something"])
def test_a_failure_without_a_known_name_is_no_reply(failed):
    assert from_plain({"failed": failed}).kind == "protocol"


def test_texts_in_a_reply_have_an_end():
    text = "m" * 1_000_000

    found = from_plain({"failed": "exception", "type": text, "message": text, "lines": [[1, text, text]]})

    assert max(map(len, (found.type, found.message, *found.lines[0][1:]))) < 10_000


@pytest.mark.parametrize("number", [-1, 1 << 4000, True, 1.5])
def test_a_line_in_a_reply_has_a_number_that_lines_have(number):
    found = from_plain({"failed": "syntax", "lines": [[number, "", number]]})

    assert found.lines[0] in ((0, "", 0), (0, "", ""))


@pytest.mark.parametrize("kind", ["setup", "not run", "timeout", "source", "missing"])
def test_a_call_cannot_fail_as_only_we_can_tell(sandbox, kind):
    lie = LIE.format(lie={"failed": kind, "message": "no memory"}, at_once=False)

    assert outcomes(sandbox, lie)["one"].kind == "protocol"


def test_a_call_cannot_fail_as_the_whole_file(sandbox):
    lie = LIE.format(lie={"failed": "exception", "loading": True, "message": "1.0"}, at_once=False)

    assert outcomes(sandbox, lie)["one"].kind == "protocol"


@pytest.mark.parametrize("kind", ["setup", "not run", "timeout", "source"])
def test_a_file_cannot_fail_as_only_we_can_tell(sandbox, kind):
    lie = LIE.format(lie={"failed": kind, "message": "no memory"}, at_once=True)

    assert outcomes(sandbox, lie)["one"].kind == "protocol"


@pytest.mark.parametrize("loaded", ["1", "'yes'", "wire.np.ones(3)", "[True]"])
def test_a_file_is_loaded_by_one_word_alone(sandbox, loaded):
    lie = LIE.format(lie="{'loaded': " + loaded + "}", at_once=True)

    assert outcomes(sandbox, lie)["one"].kind == "protocol"


def test_what_the_author_gives_is_our_fault_where_it_fails(sandbox):
    found = outcomes(sandbox, "def f(x): return x", given="1 / 0")["one"]

    assert isinstance(found, Failed)
    assert (found.kind, found.type) == ("setup", "ZeroDivisionError")


def test_a_hidden_case_is_played_after_all_that_are_shown(sandbox):
    shown, unseen, edge = (toys.key_case(name, (n,), n) for n, name in enumerate(("shown", "unseen", "edge")))
    cases = [dataclasses.replace(unseen, hidden=True), shown, dataclasses.replace(edge, kind="edge")]

    found = outcomes(sandbox, "seen = []\ndef f(x):\n    seen.append(x)\n    return seen", *cases)

    assert {name: outcome.value for name, outcome in found.items()} == {
        "shown": [0],
        "edge": [0, 2],
        "unseen": [0, 2, 1],
    }
