"""What the lesson on notation says of numbers and shapes."""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
LESSON = " ".join((ROOT / "assignments" / "00_notation" / "README.md").read_text(encoding="utf-8").split())


def test_the_sum_of_the_lesson():
    assert "With w = [1, 10] and x = [3, 4] it is 43" in LESSON
    assert np.array([1, 10]) @ np.array([3, 4]) == 43


def test_the_staircase_of_the_lesson():
    numbers = np.array([0.3, 0.8, 1.1, 1.9, 2.4])

    assert "(0.3, 0.8, 1.1, 1.9 and 2.4)" in LESSON
    assert [(numbers > t).sum() for t in (0, 2.41)] == [5, 0]


def test_the_table_of_comparisons_of_the_lesson(library):
    table = library.exercise("one_hot").reference(np.array([2, 0, 1, 2]), 3)

    rows = ", then ".join(" ".join(str(int(v)) for v in row) for row in table)
    assert rows in LESSON


def test_the_boxes_of_the_lesson(library):
    sums = library.exercise("segment_sum").reference(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 0]), 3)

    assert sums.tolist() == [5, 0, 2]
    assert "Box 0 gets 1 and 4 and holds 5, box 1 gets nothing and holds 0, box 2 gets 2" in LESSON


def test_shapes_broadcast_as_the_lesson_says():
    assert "(4, 1) and (3,) make (4, 3)" in LESSON
    assert np.broadcast_shapes((4, 1), (3,)) == (4, 3)
    assert "(4,) and (4, 1) make (4, 4)" in LESSON
    assert np.broadcast_shapes((4,), (4, 1)) == (4, 4)


def test_a_thousand_million_comparisons():
    assert "it compares a thousand million times to find a hundred thousand ones" in LESSON
    assert 100_000 * 10_000 == 1_000_000_000


def test_adding_to_repeated_places_loses_values():
    out = np.zeros(2)
    out[np.array([0, 0])] += np.array([1.0, 2.0])

    assert out[0] == 2
