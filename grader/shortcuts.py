"""Finds library functions that an exercise bans, in the syntax tree of a learner's text, which is not run.

Names are followed through imports, `as`, and plain assignments (`s = scipy.special`), scope by scope. A method of
arrays, banned as `numpy.ndarray.var`, is known by its name where something of that name is called, unless it belongs to
what is imported, or the text defines a function of that name. What is made of strings at run time is not seen.
"""

import ast
import re
import threading
import unicodedata
import warnings
from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Use", "first_use"]

_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_ARRAY = "numpy.ndarray."
# What names stand for, scope around scope; a name with a meaning of its own stands for nothing that we follow.
_Aliases = ChainMap[str, set[str]]
# Python's parser copies a dotted name at every dot: 100,000 dots in an import take a minute.
_ENDLESS_NAME = re.compile(r"(?<![\w.])(?:\w++[ \t\f\\\r\n]*+\.[ \t\f\\\r\n]*+){300}")
# The filters of warnings are one list for all threads.
_PARSING = threading.Lock()


@dataclass(frozen=True)
class Use:
    """Where a banned name is used: the name, as the author wrote it, and the line."""

    name: str
    line: int


def first_use(text: str, banned: Sequence[str]) -> Use | None:
    """Return the first use of a banned name in `text`, or None; a text that is no Python uses nothing.

    Args:
        text: Python.
        banned: dotted names, of functions or of whole modules.

    Raises:
        RecursionError: the text is nested too deeply to be looked into.
    """
    words = unicodedata.normalize("NFKC", text)  # as Python reads names
    if not any(name.removeprefix(_ARRAY).partition(".")[0] in words for name in banned):
        return None
    if _ENDLESS_NAME.search(words):
        raise RecursionError
    try:
        with _PARSING, warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except MemoryError:  # what Python 3.11 says of brackets in brackets in brackets
        raise RecursionError from None
    except (SyntaxError, ValueError):
        return None
    tops = {name.partition(".")[0] for name in banned}
    uses = list(_called_methods(tree, banned))
    if any(tops & _imported(node) for node in ast.walk(tree)):  # else the text only speaks of it, as statements do
        uses += [use for scope, aliases in _scopes(tree, banned) for use in _uses(scope, aliases, banned)]
    return min(uses, key=lambda use: use.line, default=None)


def _called_methods(tree: ast.Module, banned: Sequence[str]) -> Iterator[Use]:
    """Yield the calls of banned methods on what may be an array."""
    nodes = list(ast.walk(tree))
    defined = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    methods = {name.removeprefix(_ARRAY): name for name in banned if name.startswith(_ARRAY)}
    methods = {method: name for method, name in methods.items() if method not in defined}
    aliases = [part for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for part in node.names]
    imported = {part.asname or part.name.partition(".")[0] for part in aliases}
    for node in nodes if methods else ():
        attribute = _attribute(node.func) if isinstance(node, ast.Call) else None
        if attribute is not None and attribute[1] in methods and _root(attribute[0]) not in imported:
            yield Use(methods[attribute[1]], getattr(node, "lineno", 0))


def _root(node: ast.AST) -> str:
    """Return the name that attributes are asked of; nothing where they are asked of something else."""
    while (attribute := _attribute(node)) is not None:
        node = attribute[0]
    return node.id if isinstance(node, ast.Name) else ""


def _imported(node: ast.AST) -> set[str]:
    """Return the packages that a node imports something of; whatever else a name stands for follows from these."""
    if isinstance(node, ast.Import):
        return {part.name.partition(".")[0] for part in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()


def _scopes(tree: ast.Module, banned: Sequence[str]) -> Iterator[tuple[list[ast.AST], _Aliases]]:
    """Yield the nodes of every scope, and what its names stand for."""
    waiting: list[tuple[ast.AST, _Aliases]] = [(tree, ChainMap())]
    while waiting:
        owner, outer = waiting.pop()
        own, inner = _split(owner)
        aliases = outer.new_child({name: set() for name in _bound(own, inner)})
        _follow_imports(own, aliases, banned)
        _follow_assignments(own, aliases, banned)
        yield own, aliases
        # The names of a class are not seen inside its methods.
        waiting += [(scope, outer if isinstance(owner, ast.ClassDef) else aliases) for scope in inner]


def _split(owner: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """Return the nodes of a scope, and the scopes directly inside it."""
    own: list[ast.AST] = []
    inner: list[ast.AST] = []
    waiting = list(ast.iter_child_nodes(owner))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _SCOPES):
            inner.append(node)
        else:
            own.append(node)
            waiting += ast.iter_child_nodes(node)
    return own, inner


def _bound(own: Sequence[ast.AST], inner: Sequence[ast.AST]) -> set[str]:
    """Return the names that a scope gives a meaning of its own, imports apart."""
    names = {node.id for node in own if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.arg for node in own if isinstance(node, ast.arg)}
    return names | {scope.name for scope in inner if isinstance(scope, (ast.FunctionDef, ast.ClassDef))}


def _follow_imports(own: Sequence[ast.AST], aliases: _Aliases, banned: Sequence[str]) -> None:
    for node in own:
        if isinstance(node, ast.Import):
            for part in node.names:
                top = part.name.partition(".")[0]
                _add(aliases, part.asname or top, {part.name if part.asname else top})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for part in node.names:
                if part.name != "*":
                    _add(aliases, part.asname or part.name, {f"{node.module}.{part.name}"})
                    continue
                for name in _brought(node.module, banned) - set(aliases.maps[0]):
                    _add(aliases, name, {f"{node.module}.{name}"})


def _follow_assignments(own: Sequence[ast.AST], aliases: _Aliases, banned: Sequence[str]) -> None:
    for node in sorted((node for node in own if isinstance(node, ast.Assign)), key=_position):
        paths = _paths(node.value, aliases, banned)
        for target in node.targets:
            if paths and isinstance(target, ast.Name):
                _add(aliases, target.id, paths)


def _position(node: ast.Assign) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _add(aliases: _Aliases, name: str, paths: set[str]) -> None:
    aliases.maps[0].setdefault(name, set()).update(paths)


def _brought(module: str, banned: Sequence[str]) -> set[str]:
    """Return the names on the way to something banned that `from module import *` brings."""
    head = module + "."
    return {name.removeprefix(head).partition(".")[0] for name in banned if name.startswith(head)}


def _uses(own: Sequence[ast.AST], aliases: _Aliases, banned: Sequence[str]) -> Iterator[Use]:
    for node in own:
        for path in _named(node, aliases, banned):
            for name in banned:
                if path == name or path.startswith(name + "."):
                    yield Use(name, getattr(node, "lineno", 0))


def _named(node: ast.AST, aliases: _Aliases, banned: Sequence[str]) -> set[str]:
    """Return what a node names, in full."""
    if isinstance(node, ast.Import):
        return {part.name for part in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {f"{node.module}.{part.name}" for part in node.names}
    return _paths(node, aliases, banned)


def _paths(node: ast.AST, aliases: _Aliases, banned: Sequence[str]) -> set[str]:
    """Return what a name, or a name with attributes, stands for.

    With more attributes than the longest banned name has it stands for nothing: what they belong to is looked at by
    itself.
    """
    attributes: list[str] = []
    longest = max(name.count(".") for name in banned)
    while len(attributes) <= longest:
        attribute = _attribute(node)
        if attribute is None:
            break
        node, name = attribute
        attributes.insert(0, name)
    if not isinstance(node, ast.Name):
        return set()
    return {".".join([path, *attributes]) for path in aliases.get(node.id, ())}


def _attribute(node: ast.AST) -> tuple[ast.AST, str] | None:
    """Take `a.b` apart, and getattr(a, "b")."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        match node.args:
            case [owner, ast.Constant(value=str(name)), *_]:
                return owner, name
    return None
