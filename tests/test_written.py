"""Formulas, statements, lessons and code on a page: all of the course's own can be shown, and text stays text."""

import ast
import re

import pytest

from grader import lessons
from grader.clean import for_html
from grader.report.code import lines, opening
from grader.report.markdown import Links, html
from grader.report.mathml import STYLES, FormulaError, formula, mathml
from grader.report.statement import of_stub
from tests import pages
from tests.conftest import ROOT
from tests.made_records import HOSTILE

PLACES = {file.stem: file for file in sorted((ROOT / "assignments").glob("*/*.py"))}
TOPICS = sorted(file.parent.name for file in (ROOT / "assignments").glob("*/README.md"))
NOWHERE = Links(page=lambda _: "", image=lambda _: "", exercise=lambda name: f"./{name}.html", exercises=("triple",))


def shown(inner: str):
    """The body of a page that holds this."""
    return pages.parsed(f"<!DOCTYPE html><title>t</title><body>{inner}").find("body")


def in_fences(text: str) -> list[str]:
    return re.findall(r"```math\n(.*?)```", text, re.DOTALL)


# --- formulas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS)
def test_every_formula_of_a_lesson_can_be_drawn(topic):
    for latex in in_fences((ROOT / "assignments" / topic / "README.md").read_text(encoding="utf-8")):
        assert " style=" not in mathml(latex)
        assert len(pages.every(shown(mathml(latex)), "math")) == 1


def test_every_formula_of_a_statement_can_be_drawn():
    found = [latex for file in PLACES.values() for latex in re.findall(r"\$\$(.+?)\$\$", file.read_text(), re.DOTALL)]

    assert len(found) > 100
    for latex in found:
        assert " style=" not in mathml(latex)


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\nonsense{x}", r"\text{", "x }"])
def test_what_is_no_formula_is_refused_and_shown_as_it_was_written(latex):
    with pytest.raises(FormulaError, match="cannot be drawn"):
        mathml(latex)
    assert pages.said(shown(formula(latex))) == latex


def test_what_a_formula_would_say_by_style_is_said_by_classes_that_the_page_knows():
    css = (ROOT / "grader" / "report" / "pages" / "page.css").read_text(encoding="utf-8")

    made = mathml(r"x\!y = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}")

    assert " style=" not in made
    assert 'class="closer"' in made
    assert 'class="choice behind"' in made
    for word in " ".join(STYLES.values()).split():
        assert f"math .{word} " in css


def test_signs_in_a_formula_are_text():
    tree = shown(mathml(r"\text{<b>} < 1"))

    assert pages.every(tree, "b") == []
    assert pages.said(tree) == "<b><1"


def test_a_wide_formula_can_be_scrolled_by_keyboard_and_a_narrow_one_is_no_stop():
    assert "tabindex" in formula("+".join(f"x_{{{n}}}" for n in range(20)))
    assert "tabindex" not in formula("y = x")


# --- statements ----------------------------------------------------------------------------------------------------

STUB = '''"""Triple: three <of> a kind.

Why anybody wants `triple`.

Maths. With x < 1

$$y = 3 x$$

and more.

    1   2
      3

Source: arithmetic.
"""

import numpy as np


def helper(x):
    return x


def triple(x, *, scale=1):
    """Return three times x.

    Args:
        x: float array, any shape. It may
            be empty.
        scale: int.

    Returns:
        Float array, the shape of x.

    Raises:
        ValueError: x is <none>.
    """
    raise NotImplementedError
'''


def test_a_statement_has_its_paragraphs_formulas_and_columns():
    found = of_stub(STUB, "triple")

    tree = shown(found.text)
    assert found.title == "Triple: three <of> a kind"
    assert [one.tag for one in tree] == ["p", "p", "div", "p", "pre", "p"]
    assert pages.visible(tree[4]) == "1   2\n  3"
    assert [one.text for one in tree.iter("strong")] == ["Maths.", "Source:"]
    assert [one.text for one in tree.iter("code")] == ["triple"]
    assert "With x < 1" in pages.said(tree)


def test_a_statement_says_what_goes_in_and_what_comes_out():
    found = of_stub(STUB, "triple")

    assert pages.visible(shown(found.head)) == "def triple(x, *, scale=1)"
    assert found.args == (("x", "float array, any shape. It may\nbe empty."), ("scale", "int."))
    assert pages.said(shown(found.returns)) == "Float array, the shape of x."
    assert found.raises == (("ValueError", "x is &lt;none&gt;."),)
    assert found.given == ("helper",)


@pytest.mark.parametrize("name", PLACES)
def test_no_word_of_an_exercises_text_is_lost(name):
    stub = PLACES[name].read_text(encoding="utf-8")
    tree = ast.parse(stub)
    (asked,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    texts = f"{ast.get_docstring(tree)} {ast.get_docstring(asked)}"
    wanted = re.sub(r"\$\$.*?\$\$|\b(Args|Returns|Raises):", " ", texts, flags=re.DOTALL)

    found = of_stub(stub, name)

    parts = [for_html(found.title), found.text, found.asks, found.returns, found.more]
    parts += [f"{argument} {said}" for argument, said in (*found.args, *found.raises)]
    told = pages.said(shown(re.sub(r"<math.*?</math>", " ", " ".join(parts))))
    assert sorted(re.findall(r"\w+", told)) == sorted(re.findall(r"\w+", wanted))
    assert {argument for argument, _ in found.args if argument} >= {one.arg for one in asked.args.args}


# --- lessons -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS)
def test_a_lesson_becomes_a_page_whose_headings_tables_and_formulas_are_all_there(topic):
    text = (ROOT / "assignments" / topic / "README.md").read_text(encoding="utf-8")

    tree = shown(html(text, NOWHERE))

    assert len(pages.every(tree, "math")) == len(in_fences(text))
    assert {one.text for one in tree.iter("h2")} >= {h for h in lessons.parse(text).parts if h == "The exercises"}
    assert not list(tree.iter("img"))  # no picture is known here: their words stand in their place
    assert "![" not in pages.said(tree)


def test_the_empty_corner_of_a_table_heads_no_column():
    tree = shown(html("| | a |\n|---|---|\n| b | c |\n", NOWHERE))

    assert [one.tag for one in tree.iter() if one.tag in ("th", "td")] == ["td", "th", "td", "td"]


def test_html_in_a_lesson_is_text():
    tree = shown(html("<script>alert(1)</script> and <b onclick='x'>this</b>", NOWHERE))

    assert [one.tag for one in tree.iter()] == ["body", "p"]
    assert "<script>alert(1)</script>" in pages.said(tree)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "//example.org", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"],
)
def test_a_lesson_leads_to_nobody_else(address):
    made = html(f"[there]({address}) ![picture]({address}) <{address}>", NOWHERE)

    assert "href" not in made
    assert "src" not in made
    assert "there" in made


def test_the_name_of_an_exercise_leads_to_its_page_unless_it_stands_in_a_link():
    assert '<a href="./triple.html"><code>triple</code></a>' in html("see `triple`", NOWHERE)
    links = Links(page=lambda _: "./x.html", image=lambda _: "", exercise=str, exercises=("triple",))
    assert html("see [`triple`](x)", links).count("<a ") == 1
    assert html("see [other](x) and `triple`", links).count("<a ") == 2


# --- code ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
def test_whatever_stands_in_a_file_is_text(word):
    made = "\n".join(line.text for line in lines(f"x = 1\n# {word}\n'''\n{word}\n"))

    tree = shown(f"<pre>{made}</pre>")
    assert {one.tag for one in tree.iter()} <= {"body", "pre", "span"}


def test_every_line_has_its_number_and_every_kind_of_word_its_class():
    found = lines('def f(x):\n    """One\n    two"""\n    return 3 + len(x)  # why\n')

    assert [line.number for line in found] == [1, 2, 3, 4]
    assert found[0].text == '<span class="k">def</span> <span class="f">f</span>(x):'
    assert found[2].text.strip().startswith('<span class="s">')
    assert '<span class="c"># why</span>' in found[3].text
    assert '<span class="n">3</span>' in found[3].text


def test_what_is_no_python_is_shown_all_the_same():
    assert "".join(line.text for line in lines("def f(:\n  ((")) != ""
    assert lines("")[0:] == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('"""One."""\n', 1),
        ('r"""One\n\n$$x$$\n"""\nx = """a"""\n', 4),
        ("x = 1\n", 0),
        ('"""never closed\n', 0),
        ("", 0),
    ],
)
def test_the_text_at_the_top_is_found_even_where_the_rest_is_no_python(source, count):
    assert opening(source) == count
    assert opening(source + "def f(:\n") == count
