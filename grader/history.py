"""What a learner has tried, and what came of it: one SQLite file, `.grader/history.sqlite`.

One row holds one attempt: a text of the learner's, and the verdict on it. The same text graded again with the same
verdict is the same attempt; then only its last time and the number of times change. All attempts of one run are written
together or not at all, whatever happens meanwhile; two runs at once wait for each other. A file that is damaged is put
aside and a new one begun: nobody is kept from grading by their own history.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from grader.judge import Verdict
from grader.messages import say
from grader.outcome import Failed
from grader.points import points
from grader.report.text import shown

__all__ = ["Attempt", "Graded", "History", "HistoryError", "latest", "tries"]

T = TypeVar("T")
_VERSION = 1
_WAIT_SECONDS = 5.0
_DAMAGED = ("database disk image is malformed", "file is not a database")
_TABLE = """
CREATE TABLE IF NOT EXISTS attempts (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, topic TEXT NOT NULL, source TEXT NOT NULL,
    first REAL NOT NULL, last REAL NOT NULL, times INTEGER NOT NULL,
    state TEXT NOT NULL, points TEXT NOT NULL, max_points INTEGER NOT NULL, passed INTEGER NOT NULL,
    cases INTEGER NOT NULL, "case" TEXT NOT NULL, "check" TEXT NOT NULL, finding TEXT NOT NULL,
    cause TEXT NOT NULL, cause_said TEXT NOT NULL
)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS of_one ON attempts (name, number)"
_COLUMNS = (
    *("name", "topic", "source", "first", "last", "times", "state", "points", "max_points", "passed", "cases"),
    *('"case"', '"check"', "finding", "cause", "cause_said"),
)
# What tells two attempts apart: all but when, and how often.
_SAME = ("source", "state", "points", "max_points", "passed", "cases", "case", "check", "finding", "cause")

Graded = tuple[Verdict, str | Failed]  # a verdict, and the learner's text that it is about, or why there was none


class HistoryError(Exception):
    """The history cannot be read or written; the message says why, and that nothing else is lost."""


@dataclass(frozen=True)
class Attempt:
    """One text of the learner's for one exercise, and the verdict on it.

    Attributes:
        name: the exercise.
        topic: its topic.
        source: a digest of the text.
        first: when it was graded first, in seconds since 1970.
        last: when it was graded last.
        times: how often it was graded, without another verdict in between.
        state: of the exercise, in the words of a verdict.
        points: what it earned.
        max_points: what the exercise is worth.
        passed: how many cases passed.
        cases: how many there are.
        case: the case of the finding that was shown first; "" where that is the whole file, or there is none.
        check: what kind of finding it is; "" where there is none.
        finding: what it says.
        cause: the name of the diagnosis; "" where there is none.
        cause_said: what the diagnosis says.
    """

    name: str
    topic: str
    source: str
    first: float
    last: float
    times: int
    state: str
    points: Fraction
    max_points: int
    passed: int
    cases: int
    case: str
    check: str
    finding: str
    cause: str
    cause_said: str


class History:
    """The history of the learner whose repository is the folder `root`. Nothing is opened before it is needed."""

    def __init__(self, root: Path) -> None:
        self._file = root / ".grader" / "history.sqlite"

    def record(self, graded: Iterable[Graded], now: float | None = None) -> None:
        """Write down what was graded; an exercise that nobody has ever begun is left out.

        Args:
            graded: every verdict with the learner's text.
            now: in seconds since 1970; by default the clock's.

        Raises:
            HistoryError: it cannot be written. What stood there before still stands.
        """
        now = time.time() if now is None else now
        attempts = [_attempt(verdict, text, now) for verdict, text in graded]
        if not attempts or (all(one.state == "not started" for one in attempts) and not self._file.exists()):
            return

        def write(base: sqlite3.Connection) -> None:
            base.execute("BEGIN IMMEDIATE")
            for attempt in attempts:
                _write(base, attempt)
            base.execute("COMMIT")

        self._with(write)

    def attempts(self, name: str | None = None) -> list[Attempt]:
        """Return the attempts at an exercise, or all of them, the oldest first.

        Raises:
            HistoryError: they cannot be read.
        """
        if not self._file.exists():
            return []
        chosen, values = ("WHERE name = ?", [name]) if name is not None else ("", [])
        query = f"SELECT {', '.join(_COLUMNS)} FROM attempts {chosen} ORDER BY number"
        return self._with(lambda base: [_read(row) for row in base.execute(query, values)])

    def _with(self, do: Callable[[sqlite3.Connection], T]) -> T:
        """Open the file for one thing; a damaged one is put aside, and the thing done with a new one."""
        try:
            try:
                return self._done(do)
            except sqlite3.DatabaseError as fault:
                if str(fault) not in _DAMAGED:
                    raise
                os.replace(self._file, self._file.with_name(f"history.damaged-{time.time_ns()}.sqlite"))
                return self._done(do)
        except (sqlite3.Error, OSError) as fault:
            raise HistoryError(
                say("the history in .grader/ cannot be used ({why}). Everything else works without it.", why=fault)
            ) from fault

    def _done(self, do: Callable[[sqlite3.Connection], T]) -> T:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)) as base:
            (version,) = base.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise HistoryError(say(".grader/history.sqlite was written by a newer grader. It is left as it is."))
            if version < _VERSION:
                base.executescript(f"BEGIN IMMEDIATE; {_TABLE}; {_INDEX}; PRAGMA user_version = {_VERSION}; COMMIT")
            return do(base)


def _attempt(verdict: Verdict, text: str | Failed, now: float) -> Attempt:
    finding = next(iter(shown(verdict)), None)
    written = text if isinstance(text, str) else f"{text.kind} {text.message}"
    return Attempt(
        name=verdict.name,
        topic=verdict.topic,
        source=hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest(),
        first=now,
        last=now,
        times=1,
        state=verdict.state,
        points=points(verdict),
        max_points=verdict.max_points,
        passed=sum(case.state == "passed" for case in verdict.cases),
        cases=len(verdict.cases),
        case=(finding.case or "") if finding else "",
        check=finding.check if finding else "",
        finding=_storable(finding.message) if finding else "",
        cause=verdict.diagnosis.name if verdict.diagnosis else "",
        cause_said=verdict.diagnosis.message if verdict.diagnosis else "",
    )


def _storable(text: str) -> str:
    """Half characters, which a learner's message may hold, have no bytes in a database."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _write(base: sqlite3.Connection, attempt: Attempt) -> None:
    row = base.execute(
        f"SELECT number, {', '.join(_COLUMNS)} FROM attempts WHERE name = ? ORDER BY number DESC LIMIT 1",
        [attempt.name],
    ).fetchone()
    if row is None and attempt.state == "not started":
        return
    before = _read(row[1:]) if row else None
    if before and all(getattr(before, field) == getattr(attempt, field) for field in _SAME):
        base.execute(
            "UPDATE attempts SET last = ?, times = times + 1 WHERE number = ?", [max(before.last, attempt.last), row[0]]
        )
        return
    gaps = ", ".join("?" * len(_COLUMNS))
    values = [getattr(attempt, column.strip('"')) for column in _COLUMNS]
    plain = [str(value) if isinstance(value, Fraction) else value for value in values]
    base.execute(f"INSERT INTO attempts ({', '.join(_COLUMNS)}) VALUES ({gaps})", plain)


def _read(row: Sequence[Any]) -> Attempt:
    named = dict(zip((column.strip('"') for column in _COLUMNS), row, strict=True))
    return Attempt(**{**named, "points": Fraction(named["points"])})


# --- what it says --------------------------------------------------------------------------------------------------


def latest(attempts: Iterable[Attempt]) -> Mapping[str, Attempt]:
    """Return by exercise the newest of its attempts, of those that are given oldest first."""
    return {attempt.name: attempt for attempt in attempts}


def tries(attempts: Sequence[Attempt]) -> int:
    """Return how many of the last attempts at one exercise met the finding of the very last, and were wrong.

    Args:
        attempts: at one exercise, the oldest first.
    """
    found = 0
    for attempt in reversed(attempts):
        if attempt.state != "wrong" or _met(attempt) != _met(attempts[-1]):
            break
        found += 1
    return found


def _met(attempt: Attempt) -> tuple[str, str, str]:
    return attempt.case, attempt.check, attempt.cause
