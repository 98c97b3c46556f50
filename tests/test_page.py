"""What all pages have in common: they are text, stand alone, and can be read by everybody."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from grader.classroom import feedback, overview
from grader.classroom.similarity import Pair
from grader.clean import for_html
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict
from grader.report.page import block, render
from grader.report.text import FACES, verdict_lines
from tests import pages
from tests.made_records import HOSTILE, NAMES, hostile, record, records, verdict

CSS = (Path(__file__).parent.parent / "grader" / "report" / "pages" / "page.css").read_text(encoding="utf-8")
STATES = list(FACES)


@pytest.mark.parametrize("one", [*records(), *hostile()], ids=lambda one: ascii(one.student.id)[:30])
def test_every_students_page_is_well_formed_and_harmless(one):
    assert pages.faults(feedback.page(one)) == []


def test_the_overview_is_well_formed_and_harmless():
    whole = [*records(), *hostile()]

    page = overview.page(
        [(one, 0.5) for one in whole],
        title="<h1>Class</h1>",
        similar=[Pair(word, word, "relu_backward", 0.5) for word in HOSTILE],
        link=lambda student: f"feedback/{student.id}.html",
    )

    assert pages.faults(page) == []


FAULTY = {
    "a script": ("</main>", "<script>1</script></main>"),
    "a handler": ("<main ", '<main onclick="1" '),
    "an address": ("#main", "https://example.org/"),
    "a style that was changed": ("margin: 0;", "margin: 1px;"),
    "no policy": ('http-equiv="Content-Security-Policy"', 'name="policy"'),
    "a heading that jumps": ("<h2 ", "<h1>again</h1><h2 "),
    "an element that is not closed": ("</h1>", ""),
    "a link to nowhere": ("#main", "#nowhere"),
}


@pytest.mark.parametrize(("old", "new"), FAULTY.values(), ids=FAULTY)
def test_the_reader_of_pages_bites(old, new):
    page = feedback.page(record())
    assert old in page

    try:
        found = pages.faults(page.replace(old, new))
    except Exception as fault:
        found = [str(fault)]

    assert found


def alone(one: Verdict) -> str:
    """A page of one exercise."""
    topic = {"number": "04", "title": "A topic", "lesson": "lesson.html", "points": "0", "most": 3, "states": "1 wrong"}
    told = {"topic": {**topic, "exercises": []}, "blocks": [block(one, 1)], "pages": {one.name: "page.html"}}
    return render("topic.html", **told, front="index.html", how_to_start="")


def seen(word: str) -> str:
    """How a browser shows a word."""
    return pages.said(pages.parsed(f"<!DOCTYPE html><title>t</title><p>{for_html(word)}</p>").find("body"))


@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
@pytest.mark.parametrize("field", ["message", "called", "printed"])
def test_whatever_learners_wrote_is_text(word, field):
    finding = Finding("core", "value", **{"message": "m", **{field: word}})
    cases = (CaseVerdict("core", "core", False, "failed"),)
    one = Verdict("f", "01_toys", word, "wrong", 3, cases, (finding,), Diagnosis("mistake", "m", word))

    page = alone(one)

    assert pages.faults(page) == []
    assert seen(word)[:300] in pages.said(pages.parsed(page))


def test_code_in_a_message_keeps_its_columns():
    finding = Finding(None, "syntax", "line 2 is not `Python` yet: bad\n    def f(:\n          ^")
    one = Verdict("f", "01_toys", "", "wrong", 3, (), (finding,), None)

    page = alone(one)

    assert "<pre>\n    def f(:\n          ^</pre>" in page
    assert "<code>Python</code>" in page


@pytest.mark.parametrize("state", STATES)
def test_a_page_says_what_the_terminal_says(state):
    one = verdict("relu_backward", state)
    told = block(one, 1)

    page = pages.said(pages.parsed(feedback.page(record("s", state, "robust", "robust"))))

    lines = [" ".join(line.text.split()) for line in verdict_lines(one, "path")]
    for line in lines[2:]:  # behind the name and the path
        assert (line in page) != ("ASSISTED" in line)  # a page may be read where nothing can be lent
    assert f"{told.face} {state}" in page


def test_of_a_hidden_case_a_page_says_name_and_kind_whatever_is_known():
    leaky = Finding("secret", "value", "y is 41, expected 42", "f(x=41)", "x is 41\n")
    cases = (CaseVerdict("secret", "core", True, "failed"),)

    told = block(Verdict("f", "01_toys", "", "wrong", 3, cases, (leaky,), None), 1)

    assert [(part.where, part.said, part.called, part.printed) for part in told.parts] == [
        ("in case secret:", "a hidden case fails (value)", "", "")
    ]


def test_prints_are_capped_and_say_so():
    finding = Finding("core", "value", "m", printed="y" * 5000 + "\n" + "x\n" * 5000)
    cases = (CaseVerdict("core", "core", False, "failed"),)

    (part,) = block(Verdict("f", "01_toys", "", "wrong", 3, cases, (finding,), None), 1).parts

    assert part.printed.split("\n")[-1] == "... and 4961 lines more"
    assert max(map(len, part.printed.split("\n"))) == 400


# --- colours -------------------------------------------------------------------------------------------------------


def palette(scheme: str) -> dict[str, str]:
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in CSS.split("@media screen and")[:2]
    )
    return {**light, **dark} if scheme == "dark" else light


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21. Source: WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


TEXTS = [
    *((ink, paper) for ink in ("ink", "quiet", "link") for paper in ("paper", "card")),
    *(("ink", f"{kind}-bg") for kind in ("good", "bad", "wait")),
    *((kind, f"{kind}-bg") for kind in ("good", "bad", "wait")),
    *((f"heat-{shade}-ink", f"heat-{shade}") for shade in range(1, 6)),
]


def test_contrast_is_measured_as_agreed():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXTS)
def test_text_can_be_read_in_both_schemes(scheme, ink, paper):
    colours = palette(scheme)

    assert contrast(colours[ink], colours[paper]) >= 4.5


def test_both_schemes_have_colours_of_their_own():
    assert palette("light")["paper"] != palette("dark")["paper"]
    assert {f"heat-{shade}" for shade in range(1, 6)} <= set(palette("dark"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_more_students_the_further_a_shade_is_from_the_paper(scheme):
    colours = palette(scheme)
    far = [contrast(colours[f"heat-{shade}"], colours["paper"]) for shade in range(1, 6)]

    assert far == sorted(far)
    assert all(later > 1.2 * earlier for earlier, later in pairwise(far))


def test_the_names_of_a_class_are_those_of_its_exercises():
    assert all(name in pages.said(pages.parsed(feedback.page(record()))) for name in NAMES)
