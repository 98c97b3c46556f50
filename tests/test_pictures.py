"""The pictures of the lessons are those that their code draws, and every lesson says in words what they show."""

import re

import numpy as np
import pytest

from tests.pictures import LESSONS, course_map, drawings, svg

pytestmark = pytest.mark.slow

DRAWN = dict(drawings())
LESSON = {file.parent.name: file.read_text(encoding="utf-8") for file in sorted(LESSONS.glob("*/README.md"))}


def links(text: str) -> list[tuple[str, str]]:
    """Alternative text and target of every picture in a lesson."""
    return [(" ".join(words.split()), target) for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)]


def test_every_picture_is_what_its_code_draws():
    assert set(LESSONS.rglob("*.svg")) == set(DRAWN)
    for file, draw in DRAWN.items():
        (kept, at), (drawn, now) = parts(file.read_text(encoding="utf-8")), parts(svg(draw))
        assert kept == drawn, f"{file}: python -m tests.pictures draws it anew"
        assert np.allclose(at, now, rtol=0, atol=0.05), f"{file}: python -m tests.pictures draws it anew"


def parts(picture: str) -> tuple[str, list[float]]:
    """The text of a picture and its coordinates, which processors round differently; without made-up names."""
    text = re.sub(r"(id=\"|#)\w+", "", picture)
    return re.sub(r"-?\d+\.\d+", "", text), [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


@pytest.mark.parametrize("topic", sorted({file.parent.name for file in DRAWN if file.parent != LESSONS}))
def test_a_lesson_shows_its_pictures_and_says_in_words_what_they_show(topic):
    shown = links(LESSON[topic])

    assert {target for _, target in shown} == {file.name for file in DRAWN if file.parent.name == topic}
    assert len(shown) >= 2
    for words, target in shown:
        assert len(words) >= 40, f"{target}: say what the picture shows to somebody who cannot see it"


def test_the_map_says_in_words_what_its_arrows_say():
    (words,) = [
        words for words, target in links((LESSONS.parent / "README.md").read_text(encoding="utf-8")) if "map" in target
    ]
    arrows = {topic: others for topic, others in course_map.needed().items() if others}

    said = dict(re.findall(r"(\d\d) builds on ([\d, and]+?)[;.]", words))
    assert {topic: re.findall(r"\d\d", others) for topic, others in said.items()} == arrows
