"""What must not be in a handout, and all the text that is in one."""

import ast
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader import key as keys
from grader import stub
from grader.key import Key
from grader.library import Library

__all__ = ["code_in", "hidden_names", "text_of"]

ROOT = Path(__file__).parent.parent
# Shorter lines, such as `return out, cache` or `n = len(x)`, are anybody's, and so are imports and heads of blocks.
SHORTEST = 20
ANYBODYS = re.compile(r"(import|from|with)\b|[#@]")


def code_in(library: Library) -> dict[str, str]:
    """The lines of references, alternatives and mistakes and of what they call, each with where it is from.

    Left out is what learners are given anyway: stubs, what is `given` beside them, hints, and the grader, which knows
    no exercise.
    """
    open_to_all = "\n".join(map(_given_anyway, map(library.key, library.places)))
    open_to_all += "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "grader").rglob("*.py")))
    open_to_all += (ROOT / "grader" / "gradcheck" / "README.md").read_text(encoding="utf-8")
    found = {line: where for name in library.places for line, where in _code(library.places[name].solution)}
    return {line: where for line, where in found.items() if line not in open_to_all}


def _given_anyway(key: Key) -> str:
    return "\n".join([key.stub, key.given, key.drawing, *key.hints])


def _code(solution: Path) -> Iterator[tuple[str, str]]:
    source = solution.read_text(encoding="utf-8")
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not stub._tagged(node, "case", "given", "drive", "picture"):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            for line in lines[body[0].lineno - 1 : node.end_lineno] if body else ():
                if len(line.strip()) >= SHORTEST and not ANYBODYS.match(line.strip()):
                    yield line.strip(), f"{solution.stem}: {node.name}"


def hidden_names(library: Library) -> set[str]:
    """The names of hidden cases that are no names of public ones somewhere else."""
    cases = [case for name in library.places for case in library.key(name).cases]
    return {case.name for case in cases if case.hidden} - {case.name for case in cases if not case.hidden}


def text_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """All text in every file: as it lies there, and, of what is packed, what comes out."""
    return {path: f"{path}\n{_text(path, data)}" for path, data in files.items()}


def _text(path: str, data: bytes) -> str:
    if path.endswith(".key"):
        plain = zlib.decompress(data)
        return "\n".join([_printable(data), _printable(plain), *_strings(keys.from_bytes(plain))])
    if path.endswith(".npz"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join([_printable(data), *(_printable(archive.read(name)) for name in archive.namelist())])
    return data.decode("utf-8")


def _printable(data: bytes) -> str:
    return "\n".join(run.decode() for run in re.findall(rb"[\x20-\x7e]{8,}", data))


def _strings(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _strings(key)
            yield from _strings(one)
    elif not isinstance(value, (bytes, np.ndarray)) and hasattr(value, "__iter__"):
        for one in value:
            yield from _strings(one)
