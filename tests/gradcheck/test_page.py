"""The page that teaches gradient checking is true: its examples print what it says."""

import doctest
from inspect import isfunction
from pathlib import Path

import grader.gradcheck

PAGE = Path(grader.gradcheck.__file__).parent / "README.md"


def test_the_examples_of_the_page_print_what_it_says():
    results = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)

    assert results.attempted > 10
    assert results.failed == 0


def test_the_page_shows_every_public_function():
    text = PAGE.read_text(encoding="utf-8")
    public = [name for name, value in vars(grader.gradcheck).items() if isfunction(value)]

    assert len(public) == 5
    assert [name for name in public if name not in text] == []
