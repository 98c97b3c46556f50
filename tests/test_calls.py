"""Calls to learners' functions end as plain outcomes, whatever the function does."""

import textwrap

import numpy as np
import pytest

from grader import outcome
from grader.outcome import Failed, Returned
from grader.worker import calls, wire
from grader.worker.wire import Named, Seed

GIVEN = """
import numpy as np

def square(x):
    return x * x

class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b

def play(function, a, b):
    pair = function(Pair(a, b))
    return pair.a, pair.b
"""


def load(source: str, given: str = "", drive: str | None = None, name: str = "f", free=()):
    words = {"path": "work.py", "name": name, "given": given, "drive": drive, "free": free}
    return calls.load({"source": textwrap.dedent(source), **words})


def outcome_of(source: str, *arguments, **more):
    loaded = load(source, **more)
    reply = loaded if isinstance(loaded, dict) else wire.decode(calls.call(loaded, wire.encode(arguments)))
    return outcome.from_plain(reply)


# --- arguments and answers -----------------------------------------------------------------------------------------


def test_a_call_returns_the_value():
    found = outcome_of("def f(x, y): return x + y", 1, 2)

    assert found == Returned(3, {})


def test_a_seed_arrives_as_a_generator():
    found = outcome_of("def f(rng): return rng.integers(1000, size=3)", Seed(7))

    assert found.value.tolist() == np.random.default_rng(7).integers(1000, size=3).tolist()


def test_a_name_arrives_as_the_given_function_also_inside_containers():
    found = outcome_of("def f(x): return x[0]['g'](3)", [{"g": Named("square")}], given=GIVEN)

    assert found.value == 9


def test_the_given_code_stands_in_for_the_learners_copy_of_it():
    found = outcome_of("def square(x): return 0\ndef f(x): return square(x)", 3, given=GIVEN)

    assert found.value == 9


def test_a_drive_plays_the_case_with_the_learners_function():
    source = "def f(pair): return type(pair)(pair.b, pair.a)"

    found = outcome_of(source, 1, 2, given=GIVEN, drive="play")

    assert found.value == (2, 1)


@pytest.mark.parametrize(
    ("body", "argument", "after"),
    [
        ("x += 1", np.zeros(2), np.ones(2)),
        ("x['a'][0] = 5", {"a": [1]}, {"a": [5]}),
        ("x.append(2)", [1], [1, 2]),
    ],
    ids=["array", "nested", "list"],
)
def test_a_changed_argument_is_reported_as_it_is_afterwards(body, argument, after):
    found = outcome_of(f"def f(x):\n    {body}\n    return 0", argument)

    assert list(found.changed) == [0]
    assert repr(found.changed[0]) == repr(after)


@pytest.mark.parametrize(
    ("body", "argument"),
    [("x = x + 1", np.zeros(2)), ("x[0] = x[0]", np.array([np.nan])), ("x.random()", Seed(1))],
    ids=["rebound", "nan", "generator"],
)
def test_an_argument_that_was_left_alone_is_not_reported(body, argument):
    found = outcome_of(f"def f(x):\n    {body}\n    return 0", argument)

    assert found == Returned(0, {})


def test_an_argument_that_is_no_plain_data_any_more_is_reported_in_words():
    found = outcome_of("def f(x):\n    x[0] = len\n    return 0", [1])

    assert found.changed[0].startswith("something that is not plain data any more (a function")


def test_one_call_cannot_change_the_arguments_of_the_next():
    loaded = load("def f(x):\n    x += 1\n    return x.copy()")
    message = wire.encode((np.zeros(1),))

    replies = [outcome.from_plain(wire.decode(calls.call(loaded, message))) for _ in range(2)]

    assert [one.value.tolist() for one in replies] == [[1.0], [1.0]]


def test_reseeding_makes_the_global_generators_repeat_themselves():
    loaded = load("import random\nimport numpy as np\ndef f(): return random.random(), np.random.rand()")
    found = []
    for _ in range(2):
        calls.reseed()
        found.append(wire.decode(calls.call(loaded, wire.encode(())))["returned"])

    assert found[0] == found[1]


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind", "type_", "message"),
    [
        ("def f(): return 1 / 0", "exception", "ZeroDivisionError", "division by zero"),
        ("def f(): raise SystemExit(0)", "exit", "SystemExit", "0"),
        ("def f(): raise KeyboardInterrupt", "exception", "KeyboardInterrupt", ""),
        ("def f(): raise MemoryError", "memory", "MemoryError", ""),
        ("def f(): return f()", "exception", "RecursionError", "maximum recursion depth exceeded"),
        ("def f(): raise GeneratorExit('a')", "exception", "GeneratorExit", "a"),
        ("def f(): raise ValueError('a' * 9999)", "exception", "ValueError", "a" * 2000),
        ("def f(): raise ValueError('\\ud800')", "exception", "ValueError", "?"),
    ],
    ids=["exception", "exit", "interrupt", "memory", "recursion", "generator exit", "long", "surrogate"],
)
def test_an_exception_in_a_call_is_an_outcome(source, kind, type_, message):
    found = outcome_of(source)

    assert (found.kind, found.type, found.message, found.loading) == (kind, type_, message, False)


HOSTILE = {
    "text of an exception": """
        class Bad(Exception):
            def __str__(self): raise SystemExit
        def f(): raise Bad
    """,
    "class of an answer": """
        class Bad:
            @property
            def __class__(self): raise ZeroDivisionError
        def f(): return Bad()
    """,
    "text of a key": """
        class Bad(str):
            def __str__(self): raise ZeroDivisionError
        def f(): return {Bad("a"): 1}
    """,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_objects_give_an_outcome(kind):
    found = outcome_of(HOSTILE[kind])

    assert isinstance(found, (Failed, Returned))
    assert found != Failed("protocol", "the worker's reply is not of the agreed form")


def test_the_learners_own_lines_are_quoted_innermost_last():
    found = outcome_of(
        """
        import numpy as np
        def g(x):
            return np.linalg.inv(x)
        def f(x):
            return g(x)
        """,
        np.zeros((2, 2)),
    )

    assert found.lines == ((6, "return g(x)", "f"), (4, "return np.linalg.inv(x)", "g"))
    assert "ValueError" in found.bases


@pytest.mark.parametrize("odd", ["\x0c", "\x1c", "\u2028"], ids=["form feed", "separator", "line separator"])
def test_the_quoted_line_is_the_right_one_after_a_character_that_is_no_line_end(odd):
    found = outcome_of(f"# a{odd}b\ndef f():\n    return 1 / 0\n")

    assert found.lines == ((3, "return 1 / 0", "f"),)


def test_an_answer_that_cannot_be_sent_names_its_place_and_why():
    found = outcome_of("def f(): return 1, {2}")

    assert (found.kind, found.where) == ("unsendable", "[1]")
    assert (found.type, found.message) == ("other", "set")


@pytest.mark.parametrize("cache", ["{2}", "open", "(1, 2)", "None"])
def test_a_free_part_of_an_answer_may_be_anything(cache):
    found = outcome_of(f"def f(): return 1, {cache}", free=[1])

    assert found == Returned((1, None))


def test_an_answer_without_its_free_part_stays_as_it_is():
    assert outcome_of("def f(): return (1,)", free=[1]) == Returned((1,))
    assert outcome_of("def f(): return 'ab'", free=[1]) == Returned("ab")


@pytest.mark.parametrize(
    ("source", "kind", "type_"),
    [
        ("import nothing_of_this_name", "exception", "ModuleNotFoundError"),
        ("raise SystemExit", "exit", "SystemExit"),
        ("exec('1 +')", "exception", "SyntaxError"),
        ("x = [", "syntax", ""),
    ],
    ids=["import", "exit", "inner syntax", "syntax"],
)
def test_a_file_that_cannot_be_loaded_is_an_outcome(source, kind, type_):
    found = outcome_of(source)

    assert (found.kind, found.type) == (kind, type_)
    assert found.loading or kind == "syntax"


def test_a_syntax_error_has_the_line_and_the_column():
    found = outcome_of("def f(x):\n    return x +\n")

    assert found.lines == ((2, "    return x +", 14),)


def test_a_missing_function_is_reported_with_those_that_are_there():
    found = outcome_of("def g(): pass\ndef h(): pass", given=GIVEN)

    assert found == Failed("missing", "f", names=("g", "h"))


def test_a_fault_in_the_given_code_is_ours():
    found = outcome_of("def f(): pass", given="1 / 0")

    assert (found.kind, found.type) == ("setup", "ZeroDivisionError")
