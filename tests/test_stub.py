"""Stubs are cut letter for letter, and nobody's work is taken for a stub."""

import ast

import pytest

from grader import stub
from tests.toys import TRIPLE

UNDONE = "raise NotImplementedError"


def exercise(function: str, before: str = "") -> str:
    """An exercise file around one function."""
    return (
        f'"""F."""\n\n{before}from grader.authoring import case, exercise, given\n\n\n@exercise(points=1)\n{function}'
    )


# --- what is kept --------------------------------------------------------------------------------------------------


def test_a_stub_is_statement_imports_head_and_docstring():
    assert stub.cut(TRIPLE) == (
        '"""Triple: three of a kind.\n\nMaths. y = 3 x.\n\nSource: arithmetic.\n"""\n'
        "\nimport numpy as np\n\n\n"
        'def triple(x):\n    """Return three times x.\n\n    Args:\n        x: float array, any shape.\n\n'
        '    Returns:\n        Float array, the shape of x.\n    """\n    raise NotImplementedError\n'
    )


HEADS = {
    "one line": "def f(x):",
    "several lines": "def f(\n    x,  # the first\n    y=(1,\n       2),\n):",
    "annotated": "def f(x: 'np.ndarray' = None, *rest, key: int = 1, **more) -> \"tuple[int,   str]\":",
    "continued": "def f(x, \\\n      y):",
    "spaced": "def  f ( x ) :  # noqa",
    "not ascii": "def f(θ, ñ='é'):",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_the_head_of_the_function_is_kept_letter_for_letter(head):
    cut = stub.cut(exercise(f'{head}\n    """Doc."""\n    secret = 1\n    return secret\n'))

    assert cut.endswith(f'\n\n{head}\n    """Doc."""\n    {UNDONE}\n')


DOCSTRINGS = {
    "single quotes": "'Doc.'",
    "raw": r'r"""\frac{a}{b}"""',
    "several lines": '"""Doc.\n\n    More,\n\t\ttabbed  \n    """',
    "not ascii": '"""∂L/∂x: é, 漢字, 🙂."""',
    "joined": '("a" "b"\n     "c")',
    "form feed": '"""a\x0cb\x0bc\x1cd\x85e\u2028f."""',
    "quotes inside": "'''It says \"\"\"this\"\"\".'''",
}


@pytest.mark.parametrize("docstring", DOCSTRINGS.values(), ids=DOCSTRINGS)
def test_the_docstring_is_kept_letter_for_letter(docstring):
    cut = stub.cut(exercise(f"def f(x):\n    {docstring}\n    secret = 1\n    return secret\n"))

    assert cut.endswith(f"def f(x):\n    {docstring}\n    {UNDONE}\n")


BODIES = {
    "on the line of the head": ('def f(x): "Doc."; return 42', f'def f(x): "Doc."; {UNDONE}'),
    "behind the docstring": ('def f(x):\n    """Doc."""; return 42', f'def f(x):\n    """Doc."""\n    {UNDONE}'),
    "behind a long docstring": (
        'def f(x):\n    """Doc.\n    """; a = 42\n    return a',
        f'def f(x):\n    """Doc.\n    """\n    {UNDONE}',
    ),
    "indented by a tab": ('def f(x):\n\t"""Doc."""\n\treturn 42', f'def f(x):\n\t"""Doc."""\n\t{UNDONE}'),
    "indented by two": ('def f(x):\n  """Doc."""\n  return 42', f'def f(x):\n  """Doc."""\n  {UNDONE}'),
    "with a comment": ('def f(x):\n    """Doc."""  # is 42\n    return 42', f'def f(x):\n    """Doc."""\n    {UNDONE}'),
    "after a comment": (
        'def f(x):\n    """Doc."""\n    # is 42\n    return 42',
        f'def f(x):\n    """Doc."""\n    {UNDONE}',
    ),
    "without a docstring": ("def f(x):\n    y = 42\n    return y", f"def f(x):\n    {UNDONE}"),
    "without anything": ("def f(x): return 42", f"def f(x): {UNDONE}"),
    "without a last line end": ('def f(x):\n    """Doc."""\n    return 42', f'def f(x):\n    """Doc."""\n    {UNDONE}'),
    "with functions inside": (
        'def f(x):\n    """Doc."""\n    def g():\n        """Help."""\n        return 42\n    return g()',
        f'def f(x):\n    """Doc."""\n    {UNDONE}',
    ),
}


@pytest.mark.parametrize(("function", "wanted"), BODIES.values(), ids=BODIES)
def test_nothing_of_the_body_is_left(function, wanted):
    cut = stub.cut(exercise(function))

    assert cut.endswith(f"\n\n\n{wanted}\n")
    assert "42" not in cut


def test_imports_are_kept_but_the_graders():
    imports = "import numpy as np\nfrom scipy import (\n    special,  # for logsumexp\n    stats,\n)\n"
    theirs = "import grader\nimport grader.parts as p\nfrom grader import parts\nfrom graders import x\n"

    cut = stub.cut(exercise('def f(x):\n    """Doc."""\n', before=imports + theirs))

    assert cut.startswith(f'"""F."""\n\n{imports}from graders import x\n\n\ndef f')


def test_a_file_without_a_statement_or_imports_gives_the_function_alone():
    cut = stub.cut('@exercise(points=1)\ndef f(x):\n    """Doc."""\n    return 1\n')

    assert cut == f'def f(x):\n    """Doc."""\n    {UNDONE}\n'


def test_an_empty_file_gives_an_empty_stub():
    assert stub.cut("") == ""


GIVEN = '''@given
@dataclass(frozen=True)
class Box:
    """A box."""

    side: float = 1.0  # in metres


@given
def volume(box):
    # three sides
    return box.side ** 3


'''


def test_given_code_is_kept_without_its_tag_and_with_its_comments():
    cut = stub.cut(GIVEN + '@exercise()\ndef f(x):\n    """Doc."""\n    return 1\n')

    assert cut.startswith(GIVEN.replace("@given\n", ""))
    assert cut.endswith(f'\n\n\ndef f(x):\n    """Doc."""\n    {UNDONE}\n')


def test_other_tags_and_untagged_functions_are_left_out():
    others = "".join(f"@{tag}\ndef f{n}(x):\n    return 42\n\n" for n, tag in enumerate(["case", "case()", "mistake"]))
    cut = stub.cut(
        exercise('def f(x):\n    """Doc."""\n', before=others + "def own(x):\n    return 42\n\n\nN = 42\n\n")
    )

    assert cut == f'"""F."""\n\n\ndef f(x):\n    """Doc."""\n    {UNDONE}\n'


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_a_file_with_other_line_ends_gives_the_same_program(end):
    cut = stub.cut(TRIPLE.replace("\n", end))

    assert ast.dump(ast.parse(cut)) == ast.dump(ast.parse(stub.cut(TRIPLE)))


def test_a_byte_order_mark_does_no_harm():
    assert stub.cut("\ufeff" + TRIPLE) == stub.cut(TRIPLE)
    assert stub.given_source("\ufeff" + GIVEN) == stub.given_source(GIVEN)


def test_cutting_a_stub_again_leaves_nothing_but_statement_and_imports():
    again = stub.cut(stub.cut(TRIPLE))

    assert again == '"""Triple: three of a kind.\n\nMaths. y = 3 x.\n\nSource: arithmetic.\n"""\n\nimport numpy as np\n'


# --- what runs beside the learner's --------------------------------------------------------------------------------


def test_given_source_holds_imports_given_code_and_the_drive():
    source = "import numpy as np\nfrom grader.authoring import drive\n\n@drive\ndef play(f, x):\n    return f(x)\n\n"
    source += '@exercise()\ndef f(x):\n    """Doc."""\n    return 42\n'

    assert stub.given_source(source) == "import numpy as np\n\n\ndef play(f, x):\n    return f(x)\n"


def test_given_source_is_empty_where_nothing_is_given():
    assert stub.given_source(TRIPLE) == ""


# --- what is somebody's work ---------------------------------------------------------------------------------------

STUB = stub.cut(TRIPLE.replace("\n\n@exercise", f"\n\n{GIVEN}@exercise"))
UNTOUCHED = {
    "the stub": STUB,
    "other line ends": STUB.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + STUB,
    "space at the end": STUB.rstrip("\n") + "\n\n   \n",
    "another docstring": STUB.replace("three times", "3 times"),
    "another statement": STUB.replace("Triple:", "Thrice:"),
    "another head": STUB.replace("(x)", "(x, y=1)"),
    "another import": STUB.replace("import numpy as np", "import math"),
    "no docstring": f"def triple(x):\n    {UNDONE}\n",
    "nothing": "",
}
WORK = {
    "an answer": STUB.replace(UNDONE, "return 3 * x"),
    "an answer before the exception": STUB.replace(UNDONE, f"y = 3 * x\n    {UNDONE}"),
    "pass": STUB.replace(UNDONE, "pass"),
    "a message": STUB.replace(UNDONE, UNDONE + "('later')"),
    "no body": STUB.replace("    " + UNDONE, ""),
    "a comment": STUB + "# x + x + x?\n",
    "a comment in the body": STUB.replace(UNDONE, f"# add\n    {UNDONE}"),
    "a comment on a line of code": STUB.replace(UNDONE, f"{UNDONE}  # todo"),
    "a function of one's own": STUB + "\n\ndef thrice(x):\n    return x + x + x\n",
    "a class of one's own": STUB + "\n\nclass A:\n    pass\n",
    "a number": STUB + "\nTHREE = 3\n",
    "a loop": STUB + "\nfor i in []:\n    pass\n",
    "changed given code": STUB.replace("box.side ** 3", "box.side ** 2"),
    "a syntax error": STUB.replace("def triple(x):", "def triple(x)"),
    "a NUL byte": STUB + "\0",
    "an open bracket": STUB + "(",
    "an open string": STUB + '"""',
    "an odd indentation": STUB + "  x\n y",
    "nested too deeply": STUB + "-" * 100_000 + "1",
    "an async function": STUB.replace("def triple", "async def triple"),
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_a_stub_in_which_nobody_has_begun_is_untouched(text):
    assert stub.untouched(text, STUB)


@pytest.mark.parametrize("text", WORK.values(), ids=WORK)
def test_what_somebody_wrote_is_work(text):
    assert not stub.untouched(text, STUB)
