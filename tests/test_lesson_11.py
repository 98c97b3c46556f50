"""The numbers in the lesson on building blocks, computed anew."""

import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
LESSON = " ".join((ROOT / "assignments" / "11_blocks" / "README.md").read_text(encoding="utf-8").split())


def test_the_filter_answers_what_the_lesson_says(library):
    picture = np.repeat([[0.0, 0, 0, 1, 1, 1]], 4, axis=0)[None, None]
    weights = np.array([[-1.0, 0, 1]] * 3)[None, None]

    answer, _ = library.exercise("conv_forward_naive").reference(picture, weights, np.zeros(1), {"stride": 1, "pad": 0})

    assert np.array_equal(answer[0, 0], [[0, 3, 3, 0]] * 2)
    assert "2 rows of 4 numbers: 0, 3, 3, 0" in LESSON


def test_the_sizes_are_those_of_the_lesson():
    assert "1.6 thousand million weights" in LESSON
    assert (200 * 200) ** 2 == 1_600_000_000
    assert "1 + 3 // 2 = 2 positions" in LESSON
    assert 1 + (5 - 2) // 2 == 2


@pytest.mark.parametrize("length", [0.1, 1, 3])
def test_squashed_lengths_are_those_of_the_lesson(length):
    assert f"{length:g} becomes {length**2 / (1 + length**2):.2g}" in LESSON


def test_the_softmax_is_as_certain_as_the_lesson_says():
    low, high, first, last = (
        float(number)
        for number in re.search(
            r"stays between (0\.\d+) and (0\.\d+)\. Without, it rises from (0\.\d+) at d = 1 to (0\.\d+) at d = 512",
            LESSON,
        ).groups()
    )
    rng, scaled, raw = np.random.default_rng(11), [], []
    for d in 2 ** np.arange(10):
        scores = np.einsum("nd,nmd->nm", rng.normal(size=(400, d)), rng.normal(size=(400, 10, d)))
        for shares, scale in ((raw, 1.0), (scaled, np.sqrt(d))):
            powers = np.exp(scores / scale - (scores / scale).max(axis=1, keepdims=True))
            shares.append((powers.max(axis=1) / powers.sum(axis=1)).mean())

    assert [round(min(scaled), 2), round(max(scaled), 2)] == [low, high]
    assert [round(raw[0], 2), round(raw[-1], 2)] == [first, last]
    assert round(np.exp(8)) == 2981
    assert "e^8 is 2981" in LESSON
