"""What has been graded, kept in one SQLite file, so that a run that was killed goes on where it was.

One row holds the verdict on one exercise of one student, with a digest of all that it follows from. A submission's
rows are written together or not at all. One process has the journal at a time; when it ends, however, it is free.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classroom import ClassError
from grader.messages import say

__all__ = ["Journal", "Mark"]

_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS marks (
    student TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, isolation TEXT NOT NULL,
    seconds REAL NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (student, exercise)
) WITHOUT ROWID
"""


@dataclass(frozen=True)
class Mark:
    """The verdict on one exercise of one student.

    Attributes:
        exercise: its name.
        digest: of all that the verdict follows from; empty where it is to be tried again.
        isolation: the level at which the code ran.
        seconds: how long it took.
        verdict: as in `grader grade --json`.
    """

    exercise: str
    digest: str
    isolation: str
    seconds: float
    verdict: Mapping[str, Any]


class Journal:
    """The journal of one class, in the file `journal.sqlite` of its results.

    Raises:
        ClassError: another run has it, or nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "journal.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._file, timeout=0, isolation_level=None)
        except OSError as fault:
            raise ClassError(
                say("nothing can be written in {folder}: {why}.", folder=folder, why=fault.strerror)
            ) from fault
        except sqlite3.Error as fault:
            raise self._fault(fault) from fault
        try:
            self._open()
        except sqlite3.Error as fault:
            self._base.close()
            raise self._fault(fault) from fault
        except ClassError:
            self._base.close()
            raise

    def _open(self) -> None:
        """Take the journal for this process alone, and lay it out where it is new."""
        self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("BEGIN IMMEDIATE")
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise ClassError(
                say("{file} was written by another version of the grader. Take another folder.", file=self._file)
            )
        self._base.execute(_TABLE)
        self._base.execute(f"PRAGMA user_version = {_VERSION}")
        self._base.execute("COMMIT")

    def digests(self, student: str) -> dict[str, str]:
        """Return by exercise the digests of what has been graded of a student."""
        return dict(self._read("SELECT exercise, digest FROM marks WHERE student = ?", student))

    def marks(self, student: str) -> dict[str, Mark]:
        """Return by exercise what has been graded of a student."""
        rows = self._read("SELECT exercise, digest, isolation, seconds, verdict FROM marks WHERE student = ?", student)
        return {name: Mark(name, digest, level, took, json.loads(text)) for name, digest, level, took, text in rows}

    def keep(self, student: str, marks: Iterator[Mark] | list[Mark]) -> None:
        """Write what has been graded of a student, all or nothing.

        Raises:
            ClassError: it cannot be written.
        """
        rows = [
            (student, m.exercise, m.digest, m.isolation, m.seconds, json.dumps(m.verdict, separators=(",", ":")))
            for m in marks
        ]
        try:
            self._base.execute("BEGIN")
            self._base.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._base.execute("COMMIT")
        except sqlite3.Error as fault:
            raise self._fault(fault) from fault

    def close(self) -> None:
        """Let others have it."""
        self._base.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, question: str, student: str) -> list[Any]:
        try:
            return self._base.execute(question, (student,)).fetchall()
        except sqlite3.Error as fault:
            raise self._fault(fault) from fault

    def _fault(self, fault: sqlite3.Error) -> ClassError:
        words, folder = str(fault), self._file.parent
        if "locked" in words:
            return ClassError(
                say("another run is writing to {folder}. Wait for it, or take another folder.", folder=folder)
            )
        if "full" in words:
            return ClassError(
                say("the disk of {folder} is full. Make room and run it again: nothing is lost.", folder=folder)
            )
        if "readonly" in words or "unable to open" in words:
            return ClassError(say("nothing can be written in {folder}.", folder=folder))
        if "not a database" in words or "malformed" in words:
            return ClassError(
                say("{file} is damaged ({why}). Move it away; all will be graded again.", file=self._file, why=words)
            )
        return ClassError(f"{self._file}: {words}.")
