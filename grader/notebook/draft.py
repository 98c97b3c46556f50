"""The text of an exercise file, as far as a notebook tells it.

What a notebook does not hold is left for the author: `grader.exercise.load` refuses a draft with a sentence for each.
"""

import ast
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.notebook import names
from grader.notebook.cells import NotebookError, cells
from grader.notebook.markers import parsed
from grader.notebook.names import Definition, Needs, functions
from grader.notebook.notes import notes
from grader.notebook.questions import Book, Code, Question, Test, questions

__all__ = ["Draft", "Drafts", "drafts"]

_TAGS = ("alternative", "case", "exercise", "given", "mistake")  # what a draft imports of grader.authoring


@dataclass(frozen=True)
class Draft:
    """One exercise file that its author completes, and what to say of it."""

    name: str
    text: str
    cell: int
    points: int
    tests: int
    hidden: int


@dataclass(frozen=True)
class Drafts:
    """All drafts of a notebook, and what was left out of it: numbers of cells with a reason each."""

    drafts: tuple[Draft, ...]
    left_out: tuple[tuple[int, str], ...]


def drafts(data: bytes) -> Drafts:
    """Return a draft for every function that a notebook asks for.

    Args:
        data: what the notebook's file holds.

    Raises:
        NotebookError: it cannot be read, or asks for no function; the message has a line for each fault.
    """
    book = questions(cells(data))
    codes = sorted([*book.setup, *(code for one in book.questions for code in one.answers)], key=lambda code: code.cell)
    known = [one for code in codes for one in _definitions(code, code in book.setup)]
    asked = [(one, answer) for one in book.questions for answer in functions(one)]
    left_out = sorted([*book.left_out, *_no_functions(book)])
    if not asked:
        told = "".join(f"\ncell {cell}: {why}" for cell, why in left_out)
        raise NotebookError(
            "no cell in it marks a function to write. An answer stands between `### BEGIN SOLUTION` and "
            f"`### END SOLUTION` (nbgrader), or `# BEGIN SOLUTION` and `# END SOLUTION` (otter-grader).{told}"
        )
    exercises = [answer.name for _, answer in asked]
    found = [(one, answer, names.needs(answer, known, exercises)) for one, answer in asked]
    faults = _misnamed([answer for _, answer, _ in found], [needs for *_, needs in found])
    if faults:
        raise NotebookError("\n".join(faults))
    return Drafts(tuple(_draft(*three) for three in found), tuple(left_out))


def _definitions(code: Code, setup: bool) -> list[Definition]:
    """Return what a cell defines; of a cell beside the answers that is no Python, nothing."""
    try:
        return names.definitions([code])
    except NotebookError:
        if setup:
            return []
        raise


def _no_functions(book: Book) -> list[tuple[int, str]]:
    """Say what is marked in the answers and becomes no exercise."""
    found = []
    for code in (code for question in book.questions for code in question.answers):
        loose, body = [], parsed(code.text).body
        helps = any(isinstance(node, ast.FunctionDef) for node in body)  # a constant is there for the function
        for node in body:
            marked = code.marked & set(range(names.first_line(node), (node.end_lineno or 0) + 1))
            if not marked or isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom)):
                continue
            if isinstance(node, ast.ClassDef):
                why = "its methods are no exercises. Write them as functions of their own"
                found.append((code.cell, f"class {node.name}: {why}"))
            elif isinstance(node, ast.AsyncFunctionDef):
                found.append((code.cell, f"{node.name} is a coroutine, and exercises are functions"))
            elif not (helps and names.is_constant(node)) and not _says_nothing(node):
                loose.append(ast.unparse(node).split("\n")[0])
        if loose:
            found.append((code.cell, f"an answer that is no function: `{textwrap.shorten(loose[0], 50)}`"))
    return found


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _misnamed(answers: Sequence[Definition], needs: Sequence[Needs]) -> list[str]:
    """Return what is wrong with the names that become names of files, and with those beside them."""
    faults = []
    for name, count in Counter(one.name for one in answers).items():
        if count > 1:
            where = " and ".join(f"cell {one.cell}" for one in answers if one.name == name)
            faults.append(f"{where}: two answers are called {name}, and an exercise's name is unique. Rename one.")
    for one in answers:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", one.name):
            faults.append(f"cell {one.cell}: {one.name} becomes the name of a file. Let it begin with a letter, and ")
            faults[-1] += "have letters from a to z, digits and _ only."
    for one, uses in zip(answers, needs, strict=True):
        beside = {one.name, *(other.name for other in (*uses.given, *uses.constants))}
        beside |= {text.split()[-1] for text in uses.imports}
        faults += [
            f"cell {one.cell}: {name} is the name of a tag that exercise files import. Rename it in the notebook."
            for name in sorted(beside & set(_TAGS))
        ]
    return faults


# --- text ----------------------------------------------------------------------------------------------------------


def _draft(question: Question, answer: Definition, needs: Needs) -> Draft:
    tests = _tests_of(question, answer.name)
    points = int((question.points or 0) + Fraction(1, 2))
    blocks = [_docstring(question.statement), _imports(needs)]
    blocks += ["\n".join(one.text for one in needs.constants)] if needs.constants else []
    definitions = [f"@given\n{one.text}" for one in needs.given] + [f"{_tag(answer, needs, points)}\n{answer.text}"]
    text = "\n\n".join(block for block in blocks if block)
    text = "\n\n\n".join([text, *definitions, notes(question, answer, needs, tests, points)]) + "\n"
    return Draft(answer.name, text, answer.cell, points, len(tests), sum(test.hidden for test in tests))


def _tests_of(question: Question, name: str) -> tuple[Test, ...]:
    """Return the tests that name a function; all of them where the question asks for one function, or none is named."""
    if len(functions(question)) == 1:
        return question.tests
    return tuple(test for test in question.tests if re.search(rf"\b{name}\b", test.text)) or question.tests


def _docstring(text: str) -> str:
    """Return Markdown as the docstring of a module, its first heading as the title; the same text when it is read."""
    title, _, rest = text.partition("\n")
    heading = re.match(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$", title)
    if heading:
        text = heading[1] + (f"\n\n{rest.lstrip()}" if rest.strip() else "")
    if not text.strip():
        return ""
    text = text.strip() + ("\n" if "\n" in text or text.strip()[-1] in '"\\' else "")
    strange = any(_is_strange(character) for character in text)
    if not strange and '"""' not in text:
        raw = "r" if "\\" in text else ""
        if not text.startswith('"'):
            return f'{raw}"""{text}"""'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"') if text.startswith('"') else ""
    escaped = escaped or text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return '"""' + "".join(_escaped(c) if _is_strange(c) else c for c in escaped) + '"""'


def _is_strange(character: str) -> bool:
    """Say whether a character is not seen, or turns the direction of writing: a reader of the file is to see it."""
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _imports(needs: Needs) -> str:
    tags = [tag for tag in _TAGS if tag != "given" or needs.given]
    theirs = [*needs.imports, *([f"from assignments import {', '.join(needs.answers)}"] if needs.answers else [])]
    return "\n\n".join(["\n".join(theirs)] * bool(theirs) + [f"from grader.authoring import {', '.join(tags)}"])


def _tag(answer: Definition, needs: Needs, points: int) -> str:
    options = [f"points={points}", "difficulty=0", f"returns={_quoted(_returned(answer))}"]
    options += [f"needs={_quoted(needs.answers)}"] if needs.answers else []
    options += ["hints=[]", 'why=""', 'lesson=""']
    return "@exercise(\n" + "".join(f"    {option},\n" for option in options) + ")"


def _quoted(thing: str | Sequence[str]) -> str:
    return f'"{thing}"' if isinstance(thing, str) else "[" + ", ".join(f'"{one}"' for one in thing) + "]"


def _returned(answer: Definition) -> str | list[str]:
    """Return the name of what the function returns, or the names of its parts, where its last `return` has names."""
    waiting: list[ast.AST] = list(reversed(parsed(answer.text).body[0].body))  # type: ignore[attr-defined]
    last: ast.expr | None = None
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Return):
            last = node.value
        waiting += reversed(list(ast.iter_child_nodes(node)))
    if isinstance(last, ast.Tuple) and last.elts and all(isinstance(part, ast.Name) for part in last.elts):
        return [part.id for part in last.elts if isinstance(part, ast.Name)]
    return last.id if isinstance(last, ast.Name) else "out"
