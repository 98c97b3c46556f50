"""The page that teaches gradient checking is true: its examples print what it says."""

import doctest
from pathlib import Path

import grader.gradcheck

PAGE = Path(grader.gradcheck.__file__).parent / "README.md"


def test_the_examples_of_the_page_print_what_it_says():
    results = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert results.attempted > 10
    assert results.failed == 0


def test_the_page_shows_every_public_function():
    text = PAGE.read_text(encoding="utf-8")

    assert [name for name in grader.gradcheck.__all__ if name.islower() and name not in text] == []
