"""Imports point down the layers, pure modules touch no files or clocks, and what runs elsewhere stands alone."""

import ast
import graphlib
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tokenize import COMMENT, DEDENT, ENDMARKER, INDENT, NEWLINE, NL, TokenInfo, generate_tokens

import pytest

from grader.library import _MAKERS

ROOT = Path(__file__).parent.parent
# From top to bottom, as CONTRIBUTING.md draws them. The longest name that fits is a module's place.
LAYERS = [
    {"cli", "__main__"},
    {"pytest_plugin", "own_gradients", "classroom", "handout", "watch", "workbench", "at_hand"},
    {"report", "history", "progress", "guide", "terminal"},
    {"grading", "points", "next_step"},
    {
        "judge",
        "library",
        "desk",
        "course",
        "hints",
        "intake",
        "lessons",
        "saves",
        "notebook",
        "paths",
        "symptoms",
        "sandbox.run",
    },  # sandbox.run plays the cases of a key
    {"diagnosis", "evidence", "handed"},
    {"faults"},
    {"key"},
    {"apart"},
    {"exercise", "sandbox"},
    {"authoring", "checks"},
    {
        "gradcheck",
        "compare",
        "parts",
        "locate",
        "outcome",
        "stub",
        "shortcuts",
        "sentences",
        "unsendable",
        "misfit",
        "worker",
        "clean",
        "timings",
    },
    {"messages"},
]
# Modules of the lowest layer but one stand alone; these put others of it to use.
TOGETHER = {"compare", "misfit", "sentences", "unsendable"}
IMPURE = {"os", "time", "random", "pathlib", "datetime", "subprocess", "tempfile", "socket", "sys", "io", "threading"}
PURE = [
    "judge",
    "faults",
    "diagnosis",
    "evidence",
    "compare",
    "points",
    "parts",
    "locate",
    "outcome",
    "sentences",
    "clean",
    "handout.page",
    "notebook.cells",
    "notebook.markers",
    "notebook.questions",
    "notebook.names",
    "notebook.draft",
    "notebook.notes",
    "report.text",
    "report.json",
    "report.page",
    "report.code",
    "report.markdown",
    "report.mathml",
    "report.statement",
    "report.standing",
    "classroom.feedback",
    "classroom.overview",
    "classroom.tally",
    "checks.form",
    "checks.ladder",
    "checks.slope",
    "checks.relation",
    "checks.chance",
    "checks.consistency",
    "checks.symmetry",
    "classroom.exports.autolab",
    "classroom.exports.canvas",
    "classroom.exports.exercism",
    "classroom.exports.filling",
    "classroom.exports.github",
    "classroom.exports.gradescope",
    "classroom.exports.junit",
    "classroom.exports.matching",
    "classroom.exports.moodle",
    "classroom.exports.numbers",
    "classroom.exports.prairielearn",
    "classroom.exports.sheet",
    "classroom.exports.wording",
]


def module_name(file: Path) -> str:
    """`checks.slope` for grader/checks/slope.py, `checks` for its package, "" for the grader itself."""
    parts = file.relative_to(ROOT / "grader").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(file): file for file in sorted((ROOT / "grader").rglob("*.py"))}
MODULES = [name for name in FILES if name]


def imported(name: str) -> set[str]:
    """Everything that a module imports, at its top or inside a function; our own modules begin with `grader`."""
    package = name if FILES[name].name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in _run(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*(["grader", *above] if node.level else []), *([node.module] if node.module else [])])
            found |= {_deepest(base, alias.name) for alias in node.names}
    return found


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below a node that is ever run: not what stands under `if TYPE_CHECKING`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _run(child)


def _deepest(base: str, name: str) -> str:
    """The module that `from base import name` reaches: `base.name` where that is a module of ours."""
    whole = f"{base}.{name}"
    return whole if whole.startswith("grader.") and whole.removeprefix("grader.") in FILES else base


def ours(name: str) -> set[str]:
    """The modules of the grader that a module imports, as keys of FILES."""
    found = {other for other in imported(name) if other == "grader" or other.startswith("grader.")}
    return {other.removeprefix("grader").removeprefix(".") for other in found}


def place(name: str) -> tuple[int, str]:
    """The layer of a module, counted from the top, and the name that puts it there."""
    fitting = [
        (len(entry), depth, entry)
        for depth, layer in enumerate(LAYERS)
        for entry in layer
        if name == entry or name.startswith(entry + ".")
    ]
    assert fitting, f"{name} has no layer: put it into the table"
    _, depth, entry = max(fitting)
    return depth, entry


def test_the_reader_of_imports_sees_every_way_to_import():
    assert "worker.wire" in ours("worker.calls")  # from . import wire
    assert "worker.frame" in ours("worker.wire")  # from .frame import ...
    assert "outcome" in ours("key")  # from grader import outcome
    assert "report.text" in ours("cli")  # inside a function
    assert "numpy" in imported("judge")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name):
    depth, entry = place(name)

    for other in ours(name):
        assert other, f"{name} imports the grader as a whole"
        their_depth, their_entry = place(other)
        assert their_depth >= depth, f"{name} imports {other}, which lies above it"
        if depth == len(LAYERS) - 2 and entry not in TOGETHER:
            assert their_entry in (entry, "messages"), f"{name} imports {other}, and should stand alone"


def test_every_layer_has_its_modules():
    named = {entry for layer in LAYERS for entry in layer}

    assert {place(name)[1] for name in MODULES} == named


def lines_of_code(file: Path) -> int:
    """How many lines a file has without blank ones, comments and docstrings."""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = {i for token in generate_tokens(StringIO(text).readline) for i in _lines_of(token)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def _lines_of(token: TokenInfo) -> range:
    layout = token.type in (COMMENT, NL, NEWLINE, INDENT, DEDENT, ENDMARKER)
    return range(0) if layout else range(token.start[0], token.end[0] + 1)


def test_no_import_runs_in_a_circle():
    graphlib.TopologicalSorter({name: ours(name) - {name} for name in MODULES}).prepare()


# The command of the gradient checker reads files; the rest of it is pure.
CHECKER = [name for name in MODULES if name.startswith("gradcheck.")]


@pytest.mark.parametrize("name", PURE + CHECKER)
def test_a_pure_module_has_no_files_no_clock_and_no_chance(name):
    assert not {other.split(".")[0] for other in imported(name)} & IMPURE


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_draws_from_no_global_generator(name):
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    drawn = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "random"
    }

    assert drawn <= {"Generator"}


@pytest.mark.parametrize("package", ["worker", "gradcheck"])
def test_what_is_used_elsewhere_stands_alone(package):
    inside = [name for name in MODULES if name == package or name.startswith(package + ".")]

    assert len(inside) > 3
    for name in inside:
        assert all(other == package or other.startswith(package + ".") for other in ours(name)), name


def test_the_gradient_checker_is_under_1200_lines_of_code():
    assert sum(lines_of_code(FILES[name]) for name in MODULES if name.split(".")[0] == "gradcheck") < 1200


def test_the_worker_imports_numpy_scipy_and_pythons_own_library_only():
    for name in MODULES:
        if name.startswith("worker"):
            tops = {other.split(".")[0] for other in imported(name)} - {"grader", "numpy", "scipy"}
            assert tops <= set(sys.stdlib_module_names), name


def test_a_change_of_any_module_that_makes_keys_is_noticed():
    made_by, waiting = set(), ["key"]
    while waiting:
        name = waiting.pop()
        if name not in made_by:
            made_by.add(name)
            waiting += ours(name)
    watched = {maker.removesuffix(".py") for maker in _MAKERS}

    unwatched = {name for name in made_by if name.split(".")[0] not in watched}

    assert unwatched == {"locate", "messages"}  # they word messages, and no message is in a key
