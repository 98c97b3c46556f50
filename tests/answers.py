"""Turns an author's function into the file that a learner would have written."""

import ast
from pathlib import Path

__all__ = ["answer"]


def answer(solution: Path, variant: str = "") -> str:
    """Return a learner's file whose function is the reference, or the alternative or mistake called `variant`.

    Imports that are not the grader's and plain functions of the exercise file come along; tags do not.
    """
    name = variant or solution.stem
    kept: list[ast.stmt] = []
    for node in ast.parse(solution.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            tags = {tag.id for tag in map(_word, node.decorator_list) if isinstance(tag, ast.Name)}
            if node.name == name or not tags & {"exercise", "case", "alternative", "mistake", "drive"}:
                node.decorator_list = [tag for tag in node.decorator_list if _word(tag).id != "given"]
                kept.append(node)
        elif isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module != "grader.authoring"):
            kept.append(node)
    for node in kept:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.name = solution.stem
            node.decorator_list = []
    return ast.unparse(ast.Module(kept, []))


def _word(tag: ast.expr) -> ast.expr:
    return tag.func if isinstance(tag, ast.Call) else tag
