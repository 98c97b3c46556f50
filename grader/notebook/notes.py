"""The comment at the end of a draft: what its author has to add, and the notebook's tests to add it from."""

import ast
import textwrap
from collections.abc import Iterable, Sequence

from grader.clean import clean
from grader.notebook.markers import parsed
from grader.notebook.names import Definition, Needs, functions
from grader.notebook.questions import Question, Test

__all__ = ["notes"]

_WIDTH = 116


def notes(question: Question, answer: Definition, needs: Needs, tests: Sequence[Test], points: int) -> str:
    """Return the comment at the end of a draft: what its author has to add, and the notebook's tests to add it from."""
    parameters = ast.unparse(parsed(answer.text).body[0].args)  # type: ignore[attr-defined]
    lines = [
        f"A draft, from cell {answer.cell} of a notebook. `grader check` refuses it, and says what is missing, until "
        "all of this is there:",
        "- In the text at the top: why anybody wants this, the maths with the shape of every symbol, an example by "
        "hand, and, in a line at the end, the paper or chapter that it is from.",
        "- In the tag: a difficulty from 1 to 5, two hints or more, each a step further, in `returns` the name of what "
        "comes back, in `why` a sentence of why it works, for whoever has made it robust, and in `lesson` the heading "
        "of the part of the topic's lesson that teaches it, letter for letter.",
        "- In the docstring of the function: what goes in (Args) and what comes back (Returns), with the shape of "
        "each, and every convention that is graded.",
        "- Two core cases or more, one of them small enough for paper: `@case`, `def by_hand(rng):`, and the arguments "
        f"({parameters}) by name in a dict. Take random ones from rng.",
        "- An edge case, `@case(edge=True)`, and a hidden one, `@case(hidden=True)`.",
        f"- `@alternative`, `def another_way({parameters}):`, a right answer that computes differently.",
        f"- Two mistakes or more, `@mistake`, `def forgets_something({parameters}):`, each with a docstring: what to "
        "tell who makes it.",
        *(f"- {note}" for note in _remarks(question, answer, needs, points)),
    ]
    comment = "\n".join(_wrapped(line) for line in lines)
    return "\n#\n".join([comment, *(_test(test) for test in tests)])


def _remarks(question: Question, answer: Definition, needs: Needs, points: int) -> Iterable[str]:
    """Yield what is not as it was in the notebook, and what the notebook does not tell."""
    others = [one.name for one in functions(question) if one.name != answer.name]
    if question.points is None:
        yield "The notebook gives no points for it: write them into the tag."
    elif question.points.denominator != 1:
        yield f"The notebook gives {float(question.points):g} points; here they are whole, so {points} are written."
    if others:
        yield f"The notebook asks for {', '.join(others)} together with it: share out text, points and tests."
    for one in needs.constants:
        yield f"{one.name} is not in the learner's stub: say its value in the docstring, or make it an argument."
    for one in needs.computed:
        yield f"{one.name} comes from cell {one.cell}, which is not in this file: make it an argument."
    for name in needs.answers:
        yield f"{name}, another exercise, is used: so this one is a capstone, and is blocked until {name} is right."
    for name in needs.unknown:
        yield f"{name} is used, and the notebook does not say what it is: import it, or make it an argument."


def _wrapped(line: str) -> str:
    later = "#   " if line.startswith("- ") else "# "
    return textwrap.fill(line, _WIDTH, initial_indent="# ", subsequent_indent=later, break_long_words=False)


def _test(test: Test) -> str:
    """Return a test as a comment; what is not seen in it is made visible."""
    title = f"# From the notebook's tests: cell {test.cell}{', hidden from learners' if test.hidden else ''}."
    lines = clean(test.text).strip("\n").split("\n")
    shown = clean(test.output).strip("\n").split("\n") if test.output.strip() else []
    return "\n".join([title, *(f"#     {line}".rstrip() for line in [*lines, *(f"-> {line}" for line in shown)])])
