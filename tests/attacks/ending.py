"""Attacks that end the run, hang it, or pretend that there was nothing to judge."""

from tests.attacks.attack import Attack, in_call, raw

__all__ = ["ATTACKS"]

_THREAT = "Ending the run"
_ASKS_FOR_MODULES = """
import time
def f(x):
    raise ModuleNotFoundError(f"No module named '_NAME'")
"""


def _ends(name: str, source: str, by: str = "another process", **more: object) -> Attack:
    return Attack(name, _THREAT, source, **{"harm": "points", "by": by, **more})  # type: ignore[arg-type]


def _hides(name: str, *lines: str, before: str = "") -> Attack:
    """An exception that other graders take for a success."""
    return _ends(name, in_call(*lines, before=before), "outcomes are data")


ATTACKS = (
    _ends("exits_at_import", "import os\nos._exit(0)\n"),
    _ends("exits_in_the_call", in_call("os._exit(0)")),
    _ends("exits_politely_at_import", "raise SystemExit(0)\n", "outcomes are data"),
    _hides("exits_politely_in_the_call", "sys.exit(0)"),
    _hides("interrupts_from_the_keyboard", "raise KeyboardInterrupt"),
    _hides("claims_to_be_skipped", "raise unittest.SkipTest('nothing to see')", before="import unittest"),
    _hides("claims_to_be_skipped_by_pytest", "raise Skipped", before="class Skipped(BaseException): pass"),
    _hides("claims_to_be_an_expected_failure", "raise XFailed", before="class XFailed(Exception): pass"),
    _hides("stops_the_generator", "raise GeneratorExit"),
    _hides("claims_that_time_was_up", "raise TimeoutError('not judged')"),
    _ends("crashes", in_call("ctypes.string_at(0)", before="import ctypes")),
    _ends("aborts", in_call("os.abort()")),
    _ends("kills_itself", in_call("os.kill(os.getpid(), 9)")),
    _ends("stops_itself", in_call("os.kill(os.getpid(), 19)"), "limit"),
    _ends("exits_when_collected", in_call("D()", before="class D:\n    def __del__(self): os._exit(0)")),
    _ends(
        "exits_in_an_exceptions_text",
        in_call("raise E", before="class E(Exception):\n    __str__ = lambda s: os._exit(0)"),
    ),
    _ends(
        "loops_in_an_exceptions_text",
        in_call("raise E", before="class E(Exception):\n    def __str__(s):\n        while True: pass"),
        "limit",
    ),
    _ends("loops", in_call("while True: pass"), "limit"),
    _ends("loops_in_c", in_call("return sum(range(10**12))"), "limit"),
    _ends("loops_in_a_regular_expression", in_call("__import__('re').match('(a*)*b', 'a' * 80)"), "limit"),
    _ends("loops_at_import", "while True: pass\n", "limit"),
    _ends(
        "loops_in_a_class_of_its_answer",
        in_call(
            "return A(x)",
            before="class A(np.ndarray):\n"
            "    def __array_finalize__(s, o):\n"
            "        while True: pass\n"
            "    def __new__(c, x): return np.asarray(x).view(c)",
        ),
        "limit",
    ),
    _ends("sleeps", in_call("import time", "time.sleep(10**6)"), "limit"),
    _ends(
        "waits_for_a_lock",
        in_call("l = threading.Lock()", "l.acquire(); l.acquire()", before="import threading"),
        "limit",
    ),
    _ends("recurses_without_a_limit", in_call("sys.setrecursionlimit(10**9)", "return f(x)"), "limit"),
    _ends(
        "recurses_in_c",
        in_call(
            "a = []", "for _ in range(10**6): a = [a]", "return repr(a) == ''", before="sys.setrecursionlimit(10**9)"
        ),
        "limit",
    ),
    _ends(
        "swallows_every_exception",
        in_call("while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        "limit",
    ),
    _ends(
        "swallows_the_signal_of_its_limit",
        in_call(
            "while True: pass",
            before="import signal\n"
            "for s in (signal.SIGXCPU, signal.SIGTERM, signal.SIGALRM): signal.signal(s, "
            "lambda *_: None)",
        ),
        "limit",
    ),
    _ends(
        "handles_its_own_crash",
        in_call(
            "import ctypes",
            "ctypes.string_at(0)",
            before="import signal\nsignal.signal(signal.SIGSEGV, lambda *_: None)",
        ),
        "limit",
    ),
    _ends(
        "rings_an_alarm_for_ever",
        in_call(
            "while True:\n    try:\n        while True: pass\n    except ValueError: pass",
            before="import signal\n"
            "def ring(*_): raise ValueError\n"
            "signal.signal(signal.SIGALRM, ring)\n"
            "signal.setitimer(signal.ITIMER_REAL, .001, .001)",
        ),
        "limit",
    ),
    _ends("closes_every_descriptor", in_call("os.closerange(0, 4096)", "return 3 * x")),
    _ends("closes_every_descriptor_and_runs_on", in_call("os.closerange(0, 4096)", "while True: pass"), "limit"),
    _ends(
        "puts_another_descriptor_in_the_channels_place",
        in_call("for n in range(3, 16):\n    try: os.dup2(0, n)\n    except OSError: pass", "return 3 * x"),
    ),
    _ends("exits_at_exit", in_call("return 2 * x", before="import atexit\natexit.register(os._exit, 0)")),
    _ends(
        "asks_for_module_after_module", _ASKS_FOR_MODULES.replace("NAME", "{time.time_ns()}"), "limit", harm="unjudged"
    ),
    _ends(
        "asks_for_a_module_with_a_long_name",
        _ASKS_FOR_MODULES.replace("NAME", "{'m' * 1900}{time.time_ns()}"),
        "limit",
        harm="unjudged",
    ),
    _ends(
        "asks_for_modules_that_run_when_loaded",
        in_call("return 2 * x", before="import numpy.f2py.__main__, unittest.__main__, ctypes.test.__main__"),
        "limit",
        harm="neighbour",
    ),
    _ends(
        "runs_threads_for_ever",
        in_call(
            "for _ in range(4): threading.Thread(target=spin).start()",
            "return 2 * x",
            before="import threading\ndef spin():\n    while True: pass",
        ),
        "seccomp",
        harm="neighbour",
    ),
    _ends(
        "leaves_children",
        in_call(
            "import time",
            "for _ in range(8):\n"
            "    if (child := os.fork()) == 0:\n"
            "        os.setsid(); time.sleep(600); os._exit(0)\n"
            "    print('$left', child, '.')",
            "return 2 * x",
        ),
        "seccomp",
        harm="lives on",
    ),
    _ends(
        "leaves_a_chain_of_children",
        in_call(
            "import time",
            "for _ in range(8):\n"
            "    if os.fork(): time.sleep(.05); os._exit(0)\n"
            "    os.setsid(); print('$left', os.getpid(), '.', flush=True)",
            "time.sleep(600)",
        ),
        "seccomp",
        harm="lives on",
    ),
    _ends(
        "signals_everybody",
        in_call("os.kill(-1, 0)", "return '$foorp'[::-1]"),
        "seccomp",
        since="seccomp",
        harm="could",
    ),
    _ends("kills_its_group", in_call("os.killpg(0, 9)", "return 3 * x"), "another process", harm="neighbour"),
    _ends(
        "kills_the_parent_of_all",
        in_call("os.kill(os.getppid(), 9)", "return 2 * x"),
        "seccomp",
        since="user",
        harm="struck",
    ),
    _ends(
        "hangs_the_parent_of_all_on_a_lock",
        raw("import fcntl", "fcntl.flock(0, fcntl.LOCK_EX)", "while True: pass"),
        "limit",
        harm="neighbour",
    ),
)
