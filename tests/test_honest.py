"""Honest code gives in a locked worker what it gives outside, and where it cannot, a sentence says why."""

import dataclasses
import io
import linecache
import random
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from grader.outcome import Failed, Returned
from grader.sandbox import Sandbox
from grader.sandbox.level import at_least
from grader.sandbox.run import play
from grader.sandbox.start import forks
from grader.sentences import failure
from grader.worker import wire

FILES = sorted(file for file in (Path(__file__).parent / "honest").glob("*.py") if file.stem != "__init__")
X = np.array(
    [[0.5, -1.2, 2.1], [1.4, 0.3, -0.7], [-2.2, 1.9, 0.8], [0.6, -0.4, 1.1], [2.5, 0.9, -1.6], [-0.8, 2.3, 0.2]]
)
# Libraries of linear algebra add in another order where they have several threads.
ROUNDING = 1e-13

pytestmark = pytest.mark.skipif(not forks(), reason="workers are not forked here")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def key(library):
    """A key that asks for f(X) once."""
    whole = library.key("relu_forward")
    case = dataclasses.replace(
        whole.cases[0], name="case", arguments=(X,), seconds=20.0, kind="core", hidden=False, checks=()
    )
    return dataclasses.replace(whole, name="f", parameters=("x",), cases=(case,), mistakes=())


@pytest.fixture
def inside(sandbox, key):
    """Plays a text's f in a locked worker."""
    return lambda source: play(sandbox, key, source, "f.py", load_seconds=20.0)["case"][0]


def outside(source):
    """Return what f answers in this process, as it would arrive from another."""
    names = {"__name__": "f"}
    random_states = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            linecache.cache["f.py"] = (len(source), None, source.splitlines(keepends=True), "f.py")
            exec(compile(source, "f.py", "exec", dont_inherit=True), names)
            return wire.decode(wire.encode(names["f"](X.copy())))
    finally:
        random.setstate(random_states[0])
        np.random.set_state(random_states[1])


def alike(one, other):
    """Whether two plain values are the same, their floats to rounding; NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and near(one, other)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and alike(list(one.values()), list(other.values()))
    return near(one, other) if isinstance(one, (float, complex)) else one == other


def near(one, other):
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype.kind not in "fc":
        return np.array_equal(one, other)
    size = np.max(np.abs(one), initial=1.0, where=np.isfinite(one))
    return np.allclose(one, other, rtol=ROUNDING, atol=ROUNDING * size, equal_nan=True)


def test_the_sandbox_is_locked(sandbox):
    assert at_least(sandbox.isolation, "seccomp")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_honest_code_gives_inside_what_it_gives_outside(inside, file):
    source = file.read_text(encoding="utf-8")

    found = inside(source)

    assert isinstance(found, Returned), found
    assert alike(found.value, outside(source)), (found.value, outside(source))


NO_FILE = "Code that is judged can open no file and no connection, and start no other program."
NO_THREAD = "Code that is judged has one thread, and no other program beside it."
# What honest code asks for and cannot have, and the sentence that its author reads.
REFUSED = {
    "open": ("return open('data.txt').read()", NO_FILE),
    "open to write": ("open('/tmp/answer.txt', 'w')", NO_FILE),
    "load": ("import numpy as np; return np.load('weights.npy')", NO_FILE),
    "loadtxt": ("import numpy as np; return np.loadtxt('data.csv')", NO_FILE),
    "savetxt": ("import numpy as np; np.savetxt('out.csv', x)", NO_FILE),
    "listdir": ("import os; return os.listdir('.')", NO_FILE),
    "mkdir": ("import os; os.makedirs('out')", NO_FILE),
    "exists": ("import os; return os.stat('data.txt').st_size", NO_FILE),
    "pathlib": ("from pathlib import Path; return Path('data.txt').read_text()", NO_FILE),
    "glob": ("from pathlib import Path; return list(Path('.').iterdir())", NO_FILE),
    "tempfile": ("import tempfile; tempfile.TemporaryFile()", NO_FILE),
    "sqlite": ("import sqlite3; sqlite3.connect('a.db')", NO_FILE),
    "logging": ("import logging; logging.basicConfig(filename='log.txt')", NO_FILE),
    "thread": ("import threading; threading.Thread(target=print).start()", NO_THREAD),
    "timer": ("import threading; threading.Timer(1, print).start()", NO_THREAD),
    "thread pool": (
        "from concurrent.futures import ThreadPoolExecutor\n    return list(ThreadPoolExecutor().map(abs, [1]))",
        NO_THREAD,
    ),
    "process": ("import multiprocessing as mp; p = mp.Process(target=print); p.start()", NO_FILE),
    "process pool": ("from multiprocessing import Pool; Pool(2)", NO_FILE),
    "executor": (
        "from concurrent.futures import ProcessPoolExecutor\n    return list(ProcessPoolExecutor().map(abs, [1]))",
        NO_FILE,
    ),
    "workers": (
        "from scipy.optimize import differential_evolution as d\n    d(sum, [(0, 1)], workers=2, updating='deferred')",
        NO_FILE,
    ),
    "subprocess": ("import subprocess; subprocess.run(['ls'])", NO_FILE),
    "system": ("import os; assert os.system('ls') == 0, 'no shell'", "no shell"),
    "fork": ("import os; os.fork()", NO_FILE),
    "socket": ("import socket; socket.create_connection(('127.0.0.1', 80))", NO_FILE),
    "urlopen": ("from urllib.request import urlopen; urlopen('http://127.0.0.1/')", NO_FILE),
    "urlopen by name": ("from urllib.request import urlopen; urlopen('http://example.org/')", NO_FILE),
    "http": ("import http.client; http.client.HTTPConnection('localhost').request('GET', '/')", NO_FILE),
    "asyncio": ("import asyncio; asyncio.run(asyncio.sleep(0))", NO_FILE),
    "zoneinfo": ("from zoneinfo import ZoneInfo; ZoneInfo('Europe/Berlin')", NO_FILE),
    "datasets": ("from scipy.datasets import face; face()", "Missing optional dependency 'pooch'"),
    "pandas": ("import pandas", "No module named 'pandas'"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_work_is_refused_with_a_sentence(inside, kind):
    body, sentence = REFUSED[kind]

    found = inside(f"def f(x):\n    {body}\n")

    assert isinstance(found, Failed), found
    assert sentence in failure(found, "f", ["x"])


@pytest.mark.parametrize("name", ["_{n}", "_{'a' * 1900}{n}", "_{'ä' * 50}{n}", "json.{n}"])
def test_asking_for_new_modules_without_end_comes_to_an_end(inside, name):
    found = inside(
        "import time\n"
        "def f(x):\n"
        "    n = f'n{time.time_ns()}'\n"
        f"    raise ModuleNotFoundError(f\"No module named '{name}'\")\n"
    )

    assert (found.kind, found.type) == ("exception", "ModuleNotFoundError")
    assert isinstance(inside("def f(x): return 1"), Returned)
