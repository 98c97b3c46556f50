"""The practical limit: a warm parent that forks once for every submission, and does nothing that is not grading.

The fork sets limits, compiles and runs the files, calls the functions, compares with references that are at hand, and
sends back one line. There is no isolation beyond that: what the learner's code can read, change or forge, it can. This
is what grading costs at the least, not a way to grade.

    python -m tests.peers_class.limit CASES FOLDER OUT

CASES is a pickle, made by the command that calls us: by function the arguments and the answer of every call. In FOLDER
lies a folder for every submission with a file for every function. OUT gets the shares of points, as JSON.
"""

import gc
import json
import os
import pickle
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import scipy.special  # noqa: F401 - a warm parent has what answers import

CPU_SECONDS = 2
MEMORY = 512 << 20
Calls = dict[str, list[tuple[tuple[Any, ...], Any]]]


def main(cases: str, folder: str, out: str) -> None:
    """Grade a folder of submissions."""
    calls: Calls = pickle.loads(Path(cases).read_bytes())
    gc.collect()
    gc.freeze()
    found = {one.name: graded(calls, one) for one in sorted(Path(folder).iterdir())}
    Path(out).write_text(json.dumps(found))


def graded(calls: Calls, folder: Path) -> dict[str, Any]:
    """Return by function whether all was right, and the CPU seconds of loading and of calls, as a fork says them."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read)
            bound()
            os.write(write, json.dumps(_said(calls, folder)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as pipe:
        line = pipe.read()
    os.waitpid(pid, 0)
    return dict(json.loads(line)) if line else {}


def bound() -> None:
    """Bound CPU time and memory, and drop what is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _said(calls: Calls, folder: Path) -> dict[str, Any]:
    started = time.process_time()
    functions = {name: loaded((folder / f"{name}.py").read_bytes(), name) for name in calls}
    begun = time.process_time()
    right = {name: _right(functions[name], calls[name]) for name in calls}
    return {"right": right, "loading": begun - started, "calls": time.process_time() - begun}


def loaded(text: bytes, name: str) -> Any:
    """Return the function of a learner's file, or None where it cannot be loaded."""
    names: dict[str, Any] = {"__name__": name}
    try:
        exec(compile(text, f"{name}.py", "exec", dont_inherit=True), names)
    except Exception:
        return None
    return names.get(name)


def _right(function: Any, calls: list[tuple[tuple[Any, ...], Any]]) -> bool:
    """Make all calls, also where one has failed: others do, too."""
    right = True
    for arguments, expected in calls:
        try:
            right &= same(function(*arguments), expected)
        except Exception:
            right = False
    return right


def same(answer: Any, expected: Any) -> bool:
    """Say whether an answer is what is expected; raises whatever comparing odd answers raises."""
    if isinstance(expected, tuple):
        return len(answer) == len(expected) and all(map(same, answer, expected))
    return np.shape(answer) == np.shape(expected) and np.allclose(answer, expected, rtol=1e-5, atol=1e-8)


if __name__ == "__main__":
    main(*sys.argv[1:])
