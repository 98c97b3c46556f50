import re
from re import VERBOSE, compile, sub

NUMBER = compile(r"""(?P<sign>[-+])? (?P<digits>\d+)""", VERBOSE)


def f(x):
    return (
        [m.groupdict() for m in NUMBER.finditer("-3 + 44")],
        sub(r"\s+", " ", "a   b"),
        re.split("[,;]", "a,b;c"),
        re.findall(r"\w+", "ein süßer Tee"),
        bool(re.fullmatch("(?i)AbC", "abc")),
        re.escape("a.b"),
    )
