"""`from grader import check, plot` in a notebook, run by a real kernel: shown as HTML, once, and as text beside it."""

import pytest

from tests.test_report_gradient import BENT
from tests.toys import lay

CELLS = [
    "from grader import check, hint, plot",
    "import numpy as np\ndef twice(x):\n    return 2 * x",
    "def triple(x):\n    print('<script>alert(1)</script>')\n    return twice(x)",
    "check(triple)",
    "# a comment\ndef triple(x: np.ndarray):\n    y = x\n    return missing(y)\nresult = check(triple)",
    "result",
    "def bent(x):\n    return np.sum(np.abs(x) + x**3), np.sign(x) + x**2\nbool(check(bent))",
    "plot(bent)",
    "check(lambda x: x)",
    "def triple(x):\n    %time\n    return x\ncheck(triple)",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What the cells of a notebook put out, run by a real kernel."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    root = tmp_path_factory.mktemp("course")
    lay(root)
    lay(root, "bent", BENT)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    where = {"metadata": {"path": str(root)}}
    nbclient.NotebookClient(notebook, allow_errors=True, kernel_name="python3", resources=where).execute()
    return [cell.outputs for cell in notebook.cells]


def shown(output, kind):
    return "".join(output["data"][kind])


def test_a_notebook_shows_the_report_once_and_then_one_line(outputs):
    report, line = outputs[3]

    assert shown(report, "text/plain").startswith(":( triple: wrong")
    assert '<span class="name">triple</span>' in shown(report, "text/html")
    assert (line["output_type"], shown(line, "text/plain")) == ("execute_result", "<triple: wrong, 0 of 3 points>")
    assert list(line["data"]) == ["text/plain"]


def test_what_a_learner_prints_stays_text_in_a_notebook(outputs):
    html = shown(outputs[3][0], "text/html")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_functions_of_other_cells_go_along(outputs):
    assert "That is twice x" in shown(outputs[3][0], "text/plain")


def test_a_message_names_the_cell_and_its_own_line(outputs):
    said = shown(outputs[4][0], "text/plain")

    assert "Cell In[5]" in said
    assert "line 4, in triple: return missing(y)" in said


def test_a_result_is_shown_as_one_line(outputs):
    assert [shown(one, "text/plain") for one in outputs[5]] == ["<triple: wrong, 0 of 3 points>"]


def test_the_report_has_its_picture_with_words_for_it(outputs):
    html = shown(outputs[6][0], "text/html")

    assert html.count('<img src="data:image/png;base64,iVBOR') == 1
    assert 'alt="In case' in html
    assert "The curve is flat" in html


def test_a_report_without_answers_has_no_picture(outputs):
    assert "<img" not in shown(outputs[4][0], "text/html")


def test_a_plot_is_shown_in_a_notebook(outputs):
    (one,) = outputs[7]

    assert '<img src="data:image/png;base64,iVBOR' in shown(one, "text/html")


def test_a_refusal_is_a_sentence_without_a_traceback(outputs):
    (one,) = outputs[8]

    assert one["traceback"] == ["a lambda does not say which exercise it is. Write: def name_of_exercise(...):"]


def test_a_line_for_notebooks_only_is_named(outputs):
    assert "lines that begin with % or !" in outputs[9][-1]["traceback"][0]


def test_the_style_touches_nothing_outside_of_our_own_element(outputs):
    html = shown(outputs[3][0], "text/html")
    style = html.split("<style>")[1].split("</style>")[0]

    depth, outside = 0, ""
    for character in style:
        depth -= character == "}"
        outside += character if depth == 0 else ""
        depth += character == "{"
    selectors = [one.strip() for one in outside.replace("}", "{").split("{") if one.strip()]

    assert depth == 0
    assert len(selectors) == 3
    assert all(part.strip().endswith(".gradlings") for selector in selectors for part in selector.split(","))
    assert ":root" not in style
    assert "body {" not in style


def test_each_theme_of_a_notebook_has_its_colours(outputs):
    style = shown(outputs[3][0], "text/html").split("<style>")[1].split("</style>")[0]
    light = style.split('[data-jp-theme-light="true"]')[1].split("}")[0]
    dark = style.split('[data-jp-theme-light="false"]')[1].split("}")[0]

    assert "--paper: #ffffff" in light
    assert "--paper: #14171b" in dark
    assert light.count("--") == dark.count("--")
