"""Makes text that learners wrote harmless where it is shown: it can be read, and what it commands is not done.

clean          a terminal, and the log of a CI system, which reads commands out of what is printed
for_html       text and attributes of HTML
for_csv        one cell of a table that a spreadsheet opens
for_markdown   a line within Markdown
markdown_block a block of Markdown, line by line as it is
seen           text that something else escapes afterwards
for_json       the text of a JSON document that is printed

Every one of them shows control characters, half characters and what changes the direction of writing as `\\x1b`,
`\\u202e`, so that none is needed twice.
"""

import html
import re
import unicodedata

__all__ = ["clean", "for_csv", "for_html", "for_json", "for_markdown", "markdown_block", "seen"]

# GitHub reads `::command::` at the beginning of a line, blanks apart, and a report may begin a line at any word or
# after a lone `; Azure Pipelines and TeamCity, and older GitHub runners, read `##vso[`, `##teamcity[` and `##[`.
_COMMAND = re.compile(r"(?<![^\s`]):(?=:[A-Za-z])|#(?=#\w*\[)")
# A spreadsheet takes what begins so for a formula, also in wide letters; and where it takes another separator than the
# file's own, a cell begins in the middle of ours.
_FORMULA = re.compile(r"(^|[,;|])([\s\"]*)(?=[-=+@\uff0d\uff1d\uff0b\uff20])")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ENTITIES = {"\\&": "&amp;", "\\<": "&lt;", "\\>": "&gt;"}


def clean(text: str) -> str:
    """Return `text` with every control and direction-changing character made visible, line ends and tabs apart.

    What a CI system would take for a command has a blank in it afterwards: `: :error`, `# #vso[`.
    """
    return _COMMAND.sub(r"\g<0> ", seen(text))


def for_html(text: str) -> str:
    """Return `text` as the text of an element, or of an attribute between quotes."""
    return html.escape(seen(text))


def for_csv(text: str) -> str:
    """Return `text` as one line that no spreadsheet computes; a `'` stands before what would begin a formula.

    Quotes and separators are left to the module csv, which is to write the cell.
    """
    return _FORMULA.sub(r"\1\2'", _one_line(text))


def for_markdown(text: str) -> str:
    """Return `text` as one line of running text, all of its punctuation to be read and not obeyed."""
    escaped = _PUNCTUATION.sub(r"\\\1", _one_line(text))
    for character, entity in _ENTITIES.items():
        escaped = escaped.replace(character, entity)
    return escaped


def markdown_block(text: str) -> str:
    """Return `text` as a block of code, in a fence that is longer than any in it."""
    shown = seen(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def for_json(document: str) -> str:
    """Return a JSON document in which no CI system finds a command, and which says the same."""
    return re.sub(r"#(?=#)", r"\\u0023", document)


def _one_line(text: str) -> str:
    return " ".join(seen(text).split())


def seen(text: str) -> str:
    """Return `text` with every control and direction-changing character made visible, and nothing else changed."""
    if text.isascii() and text.isprintable():  # as nearly all of it is
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\t":
        return "\n" if character == "\n" else "    "
    # Cc: escape sequences begin with one; Cf: overrides of the writing direction; Cs: half characters; Zl, Zp: the
    # other line ends.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _escaped(ord(character))
    return character


def _escaped(code: int) -> str:
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"
