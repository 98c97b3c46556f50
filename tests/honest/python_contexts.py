import contextlib
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from io import StringIO


@contextmanager
def noted(log, name):
    log.append(f"enter {name}")
    try:
        yield name
    finally:
        log.append(f"leave {name}")


def f(x):
    log = []
    with ExitStack() as stack, suppress(ZeroDivisionError):
        for name in "ab":
            stack.enter_context(noted(log, name))
        1 / 0
    with redirect_stdout(StringIO()) as out:
        print("caught", x[0, 0])
    with contextlib.nullcontext(3) as three:
        return log, out.getvalue(), three
