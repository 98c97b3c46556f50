"""What is known of one learner's submission: whose it is, when it came, what it is worth and why.

A record is what everything that leaves a class is made of: gradebook, feedback, overview and the exports. As JSON,
schema version 1 (`tests/schemas/record.json`):

    {"version": 1,
     "student": {"id", "name", "email", "section"},
     "submission": name of what was handed in, "" for nothing,
     "handed_in": ISO 8601, "" where it is not known,
     "days_late": 2, "kept": "4/5",
     "isolation": "kernel",
     "points": "7/3", "max_points": "38", "final": "28/15",
     "not_judged": [name, ...],
     "exercises": [as in `grader grade --json`],
     "ignored": [file, ...], "faults": [sentence, ...], "evidence": [sentence, ...]}

Points are exact fractions as text. `final` is `points` times `kept`, the share that lateness leaves. `faults` and
`evidence` are for the teacher: what is odd about the files, and what looks like tampering (which may be harmless).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from grader.clean import for_json
from grader.judge import Verdict
from grader.messages import say
from grader.points import points
from grader.report import json as report

__all__ = ["VERSION", "Record", "Student", "document", "from_plain", "to_plain"]

VERSION = 1


@dataclass(frozen=True)
class Student:
    """A learner as the roster knows them; `id` is unique in the class and names all files about them."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True)
class Record:
    """One student's submission, judged.

    Attributes:
        student: whose it is.
        submission: the name of the folder or archive, "" where nothing was handed in.
        handed_in: when, in ISO 8601 with an offset, "" where it is not known.
        days_late: how many days after the deadline have begun, 0 for none.
        kept: the share of points that lateness leaves, 0 to 1.
        isolation: the level at which the code ran.
        verdicts: one for every exercise of the class, in its order.
        ignored: names of files that nobody expects.
        faults: what is odd about what was handed in, sentences for the teacher.
        evidence: what looks like tampering, sentences for the teacher.
    """

    student: Student
    submission: str
    handed_in: str
    days_late: int
    kept: Fraction
    isolation: str
    verdicts: tuple[Verdict, ...]
    ignored: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @cached_property
    def points(self) -> Fraction:
        """What the exercises are worth together, without regard to the time."""
        return sum(map(points, self.verdicts), Fraction(0))

    @property
    def max_points(self) -> int:
        """What they could be worth."""
        return sum(verdict.max_points for verdict in self.verdicts)

    @property
    def final(self) -> Fraction:
        """What counts."""
        return self.points * self.kept

    @property
    def not_judged(self) -> tuple[str, ...]:
        """The exercises that could not be judged, for a reason of ours; while there are any, points are not final."""
        return tuple(verdict.name for verdict in self.verdicts if verdict.state == "not judged")


def to_plain(record: Record) -> dict[str, Any]:
    """Return a record as plain data."""
    return {
        "version": VERSION,
        "student": asdict(record.student),
        "submission": record.submission,
        "handed_in": record.handed_in,
        "days_late": record.days_late,
        "kept": str(record.kept),
        "isolation": record.isolation,
        "points": str(record.points),
        "max_points": str(record.max_points),
        "final": str(record.final),
        "not_judged": list(record.not_judged),
        "exercises": [report.record(verdict) for verdict in record.verdicts],
        "ignored": list(record.ignored),
        "faults": list(record.faults),
        "evidence": list(record.evidence),
    }


def from_plain(plain: Mapping[str, Any]) -> Record:
    """Return the record that plain data describes.

    Raises:
        ValueError: it is of another version.
    """
    if plain["version"] != VERSION:
        raise ValueError(
            say(
                "a record of version {version}; this grader reads version {ours}",
                version=plain["version"],
                ours=VERSION,
            )
        )
    return Record(
        student=Student(**plain["student"]),
        submission=plain["submission"],
        handed_in=plain["handed_in"],
        days_late=plain["days_late"],
        kept=Fraction(plain["kept"]),
        isolation=plain["isolation"],
        verdicts=tuple(report.verdict(one) for one in plain["exercises"]),
        ignored=tuple(plain["ignored"]),
        faults=tuple(plain["faults"]),
        evidence=tuple(plain["evidence"]),
    )


def document(record: Record) -> str:
    """Return a record as JSON text, in ASCII: what learners wrote commands nothing that shows it.

    A line for every member and every exercise: only what is on one line is written by Python's fast encoder.
    """
    plain = to_plain(record)
    exercises = ",\n  ".join(map(json.dumps, plain.pop("exercises")))
    members = {**{name: json.dumps(value) for name, value in plain.items()}, "exercises": f"[\n  {exercises}\n ]"}
    lines = ",\n".join(f' "{name}": {member}' for name, member in members.items())
    return for_json(f"{{\n{lines}\n}}") + "\n"
