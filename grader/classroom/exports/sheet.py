"""A table in CSV as a text of which single cells are replaced, and every other byte stays.

Line ends, quotes, the byte order mark and the separator are the file's own.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.classroom import ClassError
from grader.messages import say

__all__ = ["Cell", "Sheet", "filled", "read"]

_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_BOM = "\ufeff"


@dataclass(frozen=True)
class Cell:
    """What a cell says, and from where to where it stands in the text, quotes included."""

    value: str
    begin: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """A table: its text, the encoding that gives back the same bytes, its separator, and its rows."""

    text: str
    encoding: str
    separator: str
    rows: tuple[tuple[Cell, ...], ...]


def read(data: bytes) -> Sheet:
    """Return the table that a file holds.

    Raises:
        ClassError: it is no CSV file.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ClassError(say("the table is UTF-16, as spreadsheets write it. Take the file as it was downloaded."))
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"  # which has a character for every byte
    begin = len(_BOM) if text.startswith(_BOM) else 0
    separator = max(",;\t", key=lambda sign: _width(text, begin, sign))
    rows = []
    while begin < len(text):
        cells, begin = _row(text, begin, separator)
        rows.append(tuple(cells))
    return Sheet(text, encoding, separator, tuple(rows))


def _width(text: str, begin: int, separator: str) -> int:
    """Return how many cells the row has, were this the separator; where a quote is broken those before it."""
    width = 0
    with contextlib.suppress(ClassError):
        for _ in _cells(text, begin, separator):
            width += 1
    return width


def _row(text: str, begin: int, separator: str) -> tuple[list[Cell], int]:
    """Return the cells of a row, and where the next one begins."""
    cells = list(_cells(text, begin, separator))
    end = cells[-1].end
    return cells, end + (2 if text[end : end + 2] == "\r\n" else 1)


def _cells(text: str, begin: int, separator: str) -> Iterator[Cell]:
    plain = re.compile(rf"[^{separator}\r\n]*")
    while True:
        quoted = text[begin : begin + 1] == '"'
        found = (_QUOTED if quoted else plain).match(text, begin)
        end = found.end() if found else begin
        if found is None or text[end : end + 1] not in (separator, "\r", "\n", ""):
            line = text.count("\n", 0, begin) + 1
            raise ClassError(
                say("line {line} of the table is no CSV: a quote does not end where its cell ends.", line=line)
            )
        yield Cell(text[begin + 1 : end - 1].replace('""', '"') if quoted else text[begin:end], begin, end)
        if text[end : end + 1] != separator:
            return
        begin = end + 1


def filled(sheet: Sheet, values: Mapping[tuple[int, int], str]) -> bytes:
    """Return the file with other values in the cells (row, column) that are named, all else byte for byte the same."""
    pieces, here = [], 0
    for (row, column), value in sorted(values.items()):
        cell = sheet.rows[row][column]
        old = sheet.text[cell.begin : cell.end]
        pieces += [sheet.text[here : cell.begin], _written(value, old.startswith('"'), sheet.separator)]
        here = cell.end
    return "".join([*pieces, sheet.text[here:]]).encode(sheet.encoding, "xmlcharrefreplace")


def _written(value: str, quoted: bool, separator: str) -> str:
    if quoted or any(sign in value for sign in (separator, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value
