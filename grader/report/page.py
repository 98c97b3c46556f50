"""Pages of HTML that stand alone: one file, no script, no address but their own.

What is shown is text: every value that a template shows goes through `for_html`, whoever wrote it, and the page's own
policy forbids whatever it does not bring along. Colour only repeats what a word says. The words of an exercise are
those of `grader.report.text`.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.clean import for_html
from grader.judge import CaseVerdict, Finding, Verdict
from grader.messages import language, say, say_count, translated, translated_count
from grader.next_step import todo
from grader.points import points
from grader.report import text

__all__ = ["STATES", "Block", "Part", "block", "count", "counted", "exact", "prose", "render", "style_source"]

STATES = ("robust", "right", "wrong", "blocked", "not judged", "not started")
_PRINTED_LINES = 40  # a page has more room than a terminal
_MESSAGE_LINES = 16
_LINE = 400
_CODE = re.compile("`([^`\n]+)`")


@dataclass(frozen=True)
class Part:
    """One finding in words: what it is about, what is said, how the function was called, what it printed."""

    where: str
    said: str
    called: str
    printed: str


@dataclass(frozen=True)
class Block:
    """What a page says of one exercise; whatever there is nothing to say of is empty."""

    anchor: str
    name: str
    title: str
    topic: str
    path: str
    state: str
    face: str
    points: str
    exact: str
    max_points: int
    lent: str
    checked: str
    parts: tuple[Part, ...]
    further: tuple[Part, ...]
    cause: str
    next: str
    cases: tuple[CaseVerdict, ...]


def block(verdict: Verdict, number: int, path: str = "") -> Block:
    """Return what a page says of a verdict.

    Args:
        verdict: the verdict.
        number: of the exercise on its page, for links.
        path: the learner's file, as messages call it; "" where nobody asks.
    """
    first = text.shown(verdict)
    rest = [finding for finding in verdict.findings if all(finding is not one for one in first)]
    return Block(
        anchor=f"exercise-{number}",
        name=verdict.name,
        title=verdict.title,
        topic=verdict.topic,
        path=path,
        state=verdict.state,
        face=text.FACES[verdict.state].strip(),
        points=text.amount(points(verdict)),
        exact=exact(points(verdict)),
        max_points=verdict.max_points,
        lent=text.lent(verdict),
        checked="" if verdict.state == "not started" else text.checked(verdict),
        parts=tuple(_part(verdict, finding) for finding in first),
        further=tuple(_part(verdict, finding) for finding in rest),
        cause=verdict.diagnosis.message if verdict.diagnosis else "",
        next=todo(verdict, can_lend=False),  # a page may be read where nothing can be lent
        cases=() if verdict.state == "not started" else verdict.cases,
    )


def _part(verdict: Verdict, finding: Finding) -> Part:
    where = text.where(verdict, finding)
    if any(case.hidden and case.name == finding.case for case in verdict.cases):
        said = say("a hidden case fails ({kind})", kind=finding.check)  # whatever else is known of it
        return Part(where, said, "", "")
    printed = finding.printed.rstrip("\n") if finding.printed.strip() else ""
    return Part(where, _capped(finding.message, _MESSAGE_LINES), finding.called, _capped(printed, _PRINTED_LINES))


def _capped(whole: str, lines: int) -> str:
    return "\n".join(line[:_LINE] for line in text.capped(whole.split("\n"), lines))


def exact(value: Fraction) -> str:
    """Return points as a fraction where two decimals do not hold them, else ""."""
    return "" if (value * 100).denominator == 1 else str(value)


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 student`, `2 students`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def counted(states: Sequence[str]) -> str:
    """Return how many exercises are in which state, in words."""
    words: dict[str, Callable[[int], str]] = {
        "robust": lambda number: say_count(number, "{number} robust", "{number} robust"),
        "right": lambda number: say_count(number, "{number} right", "{number} right"),
        "wrong": lambda number: say_count(number, "{number} wrong", "{number} wrong"),
        "blocked": lambda number: say_count(number, "{number} blocked", "{number} blocked"),
        "not judged": lambda number: say_count(number, "{number} not judged", "{number} not judged"),
        "not started": lambda number: say_count(number, "{number} not started", "{number} not started"),
    }
    return ", ".join(words[state](states.count(state)) for state in STATES if state in states)


# --- rendering -----------------------------------------------------------------------------------------------------


def render(template: str, **values: Any) -> str:
    """Return a page.

    Args:
        template: the name of a file in `pages/`.
        values: what it shows.
    """
    page: str = _environment().get_template(template).render(**values)
    return page.strip() + "\n"


def style_source() -> str:
    """Return how a policy names the one style sheet that pages bring along."""
    return f"'sha256-{_environment().globals['style_hash']}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report", "pages"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters.update(
        prose=prose, said=_said, named=_named, worded=text.word, kind=text.kind_of, grouped=_grouped
    )
    environment.globals.update(count=count, live=False, language=language)
    # `{% trans %}` calls these with what fills the gaps, which so goes through `_shown` like every other value.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(gettext=_told, ngettext=_told_count)
    environment.globals["style"] = style = Markup(_style(environment))
    environment.globals["style_hash"] = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment


def _style(environment: Environment) -> str:
    loader = environment.loader
    assert loader is not None
    source, _, _ = loader.get_source(environment, "page.css")
    return source.strip()


def _shown(value: object) -> object:
    """Turn what a template is about to show into harmless text; only what templates made themselves is kept."""
    return value if isinstance(value, Markup) else Markup(for_html(str(value)))


def _told(sentence: str, **gaps: object) -> Markup:
    """Return a sentence of a template in the language that is spoken, its gaps filled with harmless text."""
    return _filled(translated(sentence), sentence, gaps)


def _told_count(one: str, many: str, number: int, **gaps: object) -> Markup:
    """Return the sentence of a template for one thing, or that for another number of them."""
    return _filled(translated_count(number, one, many), one if number == 1 else many, {"num": number, **gaps})


def _filled(sentence: str, english: str, gaps: Mapping[str, object]) -> Markup:
    """Fill the gaps; where a translation has others than the sentence, the English sentence is the better one."""
    shown = {name: _shown(value) for name, value in gaps.items()}
    try:
        return Markup(sentence) % shown
    except (LookupError, ValueError, TypeError):
        return Markup(english) % shown


def prose(sentence: str) -> Markup:
    """Return a sentence with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", for_html(sentence)))


def _said(message: str) -> Markup:
    """Return a message line by line; code, which begins with spaces, keeps its columns."""
    runs = groupby(message.split("\n"), key=lambda line: line.startswith(" "))
    shown = [(code, "\n".join(lines)) for code, lines in runs]
    return Markup("").join(
        Markup(f"<pre>\n{for_html(run)}</pre>") if code else Markup(f"<p>{prose(run)}</p>") for code, run in shown
    )


def _grouped(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


def _named(name: str) -> Markup:
    """Return the name of an exercise or a case, which a narrow screen may break behind an underscore."""
    return Markup(for_html(name).replace("_", "_<wbr>"))
