"""However grading is ended from outside, nothing is left behind: no process, and a terminal as it was."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from tests import courses
from tests.processes import children, gone, linux, until

pytestmark = [pytest.mark.slow, linux]  # processes are looked at in /proc
FORWARD = courses.ROOT / "solutions" / courses.TOPIC / "relu_forward.py"
ENDLESS = """
def relu_forward(x):
    while True:
        pass
"""
GRADE = ["-m", "grader", "grade"]
PYTEST = ["-m", "pytest", "-p", "no:randomly", "-p", "no:hypothesispytest", "assignments"]
# What a shell in a terminal does before it runs a command.
IN_TERMINAL = (
    "import os, sys; os.login_tty(int(sys.argv[1])); os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
)


@pytest.fixture(autouse=True)
def heeds_signals():
    """A run behind `nohup` or `&` hands ignored signals down to every process; these tests are about heeded ones."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def stuck(tmp_path_factory):
    """A course of one exercise, in which the learner's loop has no end and may take its time."""
    patient = tmp_path_factory.mktemp("source") / FORWARD.name
    patient.write_text(FORWARD.read_text(encoding="utf-8").replace("@case\n", "@case(seconds=60.0)\n"))
    course = courses.make(tmp_path_factory.mktemp("stuck"), {f"{courses.TOPIC}/relu_forward": patient})
    course.write("relu_forward", ENDLESS)
    return course


@pytest.fixture
def start(stuck):
    """Starts Python in the course; whatever a failing test leaves is ended."""
    started = []

    def run(words, **options):
        options = {"cwd": stuck.root, "env": courses.ENVIRONMENT, **options}
        process = subprocess.Popen([sys.executable, *words], **options)
        started.append(process)
        return process

    yield run
    for process in started:
        for pid in {process.pid, *family(process.pid)} if process.poll() is None else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def family(pid):
    """Return the children of a process, and theirs."""
    return {one for child in children(pid) for one in {child, *family(child)}}


def looping(pid):
    """Say whether the learner's loop runs: a child of the workers' parent that has computed for a while."""
    return any(computed(worker) > 0.1 for parent in children(pid) for worker in children(parent))


def computed(pid):
    """Return the seconds that a process has computed."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return int(file.read().rpartition(")")[2].split()[11]) / os.sysconf("SC_CLK_TCK")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


class Terminal:
    """A pseudo terminal: what is typed, what is shown."""

    def __init__(self):
        self.screen, self.program = os.openpty()
        os.set_blocking(self.screen, False)
        self.seen = b""

    def type(self, keys):
        os.write(self.screen, keys)

    def shown(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.seen += os.read(self.screen, 1 << 12)
        return self.seen.decode("utf-8", "replace")

    def settings(self):
        import termios  # not on Windows

        return termios.tcgetattr(self.program)

    def close(self):
        os.close(self.screen)
        os.close(self.program)


@pytest.fixture
def terminal():
    opened = Terminal()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [pytest.param(GRADE, 130, "Stopped.", id="grade"), pytest.param(PYTEST, 2, "KeyboardInterrupt", id="pytest")],
)
def test_ctrl_c_ends_everything_and_leaves_the_terminal_whole(start, terminal, words, status, said):
    before = terminal.settings()
    process = start(["-c", IN_TERMINAL, str(terminal.program), *words], pass_fds=[terminal.program])
    assert until(lambda: looping(process.pid))
    others = family(process.pid)

    terminal.type(b"\x03")

    assert until(lambda: terminal.shown() is not None and process.poll() is not None)
    assert process.returncode == status
    assert said in terminal.shown()
    assert "Traceback" not in terminal.shown()
    assert terminal.settings() == before
    assert len(others) >= 2
    assert until(lambda: all(map(gone, others)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP], ids=lambda number: number.name)
@pytest.mark.parametrize("words", [GRADE, PYTEST], ids=["grade", "pytest"])
def test_a_signal_that_ends_the_grader_ends_everything(start, words, number):
    process = start(words, stdout=subprocess.DEVNULL)
    assert until(lambda: looping(process.pid))
    others = family(process.pid)

    process.send_signal(number)

    assert process.wait(timeout=20) == -number
    assert until(lambda: all(map(gone, others)))


def test_a_reader_that_has_seen_enough_leaves_no_process_and_no_traceback(start, whole_course):
    read, write = os.pipe()
    process = start(GRADE, cwd=whole_course.root, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert until(lambda: children(process.pid))
    others = family(process.pid)

    os.close(read)  # as `| head -0` does

    assert process.communicate(timeout=60)[1] == b""
    assert until(lambda: all(map(gone, others)))
