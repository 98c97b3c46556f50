"""Files of one learner in one process, one after the other: who shares, and that nobody feels it."""

import dataclasses
import os
import signal

import numpy as np
import pytest

from grader.outcome import Failed, Returned
from grader.sandbox import Sandbox
from grader.sandbox.run import Play, Used, play
from grader.sandbox.sharing import Sharing, leaves_nothing_behind
from grader.sandbox.start import forks
from tests.answers import answer
from tests.test_sandbox import Tap

PLAIN = "def f(x):\n    return x\n"
# It remembers how often it was called, and can be told from a file that nobody has called.
COUNTS = "calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)\n"


@pytest.fixture(scope="module", params=[pytest.param(True, id="forking"), pytest.param(False, id="pooling")])
def sandbox(request):
    """Sessions, started in either way."""
    if request.param and not forks():
        pytest.skip("workers are not forked here")
    with Sandbox(fork=request.param) as sandbox:
        yield sandbox


@pytest.fixture
def tap(sandbox):
    return CountingTap(sandbox)


class CountingTap(Tap):
    """A sandbox that keeps its sessions, and notes for every file in which of them it was loaded."""

    def __init__(self, sandbox):
        super().__init__(sandbox)
        self.sessions, self.loaded = [], []

    def session(self, modules):
        session, number = self.sandbox.session(modules), len(self.sessions)
        load = session.load
        session.load = lambda *asked: (self.loaded.append(number), load(*asked))[1]
        self.sessions.append(session)
        return session


@pytest.fixture
def key(library):
    """A key that asks for f(1)."""
    whole = library.key("relu_forward")
    case = dataclasses.replace(whole.cases[0], name="case", arguments=(1,), seconds=2.0, kind="core", hidden=False)
    return dataclasses.replace(whole, name="f", parameters=("x",), cases=(case,), mistakes=())


@pytest.fixture
def in_turn(tap, key):
    """Plays files one after the other, sharing what they may; the outcomes, and how many sessions it took."""

    def run(*sources):
        sharing = Sharing()
        try:
            found = [play(tap, key, source, "f.py", 20.0, sharing=sharing)["case"][0] for source in sources]
        finally:
            sharing.close()
        assert not any(session.alive for session in tap.sessions)
        return found, len(tap.sessions)

    return run


# --- who shares ----------------------------------------------------------------------------------------------------


def test_files_that_leave_nothing_behind_share_a_process_and_do_not_meet(in_turn):
    outcomes, sessions = in_turn(COUNTS, COUNTS, PLAIN)

    assert [outcome.value for outcome in outcomes] == [1, 1, 1]
    assert sessions == 1


def test_a_file_that_changes_what_others_use_has_a_process_of_its_own(in_turn):
    outcomes, sessions = in_turn(
        PLAIN,
        "import numpy as np\nnp.pi = 3\ndef f(x): return np.pi\n",
        "import numpy as np\ndef f(x): return np.pi\n",
    )

    assert [outcome.value for outcome in outcomes] == [1, 3, np.pi]
    assert sessions == 2


def test_without_anybody_to_share_with_every_file_has_a_process_of_its_own(tap, key):
    for _ in range(2):
        play(tap, key, PLAIN, "f.py")

    assert len(tap.sessions) == 2


def test_given_code_counts_as_the_files_own(tap, key):
    sharing = Sharing()
    sets = dataclasses.replace(key, given="import numpy as np\nnp.inf = 3\n")

    for one in (sets, key):
        play(tap, one, PLAIN, "f.py", sharing=sharing)
    sharing.close()

    assert len(tap.sessions) == 2


def test_a_file_that_uses_others_shares_with_nobody(tap, key):
    sharing = Sharing()
    play(tap, key, PLAIN, "f.py", sharing=sharing)

    play(tap, key, PLAIN, "f.py", used=[Used("g", "def g(): pass", "g.py", "")], sharing=sharing)
    sharing.close()

    assert len(tap.sessions) == 2


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ndef f(x):\n    y = np.zeros(3)\n    y[0] = x\n    return y.sum(axis=0)\n",
        "from numpy import exp\nimport math, itertools\nfrom scipy.special import expit\ndef f(x): return exp(x)\n",
        "class Layer:\n    def __init__(self, w):\n        self.w = w\n        self.n = 0\n    def __call__(self): 0\n",
        "import numpy as np\ndef f(x):\n    np.random.seed(0)\n    return x == 1 or x.shape >= (2,)\n",
    ],
)
def test_these_leave_nothing_behind(text):
    assert leaves_nothing_behind(text)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nnp.inf = 1\n",
        "import numpy as np\nnp.inf += 1\n",
        "import numpy as np\nnp.random.x[0] = 1\n",
        "import numpy as np\nnp.seterr(all='raise')\n",
        "import numpy\nnumpy.set_printoptions(precision=2)\n",
        "import numpy\nsetattr(numpy, 'inf', 3)\n",
        "import numpy\nnumpy.__dict__['inf'] = 3\n",
        "import numpy\ndel numpy.inf\n",
        "import os\n",
        "import numpy as np, sys\n",
        "x = 1; import sys\n",
        "import warnings\nwarnings.simplefilter('error')\n",
        "from . import x\n",
        "from sys import modules\n",
        "exec('import sys')\n",
        "__import__('sys')\n",
        "from scipy import fft\nfft.set_workers(2)\n",
        "import threading\n",
        "import decimal\n",
        "def f(x):\n    import gc\n",
        "import numpy as np\nnp.testing.assert_allclose = None\n",
        "def f(): pass\nf.calls = 0\n",
    ],
)
def test_these_may_leave_something_behind(text):
    assert not leaves_nothing_behind(text)


def test_nearly_every_right_answer_leaves_nothing_behind(library):
    texts = {name: answer(place.solution) for name, place in library.places.items()}
    apart = {name: text for name, text in texts.items() if "from assignments import" not in text}

    alone = [name for name, text in apart.items() if not leaves_nothing_behind(text)]

    assert len(alone) < len(apart) / 20, alone


# --- what nobody feels ---------------------------------------------------------------------------------------------


def test_chance_begins_anew_with_every_file(in_turn):
    draws = "import random\nimport numpy as np\ndef f(x):\n    return np.random.rand(), random.random()\n"

    (first, second), sessions = in_turn(draws, draws)

    assert sessions == 1
    assert first.value == second.value


def test_memory_that_an_earlier_file_holds_costs_a_later_one_nothing(in_turn):
    holds = "import numpy as np\nheld = []\ndef f(x):\n    held.append(np.ones(40_000_000))\n    return 1\n"
    needs = "import numpy as np\ndef f(x):\n    return float(np.ones(45_000_000).sum())\n"

    (first, second), _ = in_turn(holds, needs)

    assert isinstance(first, Returned)
    assert second.value == 45e6


def test_what_an_earlier_file_has_printed_does_not_count(in_turn):
    prints = "def f(x):\n    print('x' * 700_000)\n    return x\n"

    outcomes, sessions = in_turn(prints, prints)

    assert [outcome.value for outcome in outcomes] == [1, 1]
    assert sessions == 1


@pytest.mark.parametrize(
    ("kind", "expression"),
    [("memory", "np.ones(1 << 40)"), ("crash", "np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 40,)).sum()")],
)
def test_what_fails_beside_others_is_tried_alone_and_then_counts(in_turn, kind, expression):
    (_, outcome), sessions = in_turn(PLAIN, f"import numpy as np\ndef f(x):\n    return {expression}\n")

    assert isinstance(outcome, Failed)
    assert (outcome.kind, sessions) == (kind, 2)


@pytest.mark.slow
@pytest.mark.parametrize("body", ["raise ValueError", "while True: pass", "return [1] * (1 << 70)"])
def test_what_no_other_file_can_have_caused_counts_at_once(in_turn, key, body):
    (_, outcome), sessions = in_turn(PLAIN, f"def f(x):\n    {body}\n")

    assert isinstance(outcome, Failed)
    assert outcome.kind in ("exception", "timeout")
    assert sessions == 1


def test_a_process_that_ends_while_it_waits_is_replaced(tap, key):
    sharing = Sharing()
    play(tap, key, PLAIN, "f.py", sharing=sharing)
    process = tap.sessions[0]._process
    os.kill(process._pid if hasattr(process, "_pid") else process._process.pid, signal.SIGKILL)

    (outcome,) = play(tap, key, PLAIN, "f.py", sharing=sharing)["case"]
    sharing.close()

    assert outcome.value == 1
    assert len(tap.sessions) == 2


def test_a_session_with_fewer_modules_than_a_file_needs_is_not_used_for_it(in_turn):
    (_, outcome), _ = in_turn(PLAIN, "from scipy.ndimage import laplace\ndef f(x): return float(laplace([x])[0])\n")

    assert outcome.value == 0.0


def test_hidden_arguments_are_sent_when_all_that_is_shown_has_been_answered(tap, key):
    asked = []
    session = tap.sandbox.session(())
    ask_all = session.ask_all
    session.ask_all = lambda requests, watch=None: (asked.append(len(requests)), ask_all(requests, watch))[1]
    tap.session = lambda modules: session
    cases = [dataclasses.replace(key.cases[0], name=f"case_{n}", hidden=n in (0, 2)) for n in range(5)]

    play(tap, dataclasses.replace(key, cases=tuple(cases)), PLAIN, "f.py")

    assert asked == [1, 3, 2]  # the file, what is shown, what is hidden


def test_a_process_that_has_been_sent_hidden_arguments_plays_nothing_that_is_shown(tap, key):
    sharing = Sharing()
    cases = (key.cases[0], dataclasses.replace(key.cases[0], name="hidden", hidden=True))

    for _ in range(3):
        play(tap, dataclasses.replace(key, cases=cases), PLAIN, "f.py", sharing=sharing)
    sharing.close()

    # The first has played a hidden case, and from then on plays no other: once what is shown, three times what is not.
    assert tap.loaded == [0, 0, 1, 0, 1, 0]


def test_played_in_two_parts_all_of_a_learners_files_take_one_process(tap, key):
    sharing = Sharing()
    cases = (key.cases[0], dataclasses.replace(key.cases[0], name="hidden", hidden=True))
    playing = [
        Play(tap, dataclasses.replace(key, cases=cases), source, "f.py", sharing=sharing) for source in (PLAIN, COUNTS)
    ]

    for one in playing:
        one.begin()
    outcomes = [one.outcomes() for one in playing]
    sharing.close()

    assert [found["hidden"][0].value for found in outcomes] == [1, 1]
    assert len(tap.sessions) == 1


def test_no_process_waits_for_the_second_part_of_a_file_that_shares_with_nobody(tap, key):
    sharing = Sharing()
    cases = (key.cases[0], dataclasses.replace(key.cases[0], name="hidden", hidden=True))
    source = "import sys\ncalls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)\n"
    playing = Play(tap, dataclasses.replace(key, cases=cases), source, "f.py", sharing=sharing)

    playing.begin()

    assert not any(session.alive for session in tap.sessions)
    assert [found[0].value for found in playing.outcomes().values()] == [1, 2]
    sharing.close()


@pytest.mark.parametrize("first", ["", "import sys\n"], ids=["shared", "by itself"])
def test_an_edge_that_was_put_off_is_told_nothing_of_hidden_cases(tap, key, first):
    sharing = Sharing()
    shown, edge, hidden = (dataclasses.replace(key.cases[0], name=str(x), arguments=(x,)) for x in (1, 2, 3))
    cases = (shown, dataclasses.replace(edge, kind="edge"), dataclasses.replace(hidden, hidden=True))
    crash = "np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 40,)).sum()"
    source = (
        f"{first}import numpy as np\nseen = []\ndef f(x):\n    seen.append(x)\n    return seen if x > 1 else {crash}\n"
    )

    found = play(tap, dataclasses.replace(key, cases=cases), source, "f.py", 20.0, sharing=sharing)
    sharing.close()

    assert isinstance(found["1"][0], Failed)
    assert [found[name][0].value for name in ("3", "2")] == [[3], [2]]


def test_what_is_kept_after_the_end_is_ended(sandbox):
    sharing, session = Sharing(), sandbox.session(())
    sharing.close()

    sharing.keep(session, hidden=False)

    assert not session.alive
