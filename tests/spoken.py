"""A language in which every sentence stands between brackets, and a reader of the sentences that the code can say.

What stands outside of brackets was not said through `grader.messages`. What stands in brackets within brackets fills a
gap of another sentence: that may be a sentence of its own, behind a colon, and no piece of one.
"""

import ast
import gettext
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

GRADER = Path(__file__).parent.parent / "grader"
_SAID = {"say": 0, "say_count": 1, "said": 0}  # where the first sentence stands among the arguments
_LETTERS = re.compile(r"[^\W\d_]{2,}")


class Brackets(gettext.NullTranslations):
    """The language; it remembers what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[str] = set()

    def gettext(self, message: str) -> str:
        self.heard.add(message)
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.heard |= {msgid1, msgid2}
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def unsaid(text: str, content: Collection[str] = ()) -> list[str]:
    """Return the words that were not said through `grader.messages`, and pieces that were put into a sentence.

    Args:
        text: what people read, in the language of brackets.
        content: what may stand outside of brackets: names, and what learners and authors wrote.
    """
    outside, pieces = _outside(text)
    pieces = [piece for piece in pieces if piece not in content]
    for own in sorted(content, key=len, reverse=True):
        outside = outside.replace(own, " ") if own else outside
    return [*_LETTERS.findall(outside), *pieces]


def _outside(text: str) -> tuple[str, list[str]]:
    """Return what stands outside of all brackets, and what stands in brackets within others without being a clause."""
    outside, pieces, depth = [], [], 0
    for position, character in enumerate(text):
        if character == "⟦":
            if depth and not text[:position].endswith(": "):
                pieces.append(text[position : text.index("⟧", position) + 1])
            depth += 1
        elif character == "⟧":
            depth -= 1
        elif not depth:
            outside.append(character)
    assert not depth, text
    return "".join(outside), pieces


@dataclass(frozen=True)
class Call:
    """One place in the code where something is said: what, and by which names its gaps are filled.

    `sentences` are None where it is no plain text; `known` is whether all names of gaps can be read off.
    """

    module: str
    line: int
    function: str
    sentences: tuple[str | None, ...]
    gaps: frozenset[str]
    known: bool

    @property
    def wanted(self) -> frozenset[str]:
        """The gaps of the sentences."""
        found = {
            name for sentence in self.sentences if sentence for _, name, _, _ in Formatter().parse(sentence) if name
        }
        return frozenset(found - {"number"} if self.function == "say_count" else found)


def calls() -> list[Call]:
    """Return every place in the grader where something is said."""
    return [call for file in sorted(GRADER.rglob("*.py")) for call in _calls(file)]


def _calls(file: Path) -> Iterator[Call]:
    module = ".".join(file.relative_to(GRADER).with_suffix("").parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAID:
            first = _SAID[node.func.id]
            texts = node.args[first : first + 1 + (node.func.id == "say_count")]
            yield Call(
                module,
                node.lineno,
                node.func.id,
                tuple(_literal(text) for text in texts) if len(node.args) == first + len(texts) else (None,),
                frozenset(keyword.arg for keyword in node.keywords if keyword.arg),
                all(keyword.arg for keyword in node.keywords),
            )


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
