"""Answers that are alike beyond what everybody writes are found, and those that had to be alike are not."""

import pytest

from tests.answers import answer

pytest.importorskip("copydetect")

from grader.classroom.similarity import Pair, pairs

NAME = "softmax_loss"
OWN = """import numpy as np

def softmax_loss(x, y):
    count = x.shape[0]
    best = x.max(axis=1).reshape(count, 1)
    lifted = np.exp(x - best)
    whole = lifted.sum(axis=1, keepdims=True)
    shares = lifted / whole
    total = 0.0
    for row in range(count):
        total -= np.log(shares[row, y[row]] + 0 * row)
    slope = shares.copy()
    for row, label in enumerate(y):
        slope[row, int(label)] = slope[row, int(label)] - 1
    return float(total) / count, slope / float(count)
"""
RENAMED = OWN
for old, new in {"count": "n", "lifted": "e", "shares": "p", "total": "loss", "slope": "dx", "best": "m"}.items():
    RENAMED = RENAMED.replace(old, new)
RENAMED = "# all my own work\n" + RENAMED.replace("whole", "s").replace("    e = ", "    # exponentials\n    e = ")


@pytest.fixture(scope="module")
def course(library):
    """The stub and the course's answers, and twelve students who each wrote one of these."""
    solution, exercise = library.places[NAME].solution, library.exercise(NAME)
    variants = ["", *(v.name for v in exercise.alternatives), *(v.name for v in exercise.mistakes)]
    known = [library.stub(NAME), *(answer(solution, variant) for variant in variants)]
    texts = {f"s{n:02}": answer(solution, variants[n % len(variants)]) for n in range(12)}
    return known, texts


def test_a_copy_with_other_names_and_comments_is_found(course):
    known, texts = course
    (pair,) = pairs(NAME, {**texts, "ben": OWN, "anna": RENAMED}, known)

    assert (pair.one, pair.other, pair.exercise) == ("anna", "ben", NAME)
    assert pair.share > 0.9


def test_answers_that_everybody_writes_are_no_pairs(course):
    known, texts = course

    assert list(pairs(NAME, {**texts, "ben": OWN}, known)) == []


def test_what_many_have_written_says_nothing(course):
    known, texts = course

    assert list(pairs(NAME, {**texts, **{f"t{n}": OWN for n in range(6)}}, known)) == []


def test_stubs_empty_files_and_what_is_no_python_are_no_pairs(course):
    known, texts = course
    odd = {"a": known[0], "b": known[0], "c": "", "d": "", "e": "def f(:\n" * 3, "f": "def f(:\n" * 3, "g": "\0" * 9}

    assert list(pairs(NAME, {**texts, **odd}, known)) == []


def test_the_most_alike_come_first(course):
    known, texts = course
    half = OWN.replace("for row, label in enumerate(y):", "for row in np.arange(len(y)):").replace("label", "y[row]")
    found = list(pairs(NAME, {**texts, "anna": RENAMED, "ben": OWN, "cleo": half}, known, least=0.3))

    assert found == sorted(found, key=lambda pair: -pair.share)
    assert isinstance(found[0], Pair)
    assert {found[0].one, found[0].other} == {"anna", "ben"}
