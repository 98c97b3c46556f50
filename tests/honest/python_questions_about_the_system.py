import os
import platform
import sys


def f(x):
    return (
        sys.byteorder,
        sys.maxsize,
        sys.float_info.epsilon,
        sys.getsizeof(0) > 0,
        os.getpid() > 0,
        os.cpu_count() is not None,
        os.environ.get("NO_SUCH_VARIABLE", "none"),
        len(os.urandom(4)),
        platform.python_version(),
        sys.int_info.bits_per_digit,
        os.linesep,
    )
