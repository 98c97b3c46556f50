"""A history for other programs: every attempt as a row of CSV or an object of JSON. Pure.

    {"version": 1, "attempts": [{"name", "topic", "first", "last", "times", "state", "points", "max_points", "passed",
                                 "cases", "case", "check", "finding", "cause", "cause_said", "source"}]}

`first` and `last` are times of UTC as ISO 8601 writes them, `points` an exact fraction as text, `source` a digest of
the learner's text. Fields may be added; these stay.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from grader.clean import for_csv, for_json
from grader.history import Attempt

__all__ = ["csv_text", "json_text"]

_VERSION = 1
_COLUMNS = (
    *("name", "topic", "first", "last", "times", "state", "points", "max_points", "passed", "cases"),
    *("case", "check", "finding", "cause", "cause_said", "source"),
)


def csv_text(attempts: Sequence[Attempt]) -> str:
    """Return a table with a head and a row for every attempt; no cell of it is a formula."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for attempt in attempts:
        plain = _plain(attempt)
        writer.writerow([for_csv(str(plain[column])) for column in _COLUMNS])
    return written.getvalue()


def json_text(attempts: Sequence[Attempt]) -> str:
    """Return one JSON object, in ASCII."""
    whole = {"version": _VERSION, "attempts": [_plain(attempt) for attempt in attempts]}
    return for_json(json.dumps(whole, indent=1))


def _plain(attempt: Attempt) -> dict[str, Any]:
    found = asdict(attempt)
    times = {name: _utc(found[name]) for name in ("first", "last")}
    return {name: {**found, **times, "points": str(attempt.points)}[name] for name in _COLUMNS}


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
