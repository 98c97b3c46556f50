import sys
import traceback


def g(x):
    return x[99, 0]


def f(x):
    try:
        g(x)
    except IndexError as fault:
        lines = traceback.format_exc().splitlines()
        return (
            lines[-1],
            traceback.format_exception_only(fault)[0],
            [frame.name for frame in traceback.extract_tb(sys.exc_info()[2])][-1],
        )
