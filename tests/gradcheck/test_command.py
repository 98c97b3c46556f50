"""`grader gradcheck module:f module:gradient`: what it prints and its exit codes."""

from dataclasses import dataclass

import pytest

from grader.cli import main

MODULE = """
import numpy as np

def f(x):
    return np.sum(np.sin(x))

def right(x):
    return np.cos(x)

def wrong(x):
    return -np.cos(x)

def drowned(x):
    return f(x) + 1e20

def point():
    return np.arange(6.0).reshape(2, 3)

start = np.ones(4)

def crashes(x):
    raise RuntimeError("no such layer")
"""


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    exit_code: int
    output: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with a module of its own name."""
    name = f"layers_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    def call(*words):
        words = [word.replace("layers:", f"{name}:") for word in words]
        monkeypatch.setattr("sys.argv", ["grader", "gradcheck", *words])
        with pytest.raises(SystemExit) as leave:
            main()
        printed = capsys.readouterr()
        return Run(leave.value.code, printed.out + printed.err)

    return call


@pytest.mark.parametrize(
    ("functions", "status", "says"),
    [
        (("layers:f", "layers:right"), 0, "Right"),
        (("layers:f", "layers:wrong"), 1, "opposite sign"),
        (("layers:drowned", "layers:right"), 3, "Not judged"),
    ],
    ids=["right", "wrong", "not judged"],
)
def test_the_exit_code_is_the_verdict(run, functions, status, says):
    result = run(*functions)

    assert says in result.output
    assert result.exit_code == status


@pytest.mark.parametrize(("name", "count"), [("layers:point", 6), ("layers:start", 4)])
def test_x_is_an_array_or_a_function_that_makes_one(run, name, count):
    result = run("layers:f", "layers:wrong", "--x", name)

    assert f"all {count} measured entries" in result.output


def test_a_shape_gives_a_random_x(run):
    assert "all 10 measured entries" in run("layers:f", "layers:wrong", "--shape", "5,2").output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("layers", "layers:right"), "module:function"),
        (("layers:nothing", "layers:right"), "nothing"),
        (("no_such_module_at_all:f", "layers:right"), "no_such_module_at_all"),
        (("layers:crashes", "layers:right"), "no such layer"),
        (("layers:f", "layers:right", "--shape", "3,x"), "'3,x' is no shape: write whole numbers"),
    ],
    ids=["no colon", "no function", "no module", "crash", "shape"],
)
def test_what_cannot_be_checked_is_said_without_a_traceback(run, words, says):
    result = run(*words)

    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
