"""Turns an author's function into the file that a learner would have written."""

import ast
from pathlib import Path

__all__ = ["answer"]


def answer(solution: Path, variant: str = "") -> str:
    """Return a learner's file whose function is the reference, or the alternative or mistake called `variant`.

    Imports that are not the grader's, plain functions and constants of the exercise file come along, and the
    variants that the chosen function calls; tags do not.
    """
    name = variant or solution.stem
    body = ast.parse(solution.read_text(encoding="utf-8")).body
    called = _called(body, name)
    kept: list[ast.stmt] = []
    ours: set[str] = set()  # names that come from the grader
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            tags = {tag.id for tag in map(_word, node.decorator_list) if isinstance(tag, ast.Name)}
            if node.name in called or not tags & {"exercise", "case", "alternative", "mistake", "drive", "picture"}:
                node.decorator_list = [tag for tag in node.decorator_list if _word(tag).id != "given"]
                kept.append(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "grader.authoring":
            ours |= {alias.name for alias in node.names}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            kept.append(node)
        elif isinstance(node, ast.Assign):
            if ours & {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}:
                ours |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            else:
                kept.append(node)
    for node in kept:
        if isinstance(node, ast.FunctionDef) and node.name in called:
            node.decorator_list = []
    module = ast.Module(kept, [])
    if variant:
        module = _Renamed({solution.stem: f"its_{solution.stem}", variant: solution.stem}).visit(module)
    return ast.unparse(module)


class _Renamed(ast.NodeTransformer):
    """Gives functions and every mention of them their new names."""

    def __init__(self, names: dict[str, str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)


def _called(body: list[ast.stmt], name: str) -> set[str]:
    """Names of the functions that the function `name` needs, itself included."""
    functions = {node.name: node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        word = waiting.pop()
        if word in functions and word not in found:
            found.add(word)
            waiting += [part.id for part in ast.walk(functions[word]) if isinstance(part, ast.Name)]
    return found


def _word(tag: ast.expr) -> ast.expr:
    return tag.func if isinstance(tag, ast.Call) else tag
