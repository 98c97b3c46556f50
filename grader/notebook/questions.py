"""Which cells of a notebook belong together: a statement, an answer, its tests, its points.

otter-grader bounds questions, answers and tests with raw cells (`# BEGIN QUESTION`). Where these are missing, and with
nbgrader, an answer is what its markers or its cell's metadata say, its statement the Markdown right before it, its
tests the cells with points or assertions from there to the next answer.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from grader.notebook import markers
from grader.notebook.cells import Cell, NotebookError

__all__ = ["Book", "Code", "Question", "Test", "questions"]

_BOUNDARY = re.compile(r"#\s+(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS)\b", re.IGNORECASE)
_FENCE = re.compile(r"\s*```otter\n(.*)\n```\s*", re.DOTALL)
_ANSWER = re.compile(
    r"BEGIN (?:SOLUTION|MARK SCHEME|PROMPT)\b"
)  # in Markdown: written answers, and what is there for them
_CONFIG = re.compile(r'\A\s*(?:\w+\s*=\s*)?("""|\'\'\')\s*# BEGIN TEST CONFIG(.*?)# END TEST CONFIG', re.DOTALL)
_NUMBER = r"\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Code:
    """A cell of Python without markers, and the lines in it that a learner is to write."""

    cell: int
    text: str
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Test:
    """What a notebook asks of an answer: code, and what was shown under it."""

    cell: int
    text: str
    output: str
    hidden: bool


@dataclass(frozen=True)
class Question:
    """Answers that are asked for together; `points` is None where the notebook gives none."""

    statement: str
    answers: tuple[Code, ...]
    tests: tuple[Test, ...]
    points: Fraction | None


@dataclass(frozen=True)
class Book:
    """A notebook in questions, the other code in it, and what was left out, each with its cell's number."""

    questions: tuple[Question, ...]
    setup: tuple[Code, ...]
    left_out: tuple[tuple[int, str], ...]


@dataclass
class _Open:
    """The question that is being read."""

    config: str | None = None  # of otter's raw cell, until its end is found
    statement: list[Cell] = field(default_factory=list)
    answers: list[Code] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    graded: list[Fraction] = field(default_factory=list)

    def closed(self) -> Question:
        text = "\n\n".join(cell.text.strip() for cell in self.statement).strip()
        points = sum(self.graded, Fraction(0)) if self.graded else None
        if self.config is not None:
            points = _otter_points(self.config, self.tests)
        return Question(text, tuple(self.answers), tuple(self.tests), points)


class _Reader:
    """Goes through the cells once."""

    def __init__(self) -> None:
        self.done: list[Question] = []
        self.setup: list[Code] = []
        self.left_out: list[tuple[int, str]] = []
        self.faults: list[str] = []
        self.blocks: list[tuple[str, int]] = []  # otter's, the innermost last
        self.now = _Open()
        self.text: list[Cell] = []  # Markdown that waits for an answer
        self.stale = False  # code has come after that Markdown

    def read(self, cells: Iterable[Cell]) -> Book:
        for cell in map(_unfenced, cells):
            try:
                if cell.kind == "raw":
                    self._raw(cell)
                elif cell.kind == "markdown":
                    self._markdown(cell)
                elif cell.text.strip():
                    self._code(cell)
            except NotebookError as fault:
                self.faults += [f"{cell.where}, {line}" for line in str(fault).split("\n")]
        self.faults += [f"cell {number} begins {what}, and no cell ends it." for what, number in self.blocks]
        if self.faults:
            raise NotebookError("\n".join(self.faults))
        self._close()
        self._forget()
        return Book(tuple(self.done), tuple(self.setup), tuple(self.left_out))

    @property
    def block(self) -> str:
        return self.blocks[-1][0] if self.blocks else ""

    def _raw(self, cell: Cell) -> None:
        bound = _BOUNDARY.match(cell.text.lstrip())
        if bound is None:
            return
        edge, what = bound[1].upper(), bound[2].upper()
        if edge == "BEGIN" and self.block in ("", "QUESTION") and what != self.block:
            if what == "QUESTION":
                self._close()
                self.now.config = cell.text
                self.stale = True
            self.blocks.append((what, cell.number))
        elif edge == "END" and what == self.block:
            self.blocks.pop()
            if what == "QUESTION":
                self._close()
        else:
            inside = f"inside the {self.block} of cell {self.blocks[-1][1]}" if self.blocks else "without its beginning"
            raise NotebookError(f"{edge} {what} stands {inside}.")

    def _markdown(self, cell: Cell) -> None:
        if cell.solution or _ANSWER.search(cell.text) or self.block in ("SOLUTION", "PROMPT"):
            if self.block != "PROMPT":
                self.left_out.append((cell.number, "an answer in words"))
            return
        if self.stale:
            self._forget()
            self.stale = False
        self.text.append(cell)

    def _forget(self) -> None:
        self.left_out += [(cell.number, "text without an answer right after it") for cell in self.text]
        self.text = []

    def _code(self, cell: Cell) -> None:
        looks = markers.seems_marked(cell.text)
        if self.block == "PROMPT":
            return
        if self.block == "TESTS" or (cell.grade and not cell.solution) or looks == {"HIDDEN TESTS"}:
            self._test(cell)
        elif self.block == "SOLUTION" or cell.solution or "SOLUTION" in looks:
            self._answer(cell)
        elif self.now.answers and self.now.config is None and _asserts(cell.text):
            self._test(cell)
        else:
            self.stale = True
            self.setup.append(Code(cell.number, markers.without_magics(cell.text)))

    def _answer(self, cell: Cell) -> None:
        read = markers.plain(cell.text)
        if self.now.config is None:
            self._close()
        if not self.now.answers:
            self.now.statement, self.text = self.text, []
        lines = frozenset(range(1, read.text.count("\n") + 2))
        self.now.answers.append(Code(cell.number, read.text, read.solution or lines))
        if cell.grade:
            self.now.graded.append(cell.points or Fraction(0))

    def _test(self, cell: Cell) -> None:
        """Take a cell of tests, of which a part may be hidden; one that cannot be read is a comment all the same."""
        self.stale = True
        if not self.now.answers and self.now.config is None:
            self.left_out.append((cell.number, "tests before the first answer"))
            return
        if cell.grade:
            self.now.graded.append(cell.points or Fraction(0))
        config = _CONFIG.match(cell.text)
        hidden = bool(re.match(r"\s*#.*\bhidden\b", cell.text, re.IGNORECASE))
        hidden = hidden or bool(config and re.search(r"^hidden:\s*true", config[2], re.IGNORECASE | re.MULTILINE))
        test = Test(cell.number, cell.text, cell.output, hidden)
        if "HIDDEN TESTS" not in markers.seems_marked(cell.text):
            self.now.tests.append(test)
            return
        read = markers.plain(markers.without_magics(cell.text))
        lines = list(enumerate(read.text.split("\n"), start=1))
        for is_hidden in (False, True):
            text = "\n".join(line for row, line in lines if (row in read.hidden) == is_hidden)
            if text.strip():
                self.now.tests.append(replace(test, text=text, hidden=is_hidden))

    def _close(self) -> None:
        if self.now.answers:
            self.done.append(self.now.closed())
        elif self.now.tests:
            self.left_out.append((self.now.tests[0].cell, "tests of a question without an answer in code"))
        self.now = _Open()


def questions(cells: Sequence[Cell]) -> Book:
    """Return what `cells` hold, sorted into questions.

    Raises:
        NotebookError: an answer's markers or Python cannot be read; every fault is a line of the message.
    """
    return _Reader().read(cells)


def _unfenced(cell: Cell) -> Cell:
    """Return Markdown that is one block of ```otter as the raw cell that it stands for."""
    fence = _FENCE.fullmatch(cell.text) if cell.kind == "markdown" else None
    return replace(cell, kind="raw", text=fence[1]) if fence else cell


def _asserts(text: str) -> bool:
    try:
        nodes = list(ast.walk(markers.parsed(markers.without_magics(text))))
    except NotebookError:
        return False
    called = [ast.unparse(node.func).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call)]
    return any(isinstance(node, ast.Assert) for node in nodes) or any(name.startswith("assert_") for name in called)


def _otter_points(config: str, tests: Sequence[Test]) -> Fraction | None:
    """Return the points of a question of otter's: its own, else those of its tests, else 1; None if not understood."""
    found = re.search(r"^points:(.*(?:\n[ \t]+.*|\n- .*)*)", config, re.MULTILINE)
    text = re.sub(r"#.*", "", found[1]).strip() if found else ""
    if re.fullmatch(_NUMBER, text):
        return Fraction(text)
    if each := re.fullmatch(rf"\{{?\s*each:\s*({_NUMBER})\s*\}}?", text):
        return Fraction(each[1]) * len({test.cell for test in tests})
    if re.fullmatch(rf"\[\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\]|- *{_NUMBER}(?:\s*- *{_NUMBER})*", text):
        return sum(map(Fraction, re.findall(_NUMBER, text)), Fraction(0))
    if text not in ("", "null", "~"):
        return None
    configs = [match[2] for test in tests if (match := _CONFIG.match(test.text))]
    own = [match[1] for one in configs if (match := re.search(rf"^points:\s*({_NUMBER})\s*$", one, re.MULTILINE))]
    return sum(map(Fraction, own), Fraction(0)) if own else Fraction(1)
