import string
import textwrap
from string import Template


def f(x):
    text = "the quick brown fox jumps over the lazy dog " * 2
    return (
        textwrap.fill(text, 30),
        textwrap.dedent("  a\n  b"),
        textwrap.shorten(text, 20),
        textwrap.indent("a\nb", "> "),
        string.ascii_lowercase,
        Template("$a and ${b}").substitute(a=1, b=2),
        string.capwords("a bc"),
    )
