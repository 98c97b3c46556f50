"""What people read, as whole sentences with named gaps, in the language that they have asked for.

Every text of the interface and of findings goes through `say` or `say_count`. A sentence stands in the code as it is
read in English, and is its own name in a catalogue. A catalogue is one of gettext's, the file
`catalogues/<language>/LC_MESSAGES/grader.mo` beside this module. What fills a gap (names, numbers, what a learner's
code said) is never translated, and no sentence is put together out of pieces: other languages order them differently.
"""

import gettext
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

__all__ = ["catalogue", "language", "say", "say_count", "say_marked", "speaking", "translated", "translated_count"]

_FOLDER = Path(__file__).parent / "catalogues"
_SPOKEN: ContextVar[gettext.NullTranslations | None] = ContextVar("spoken", default=None)


def say(sentence: str, /, **gaps: object) -> str:
    """Return a sentence, translated where the catalogue has it, its gaps filled.

    Args:
        sentence: in English, with gaps such as `{name}`; a brace that is meant is written twice.
        gaps: what fills them.
    """
    return _filled(translated(sentence), sentence, gaps)


def say_count(number: int, one: str, many: str, /, **gaps: object) -> str:
    """Return the sentence for one thing, or that for another number of them; `{number}` is a gap of both."""
    english = one if number == 1 else many
    return _filled(translated_count(number, one, many), english, {"number": number, **gaps})


def say_marked(sentence: str, gaps: Mapping[str, object]) -> str:
    """Return a sentence that comes as data: the gradient checker, which stands alone, marks its own for us."""
    return _filled(translated(sentence), sentence, gaps)


def translated(sentence: str) -> str:
    """Return a sentence as the catalogue has it, its gaps open: for pages, which fill them in their own way."""
    return _spoken().gettext(sentence)


def translated_count(number: int, one: str, many: str) -> str:
    """Return the sentence for a number of things as the catalogue has it, its gaps open."""
    return _spoken().ngettext(one, many, number)


def language() -> str:
    """Return the language that is spoken, such as "en" or "pt-BR"."""
    return _spoken().info().get("language", "en").replace("_", "-")


@contextmanager
def speaking(catalogue: gettext.NullTranslations) -> Iterator[None]:
    """Speak by this catalogue for as long as the block lasts."""
    before = _SPOKEN.set(catalogue)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language such as "de" or "pt_BR"; English, where there is none."""
    return gettext.translation("grader", _FOLDER, [language] if language else [], fallback=True)


def _spoken() -> gettext.NullTranslations:
    chosen = _SPOKEN.get()
    return catalogue(os.environ.get("GRADER_LANGUAGE", "")) if chosen is None else chosen


def _filled(translated: str, english: str, gaps: Mapping[str, object]) -> str:
    """Fill the gaps; where a translation has others than the sentence, the English sentence is the better one."""
    try:
        return translated.format(**gaps)
    except (LookupError, ValueError):
        return english.format(**gaps)
