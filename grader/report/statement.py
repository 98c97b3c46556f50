"""What an exercise asks, from its stub: the text at its top, the function's head, what goes in and comes out. Pure.

A stub's text is plain: paragraphs with a blank line in between, formulas between `$$`, code between backticks, and what
must keep its columns is indented. The function's text has `Args:`, `Returns:` and `Raises:`, each with indented lines.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from grader.clean import for_html
from grader.messages import say
from grader.report.code import highlighted
from grader.report.mathml import formula
from grader.report.page import prose

__all__ = ["Statement", "of_stub"]

_FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_LEAD = re.compile(r"(Maths\.|By hand\.|Source:)(?=\s)")
_SECTION = re.compile(r"(Args|Returns|Raises):")
_ITEM = re.compile(r"(\*{0,2}\w+(?:, \w+)*): +(.*)", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """An exercise's text.

    Attributes:
        title: its first line.
        text: what stands below it.
        given: names of functions and classes that the stub brings along.
        head: the first line of the function to write.
        asks: what the function is to return, and what else is said of it.
        args: its arguments by name, each with what is said of it; "" stands for a remark about all of them.
        returns: what comes out.
        raises: exceptions by name, each with when it is raised.
        more: what else is said.
    """

    title: str
    text: Markup
    given: tuple[str, ...]
    head: Markup
    asks: Markup
    args: tuple[tuple[str, Markup], ...]
    returns: Markup
    raises: tuple[tuple[str, Markup], ...]
    more: Markup


def of_stub(stub: str, name: str) -> Statement:
    """Return what the stub of an exercise says.

    Args:
        stub: Python.
        name: the function that is to be written.
    """
    tree = ast.parse(stub)
    title, _, rest = (ast.get_docstring(tree) or name).partition("\n")
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    asked = next((node for node in defined if isinstance(node, ast.FunctionDef) and node.name == name), None)
    sections = _sections((ast.get_docstring(asked) or "") if asked else "")
    return Statement(
        title=title.rstrip("."),
        text=_text(rest.strip("\n")),
        given=tuple(node.name for node in defined if node is not asked),
        head=highlighted(f"def {name}({ast.unparse(asked.args)})" if asked else name),
        asks=_text(sections[""]),
        args=_items(sections["Args"]),
        returns=_text(sections["Returns"]),
        raises=_items(sections["Raises"]),
        more=_text(sections["more"]),
    )


def _sections(docstring: str) -> dict[str, str]:
    """Split a function's text at `Args:` and the like, each without its indent; `more` stands below them all."""
    found: dict[str, list[str]] = {"": [], "Args": [], "Returns": [], "Raises": [], "more": []}
    current = ""
    for line in docstring.split("\n"):
        if heading := _SECTION.fullmatch(line):
            current = heading[1]
            continue
        if current and line and not line.startswith(" "):
            current = "more"
        found[current].append(line if current in ("", "more") else line.removeprefix("    "))
    return {section: "\n".join(lines).strip("\n") for section, lines in found.items()}


def _items(section: str) -> tuple[tuple[str, Markup], ...]:
    """Return the items of a section; a paragraph that names nothing stands for itself."""
    whole: list[str] = []
    apart = True
    for line in section.split("\n"):
        if line and whole and not apart and not _ITEM.fullmatch(line):
            whole[-1] += "\n" + line.strip()
        elif line:
            whole.append(line)
        apart = not line
    split = [(item[1], item[2]) if (item := _ITEM.fullmatch(one)) else ("", one) for one in whole]
    return tuple((name, prose(said)) for name, said in split)


def _text(plain: str) -> Markup:
    """Return paragraphs, formulas and what keeps its columns."""
    pieces = _FORMULA.split(plain)  # every second one is a formula
    made = [
        formula(piece) if number % 2 else _paragraphs(piece) for number, piece in enumerate(pieces) if piece.strip()
    ]
    return Markup("\n").join(made)


def _paragraphs(plain: str) -> Markup:
    made = []
    for paragraph in re.split(r"\n\s*\n", plain.strip("\n")):
        lines = paragraph.strip("\n").split("\n")
        for indented, run in groupby(lines, key=lambda line: line.startswith("    ")):
            together = list(run)
            made.append(_columns(together) if indented else _paragraph("\n".join(together)))
    return Markup("\n").join(made)


def _columns(lines: Sequence[str]) -> Markup:
    inner = "\n".join(line.removeprefix("    ") for line in lines)
    shown = Markup('<pre class="columns" tabindex="0" role="group" aria-label="{}">\n{}</pre>')
    return shown.format(say("example"), Markup(for_html(inner)))


def _paragraph(words: str) -> Markup:
    lead = _LEAD.match(words)
    if lead is None:
        return Markup("<p>{}</p>").format(prose(words))
    return Markup("<p><strong>{}</strong>{}</p>").format(lead[1], prose(words[lead.end() :]))
