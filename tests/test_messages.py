"""Sentences go through one module, whose catalogues may translate them."""

import gettext
import struct
from pathlib import Path

import pytest

from grader import messages
from grader.messages import catalogue, language, say, say_count, say_marked, speaking


class Made(gettext.NullTranslations):
    """A catalogue out of a dict."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__()
        self.sentences = sentences

    def gettext(self, message: str) -> str:
        return self.sentences.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_a_sentence_without_a_catalogue_is_english_with_its_gaps_filled():
    assert say("{name} is {state}.", name="triple", state="{odd}") == "triple is {odd}."


def test_a_catalogue_may_put_the_gaps_in_another_order():
    german = Made({"{left} of {all} are left.": "Von {all} sind {left} übrig."})

    with speaking(german):
        assert say("{left} of {all} are left.", left=2, all=3) == "Von 3 sind 2 übrig."
    assert say("{left} of {all} are left.", left=2, all=3) == "2 of 3 are left."


def test_numbers_have_a_sentence_of_their_own_for_one():
    assert say_count(1, "{number} case", "{number} cases") == "1 case"
    assert say_count(0, "{number} case", "{number} cases") == "0 cases"
    with speaking(Made({"{number} case": "{number} Fall", "{number} cases": "{number} Fälle"})):
        assert [say_count(n, "{number} case", "{number} cases") for n in (1, 2)] == ["1 Fall", "2 Fälle"]


@pytest.mark.parametrize("broken", ["{nobody}", "{", "{0}"])
def test_a_translation_with_other_gaps_gives_way_to_the_english_sentence(broken):
    with speaking(Made({"Open {path}.": broken})):
        assert say("Open {path}.", path="a.py") == "Open a.py."


def test_a_sentence_that_comes_as_data_is_said_like_any_other():
    with speaking(Made({"Open {path}.": "Öffne {path}."})):
        assert say_marked("Open {path}.", {"path": "{x}"}) == "Öffne {x}."


def test_a_language_is_chosen_by_its_catalogue_in_the_environment(tmp_path, monkeypatch):
    lay_catalogue(
        tmp_path / "de" / "LC_MESSAGES" / "grader.mo",
        {"": "Language: de\nContent-Type: text/plain; charset=UTF-8\n", "Open it.": "Öffne es."},
    )
    monkeypatch.setattr(messages, "_FOLDER", tmp_path)
    monkeypatch.setenv("GRADER_LANGUAGE", "de")
    catalogue.cache_clear()

    said, spoken = say("Open it."), language()
    catalogue.cache_clear()

    assert (said, spoken) == ("Öffne es.", "de")


def lay_catalogue(file: Path, sentences: dict[str, str]) -> None:
    """Write a catalogue in the form that gettext reads: a header, two tables of lengths and places, then the texts."""
    pairs = sorted((one.encode(), other.encode()) for one, other in sentences.items())
    texts = [one for one, _ in pairs] + [other for _, other in pairs]
    begin, table, data = 28 + 8 * len(texts), b"", b""
    for text in texts:
        table += struct.pack("<II", len(text), begin + len(data))
        data += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    file.parent.mkdir(parents=True)
    file.write_bytes(head + table + data)


def test_a_language_without_a_catalogue_is_english():
    assert catalogue("tlh").gettext("Open it.") == "Open it."
