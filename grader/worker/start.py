"""Where a worker's Python begins: `python -I -S -B start.py (fork | single) HANDLE STEPS FOLDER...`.

HANDLE is an inherited socket, STEPS the ones of lockdown.STEPS to take, with commas between, FOLDER... where numpy and
scipy lie. Run as a file, so that nothing but this package,
by its own name, and the libraries can be imported: the rest of the grader is not on the path.
"""

import contextlib
import importlib
import importlib.util
import os
import select
import socket
import sys
from collections.abc import Iterator, Sequence


def main() -> None:
    """Load the libraries, then serve."""
    mode, handle, steps, *folders = sys.argv[1:]
    if mode == "fork":
        control = socket.socket(fileno=int(handle))
        with _ended_with(control):
            prepare(folders)
        importlib.import_module("worker.zygote").serve(control, steps.split(","))
    else:
        prepare(folders)
        importlib.import_module("worker.session").single(handle)


@contextlib.contextmanager
def _ended_with(control: socket.socket) -> Iterator[None]:
    """Have the kernel end this process with SIGIO when the other end hangs up; it says nothing before we are ready."""
    import fcntl  # not on Windows

    flags = fcntl.fcntl(control, fcntl.F_GETFL)
    fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(control, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([control], [], [], 0)[0]:
        sys.exit()  # it has hung up already
    yield
    fcntl.fcntl(control, fcntl.F_SETFL, flags)


def prepare(folders: Sequence[str]) -> None:
    """Make this package known as `worker`, and load the libraries in `folders`."""
    os.cpu_count = _one  # before libraries ask: a session may start no thread, and "as many as there are" is one
    sys.path.extend(folders)
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        "worker", os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["worker"] = package
    spec.loader.exec_module(package)
    preload = importlib.import_module("worker.preload")
    preload.load(preload.START)
    preload.warm_up()


def _one() -> int:
    return 1


if __name__ == "__main__":
    main()
