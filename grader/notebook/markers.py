"""What the markers in a code cell mark, and its text without them.

Both graders mark with comments, so a cell with markers is Python as it stands, and a marker inside a string is text:

    ### BEGIN SOLUTION ... ### END SOLUTION                nbgrader
    # BEGIN SOLUTION [NO PROMPT] ... # END SOLUTION        otter-grader
    return x  # SOLUTION, or # SOLUTION NO PROMPT          otter-grader, one line
    ### BEGIN HIDDEN TESTS ... ### END HIDDEN TESTS        nbgrader
    \"\"\" # BEGIN PROMPT ... \"\"\"; # END PROMPT               otter-grader: a string that learners see in place of it
"""

import ast
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from grader.notebook.cells import NotebookError

__all__ = ["Plain", "parsed", "plain", "seems_marked", "without_magics"]

_BOUND = re.compile(r"#+\s*(BEGIN|END) (SOLUTION|HIDDEN TESTS|PROMPT)\b")
_TAIL = re.compile(r"\s*#\s?(SOLUTION(?: NO PROMPT)?|SEED)\s*$")
_PROMPT = re.compile(r"\s*# BEGIN PROMPT\b")
# Commands of Jupyter's: `%matplotlib inline`, `!ls`, `files = !ls`, `?sorted`, `sorted?`.
_MAGIC = re.compile(r"\s*(?:[\w, ]+=\s*)?[%!?]|\s*[\w.]+\?{1,2}\s*$")


@dataclass(frozen=True)
class Plain:
    """A code cell without its markers, and the numbers of the lines in it that were marked."""

    text: str
    solution: frozenset[int]
    hidden: frozenset[int]


def seems_marked(text: str) -> set[str]:
    """Return what of SOLUTION and HIDDEN TESTS is named by anything in `text` that looks like a marker."""
    found = {match[2] for match in _BOUND.finditer(text)}
    return found | {"SOLUTION" for line in text.split("\n") if (tail := _TAIL.search(line)) and tail[1] != "SEED"}


def plain(text: str) -> Plain:
    """Return a code cell without its markers.

    Raises:
        NotebookError: it is no Python, or a marker is missing or stands where it should not.
    """
    lines = text.split("\n")
    dropped = _prompts(parsed(text), lines)
    kept = dict(enumerate(lines, start=1))
    begun: dict[str, int] = {}
    marked: dict[str, set[int]] = {"SOLUTION": set(), "HIDDEN TESTS": set()}
    for row, column, comment in _comments(lines):
        bound, tail = _BOUND.match(comment), _TAIL.search(comment)
        if row in dropped:
            continue
        if bound:
            if kept[row][:column].strip():
                raise NotebookError(f"line {row}: {bound[0]} stands behind code. Give it a line of its own.")
            dropped.add(row)
            between = _bounded(bound, row, begun)
            marked[bound[2]] |= between
        elif tail:
            kept[row] = kept[row][: column + tail.start()].rstrip()
            if not kept[row]:
                dropped.add(row)
            if tail[1] != "SEED":
                marked["SOLUTION"].add(row)
    for what, row in begun.items():
        raise NotebookError(f"line {row}: # BEGIN {what} has no # END {what} after it.")
    left = [row for row in kept if row not in dropped]
    places = {row: place for place, row in enumerate(left, start=1)}
    solution, hidden = (frozenset(places[row] for row in rows if row in places) for rows in marked.values())
    result = Plain("\n".join(kept[row] for row in left), solution, hidden)
    parsed(result.text)
    return result


def _bounded(bound: re.Match[str], row: int, begun: dict[str, int]) -> set[int]:
    """Take note of a marker that begins or ends something, and return the lines between the two."""
    edge, what = bound.groups()
    if what == "PROMPT":  # the ones in their places are gone with the strings that they bound
        raise NotebookError(f'line {row}: # {edge} PROMPT without the string that it bounds: """ # BEGIN PROMPT.')
    if edge == "BEGIN":
        if what in begun:
            raise NotebookError(f"line {row}: # BEGIN {what} again, before # END {what} of the one in {begun[what]}.")
        begun[what] = row
        return set()
    if what not in begun:
        raise NotebookError(f"line {row}: # END {what} has no # BEGIN {what} before it.")
    return set(range(begun.pop(what) + 1, row))


def _prompts(tree: ast.Module, lines: list[str]) -> set[int]:
    """Return the lines of the strings that learners see in place of an answer."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        if isinstance(node.value.value, str) and _PROMPT.match(node.value.value):
            last = node.end_lineno or node.lineno
            if not re.search(r"# END PROMPT\s*$", lines[last - 1]):
                raise NotebookError(f"line {node.lineno}: # BEGIN PROMPT has no # END PROMPT behind its string.")
            found |= set(range(node.lineno, last + 1))
    return found


def _comments(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of every comment."""
    try:
        for token in tokenize.generate_tokens(iter([line + "\n" for line in lines]).__next__):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError) as fault:  # of what the compiler has taken
        raise NotebookError(f"its comments cannot be told from its code ({fault}). Retype it.") from None


def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a code cell.

    Raises:
        NotebookError: it is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a string is the author's affair
            compile(text, "<cell>", "exec", dont_inherit=True)  # which alone sees a `return` outside a function
            return ast.parse(text)
    except SyntaxError as fault:
        lines = text.split("\n")
        row = min(max(fault.lineno or 1, 1), len(lines))
        line = lines[row - 1]
        if _MAGIC.match(line):
            raise NotebookError(
                f"line {row}: `{line.strip()[:60]}` is a command of Jupyter's. Move it into a cell of its own."
            ) from None
        raise NotebookError(f"line {row} is no Python ({fault.msg}): `{line.strip()[:60]}`") from None
    except (ValueError, RecursionError, MemoryError) as fault:
        raise NotebookError(f"its text is no Python ({fault}).") from None


def without_magics(text: str) -> str:
    """Return a code cell without Jupyter's own commands; "" for a cell that is given to one of them as a whole."""
    if text.lstrip().startswith("%%"):
        return ""
    try:
        parsed(text)
    except NotebookError:
        return "\n".join("" if _MAGIC.match(line) else line for line in text.split("\n"))
    return text
