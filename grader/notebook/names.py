"""What an answer uses of the rest of its notebook: imports, functions, constants; told from syntax alone."""

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.notebook.markers import parsed
from grader.notebook.questions import Code, Question

__all__ = ["Definition", "Needs", "definitions", "first_line", "functions", "is_constant", "needs"]

_KNOWN = {*dir(builtins), "__name__", "__file__", "__doc__"}


@dataclass(frozen=True)
class Definition:
    """A name of the notebook's: the cell and line that define it, and its text."""

    name: str
    kind: str  # "import", "given", "constant", "computed" or "answer"
    cell: int
    line: int
    text: str


@dataclass(frozen=True)
class Needs:
    """What one answer uses, each in the order of the notebook; `unknown` is defined nowhere in it."""

    imports: tuple[str, ...]
    given: tuple[Definition, ...]
    constants: tuple[Definition, ...]
    computed: tuple[Definition, ...]
    answers: tuple[str, ...]
    unknown: tuple[str, ...]


def definitions(codes: Iterable[Code]) -> list[Definition]:
    """Return what cells of Python define at their top, in their order; what is marked is an answer."""
    return [one for code in codes for node in parsed(code.text).body for one in _defined(code, node)]


def functions(question: Question) -> list[Definition]:
    """Return the functions that learners write, of those that stand on their own."""
    found = []
    for code in question.answers:
        functions = {node.name for node in parsed(code.text).body if isinstance(node, ast.FunctionDef)}
        found += [one for one in definitions([code]) if one.kind == "answer" and one.name in functions]
    return found


def _defined(code: Code, node: ast.stmt) -> Iterator[Definition]:
    line, text = first_line(node), _lines(code.text, node)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            yield Definition(name, "import", code.cell, line, _import(node, alias))
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        own = set(range(line, (node.end_lineno or line) + 1))
        yield Definition(node.name, "answer" if own & code.marked else "given", code.cell, line, text)
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        kind = "constant" if is_constant(node) else "computed"
        for name in names:
            yield Definition(name, kind, code.cell, line, ast.get_source_segment(code.text, node) or text)


def first_line(node: ast.stmt) -> int:
    """Return the line in which a statement begins, its decorators with it."""
    tags: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(tag.lineno for tag in tags)])


def _lines(text: str, node: ast.stmt) -> str:
    return "\n".join(text.split("\n")[first_line(node) - 1 : node.end_lineno])


def _import(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import([alias]))
    return ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def is_constant(node: ast.stmt) -> bool:
    """Say whether a statement gives one name a value that can be read off: a number, a text, a list of these."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def needs(answer: Definition, known: Sequence[Definition], exercises: Sequence[str]) -> Needs:
    """Return what `answer` uses of what is `known`, also where one use leads to another.

    Args:
        answer: the function.
        known: all that the notebook defines.
        exercises: the names of the functions that become exercises of their own.
    """
    found: dict[str, Definition] = {}
    answers, unknown = set(), set()
    waiting = sorted(_free(answer.text) - {answer.name})
    while waiting:
        name = waiting.pop()
        one = _meant(name, answer.cell, known)
        if name in found or name == answer.name:
            continue
        if name in exercises:
            answers.add(name)
        elif one is not None:
            found[name] = one
            waiting += sorted(_free(one.text)) if one.kind == "given" else []
        elif name not in _KNOWN:
            unknown.add(name)
    stars = [one.text for one in known if one.kind == "import" and one.name == "*"] if unknown else []
    of_kind = {
        kind: tuple(sorted((one for one in found.values() if one.kind == kind), key=lambda one: (one.cell, one.line)))
        for kind in ("import", "given", "constant", "computed", "answer")
    }
    imports = {text for one in of_kind["import"] for text in _with_submodules(one, known)} | set(stars)
    return Needs(
        tuple(sorted(imports, key=lambda text: (text.startswith("from"), text))),
        of_kind["given"],
        tuple({(one.cell, one.line): one for one in of_kind["constant"]}.values()),
        of_kind["computed"] + of_kind["answer"],
        tuple(sorted(answers)),
        tuple(sorted(unknown)),
    )


def _with_submodules(one: Definition, known: Sequence[Definition]) -> list[str]:
    """Return an import, and with it the others that bind its name: `import scipy.linalg` and `import scipy.stats`."""
    dotted = f"import {one.name}."
    if not one.text.startswith(dotted):
        return [one.text]
    return [other.text for other in known if other.kind == "import" and other.text.startswith(dotted)]


def _meant(name: str, cell: int, known: Sequence[Definition]) -> Definition | None:
    """Return what a name stands for in a cell: what was defined last up to there, else what comes first after it."""
    own = [one for one in known if one.name == name]
    before = [one for one in own if one.cell <= cell]
    return before[-1] if before else own[0] if own else None


def _free(text: str) -> set[str]:
    """Return the names that a definition looks up in its module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        waiting, found = [symtable.symtable(text, "<cell>", "exec")], set()
    while waiting:
        table = waiting.pop()
        top = table.get_type() == "module"
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if (symbol.is_referenced() and not symbol.is_assigned() if top else symbol.is_global())
        }
        waiting += table.get_children()
    return found
