"""Python as a page shows it: line by line, each kind of word in a class of its own, and text all the same. Pure."""

import re
from dataclasses import dataclass

from markupsafe import Markup
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from grader.clean import for_html, seen

__all__ = ["Line", "highlighted", "lines", "opening"]

_OPENING = re.compile(r"""\s*[rR]?(\"{3}|'{3}).*?\1""", re.DOTALL)
_MOST = 2000  # lines; what is longer is no answer to an exercise
_CLASSES = (
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Builtin, "b"),
)


@dataclass(frozen=True)
class Line:
    """One line, and its number."""

    number: int
    text: Markup


def highlighted(source: str) -> Markup:
    """Return Python with its kinds of words in classes."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return Markup("").join(_word(kind, text) for kind, text in lexer.get_tokens(seen(source)))


def lines(source: str) -> list[Line]:
    """Return Python line by line; a string over several lines is one in each of them."""
    whole = seen(source).split("\n")
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    found: list[list[Markup]] = [[]]
    for kind, text in lexer.get_tokens("\n".join(whole[:_MOST])):
        for number, piece in enumerate(text.split("\n")):
            if number:
                found.append([])
            found[-1].append(_word(kind, piece))
    shown = [Line(number, Markup("").join(pieces)) for number, pieces in enumerate(found, start=1)]
    return shown if shown[-1].text else shown[:-1]


def opening(source: str) -> int:
    """Return how many lines the text at the top takes; 0 where there is none."""
    found = _OPENING.match(source)
    return found[0].count("\n") + 1 if found else 0


def _word(kind: _TokenType, text: str) -> Markup:
    css = next((css for family, css in _CLASSES if _within(kind, family)), "")
    escaped = for_html(text)
    return Markup(f'<span class="{css}">{escaped}</span>' if css and text else escaped)


def _within(kind: _TokenType, family: _TokenType) -> bool:
    return kind[: len(family)] == family
