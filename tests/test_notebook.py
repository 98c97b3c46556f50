"""Marked notebooks become drafts: answers letter for letter, and nothing written where anything is unclear."""

import ast
import errno
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import desk
from grader.authoring import AuthoringError
from grader.exercise import load
from grader.notebook import LIMIT, NotebookError, drafts, lay, shelf
from tests.courses import Course

SAMPLES = Path(__file__).parent / "notebooks"
DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n"


def notebook(*cells: dict | str, **book) -> bytes:
    """The file of a notebook; a text alone is a cell of code."""
    whole = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return json.dumps({"cells": whole, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | book).encode()


def code(text: str, **metadata) -> dict:
    about = {"nbgrader": metadata} if metadata else {}
    return {"cell_type": "code", "metadata": about, "source": text, "outputs": [], "execution_count": None}


def markdown(text: str, **metadata) -> dict:
    return {"cell_type": "markdown", "metadata": {"nbgrader": metadata} if metadata else {}, "source": text}


def raw(text: str) -> dict:
    return {"cell_type": "raw", "metadata": {}, "source": text}


def only(*cells, **book) -> str:
    """The text of the one draft that a notebook gives."""
    (draft,) = drafts(notebook(*cells, **book)).drafts
    return draft.text


def refusal(*cells, **book) -> str:
    with pytest.raises(NotebookError) as refused:
        drafts(notebook(*cells, **book))
    return str(refused.value)


def function_in(text: str, name: str) -> str:
    """The syntax of a function, without its decorators."""
    (found,) = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name]
    found.decorator_list = []
    return ast.dump(found)


# --- two whole notebooks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", ["nbgrader", "otter"])
def test_a_sample_gives_the_drafts_that_lie_beside_it(sample):
    found = drafts((SAMPLES / f"{sample}.ipynb").read_bytes())

    expected = {file.name: file.read_text(encoding="utf-8") for file in (SAMPLES / sample).glob("*.txt")}
    assert {f"{draft.name}.py.txt": draft.text for draft in found.drafts} == expected


def test_what_becomes_no_exercise_is_said():
    nbgrader = drafts((SAMPLES / "nbgrader.ipynb").read_bytes())
    otter = drafts((SAMPLES / "otter.ipynb").read_bytes())

    assert nbgrader.left_out == (
        (1, "text without an answer right after it"),
        (6, "an answer in words"),
        (13, "class Stack: its methods are no exercises. Write them as functions of their own"),
    )
    assert otter.left_out == (
        (2, "text without an answer right after it"),
        (17, "an answer that is no function: `wide = ring(1, 9)`"),
        (24, "text without an answer right after it"),
        (26, "an answer in words"),
    )


@pytest.mark.parametrize("sample", ["nbgrader", "otter"])
def test_a_draft_is_refused_with_a_sentence_for_all_that_is_missing(sample, tmp_path):
    files = lay(drafts((SAMPLES / f"{sample}.ipynb").read_bytes()).drafts, tmp_path / "20_new", tmp_path / "work")

    for file in files:
        with pytest.raises(AuthoringError) as refused:
            load(file)
        missing = [line.strip(" -") for line in str(refused.value).split("\n")[1:]]
        assert missing[-9:] == [
            "two visible core cases",
            "an edge case",
            "a hidden case",
            "an alternative",
            "two mistakes",
            "two hints",
            "a sentence of why it works (why=...)",
            "the lesson's part that teaches it (lesson=...)",
            "a difficulty from 1 to 5",
        ]
        assert "a source in the module docstring (a line `Source: ...`)" in missing


def test_a_draft_without_text_docstring_and_points_is_told_of_these_too(tmp_path):
    (file,) = lay(drafts(notebook(DOUBLE)).drafts, tmp_path / "new", tmp_path / "work")

    with pytest.raises(AuthoringError) as refused:
        load(file)

    told = str(refused.value)
    for sentence in (
        "a module docstring: why, maths, by hand",
        "a docstring of the function with Args and Returns",
        "shapes in the docstring of the function",
        "at least one point",
        "a topic folder such as 04_backprop",
    ):
        assert f"\n  - {sentence}" in told


# --- what is asked for ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "def double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION",
        "def double(x):\n    # BEGIN SOLUTION NO PROMPT\n    return 2 * x\n    # END SOLUTION",
        "# BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n# END SOLUTION",
        "def double(x):\n    return 2 * x  # SOLUTION",
        "def double(x):\n    return 2 * x#SOLUTION NO PROMPT  ",
        "def double(x):\n    #### BEGIN SOLUTION, for the teacher\n    return 2 * x\n    #### END SOLUTION",
        'def double(x):\n    return 2 * x  # SOLUTION\n    """ # BEGIN PROMPT\n    ...\n    """; # END PROMPT',
        code("def double(x):\n    return 2 * x", solution=True, grade=False, grade_id="a"),
        DOUBLE.replace("\n", "\r\n"),
    ],
    ids=["otter", "no prompt", "around", "line", "tight", "more", "prompt", "metadata", "CRLF"],
)
def test_every_way_to_mark_gives_the_same_answer(cell):
    text = only(cell)

    assert function_in(text, "double") == function_in("def double(x):\n    return 2 * x", "double")
    assert "BEGIN" not in text
    assert "# SOLUTION" not in text
    assert "\r" not in text


def test_a_marker_inside_a_string_is_text():
    cell = 'def f(x):\n    ### BEGIN SOLUTION\n    return """\n### END SOLUTION\n"""\n    ### END SOLUTION'

    assert '    return """\n### END SOLUTION\n"""\n' in only(cell)


def test_a_comment_keeps_what_stands_before_a_marker():
    assert "    return x  # as it is\n" in only("def f(x):\n    return x  # as it is  # SOLUTION")


def test_several_functions_of_a_cell_become_an_exercise_each_that_tells_of_the_others():
    both = "def one(x):\n    return x  # SOLUTION\n\n\ndef two(x):\n    return 2 * one(x)  # SOLUTION\n"

    one, two = drafts(notebook(both, "assert one(1) == 1", "assert two(1) == 2")).drafts

    assert "# - The notebook asks for two together with it: share out text, points and tests.\n" in one.text
    assert (one.tests, two.tests) == (1, 1)
    assert "from assignments import one\n" in two.text
    assert '    needs=["one"],\n' in two.text
    assert "\n# - one, another exercise, is used: so this one is a capstone" in two.text


def test_what_an_answer_uses_comes_along_and_nothing_else():
    setup = (
        "%load_ext autoreload\nimport os\nimport scipy.linalg\nimport scipy.stats\nimport numpy as np, math as m\n"
        "EPS = 1e-8\nTABLE = open('table.csv').read()\n"
        "def shift(x):\n    return scale(x) + EPS\n\ndef scale(x):\n    return x / m.tau\n"
    )
    answer = "def f(x: np.ndarray):\n    return scipy.stats.norm.pdf(shift(x)) + len(TABLE) + odd  # SOLUTION"

    text = only(setup, answer)

    head = text[: text.index("@exercise")]
    assert head == (
        "import math as m\nimport numpy as np\nimport scipy.linalg\nimport scipy.stats\n\n"
        "from grader.authoring import alternative, case, exercise, given, mistake\n\nEPS = 1e-08\n\n\n".replace(
            "1e-08", "1e-8"
        )
        + "@given\ndef shift(x):\n    return scale(x) + EPS\n\n\n@given\ndef scale(x):\n    return x / m.tau\n\n\n"
    )
    assert "\n# - EPS is not in the learner's stub: say its value in the docstring, or make it an argument.\n" in text
    assert "\n# - TABLE comes from cell 1, which is not in this file: make it an argument.\n" in text
    assert "\n# - odd is used, and the notebook does not say what it is: import it, or make it an argument.\n" in text


def test_the_statement_is_the_text_right_before_the_answer():
    cells = [markdown("# Part"), "import math", markdown("## Double ##\nTwice."), markdown("Yes, twice."), "y = 1"]

    assert only(*cells, DOUBLE).startswith('"""Double\n\nTwice.\n\nYes, twice.\n"""\n')


def test_an_answer_in_words_gets_into_no_statement():
    secret = markdown("The answer is 42.", solution=True, grade=True, points=1)
    marked = markdown("### BEGIN SOLUTION\n42\n### END SOLUTION")

    assert "42" not in only(markdown("Why?"), secret, marked, markdown("## Double"), DOUBLE)


@pytest.mark.parametrize(
    ("config", "points"),
    [
        ("points: 3", 3),
        ("points: 2.5 # hard", 3),
        ("name: q1", 1),
        ("points: null", 1),
        ("points: [1, 2.5]", 4),
        ("points:\n  - 1\n  - 2", 3),
        ("points:\n- 1\n- 2\nmanual: true", 3),
        ("points:\n    each: 2", 4),
        ("points: {each: 2}", 4),
        ("points: many", 0),
    ],
)
def test_points_of_otters_question(config, points):
    ends = [raw("# BEGIN TESTS"), "double(1)", "double(2)", raw("# END TESTS"), raw("# END QUESTION")]

    (draft,) = drafts(notebook(raw(f"# BEGIN QUESTION\n{config}"), DOUBLE, *ends)).drafts

    assert draft.points == points
    assert ("The notebook gives no points" in draft.text) == (points == 0)


def test_points_of_otters_tests_count_where_the_question_has_none():
    tests = [f'""" # BEGIN TEST CONFIG\npoints: {n}\n""" # END TEST CONFIG\ndouble({n})' for n in (1, 2)]
    bounds = [raw("# BEGIN TESTS"), *tests, raw("# END TESTS"), raw("# END QUESTION")]

    (draft,) = drafts(notebook(markdown("```otter\n# BEGIN QUESTION\nname: q1\n```"), DOUBLE, *bounds)).drafts

    assert draft.points == 3


# --- text that means harm ------------------------------------------------------------------------------------------

HOSTILE = [
    'A """ in the middle\nand \\ one',
    'Ends with "',
    "Ends with \\",
    '"""',
    '"Quoted" title',
    'raise SystemExit\n"""\nimport os; os.abort()\n"""',
    "\\N{BULLET} \\x \\u12 \\",
    "two\n\n\n\nlines \\\\\n\\",
    "\x00 \x1b[31m \u202e \ufeff \x0c \x85 \u2028 end",
    "'''",
]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_hostile_markdown_survives_in_the_docstring(text):
    draft = only(markdown(text), DOUBLE)

    assert ast.get_docstring(ast.parse(draft), clean=False).strip() == text.strip()
    assert function_in(draft, "double") == function_in(DOUBLE, "double")
    assert not re.search(r"[\x00\x1b\u202e]", draft)


@pytest.mark.parametrize("text", ["assert 1\rraise SystemExit", "assert '\x00\x0c\u2028'\nassert \u202e", "!rm -rf /"])
def test_hostile_tests_stay_a_comment(text):
    draft = only(DOUBLE, code(text, grade=True, solution=False, points=1))

    body = ast.parse(draft).body
    assert [type(node).__name__ for node in body] == ["ImportFrom", "FunctionDef"]
    assert not re.search("[\x00\u202e]", draft)


def test_nothing_of_a_notebook_is_run(tmp_path):
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')"
    cells = [trap, f"@({trap}).close\ndef f(x={trap}):\n    return {trap}  # SOLUTION", f"assert {trap}"]

    drafts(notebook(*cells))

    assert not (tmp_path / "sprung").exists()


WORDS = st.text(st.characters(codec="utf-8"), max_size=60)
LINES = st.sampled_from(
    [
        "y = 2 * x",
        "if x:\n    y = [\n        1,  # one\n    ]",
        'y = """\n### BEGIN SOLUTION\n"""',
        "y = '# SOLUTION'",
        "for i in range(3):\n\n    y = i",
        "def inner(z):\n    return z",
        "# a comment",
        "pass; pass",
        "x = '\\\\\"'",
        "return (x,\n  y)",
    ]
)


@st.composite
def answers(draw):
    """A function with markers at two places between its lines, and the same function without."""
    blocks = [*draw(st.lists(LINES, max_size=5)), "return x"]
    begin = draw(st.integers(0, len(blocks) - 1))
    end = draw(st.integers(begin + 1, len(blocks)))
    marker = draw(st.sampled_from(["# {} SOLUTION", "### {} SOLUTION"]))
    margin = draw(st.sampled_from(["    ", "\t", "  "]))
    marked = [*blocks[:begin], marker.format("BEGIN"), *blocks[begin:end], marker.format("END"), *blocks[end:]]

    def whole(parts):
        lines, quoted = [], False
        for line in "\n".join(parts).split("\n"):
            lines.append(line if quoted or not line else margin + line)
            quoted ^= line.count('"""') % 2 == 1
        return "def f(x):\n" + "\n".join(lines)

    return whole(marked), whole(blocks)


@settings(max_examples=150, deadline=None)
@given(answers(), WORDS, WORDS)
def test_a_draft_parses_and_its_function_is_the_marked_one(answer, text, test):
    marked, plain = answer

    cells = [markdown(f"T {text}"), marked, code(test, grade=True, solution=False)]
    draft = only(*cells)

    assert function_in(draft, "f") == function_in(plain, "f")
    seen = text.replace("\r\n", "\n").replace("\r", "\n")
    assert ast.get_docstring(ast.parse(draft), clean=False).strip() == f"T {seen}".strip()
    assert {type(node).__name__ for node in ast.parse(draft).body} <= {"Expr", "ImportFrom", "FunctionDef"}


# --- what is refused -----------------------------------------------------------------------------------------------

NESTED = "def f(x):\n    # BEGIN SOLUTION\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([NESTED], "cell 1, line 3: # BEGIN SOLUTION again, before # END SOLUTION of the one in 2."),
        (
            ["def f(x):\n    # BEGIN SOLUTION\n    return x"],
            "cell 1, line 2: # BEGIN SOLUTION has no # END SOLUTION after it.",
        ),
        (["x = 1\n# END SOLUTION"], "cell 1, line 2: # END SOLUTION has no # BEGIN SOLUTION before it."),
        (["def f(x):\n    return x # BEGIN SOLUTION"], "cell 1, line 2: # BEGIN SOLUTION stands behind code. Give it"),
        (["%matplotlib inline\n" + DOUBLE], "cell 1, line 1: `%matplotlib inline` is a command of Jupyter's. Move it"),
        (["files = !ls\n" + DOUBLE], "cell 1, line 1: `files = !ls` is a command of Jupyter's."),
        (["def f(x):\n    return x x  # SOLUTION"], "cell 1, line 2 is no Python (invalid syntax): `return x x"),
        (["return 3  # SOLUTION"], "cell 1, line 1 is no Python ('return' outside function): `return 3"),
        (["x = '\x00'  # SOLUTION"], "cell 1, "),
        (
            ['def f():\n    """ # BEGIN PROMPT\n    """\n    # END PROMPT\n    return 1 # SOLUTION'],
            "cell 1, line 2: # BE",
        ),
        (
            ["def f():\n    # BEGIN PROMPT\n    return 1 # SOLUTION"],
            "cell 1, line 2: # BEGIN PROMPT without the string",
        ),
        ([DOUBLE, DOUBLE], "cell 1 and cell 2: two answers are called double, and an exercise's name is unique."),
        ([DOUBLE.replace("double", "_twice")], "cell 1: _twice becomes the name of a file. Let it begin with a letter"),
        ([DOUBLE.replace("double", "größe")], "cell 1: größe becomes the name of a file."),
        ([DOUBLE.replace("double", "case")], "cell 1: case is the name of a tag that exercise files import."),
        (["from x import given", DOUBLE.replace("2 *", "given *")], "cell 2: given is the name of a tag"),
        ([raw("# BEGIN QUESTION\nname: q1"), DOUBLE], "cell 1 begins QUESTION, and no cell ends it."),
        ([raw("# END QUESTION")], "cell 1, END QUESTION stands without its beginning."),
        ([raw("# BEGIN TESTS"), raw("# BEGIN SOLUTION")], "cell 2, BEGIN SOLUTION stands inside the TESTS of cell 1."),
        ([code(DOUBLE, solution=True, grade=True, points="3")], "cell 1: nbgrader's points are '3'. A number from 0"),
        ([{"cell_type": "heading", "source": "x"}], "cell 1 is neither Markdown nor code nor raw text."),
        (["x = 1", {"cell_type": "code"}], "the text of cell 2 is missing, or no text."),
        ([markdown("\ud800")], "cell 1 holds half a character"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_place(cells, told):
    assert told in refusal(*cells)


def test_every_fault_is_told_at_once():
    told = refusal(NESTED, DOUBLE, "!ls\ny = 1 # SOLUTION", raw("# BEGIN QUESTION")).split("\n")

    assert [line.split(",")[0].split(" begins")[0] for line in told] == ["cell 1", "cell 3", "cell 4"]


def test_a_notebook_without_a_marker_is_told_how_to_mark():
    told = refusal(markdown("Hello"), "def f(x):\n    return x")

    assert told.startswith("no cell in it marks a function to write. An answer stands between `### BEGIN SOLUTION`")


def test_methods_alone_make_no_exercise():
    told = refusal("class Stack:\n    def pop(self):\n        return self.items.pop()  # SOLUTION")

    assert told.endswith("\ncell 1: class Stack: its methods are no exercises. Write them as functions of their own")


def test_a_coroutine_is_no_exercise():
    assert "cell 1: f is a coroutine" in refusal("async def f(x):\n    return x  # SOLUTION")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is no notebook: its JSON cannot be read"),
        (b"\xff\xfe{}", "it is no notebook: its JSON cannot be read"),
        (b"[" * 100_000, "it is no notebook: its JSON cannot be read"),
        (b"[]", "it is no notebook: `nbformat`"),
        (b'{"nbformat": "4"}', "it is no notebook: `nbformat`"),
        (b'{"nbformat": 4}', "it is no notebook: the list of `cells` is missing."),
        (b'{"nbformat": 3, "worksheets": []}', "its format is 3, and 4 is read. Open it in Jupyter and save it anew."),
        (b" " * (LIMIT + 1), "it has more than 32 MiB."),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "it is written in 'r', and exercises are Python."),
    ],
    ids=["empty", "bytes", "deep", "list", "text", "no cells", "nbformat 3", "large", "R"],
)
def test_what_is_no_notebook_is_refused(data, told):
    with pytest.raises(NotebookError, match=re.escape(told)):
        drafts(data)


def test_a_byte_order_mark_does_not_matter():
    assert len(drafts(b"\xef\xbb\xbf" + notebook(DOUBLE)).drafts) == 1


PIECES = [
    *HOSTILE,
    *(f"# {edge} {what}" for edge in ("BEGIN", "END") for what in ("QUESTION", "SOLUTION", "TESTS", "PROMPT")),
    *(DOUBLE, NESTED, "### BEGIN HIDDEN TESTS", "def g(y):", "return y  # SOLUTION", "class A:", "assert 1", "x = 1"),
    *("%%bash", "!ls", "\n", "    ", '"""', "(", "\\", "\x0c", "points: [1"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("\n".join) | WORDS
CELLS = st.builds(
    lambda kind, text, about: {"cell_type": kind, "source": text, "metadata": {"nbgrader": about}},
    st.sampled_from(["markdown", "code", "code", "raw"]),
    TEXTS,
    st.fixed_dictionaries({"solution": st.booleans(), "grade": st.booleans(), "points": st.none() | st.floats()}),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_whatever_stands_in_a_notebook_it_gives_drafts_that_parse_or_is_refused(cells):
    try:
        found = drafts(notebook(*cells)).drafts
    except NotebookError:
        found = ()

    for draft in found:
        compile(draft.text, draft.name, "exec")


# --- all or nothing ------------------------------------------------------------------------------------------------

TWO = notebook(DOUBLE, DOUBLE.replace("double", "twice"))


def files_in(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_file_that_is_there_stays_and_nothing_is_written(tmp_path):
    there = tmp_path / "solutions" / "20_new" / "twice.py"
    there.parent.mkdir(parents=True)
    there.write_text("mine", encoding="utf-8")

    with pytest.raises(FileExistsError):
        lay(drafts(TWO).drafts, there.parent, tmp_path / ".grader")

    assert files_in(tmp_path) == ["solutions/20_new/twice.py"]
    assert there.read_text(encoding="utf-8") == "mine"


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(source, target):
        if target.stem == "twice":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        place(source, target)

    place = shelf._place
    monkeypatch.setattr(shelf, "_place", full)

    with pytest.raises(OSError, match="No space"):
        lay(drafts(TWO).drafts, tmp_path / "solutions" / "20_new", tmp_path / ".grader")

    assert files_in(tmp_path) == []
    assert not (tmp_path / "solutions").exists()


def test_a_disk_without_links_does_as_well(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no links")))

    lay(drafts(TWO).drafts, tmp_path / "20_new", tmp_path / ".grader")

    assert files_in(tmp_path) == ["20_new/double.py", "20_new/twice.py"]
    with pytest.raises(FileExistsError):
        lay(drafts(TWO).drafts, tmp_path / "20_new", tmp_path / ".grader")


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path):
    """A course without exercises, and the sample notebooks in it."""
    for folder in ("solutions", "assignments/20_new"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "assignments" / "20_new" / "README.md").write_text("# New\n", encoding="utf-8")
    for sample in SAMPLES.glob("*.ipynb"):
        (tmp_path / sample.name).write_bytes(sample.read_bytes())
    return Course(tmp_path)


def test_the_command_says_what_was_written_what_was_left_out_and_what_comes_next(course):
    run = course.run("import", "nbgrader.ipynb", "--topic", "20_new")

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.split("Next:")[0] == (
        "2 drafts written:\n"
        "  solutions/20_new/softplus.py  cell 4, 2 points, 2 tests (1 hidden)\n"
        "  solutions/20_new/unit.py      cell 9, 2 points, 2 tests\n"
        "\n"
        "Left out:\n"
        "  cell 1: text without an answer right after it.\n"
        "  cell 6: an answer in words.\n"
        "  cell 13: class Stack: its methods are no exercises. Write them as functions of their own.\n"
        "\n"
    )
    assert course.run("check").returncode == 3


def test_the_command_overwrites_nothing(course):
    course.run("import", "otter.ipynb", "--topic", "20_new")
    before = {file: file.read_bytes() for file in course.root.rglob("*.py")}

    run = course.run("import", "otter.ipynb", "--topic", "21_newer")

    assert run.returncode == 2
    assert "cell 7: there is an exercise circle already, in solutions/20_new/circle.py. Rename" in run.stderr
    assert "Nothing was written." in run.stderr
    assert {file: file.read_bytes() for file in course.root.rglob("*.py")} == before


def test_the_command_asks_for_a_topic_and_knows_one_by_its_number(course):
    asked = course.run("import", "otter.ipynb")
    course.run("import", "otter.ipynb", "--topic", "20_new")
    course.run("import", "nbgrader.ipynb", "--topic", "20")

    assert asked.returncode == 2
    assert "say which topic the drafts belong to" in asked.stderr
    assert sorted(place.name for place in course.library.places.values()) == ["circle", "ring", "softplus", "unit"]


@pytest.mark.parametrize("topic", ["../out", "20_a/b", "new", "20_new\n"])
def test_a_topic_is_a_folder_of_its_own(course, topic):
    assert course.run("import", "otter.ipynb", "--topic", topic).returncode == 2
    assert not list(course.root.rglob("*.py"))


def test_a_notebook_that_cannot_be_read_is_named_with_its_faults(course):
    (course.root / "20_new.ipynb").write_bytes(notebook(NESTED, "\x1b = 1  # SOLUTION"))

    run = course.run("import", "20_new.ipynb")

    assert run.returncode == 2
    assert "20_new.ipynb: \n  cell 1, line 3: # BEGIN SOLUTION again" in run.stderr
    assert "\n  cell 2, line 1 is no Python" in run.stderr
    assert "\x1b" not in run.stderr
    assert "Traceback" not in run.stderr


# --- from notebook to verdict --------------------------------------------------------------------------------------

REST = '''

@case
def by_hand(rng):
    """Zero: half of 1 + 1."""
    return {"x": np.array([0.0])}


@case
def both_signs(rng):
    return {"x": np.round(rng.normal(size=(3, 2)), 2)}


@case(hidden=True)
def a_long_row(rng):
    return {"x": np.round(rng.normal(size=20), 2)}


@case(edge=True)
def large(rng):
    """Where exp(x) is infinite."""
    return {"x": np.array([1000.0, -1000.0])}


@alternative
def takes_numpys_own(x):
    return np.logaddexp(0, x)


@mistake
def forgets_the_one(x):
    """The logarithm of exp(x) alone is x again. What is added to exp(x)?"""
    return x * 1.0


@mistake
def bends_like_relu(x):
    """This has ReLU's corner. How large is softplus at 0?"""
    return np.maximum(x, 0)
'''


def test_a_completed_draft_is_an_exercise(course):
    course.run("import", "nbgrader.ipynb", "--topic", "20_new")
    (course.root / "solutions" / "20_new" / "unit.py").unlink()
    file = course.library.places["softplus"].solution
    text = file.read_text(encoding="utf-8").replace("difficulty=0", "difficulty=1")
    text = text.replace("hints=[]", 'hints=["What is exp(1000)?", "For large x it is x."]')
    text = text.replace('why=""', 'why="Far out it is x or 0."').replace('lesson=""', 'lesson="New"')
    text = text.replace('stay.\n"""', 'stay.\n\nSource: Dugas et al. (2001).\n"""')
    file.write_text(text[: text.index("# A draft")].rstrip() + "\n" + REST, encoding="utf-8")

    checked = course.run("check")
    desk.lay(course.library, "softplus")
    stub = course.file("softplus").read_text(encoding="utf-8")
    fresh = course.graded()["softplus"]
    course.write("softplus", "import numpy as np\n\ndef softplus(x):\n    return np.logaddexp(x, 0)\n")
    right = course.graded()["softplus"]
    course.write("softplus", "import numpy as np\n\ndef softplus(x):\n    return np.maximum(x, 0)\n")
    wrong = course.graded()["softplus"]

    assert checked.stderr == "assignments/20_new/softplus.py is missing. `make stubs` cuts it.\n"
    assert "raise NotImplementedError" in stub
    assert "np.where" not in stub
    assert "LARGE" not in stub
    assert "draft" not in stub
    assert fresh["state"] == "not started"
    assert (right["state"], right["points"]) == ("robust", "2")
    assert (wrong["state"], wrong["diagnosis"]["name"]) == ("wrong", "bends_like_relu")
