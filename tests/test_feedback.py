"""A student's page has the numbers of the record, begins with what to look at, and keeps the teacher's notes away."""

from fractions import Fraction

import pytest

from grader.classroom.feedback import lateness, page
from grader.classroom.record import Student
from tests import pages
from tests.made_records import HOSTILE, NAMES, record, records


def told(*states: str, **more) -> str:
    return pages.said(pages.parsed(page(record("ben", *states, **more))))


def test_points_are_told_rounded_and_exactly():
    said = told("robust", "right", "wrong")

    assert "counts 7.67 of 12 points exactly 23/3" in said
    assert "1 robust, 1 right, 1 wrong" in said


def test_points_that_two_decimals_hold_are_told_once():
    said = told("robust", "right", "wrong", kept=Fraction(9, 10), days_late=1)

    assert "counts 6.90 of 12 points" in said
    assert "69/10" not in said


@pytest.mark.parametrize(
    ("days", "kept", "words"),
    [
        (0, "1", ""),
        (
            2,
            "4/5",
            "The exercises are worth 7.67 (exactly 23/3) points. It was handed in 2 days late; a day that has begun "
            "counts as a day. So 80 % of that counts: 6.13 points.",
        ),
        (1, "1", "It was handed in 1 day late; a day that has begun counts as a day. No points are taken off."),
        (
            0,
            "1/3",
            "The exercises are worth 7.67 (exactly 23/3) points. It was not handed in late. "
            "So 1/3 of that counts: 2.56 points.",
        ),
    ],
)
def test_lateness_is_explained(days, kept, words):
    assert lateness(record("ben", days_late=days, kept=Fraction(kept))) == words


@pytest.mark.parametrize(
    ("states", "first"),
    [
        (("not started", "right", "wrong"), "calibrate_threshold"),
        (("not started", "right", "robust"), "softmax_loss"),
        (("robust", "not judged", "not started"), "calibrate_threshold"),
    ],
)
def test_a_page_begins_with_what_to_look_at(states, first):
    assert f"Look at first: {first} " in told(*states)


def test_where_all_is_robust_there_is_nothing_to_look_at():
    assert "Look at first" not in told("robust", "robust", "robust")


def test_what_is_not_judged_is_nobodys_mistake_and_not_final():
    said = told("robust", "not judged", "wrong")

    assert "counts so far 4.33 of 12 points" in said
    assert "The points are not final: softmax_loss could not be judged. That is not your mistake" in said


def test_whoever_handed_in_nothing_is_asked_kindly():
    said = told("not started", "not started", "not started", submission="", handed_in="")

    assert "Nothing was found that is yours." in said
    assert "Look at first" not in said


def test_files_that_nobody_expects_are_told_and_notes_for_the_teacher_are_not():
    said = told(ignored=("conftest.py",), faults=("a fault for the teacher",), evidence=("what looks like tampering",))

    assert "1 file that nobody expects was handed in as well and not used. That takes no points." in said
    assert "conftest.py" in said
    for kept in ("a fault for the teacher", "tampering", "PermissionError", "kernel"):
        assert kept not in said


def test_every_exercise_and_every_case_is_there():
    tree = pages.parsed(page(record("ben", "robust", "right", "wrong")))

    rows = pages.table(pages.described(tree, "Every exercise, its state and its points"))
    assert rows[1:] == [
        ["relu_backward", ":D robust", "3/3"],
        ["softmax_loss", ":) right", "3.33/5"],
        ["calibrate_threshold", ":( wrong", "1.33/4"],
    ]
    for name in NAMES:
        assert len(pages.table(pages.described(tree, f"Cases of {name}"))) == 4


def test_what_has_not_begun_is_listed_with_how_to_begin():
    said = told("robust", "not started", "wrong")

    assert "Read its text, replace raise NotImplementedError" in said
    assert "softmax_loss: About softmax_loss (5 points)" in said


@pytest.mark.parametrize("one", records(), ids=lambda one: one.student.id)
def test_the_same_record_gives_the_same_bytes(one):
    assert page(one) == page(one)


@pytest.mark.parametrize("word", [word for word in HOSTILE if word], ids=ascii)
def test_a_hostile_name_makes_the_page_of_any_other_name(word):
    def skeleton(name: str) -> list[tuple[str, list[str]]]:
        whole = page(record(Student("s1", name, name, name), submission=name, ignored=(name,)))
        return [(str(one.tag), sorted(one.attrib)) for one in pages.parsed(whole).iter()]

    assert skeleton(word) == skeleton("Ada")
