"""Cuts the learner's stub out of an exercise file, by positions in its syntax tree, so that every letter kept is the
author's.

Kept are the module's docstring, the imports that are not the grader's, what is tagged `@given`, and head and
docstring of the exercise's function, whose body becomes `raise NotImplementedError`.
"""

import ast
import io
import re
import tokenize
from typing import TypeGuard

__all__ = ["answers", "cut", "given_source", "picture_source", "reference_source", "untouched", "used"]

UNDONE = "raise NotImplementedError"
USED = "assignments"  # where a capstone imports the learner's own functions from
_BESIDE = ("case", "alternative", "mistake", "picture", "drive")


def cut(source: str) -> str:
    """Return the stub of the exercise file `source`."""
    tree, lines = _parsed(source)
    blocks: list[tuple[str, bool]] = []
    if ast.get_docstring(tree, clean=False) is not None:
        blocks.append((_text(lines, tree.body[0]), False))
    imports = [_text(lines, node) for node in tree.body if _is_import(node)]
    if imports:
        blocks.append(("".join(imports), False))
    for node in tree.body:
        if _tagged(node, "given"):
            blocks.append((_undecorated(lines, node), True))
        elif _tagged(node, "exercise"):
            assert isinstance(node, ast.FunctionDef)
            blocks.append((_undone(lines, node), True))
    text = blocks[0][0] if blocks else ""
    for block, is_definition in blocks[1:]:
        text += ("\n\n" if is_definition else "\n") + block
    return text


def given_source(source: str) -> str:
    """Return imports, given code and drive of an exercise file, to be run beside the learner's; "" for none."""
    return _source_of(source, "given", "drive") if _has(source, "given", "drive") else ""


def picture_source(source: str) -> str:
    """Return imports, given code and pictures of an exercise file, to draw answers with; "" for none."""
    return _source_of(source, "given", "picture") if _has(source, "picture") else ""


def reference_source(source: str) -> str:
    """Return the reference of an exercise file as a file of a learner's would have it: with what it calls, no tags."""
    tree, lines = _parsed(source)
    kept = []
    ours = {alias.name for node in tree.body if not _is_import(node) for alias in getattr(node, "names", ())}
    for node in tree.body:
        if _is_import(node):
            kept.append(_text(lines, node))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not _tagged(node, *_BESIDE):
            kept.append("\n\n" + _undecorated(lines, node))
        elif isinstance(node, ast.Assign):
            if ours & {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}:
                ours |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            else:
                kept.append("\n" + _text(lines, node))
    return "".join(kept)


def answers(source: str) -> list[tuple[str, str]]:
    """Return the right answers in an exercise file by name, the course's own first; its docstring is left out."""
    tree, lines = _parsed(source)
    tagged = [node for word in ("exercise", "alternative") for node in tree.body if _tagged(node, word)]
    found = []
    for node in tagged:
        assert isinstance(node, ast.FunctionDef)
        body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
        head = "".join(lines[node.lineno - 1 : node.body[0].lineno - 1])
        found.append((node.name, head + "".join(lines[body[0].lineno - 1 : node.end_lineno])))
    return found


def used(source: str) -> tuple[str, ...]:
    """Return the exercises whose functions a file imports with `from assignments import ...`, in order."""
    nodes = [node for node in _parsed(source)[0].body if _imports_used(node)]
    return tuple(dict.fromkeys(alias.name for node in nodes for alias in node.names))


def _imports_used(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == USED


def _has(source: str, *words: str) -> bool:
    return any(_tagged(node, *words) for node in _parsed(source)[0].body)


def _source_of(source: str, *words: str) -> str:
    tree, lines = _parsed(source)
    tagged = [_undecorated(lines, node) for node in tree.body if _tagged(node, *words)]
    imports = [_text(lines, node) for node in tree.body if _is_import(node) and not _imports_used(node)]
    return "".join(imports) + "\n\n" + "\n\n".join(tagged)


def untouched(work: str, stub: str) -> bool:
    """Say whether `work` is a stub, this one or an earlier one, in which nobody has begun to write.

    A text that is no Python, a body that does anything, and a comment that the stub does not have are all somebody's
    work.
    """
    work = work.removeprefix("\ufeff")
    if work == stub:
        return True
    try:
        tree, _ = _parsed(work)
        new_comments = _comments(work) - _comments(stub)
    except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError):
        return False
    if new_comments:
        return False
    known = {ast.dump(node) for node in ast.parse(stub).body}
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) or ast.dump(node) in known:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if not (isinstance(node, ast.FunctionDef) and _is_undone(node)):
            return False
    return True


def _parsed(source: str) -> tuple[ast.Module, list[str]]:
    """Return the syntax tree and the lines that it counts: str.splitlines() would end one at a form feed, too."""
    source = source.removeprefix("\ufeff")
    return ast.parse(source), re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", source)


def _is_undone(function: ast.FunctionDef) -> bool:
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return len(body) == 1 and ast.unparse(body[0]) == UNDONE


def _comments(text: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.string for token in tokens if token.type == tokenize.COMMENT}


def _is_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import):
        return not any(alias.name.split(".")[0] == "grader" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] != "grader"


def _tagged(node: ast.stmt, *words: str) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return False
    return any(_word(tag) in words for tag in node.decorator_list)


def _word(tag: ast.expr) -> str:
    """Return the name of a decorator, with or without arguments."""
    name = tag.func if isinstance(tag, ast.Call) else tag
    return name.id if isinstance(name, ast.Name) else ""


def _text(lines: list[str], node: ast.AST) -> str:
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    return "".join(lines[first - 1 : last])


def _undecorated(lines: list[str], node: ast.stmt) -> str:
    """Return a definition without its tag; other decorators stay, such as @dataclass."""
    assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
    others = [tag for tag in node.decorator_list if _word(tag) not in ("given", "drive", "picture", "exercise")]
    return "".join(_text(lines, tag) for tag in others) + _text(lines, node)


def _undone(lines: list[str], node: ast.FunctionDef) -> str:
    first, named = node.body[0], ast.get_docstring(node) is not None
    last, column = (first.end_lineno, first.end_col_offset) if named else (first.lineno, first.col_offset)
    assert last is not None
    kept = "".join(lines[node.lineno - 1 : last - 1]) + lines[last - 1].encode()[:column].decode()
    margin = lines[first.lineno - 1].encode()[: first.col_offset].decode()
    if margin.strip():  # the body begins in the line of the head
        return kept + ("; " if named else "") + UNDONE + "\n"
    return kept + ("\n" + margin if named else "") + UNDONE + "\n"
