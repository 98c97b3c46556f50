"""What learners' texts can do to a terminal: nothing but be read."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.clean import clean


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


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.text(st.characters()) | st.text("\x1b[\r\n\u202e\u2028\x00a"))
def test_a_clean_text_holds_nothing_that_commands_and_stays_clean(text):
    cleaned = clean(text)

    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in cleaned)
    assert clean(cleaned) == cleaned
    assert cleaned.count("\n") == text.count("\n")
