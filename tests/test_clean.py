"""What learners' texts can do where they are shown: nothing but be read."""

import csv
import io
import json
import re
import unicodedata
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.clean import clean, for_csv, for_html, for_json, for_markdown, markdown_block
from grader.judge import Finding, Verdict
from grader.report.json import document
from grader.report.text import verdict_lines

SINKS = [clean, for_html, for_csv, for_markdown, markdown_block]
# Any text, and texts of what the sinks take for commands.
SIGNS = "=+-@\t\r\n,;|'\"<>&`*_#:[](){}!.~^$%/\\ \u00a0\u3000\uff1d\u202e\u2028\ud800\x1b\x85\0ab1"
WORDS = [
    "::",
    "error",
    "##vso[",
    "</",
    "<!--",
    "&lt",
    "```",
    "~~~",
    "    ",
    "\n\n",
    "1.",
    "---",
    "##[",
    "$(",
    "http://a.b",
]
TEXTS = st.text(st.characters()) | st.lists(st.sampled_from([*SIGNS, *WORDS])).map("".join)
checked = settings(derandomize=True, database=None, deadline=None, max_examples=100)


def silent(text):
    """Say whether nothing in a text commands anything: no control characters, no overrides, no half characters."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


@checked
@given(TEXTS)
@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.__name__)
def test_no_sink_lets_through_what_commands(sink, text):
    assert silent(sink(text))


# --- terminals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "plain", "two\nlines", "é 漢字 ∂L/∂x θ 🙂", "a  b", "\\x1b", "'\"{}%s"], ids=repr)
def test_a_harmless_text_stays_as_it_is(text):
    assert clean(text) == text


SHOWN = {
    "colour": ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
    "window title": ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
    "one-byte escape": ("\x9b2J", r"\x9b2J"),
    "carriage return": ("wrong\rright", r"wrong\x0dright"),
    "backspace": ("wrong\b\b", r"wrong\x08\x08"),
    "bell": ("\a", r"\x07"),
    "NUL": ("a\0b", r"a\x00b"),
    "delete": ("\x7f", r"\x7f"),
    "form feed": ("\f\v", r"\x0c\x0b"),
    "next line": ("\x85", r"\x85"),
    "right to left": ("\u202eabc\u202c", r"\u202eabc\u202c"),
    "isolate": ("\u2066x\u2069", r"\u2066x\u2069"),
    "marks": ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
    "no width": ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
    "line separator": ("a\u2028b\u2029", r"a\u2028b\u2029"),
    "half a character": ("\ud800", r"\ud800"),
    "tag beyond 16 bits": ("\U000e0041", r"\U000e0041"),
    "soft hyphen": ("\xad", r"\xad"),
    "tab": ("a\tb", "a    b"),
}


@pytest.mark.parametrize("kind", SHOWN)
def test_what_commands_a_terminal_is_shown_instead(kind):
    text, shown = SHOWN[kind]

    assert clean(text) == shown


@checked
@given(TEXTS)
def test_a_clean_text_stays_clean_and_keeps_its_lines(text):
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert cleaned.count("\n") == text.count("\n")


# --- the logs of CI systems ----------------------------------------------------------------------------------------

COMMANDS = {
    "GitHub": ("::set-output name=score::100", ": :set-output name=score::100"),
    "GitHub, further in": ("   \u00a0::error::no", "   \u00a0: :error::no"),
    "GitHub, in a later line": ("x\n\n::stop-commands::y", "x\n\n: :stop-commands::y"),
    "GitHub, in the middle, where a line may be broken": ("x ::error::no `::error::no", "x : :error::no `: :error::no"),
    "older runners": ("x ##[error]no", "x # #[error]no"),
    "Azure Pipelines": ("x##vso[task.setvariable]y", "x# #vso[task.setvariable]y"),
    "TeamCity": ("##teamcity[buildStatus]", "# #teamcity[buildStatus]"),
    "many signs": ("####[x", "### #[x"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_what_commands_a_ci_system_is_torn_apart(kind):
    text, shown = COMMANDS[kind]

    assert clean(text) == shown


@pytest.mark.parametrize(
    "text", ["x[::2]", "a[:, ::-1]", "x: :y", "std::vector", "## A title", "#[x]", "a::b"], ids=repr
)
def test_what_no_ci_system_obeys_stays_as_it_is(text):
    assert clean(text) == text


def obeyed(line):
    """Say whether a CI system would find a command in a line."""
    return (line.strip().startswith("::") and line.strip()[2:3].isalpha()) or re.search(r"##\w*\[", line)


@checked
@given(TEXTS)
def test_no_line_of_a_clean_text_is_obeyed(text):
    assert not any(obeyed(line) for line in clean(text).split("\n"))


@checked
@given(TEXTS, st.integers(80, 110))
def test_no_line_of_a_report_is_obeyed_wherever_it_was_broken(text, length):
    message = f"{'x' * length} {text} ::error::no `::error::no"
    finding = Finding("a", "value", message, called=text, printed=text)
    verdict = Verdict("f", "01_toys", "", "wrong", 3, (), (finding,), None)

    assert not any(obeyed(line.text) for line in verdict_lines(verdict, "f.py"))


@checked
@given(TEXTS)
def test_no_line_of_a_json_report_is_obeyed_and_it_says_the_same(text):
    verdict = Verdict("f", "01_toys", "", "wrong", 3, (), (Finding(None, "source", text),), None)

    printed = document([verdict], "kernel")

    assert not any(obeyed(line) for line in printed.split("\n"))
    found = json.loads(printed)
    assert found["exercises"][0]["findings"][0]["message"] == text
    assert Fraction(found["points"]) == 0


def test_a_json_document_is_the_same_without_commands():
    assert for_json(r'["##vso[x]", "\\###", "#"]') == r'["\u0023#vso[x]", "\\\u0023\u0023#", "#"]'


# --- HTML ----------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a reader of HTML makes of a page: tags, and text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.others = [], [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        self.tags.append("/" + tag)

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_html_is_shown_as_text():
    assert for_html("<b title='x'>a & b\x1b</b>") == "&lt;b title=&#x27;x&#x27;&gt;a &amp; b\\x1b&lt;/b&gt;"


@checked
@given(TEXTS)
def test_a_text_in_html_opens_no_tag_and_leaves_no_attribute(text):
    found = read(f"<p title=\"{for_html(text)}\" lang='{for_html(text)}'>{for_html(text)}</p>")

    assert found.tags == ["p", "/p"]
    assert not found.others
    assert [name for name, _ in found.attributes] == ["title", "lang"]
    assert found.text == found.attributes[0][1] == found.attributes[1][1]
    if silent(text):
        assert found.text == text


# --- CSV -----------------------------------------------------------------------------------------------------------

CELLS = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    '  =HYPERLINK("x")': '\'=HYPERLINK("x")',
    '"=1': "\"'=1",
    "\t=1": "'=1",
    "\n=1": "'=1",
    "\uff1d1": "'\uff1d1",
    "Ada;=1": "Ada;'=1",
    "Ada, =1": "Ada, '=1",
    "Ada|=1": "Ada|'=1",
    "a = b - c": "a = b - c",
    "O'Neill-Smith, Ada (ada@home)": "O'Neill-Smith, Ada (ada@home)",
    "two\nlines": "two lines",
    "": "",
}


@pytest.mark.parametrize("text", CELLS, ids=repr)
def test_a_cell_is_no_formula(text):
    assert for_csv(text) == CELLS[text]


@checked
@given(TEXTS, TEXTS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_of_a_table_is_a_formula_whatever_separates_them(separator, one, other):
    row = [for_csv(one), for_csv(other)]
    file = io.StringIO()
    csv.writer(file).writerow(row)

    (same,) = csv.reader(io.StringIO(file.getvalue()))
    (others,) = csv.reader(io.StringIO(file.getvalue()), delimiter=separator)

    assert same == row
    assert not any(cell.strip().strip('"').strip()[:1] in tuple("=+-@") for cell in [*same, *others] if cell.strip())
    assert [for_csv(cell) for cell in row] == row


# --- Markdown ------------------------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_markdown_is_shown_as_text():
    assert for_markdown("# *a* <b> & [c](d)\n1. `e`") == r"\# \*a\* &lt;b&gt; &amp; \[c\]\(d\) 1\. \`e\`"


def test_an_address_in_markdown_is_no_link():
    assert for_markdown("http://a.b :smile: |~~x~~| www.a.b") == r"http\:\/\/a\.b \:smile\: \|\~\~x\~\~\| www\.a\.b"


@checked
@given(TEXTS)
def test_a_line_of_markdown_is_a_paragraph_of_the_same_text(text):
    found = read(MARKDOWN.render(for_markdown(text)))

    assert set(found.tags) <= {"p", "/p"}
    assert not found.others
    if silent(text):
        assert found.text.split() == text.split()
    assert "\n" not in for_markdown(text)


@checked
@given(TEXTS)
def test_a_line_of_markdown_fits_into_a_table(text):
    found = read(MARKDOWN.render(f"| a | b |\n|---|---|\n| {for_markdown(text)} | x |"))

    assert found.tags.count("td") == 2
    assert set(found.tags) <= {t for name in ("table", "thead", "tbody", "tr", "th", "td") for t in (name, "/" + name)}
    assert found.text.split()[-1] == "x"


@pytest.mark.parametrize("text", ["```", "x\n````\n<b>", "~~~", "`" * 9], ids=repr)
def test_a_fence_in_a_block_of_markdown_does_not_end_it(text):
    found = read(MARKDOWN.render(markdown_block(text)))

    assert found.tags == ["pre", "code", "/code", "/pre"]
    assert found.text.rstrip("\n") == text


@checked
@given(TEXTS)
def test_a_block_of_markdown_holds_every_line_and_nothing_behind_it_is_drawn_in(text):
    found = read(MARKDOWN.render(f"{markdown_block(text)}\n\nafterwards"))

    assert found.tags == ["pre", "code", "/code", "/pre", "p", "/p"]
    if silent(text):
        assert found.text.strip("\n").split("\n")[-1] == "afterwards"
        assert text in found.text
