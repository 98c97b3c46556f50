"""Reports and pages are made of whole sentences, which can be said in any language, whatever fills their gaps."""

import gettext
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from jinja2 import Environment
from markupsafe import Markup

from grader.classroom import feedback
from grader.classroom.record import Student
from grader.clean import for_html
from grader.judge import Verdict, judge
from grader.messages import speaking
from grader.report import page
from grader.report.text import details, overview, verdict_lines
from tests import pages
from tests.made_records import HOSTILE, NAMES, record, verdict
from tests.spoken import GRADER, Brackets, unsaid
from tests.test_languages import ALL, SAMPLE, key_of, pythons
from tests.test_page import alone

STATES = ("robust", "right", "wrong", "blocked", "not judged", "not started")
TEMPLATES = sorted((GRADER / "report" / "pages").glob("*.html"))


# --- the terminal --------------------------------------------------------------------------------------------------


def content(one: Verdict) -> set[str]:
    """What may stand outside of sentences: names of ours and of the learner's, and what an author has written."""
    hidden = {f"⟦{case.name} (hidden)⟧" for case in one.cases if case.hidden}
    cause = {one.diagnosis.message, *one.diagnosis.message.split("\n")} if one.diagnosis else set()
    return {one.name, one.topic, one.title, "path", ALL, *hidden, *cause, *(case.name for case in one.cases)}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_report_is_made_of_whole_sentences(name):
    for made in key_of(name).mistakes:
        with speaking(Brackets()):
            one = judge(key_of(name), made.outcomes)
            lines = [*verdict_lines(one, "path"), *details(one), *overview([one])]

        text = " ".join(" ".join(line.text for line in lines).split())
        assert unsaid(text, content(one) | pythons(made.outcomes)) == [], text


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_told_in_whole_sentences(state):
    with speaking(Brackets()):
        lines = [
            line.text for line in (*verdict_lines(verdict(state=state), "path"), *overview([verdict(state=state)]))
        ]

    written = {finding.message for finding in verdict(state=state).findings}
    printed = {"here 1 < 2"}
    assert unsaid(" ".join(" ".join(lines).split()), content(verdict(state=state)) | written | printed) == []


# --- templates -----------------------------------------------------------------------------------------------------

_SEEN = re.compile(r'\b(?:aria-label|alt|title|placeholder|value)="([^"]*)"')
# Names of parts of a page, and forms of numbers.
_NAMES = {"opening-lines", "source", "%.2f", ", ", " ", "-", "", "\n", " \u00a0 "}


def environment() -> Environment:
    return page._environment()


def bare(template: str) -> Iterator[str]:
    """Whatever a template shows that is in no `{% trans %}`: text, attributes that are read out, and strings."""
    data, said, in_block, waiting = [], False, "", ""
    for _, kind, token in environment().lex(template):
        if kind == "block_begin":
            in_block = "?"
        elif kind == "name" and in_block == "?":
            in_block, said = token, token == "trans" or (said and token == "pluralize")
        elif kind == "block_end":
            in_block = ""
        elif kind == "data" and not said:
            data.append(token)
        elif kind == "string" and not in_block and not waiting.endswith("gettext("):
            yield from [token[1:-1]] if _shown_text(token[1:-1]) else []
        if kind in ("name", "operator"):
            waiting = f"{waiting}{token}"
    text = "".join(data)
    yield from (label for label in _SEEN.findall(text) if _shown_text(label))
    yield from (words for words in re.split(r"<[^>]*>", text, flags=re.DOTALL) if _shown_text(words))


def _shown_text(words: str) -> bool:
    return words not in _NAMES and bool(re.search(r"[^\W\d_]{2,}", words))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_shows_nothing_that_is_not_said(file):
    assert list(bare(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Verdict</p>",
        '<p aria-label="Verdict">{{ name }}</p>',
        '{{ "The first hint" if name }}',
        "{% trans %}Verdict{% endtrans %} of {{ name }}",
        "{% if name %}Verdict{% endif %}",
    ],
)
def test_the_reader_of_templates_bites(template):
    assert list(bare(template))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_tools_find_every_sentence_of_a_template(file):
    source = file.read_text(encoding="utf-8")

    found = list(environment().extract_translations(source))

    assert len(found) == len(re.findall(r"{%-? trans\b|\bgettext\(", source))
    assert all(sentence for _, _, sentence in found)


# --- pages ---------------------------------------------------------------------------------------------------------


def texts(html: str) -> list[str]:
    """All that a page shows or has read out: its text, and each of its labels."""
    tree = pages.parsed(html)
    labels = [one.get(name) for one in tree.iter() for name in ("aria-label", "alt") if one.get(name)]
    return [pages.said(tree), *labels]


@pytest.mark.parametrize("state", STATES)
def test_a_page_is_made_of_whole_sentences(state):
    one = verdict(state=state)
    known = {*content(one), *(finding.message for finding in one.findings), "here 1 < 2", "A topic", "04", "1 wrong"}

    with speaking(Brackets()):
        shown = texts(alone(one))

    assert [(text, found) for text in shown if (found := unsaid(text, known))] == []


def test_a_students_page_is_made_of_whole_sentences():
    one = record("s", "wrong", "not judged", "not started", ignored=("a.py", "b.py"), days_late=2, kept=1)
    known = set().union(*(content(verdict(name)) for name in NAMES)) | {f"About {name}" for name in NAMES}
    known |= {finding.message for each in one.verdicts for finding in each.findings}
    known |= {each.diagnosis.message for each in one.verdicts if each.diagnosis}
    known |= {"s.zip", "Name of s", "a.py", "b.py", "here 1 < 2"}

    with speaking(Brackets()):
        shown = texts(feedback.page(one))

    assert [(text, found) for text in shown if (found := unsaid(text, known))] == []


class German(gettext.NullTranslations):
    """Two sentences of pages, one of them with a gap that the English one does not have."""

    def gettext(self, message: str) -> str:
        german = {"(exactly %(exact)s)": "(genau %(exact)s)", "Cases of %(name)s": "Fälle von %(wer)s"}
        return german.get(message, message)

    def info(self) -> dict[str, str]:
        return {"language": "de_AT"}


def test_pages_are_in_the_language_that_is_spoken():
    with speaking(German()):
        german = (
            environment().from_string("{% import 'parts.html' as parts %}{{ parts.worth('1', '7/3', 3) }}").render()
        )
        html = alone(verdict(state="right"))

    assert german == "1 of 3 points <small>(genau 7/3)</small>"
    assert '<html lang="de-AT">' in html
    assert '<html lang="en">' in alone(verdict(state="right"))


def test_a_sentence_of_a_page_with_other_gaps_gives_way_to_the_english_one():
    with speaking(German()):
        html = alone(verdict(state="right"))

    assert 'aria-label="Cases of relu_backward"' in html


# --- what fills a gap ----------------------------------------------------------------------------------------------

WORDS = (*HOSTILE, "100 %", "%(name)s", "%s %d", "{name}", "{{ name }}", "</p>", "&amp;", "\u2066x\u2069")


@pytest.mark.parametrize("word", WORDS, ids=ascii)
@pytest.mark.parametrize(
    "template",
    [
        "{% trans %}Feedback for {{ name }}, 100 %{% endtrans %}",
        "{% trans said=name %}Feedback for <b>{{ said }}</b>, 100 %{% endtrans %}",
        "{% trans count=2 %}1 of {{ name }}{% pluralize %}Feedback for {{ name }}, 100 %{% endtrans %}",
    ],
)
@pytest.mark.parametrize("language", [Brackets(), gettext.NullTranslations()], ids=["brackets", "english"])
def test_whatever_fills_a_gap_of_a_sentence_is_text(word, template, language):
    with speaking(language):
        shown = environment().from_string(template).render(name=word)

    text = re.sub("</?b>|[⟦⟧]", "", shown)
    assert text == f"Feedback for {for_html(word)}, 100 %"


def test_what_our_filters_made_fills_a_gap_as_it_is():
    shown = environment().from_string("{% trans said=name | prose %}Do: {{ said }}{% endtrans %}")

    assert shown.render(name="`make <x>`") == "Do: <code>make &lt;x&gt;</code>"
    assert isinstance(page._told("x"), Markup)


@pytest.mark.parametrize("word", [word for word in WORDS if word], ids=ascii)
def test_a_hostile_name_is_text_in_every_sentence_of_a_page(word):
    one = replace(record(Student("s", word), "wrong", "right", "not started"), ignored=(word,))

    with speaking(Brackets()):
        html = feedback.page(one)

    assert pages.faults(html) == []
    assert f"<bdi>{for_html(word)}</bdi>" in html
    assert f"<title>⟦Feedback for {for_html(word)}⟧</title>" in html
