"""What learner code does in a worker, and what becomes of it: outcomes, and nothing left behind."""

import contextlib
import dataclasses
import os
import secrets
import signal
import socket
import subprocess

import numpy as np
import pytest

from grader.judge import judge
from grader.outcome import Failed, Returned
from grader.sandbox import Sandbox, SandboxError
from grader.sandbox.output import KEPT
from grader.sandbox.run import play
from grader.sandbox.start import _command, forks
from grader.unsendable import unsendable
from grader.worker import wire
from tests.processes import children, gone, linux, until
from tests.processors import PROCESSORS, may_play

forked = pytest.mark.skipif(not forks(), reason="workers are not forked here")
may_fork = pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 0)() != 0, reason="the limit on processes binds everybody but root"
)
X = np.array([[-1.0, 2.0], [3.0, -4.0], [0.5, 0.0]])


@pytest.fixture(scope="session")
def forking():
    with Sandbox(fork=True) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def unlocked():
    """Forks at the lowest level of isolation: what learner code starts there has to be ended from outside."""
    with Sandbox(fork=True, most="process") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def pooling():
    with Sandbox(fork=False) as sandbox:
        yield sandbox


@pytest.fixture(params=[pytest.param("forking", marks=forked), "pooling"])
def sandbox(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def usual(request):
    return request.getfixturevalue("forking" if forks() else "pooling")


@pytest.fixture
def key_of(library):
    """A key that asks for f(x), once for every x."""
    whole = library.key("relu_forward")

    def make(*xs, seconds=20.0):
        cases = tuple(
            dataclasses.replace(
                whole.cases[0], name=f"case_{n}", arguments=(x,), seconds=seconds, kind="core", hidden=False
            )
            for n, x in enumerate(xs)
        )
        return dataclasses.replace(whole, name="f", parameters=("x",), cases=cases, mistakes=())

    return make


@pytest.fixture
def call(sandbox, key_of):
    """Plays a file's f in a fresh session, started in either way: the outcome of every call."""
    return caller(sandbox, key_of)


@pytest.fixture(params=[pytest.param("unlocked", marks=forked), "pooling"])
def call_unlocked(request, key_of):
    """The same where nothing is locked."""
    return caller(request.getfixturevalue(request.param), key_of)


@pytest.fixture
def call_one_way(usual, key_of):
    """The same for what the way of starting has no part in."""
    return caller(usual, key_of)


def caller(sandbox, key_of):
    def run(source, *xs, seconds=20.0, load_seconds=20.0):
        outcomes = play(sandbox, key_of(*(xs or (X,)), seconds=seconds), source, "f.py", load_seconds)
        return [one for several in outcomes.values() for one in several]

    return run


def alike(one, other):
    """Whether two plain values are the same to the type and the bit; NaN is NaN."""
    return type(one) is type(other) and wire.encode(one) == wire.encode(other)


# --- what a function returns ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param("np.maximum(x, 0)", np.maximum(X, 0), id="an array"),
        pytest.param("None", None, id="None"),
        pytest.param("x.tolist()", X.tolist(), id="a list"),
        pytest.param("x.astype(np.float16)", X.astype(np.float16), id="float16"),
        pytest.param("x.sum(axis=1, keepdims=True)", X.sum(axis=1, keepdims=True), id="shape (N, 1)"),
        pytest.param("x * np.nan", X * np.nan, id="NaN"),
        pytest.param("float('nan')", float("nan"), id="a number that is NaN"),
        pytest.param("(x, {'x': x, 'p': 0.5, 'mask': None})", (X, {"x": X, "p": 0.5, "mask": None}), id="a cache"),
        pytest.param("x.T[::-1]", np.ascontiguousarray(X.T[::-1]), id="a view"),
        pytest.param("np.zeros((0, 3))", np.zeros((0, 3)), id="an empty array"),
        pytest.param("1 + 2j", 1 + 2j, id="a complex number"),
        pytest.param("x.astype(np.longdouble)", X, id="an array of long doubles"),
        pytest.param("x[0, 0].astype(np.longdouble)", X[0, 0].item(), id="a long double"),
        pytest.param("np.longdouble('1e4000') + np.zeros(2)", np.full(2, np.inf), id="too large for a float64"),
    ],
)
def test_what_is_returned_comes_back_as_it_was(call_one_way, answer, expected):
    (outcome,) = call_one_way(f"import numpy as np\ndef f(x): return {answer}")

    assert isinstance(outcome, Returned), outcome
    assert alike(outcome.value, expected)
    assert outcome.changed == {}


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        pytest.param("np.array([[1.0], [1.0, 2.0]], dtype=object)", "dtype object", id="an object array"),
        pytest.param("f", "parentheses", id="a function"),
        pytest.param("(v for v in x)", "list(...)", id="a generator"),
        pytest.param("np.ma.masked_array(x, x < 0)", "masked", id="a masked array"),
        pytest.param("np.array(['a'])", "dtype", id="an array of text"),
        pytest.param("{1, 2}", "a set", id="a set"),
        pytest.param("[f]", "[0]", id="a function in a list"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(call_one_way, answer, named):
    (outcome,) = call_one_way(f"import numpy as np\ndef f(x): return {answer}")

    assert isinstance(outcome, Failed)
    assert outcome.kind == "unsendable"
    assert named in unsendable(outcome)


def test_an_answer_that_contains_itself_is_refused(call_one_way):
    (outcome,) = call_one_way("def f(x):\n    a = []\n    a.append(a)\n    return a")

    assert outcome.kind == "unsendable"
    assert "nested" in unsendable(outcome)


@may_play
def test_a_worker_computes_for_the_processor_that_the_environment_names(key_of, monkeypatch):
    for name, value in PROCESSORS["Nehalem"].items():
        monkeypatch.setenv(name, value)
    asks = "from numpy._core._multiarray_umath import __cpu_features__ as has\ndef f(x): return has['X86_V3']"
    with Sandbox() as sandbox:
        (outcome,) = caller(sandbox, key_of)(asks)

    assert outcome.value is False


# --- what a function does instead ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "type_"),
    [
        pytest.param("raise ValueError('no')", "exception", "ValueError", id="an exception"),
        pytest.param("return f(x)", "exception", "RecursionError", id="endless recursion"),
        pytest.param("return input('x? ')", "exception", "EOFError", id="input"),
        pytest.param("raise KeyboardInterrupt", "exception", "KeyboardInterrupt", id="KeyboardInterrupt"),
        pytest.param("sys.exit(0)", "exit", "SystemExit", id="sys.exit"),
        pytest.param("os._exit(0)", "exit", "", id="os._exit"),
        pytest.param("ctypes.string_at(0)", "crash", "SIGSEGV", id="a segmentation fault"),
        pytest.param("os.abort()", "crash", "SIGABRT", id="an abort"),
        pytest.param("os.kill(os.getpid(), signal.SIGTERM)", "crash", "SIGTERM", id="a signal to itself"),
        pytest.param("return np.ones(1 << 32)", "memory", "", id="32 GiB in one array"),
        pytest.param("return [0] * (1 << 32)", "memory", "MemoryError", id="32 GiB in one list"),
        pytest.param("return np.ones((3000, 3000))", "unsendable", "", id="72 MB to return"),
        pytest.param("[print('x' * 1023) for _ in range(1 << 20)]", "output limit", "", id="a gigabyte of prints"),
        pytest.param("raise NotImplementedError", "exception", "NotImplementedError", id="the stub"),
    ],
)
def test_what_happens_instead_of_an_answer_has_a_name(call, body, kind, type_):
    (outcome,) = call(f"import ctypes, os, signal, sys\nimport numpy as np\ndef f(x):\n    {body}")

    assert isinstance(outcome, Failed)
    assert outcome.kind == kind
    assert type_ in outcome.type


def test_an_exception_names_the_learners_own_lines(call):
    (outcome,) = call(
        "import numpy as np\n\ndef half(x):\n    return np.linalg.inv(x)\n\ndef f(x):\n    return half(x)\n"
    )

    assert outcome.type == "LinAlgError"
    assert outcome.lines == ((7, "return half(x)", "f"), (4, "return np.linalg.inv(x)", "half"))


def test_an_exception_without_text_of_its_own_does_no_harm(call_one_way):
    source = "class Odd(Exception):\n    def __str__(self): raise SystemExit\ndef f(x): raise Odd"

    (outcome,) = call_one_way(source)

    assert (outcome.kind, outcome.type, outcome.message) == ("exception", "Odd", "")


@pytest.mark.parametrize(
    "body", ["while True: pass", "sum(range(10**12))", "__import__('re').match('(a*)*b', 'a' * 60)"],
    ids=["in Python", "in one C call", "in a regular expression"],
)  # fmt: skip
def test_an_endless_loop_is_ended_by_the_time_it_computes(call, body):
    (outcome,) = call(f"def f(x):\n    {body}", seconds=0.5)  # 2.5 on the wall, for a busy machine

    assert (outcome.kind, outcome.type) == ("timeout", "cpu")
    assert "0.5 s" in outcome.message


def test_a_long_sleep_is_ended_by_the_clock_on_the_wall(call):
    (outcome,) = call("import time\ndef f(x):\n    time.sleep(600)", seconds=0.1)

    assert (outcome.kind, outcome.type) == ("timeout", "wall")


def test_an_endless_loop_that_swallows_every_exception_is_ended(call_one_way):
    source = (
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    )

    (outcome,) = call_one_way(source, seconds=0.2)

    assert outcome.kind == "timeout"


def test_printing_is_caught_and_shown(call):
    first, second = call(
        "import sys\ndef f(x):\n    print('x is', x)\n    print('é', file=sys.stderr)\n    return x", 1, 2
    )

    assert first.printed == "x is 1\né\n"
    assert second.printed == "x is 2\né\n"


def test_where_libraries_lie_on_this_machine_is_not_shown(call):
    (outcome,) = call("import numpy as np\ndef f(x):\n    print(np.__file__)\n    return x", 1)

    assert outcome.printed == "numpy/__init__.py\n"


def test_every_call_is_told_what_it_has_printed_itself(call):
    source = (
        "import os, sys\n"
        "def f(x):\n"
        "    if x == 2: print('y' * 70_000)\n"
        "    if x == 4: print('to the other stream', file=sys.stderr)\n"
        "    if x % 2: print(f'x is {x}', end='')\n"
        "    if x == 6: os.write(1, b'past the streams')\n"
        "    return x"
    )

    outcomes = call(source, 1, 2, 3, 4, 5, 6)

    printed = ["x is 1", "y" * KEPT, "x is 3", "to the other stream\n", "x is 5", "past the streams"]
    assert [outcome.printed for outcome in outcomes] == printed


def test_what_was_printed_before_a_crash_is_shown(call_one_way):
    (outcome,) = call_one_way("import os\ndef f(x):\n    print('so far')\n    os._exit(1)")

    assert outcome.printed == "so far\n"


def test_what_was_printed_before_time_was_up_is_shown(call):
    (outcome,) = call("def f(x):\n    print('so far')\n    while True: pass", seconds=0.2)

    assert outcome.printed == "so far\n"


@pytest.mark.parametrize(
    "body",
    ["sys.stdout.close()", "sys.stdout = None", "sys.stdout = sys.stderr = object()", "os.close(1); print('x')"],
)
def test_a_stream_that_was_closed_or_replaced_does_no_harm(call_one_way, body):
    (outcome,) = call_one_way(
        f"import os, sys\ndef f(x):\n    try:\n        {body}\n    except OSError: pass\n    return 1"
    )

    assert isinstance(outcome, Returned), outcome


# --- the file itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind", "type_"),
    [
        pytest.param("while True: pass", "timeout", "cpu", id="an endless loop"),
        pytest.param("input('your name? ')", "exception", "EOFError", id="input"),
        pytest.param("import matplotlib.pyplot as plt", "exception", "ModuleNotFoundError", id="import matplotlib"),
        pytest.param("import grader", "exception", "ModuleNotFoundError", id="import grader"),
        pytest.param("import pytest", "exception", "ModuleNotFoundError", id="import pytest"),
        pytest.param("import sys; sys.exit(0)", "exit", "SystemExit", id="sys.exit"),
        pytest.param("import os; os._exit(0)", "exit", "", id="os._exit"),
        pytest.param("import ctypes; ctypes.string_at(0)", "crash", "SIGSEGV", id="a segmentation fault"),
        pytest.param("raise NotImplementedError", "exception", "NotImplementedError", id="NotImplementedError"),
        pytest.param("1 / 0", "exception", "ZeroDivisionError", id="an exception"),
        pytest.param("while True: print('x' * 1023)", "output limit", "", id="endless prints"),
    ],
)
def test_what_stops_the_file_is_the_outcome_of_every_call(call, source, kind, type_):
    outcomes = call(f"def f(x): return x\n{source}\n", X, X, load_seconds=0.5)

    assert len(outcomes) == 2
    for outcome in outcomes:
        assert (outcome.kind, outcome.type, outcome.loading) == (kind, type_, True)


def test_a_syntax_error_has_its_line_and_column(call_one_way):
    (outcome,) = call_one_way("def f(x):\n    y = (1 +\n    return y\n")

    assert outcome.kind == "syntax"
    assert outcome.lines == ((2, "    y = (1 +", 8),)


def test_a_missing_function_comes_with_the_names_that_there_are(call_one_way):
    (outcome,) = call_one_way("import math\nfrom os.path import join\ndef ff(x): return x\ndef helper(): return 1\n")

    assert outcome.kind == "missing"
    assert {"ff", "helper"} <= set(outcome.names)


@pytest.mark.parametrize("source", ["f = 3", "# nothing yet", "f = None"])
def test_a_name_that_is_no_function_is_missing(call_one_way, source):
    (outcome,) = call_one_way(source)

    assert outcome.kind == "missing"


def test_a_missing_argument_is_told_in_pythons_words(call_one_way):
    (outcome,) = call_one_way("def f(): return 1")

    assert (outcome.kind, outcome.type) == ("exception", "TypeError")
    assert outcome.message == "f() takes 0 positional arguments but 1 was given"


def test_another_name_for_an_argument_does_not_matter(call_one_way):
    (outcome,) = call_one_way("def f(inputs): return inputs")

    assert alike(outcome.value, X)


def test_code_under_the_main_guard_does_not_run(call_one_way):
    (outcome,) = call_one_way("def f(x): return x\nif __name__ == '__main__':\n    import matplotlib\n")

    assert isinstance(outcome, Returned)


@pytest.mark.parametrize(
    "source", ["import scipy.stats, scipy.optimize, collections, uuid", "from scipy import ndimage"]
)
def test_numpy_scipy_and_pythons_own_library_can_be_imported(call_one_way, source):
    (outcome,) = call_one_way(f"{source}\ndef f(x): return 1")

    assert isinstance(outcome, Returned), outcome


# --- from call to call ---------------------------------------------------------------------------------------------


def test_a_module_that_nobody_could_foresee_is_loaded_all_the_same(call_one_way):
    source = (
        "import importlib\n"
        "def f(x):\n"
        "    stats = importlib.import_module('sci' + 'py.stats')\n"
        "    calendar = importlib.import_module('calen' + 'dar')\n"
        "    return float(stats.norm.cdf(0)), calendar.isleap(2000), x"
    )

    outcomes = call_one_way(source, 1, 2)

    assert [outcome.value for outcome in outcomes] == [(0.5, True, 1), (0.5, True, 2)]


@pytest.mark.parametrize("name", ["matplotlib", "scipy.nothing", "nothing"])
def test_a_module_that_is_not_there_is_not_looked_for_for_ever(call_one_way, name):
    (outcome,) = call_one_way(f"def f(x):\n    __import__('{name}')")

    assert (outcome.kind, outcome.type) == ("exception", "ModuleNotFoundError")


def test_core_cases_are_played_first_and_every_outcome_is_its_own_cases(usual, key_of):
    key = key_of(1, 2, 3)
    edge_first = dataclasses.replace(key, cases=(dataclasses.replace(key.cases[0], kind="edge"), *key.cases[1:]))

    outcomes = play(usual, edge_first, "seen = []\ndef f(x):\n    seen.append(x)\n    return seen", "f.py")

    assert {name: one.value for name, (one,) in outcomes.items()} == {
        "case_0": [2, 3, 1],
        "case_1": [2],
        "case_2": [2, 3],
    }


def test_hidden_cases_are_played_last_and_edges_that_die_keep_them_from_nothing(usual, key_of):
    key = key_of(1, 2, 3, 4, 5, 6)
    kinds = {0: {"hidden": True}, 2: {"kind": "edge"}, 3: {"kind": "edge"}, 4: {"kind": "edge"}, 5: {"kind": "edge"}}
    cases = tuple(dataclasses.replace(case, **kinds.get(n, {})) for n, case in enumerate(key.cases))
    source = "import os\nseen = []\ndef f(x):\n    seen.append(x)\n    if x > 2: os._exit(0)\n    return seen"

    outcomes = play(usual, dataclasses.replace(key, cases=cases), source, "f.py")

    assert [outcomes[name][0].value for name in ("case_1", "case_0")] == [[2], [1]]
    assert [outcomes[f"case_{n}"][0].kind for n in (2, 3, 4, 5)] == ["exit", "exit", "exit", "not run"]


def test_state_is_kept_between_the_calls_of_a_session(call):
    outcomes = call("seen = []\ndef f(x):\n    seen.append(1)\n    return len(seen)", 1, 2, 3)

    assert [outcome.value for outcome in outcomes] == [1, 2, 3]


def test_no_state_is_kept_from_session_to_session(call):
    source = "import numpy\ndef f(x):\n    numpy.mine = getattr(numpy, 'mine', 0) + 1\n    return numpy.mine"

    assert [call(source)[0].value for _ in range(2)] == [1, 1]


def test_arguments_are_fresh_for_every_call(call):
    source = "def f(x):\n    before = x.copy()\n    x[:] = 7\n    return before"

    first, second = call(source, X, X)

    assert alike(first.value, X)
    assert alike(second.value, X)
    assert alike(first.changed[0], np.full_like(X, 7))


def test_the_global_random_state_is_the_same_in_every_session(call):
    source = "import random\nimport numpy as np\ndef f(x): return random.random(), np.random.rand()"

    (first,), (second,) = call(source), call(source)

    assert alike(first.value, second.value)


@pytest.mark.parametrize(
    "death", ["os._exit(0)", "ctypes.string_at(0)", "os.closerange(0, 256)", "[print('x' * 9999) for _ in range(9999)]"]
)  # fmt: skip
def test_a_call_that_dies_takes_no_other_with_it(call, death):
    source = f"import ctypes, os\ndef f(x):\n    if x == 1: {death}\n    return x"

    before, died, after = call(source, 0, 1, 2)

    assert (before.value, after.value) == (0, 2)
    assert isinstance(died, Failed)


def test_after_three_deaths_the_rest_is_not_tried(call_one_way):
    outcomes = call_one_way("import os\ndef f(x): os._exit(0)", 1, 2, 3, 4, 5)

    assert [outcome.kind for outcome in outcomes] == ["exit", "exit", "exit", "not run", "not run"]


@pytest.mark.parametrize(
    ("core", "hidden", "edge"),
    [
        pytest.param(["dies"], [], "not run", id="no core call comes back"),
        pytest.param(["dies", "lives"], [], "lives", id="another core call comes back"),
        pytest.param(["dies"], ["lives"], "lives", id="a hidden core call comes back"),
        pytest.param(["dies", "dies"], ["dies"], "not run", id="all of them die"),
    ],
)
def test_edges_are_tried_where_they_can_count(usual, key_of, core, hidden, edge):
    key = key_of(*range(1 + len(core) + len(hidden)))
    dies = [number for number, what in enumerate(["lives", *core, *hidden]) if what == "dies"]
    cases = [dataclasses.replace(key.cases[0], kind="edge"), *key.cases[1:]]
    cases = [dataclasses.replace(case, hidden=number > len(core)) for number, case in enumerate(cases)]
    source = f"import os\ndef f(x):\n    if x in {dies}: os._exit(0)\n    return x"

    outcomes = play(usual, dataclasses.replace(key, cases=tuple(cases)), source, "f.py")

    (found,) = outcomes["case_0"]
    assert (found.kind if isinstance(found, Failed) else "lives") == edge
    assert [outcomes[f"case_{number}"][0].kind for number in dies] == ["exit"] * len(dies)


@may_fork
def test_a_thread_that_never_ends_does_no_harm(call_unlocked):
    source = (
        "import threading, time\ndef f(x):\n    threading.Thread(target=time.sleep, args=[600]).start()\n    return x"
    )

    outcomes = call_unlocked(source, 1, 2)

    assert [outcome.value for outcome in outcomes] == [1, 2]


# --- the channel ---------------------------------------------------------------------------------------------------

CHANNELS = """
import os, stat, struct, sys

def channels():
    found = []
    for n in range(3, 64):
        try:
            is_socket = stat.S_ISSOCK(os.fstat(n).st_mode)
        except PermissionError:  # locked up, with one descriptor that can be copied
            is_socket = copied(n)
        except OSError:
            is_socket = False
        if is_socket: found.append(n)
    return found

def copied(n):
    try:
        os.close(os.dup(n))
    except OSError:
        return False
    return True

def own_frame():
    frame = sys._getframe()
    while "nonce" not in frame.f_locals: frame = frame.f_back
    tree = b'{"d":[["returned",42],["changed",{"d":[]}]]}'
    message = struct.pack("<I", len(tree)) + tree
    return struct.pack("<16sIQ", frame.f_locals["nonce"], frame.f_locals["sequence"], len(message)) + message
"""


def test_a_forged_answer_is_no_answer(call):
    body = "    for n in channels(): os.write(n, struct.pack('<16sIQ', b'0' * 16, 2, 4) + b'null')\n    return x"

    outcomes = call(f"{CHANNELS}\ndef f(x):\n{body}", 1)

    assert [(outcome.kind, "does not belong" in outcome.message) for outcome in outcomes] == [("protocol", True)]


def test_two_answers_are_no_answer(call):
    (outcome,) = call(f"{CHANNELS}\ndef f(x):\n    for n in channels(): os.write(n, own_frame() * 2)\n    return x", 1)

    assert outcome.kind == "protocol"


def test_an_answer_given_ahead_does_not_count_for_the_next_question(call_one_way):
    outcomes = call_one_way(
        f"{CHANNELS}\ndef f(x):\n    for n in channels(): os.write(n, own_frame())\n    return x", 1, 2
    )

    assert isinstance(outcomes[1], Failed) or outcomes[1].value == 42  # its own answer to its own question
    assert all(isinstance(outcome, Failed) or outcome.value == 42 for outcome in outcomes)


def test_a_file_that_answers_in_the_workers_place_is_not_loaded(call_one_way):
    (outcome,) = call_one_way(
        f"{CHANNELS}\nfor n in channels(): os.write(n, own_frame())\nimport time; time.sleep(600)", 1
    )

    assert outcome.kind == "protocol"


@pytest.mark.parametrize("noise", ["os.urandom(64)", "b'\\0' * 28", "b'\\xff' * 28", "b'x' * (1 << 18)"])
def test_noise_on_the_channel_is_no_answer(call_one_way, noise):
    (outcome,) = call_one_way(f"{CHANNELS}\ndef f(x):\n    for n in channels(): os.write(n, {noise})\n    return x", 1)

    assert outcome.kind in ("protocol", "reply limit")


def test_closing_every_descriptor_ends_the_call_alone(call):
    source = "import os\ndef f(x):\n    if x == 1: os.closerange(0, 256)\n    return x"

    died, after = call(source, 1, 2)

    assert isinstance(died, Failed)
    assert died.kind != "timeout"
    assert after.value == 2


@pytest.mark.slow
def test_closing_every_descriptor_and_running_on_is_not_called_a_fault_of_the_machine(call):
    source = "import os, time\ndef f(x):\n    os.closerange(0, 256)\n    time.sleep(600)"

    (outcome,) = call(source, 1)

    assert outcome.kind == "protocol"
    assert "closed" in outcome.message


def test_a_worker_is_sent_the_file_and_the_arguments_and_nothing_else(usual, key_of):
    arguments = [secrets.SystemRandom().random() for _ in range(3)]
    key = key_of(*arguments)
    tap = Tap(usual)

    play(tap, key, "def f(x): return x", "f.py")
    load, *calls = [wire.decode(message) for message in tap.sent]

    words = {"path": "f.py", "name": "f", "given": key.given, "drive": key.drive, "free": key.free, "used": []}
    assert load == {"source": "def f(x): return x", **words}
    assert calls == [(x,) for x in arguments]


class Tap:
    """A sandbox that notes what passes through it."""

    def __init__(self, sandbox):
        self.sandbox, self.sent = sandbox, []

    def session(self, modules):
        return TappedSession(self.sandbox.session(modules), self.sent)


class TappedSession:
    def __init__(self, session, sent):
        self.session, self.sent = session, sent

    def load(self, message, seconds):
        self.sent.append(message)
        return self.session.load(message, seconds)

    def ask_all(self, requests, watch=None):
        self.sent += [message for message, _ in requests]
        return self.session.ask_all(requests, watch)

    def __getattr__(self, name):
        return getattr(self.session, name)


# --- nothing is left behind ----------------------------------------------------------------------------------------

LEAVES_A_CHILD = """
import os, time
def f(x):
    child = os.fork()
    if child == 0:
        {prelude}
        time.sleep(600)
        os._exit(0)
    {after}
    return child
"""


@linux
@may_fork
def test_a_child_that_outlives_its_parent_is_ended(call_unlocked):
    (outcome,) = call_unlocked(LEAVES_A_CHILD.format(prelude="", after=""))

    assert isinstance(outcome, Returned), outcome
    assert until(lambda: gone(outcome.value))


@linux
@forked
@may_fork
def test_a_child_in_a_session_of_its_own_is_ended(unlocked, key_of):
    key = key_of(1)

    (outcome,) = play(unlocked, key, LEAVES_A_CHILD.format(prelude="os.setsid()", after=""), "f.py")["case_0"]

    assert isinstance(outcome, Returned), outcome
    assert until(lambda: gone(outcome.value))


@linux
@forked
@may_fork
def test_a_chain_of_children_in_sessions_of_their_own_is_ended(unlocked, key_of):
    # The child waits for ever, and so does its child; each is the leader of a session.
    prelude = "os.setsid()\n        if os.fork() == 0: os.setsid()"

    source = LEAVES_A_CHILD.format(prelude=prelude, after="time.sleep(0.3)")
    play(unlocked, key_of(1), "def f(x): return x", "f.py")
    before = len(sleepers())
    (outcome,) = play(unlocked, key_of(1), source, "f.py")["case_0"]

    assert isinstance(outcome, Returned), outcome
    assert until(lambda: gone(outcome.value))
    assert until(lambda: len(sleepers()) == before)


def sleepers() -> set[int]:
    """Grandchildren of this process: workers forked ahead, and what has been adopted by the parent of all workers."""
    return {grandchild for child in children() for grandchild in children(child) if not gone(grandchild)}


@linux
@may_fork
def test_a_worker_that_dies_while_its_child_holds_the_channel_is_noticed(call_unlocked):
    source = LEAVES_A_CHILD.format(prelude="", after="os._exit(3)")

    (outcome,) = call_unlocked(source, seconds=60)

    assert outcome.kind == "exit"
    assert "3" in outcome.message


@linux
@pytest.mark.parametrize("fork", [pytest.param(True, marks=forked), False], ids=["fork", "pool"])
def test_close_leaves_no_process_behind(fork):
    before = children()
    sandbox = Sandbox(fork=fork)
    session = sandbox.session()
    started = children() - before
    workers = started | {grandchild for child in started for grandchild in children(child)}

    sandbox.close()
    session.close()

    assert len(workers) >= 2
    assert until(lambda: all(gone(worker) for worker in workers))
    assert children() & started == set()


@pytest.mark.parametrize("fork", [pytest.param(True, marks=forked), False], ids=["fork", "pool"])
def test_a_sandbox_can_be_closed_before_it_is_ready_and_twice(fork):
    sandbox = Sandbox(fork=fork)

    sandbox.close()
    sandbox.close()

    with pytest.raises(Exception, match="closed"):
        sandbox.session()


@pytest.mark.slow
@linux
@forked
def test_300_sessions_leave_no_descriptors_behind(forking, key_of):
    key = key_of(1)
    play(forking, key, "def f(x): return x", "f.py")
    (zygote,) = {child for child in children() if child == parent_of_workers(forking, key)}
    before = settled(zygote)

    for _ in range(300):
        with contextlib.closing(forking.session()):
            pass

    assert settled(zygote) == before


def settled(zygote: int) -> tuple[int, int]:
    """Return the numbers of our descriptors and of the zygote's, which has nothing but the session forked ahead."""
    assert len(children(zygote)) == 1
    theirs = 0
    with contextlib.suppress(PermissionError):  # it lets nobody look into it but root
        theirs = len(os.listdir(f"/proc/{zygote}/fd"))
    return len(os.listdir("/proc/self/fd")), theirs


@linux
def test_sessions_of_a_pool_leave_no_descriptors_behind(pooling, key_of):
    key = key_of(1)
    play(pooling, key, "def f(x): return x", "f.py")
    before, processes = len(os.listdir("/proc/self/fd")), len(children())

    for _ in range(3):
        play(pooling, key, "import os\ndef f(x): os._exit(0)", "f.py")

    assert (len(os.listdir("/proc/self/fd")), len(children())) == (before, processes)


def parent_of_workers(sandbox, key) -> int:
    (outcome,) = play(sandbox, key, "import os\ndef f(x): return os.getppid()", "f.py")["case_0"]
    return outcome.value


# --- our own faults ------------------------------------------------------------------------------------------------


@linux
@forked
def test_a_killed_parent_of_workers_is_no_fault_of_the_learner(key_of):
    key = key_of(1, 2)
    source = "import os, signal, time\ndef f(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(600)"

    with Sandbox(fork=True, most="process") as sandbox:
        outcomes = play(sandbox, key, source, "f.py")

    assert {one.kind for several in outcomes.values() for one in several} == {"setup"}
    assert judge(key, outcomes).state == "not judged"


@linux
@forked
def test_a_parent_killed_between_sessions_is_replaced(key_of):
    key = key_of(1)

    with Sandbox(fork=True) as sandbox:
        os.kill(parent_of_workers(sandbox, key), signal.SIGKILL)
        (outcome,) = play(sandbox, key, "def f(x): return x", "f.py")["case_0"]

    assert isinstance(outcome, Returned), outcome


@linux
@forked
@pytest.mark.parametrize("asked", ["isolation", "session"])
def test_a_parent_killed_before_it_was_ready_is_replaced(key_of, asked):
    key = key_of(1)

    with Sandbox(fork=True) as usual, Sandbox(fork=True) as sandbox:
        os.kill(sandbox._source._process.pid, signal.SIGKILL)
        if asked == "isolation":
            assert sandbox.isolation == usual.isolation
        else:
            with pytest.raises(SandboxError, match="cannot be started"):
                sandbox.session()
        (outcome,) = play(sandbox, key, "def f(x): return x", "f.py")["case_0"]

    assert isinstance(outcome, Returned), outcome


def test_a_file_that_could_not_be_read_fails_every_call_alike(sandbox, key_of):
    why = Failed("source", "f.py is a folder.")

    outcomes = play(sandbox, key_of(1, 2), why, "f.py")

    assert list(outcomes.values()) == [(why,), (why,)]


@linux
@forked
def test_a_session_forked_ahead_that_was_ended_meanwhile_is_no_fault_of_the_learner(forking, key_of):
    key = key_of(1)
    zygote = parent_of_workers(forking, key)
    (ahead,) = children(zygote)

    os.kill(ahead, signal.SIGKILL)
    assert until(lambda: gone(ahead))
    (outcome,) = play(forking, key, "def f(x): return x", "f.py")["case_0"]

    assert isinstance(outcome, Returned), outcome


@forked
def test_after_ctrl_c_in_the_middle_of_a_question_no_answer_is_taken_for_another(key_of):
    class Interrupted:
        """A socket on which Ctrl-C comes between the question and the answer."""

        def __init__(self, control):
            self.control = control

        def recvmsg(self, *_):
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(self.control, name)

    with Sandbox(fork=True) as sandbox:
        sandbox.session().close()
        control, sandbox._source._control = sandbox._source._control, Interrupted(sandbox._source._control)
        with pytest.raises(KeyboardInterrupt):
            sandbox.session()
        sandbox._source._control = control

        outcomes = play(sandbox, key_of(1, 2), "def f(x): return x", "f.py")

    assert [outcome.value for (outcome,) in outcomes.values()] == [1, 2]


@linux
@forked
def test_a_session_forked_ahead_knows_what_is_loaded_after_it(forking, key_of):
    source = "import xmlrpc.client, scipy.odr\ndef f(x): return scipy.odr.__name__"

    (outcome,) = play(forking, key_of(1), source, "f.py")["case_0"]

    assert outcome.value == "scipy.odr"


@linux
@forked
def test_a_parent_of_workers_that_nobody_waits_for_any_more_ends_before_it_has_loaded_the_libraries():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.close()

    with theirs:
        ended = subprocess.run(
            _command("fork", str(theirs.fileno()), "kernel"),
            pass_fds=[theirs.fileno()],
            capture_output=True,
            check=False,
        )

    assert (ended.returncode, ended.stderr) == (0, b"")  # else it would have failed to say that it is ready
