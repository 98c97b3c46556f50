"""Verdicts as one JSON object. Fields may be added; these stay, and `version` counts what else may change.

    {"version": 1, "isolation": "process", "points": "7/3", "max_points": "38",
     "exercises": [{"name", "topic", "title", "state", "points", "max_points",
                    "cases": [{"name", "kind", "hidden", "state"}],
                    "findings": [{"case", "check", "message", "called", "printed"}],
                    "assisted": [name, ...],
                    "evidence": [sentence, ...],
                    "diagnosis": null or {"kind", "name", "message"}}]}

Points are exact fractions as text. `state` of an exercise: not started, wrong, right, robust, blocked, not judged; of
a case: passed, failed, not judged, not run. `case` of a finding is null where the file as a whole is at fault.
`called` is the call where it is small enough to show, and `printed` what the learner's code printed. `assisted` names
the functions that a capstone was lent because the learner's own are not right yet; `evidence` is what looks like
tampering, and may be harmless.
"""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from grader.clean import for_json
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict
from grader.points import points

__all__ = ["VERSION", "document", "record", "verdict"]

VERSION = 1


def document(verdicts: Sequence[Verdict], isolation: str) -> str:
    """Return all verdicts as one JSON text, in ASCII: what learners wrote commands no terminal or log that shows it."""
    whole = {
        "version": VERSION,
        "isolation": isolation,
        "points": str(sum((points(verdict) for verdict in verdicts), Fraction(0))),
        "max_points": str(sum(verdict.max_points for verdict in verdicts)),
        "exercises": [record(verdict) for verdict in verdicts],
    }
    return for_json(json.dumps(whole, indent=1))


def record(verdict: Verdict) -> dict[str, Any]:
    """Return one verdict as plain data."""
    diagnosis = verdict.diagnosis
    return {
        "name": verdict.name,
        "topic": verdict.topic,
        "title": verdict.title,
        "state": verdict.state,
        "points": str(points(verdict)),
        "max_points": str(verdict.max_points),
        "cases": [{"name": c.name, "kind": c.kind, "hidden": c.hidden, "state": c.state} for c in verdict.cases],
        "findings": [_plain(finding) for finding in verdict.findings],
        "assisted": list(verdict.assisted),
        "evidence": list(verdict.evidence),
        "diagnosis": diagnosis and {"kind": diagnosis.kind, "name": diagnosis.name, "message": diagnosis.message},
    }


def _plain(finding: Finding) -> dict[str, Any]:
    return {field: getattr(finding, field) for field in ("case", "check", "message", "called", "printed")}


def verdict(plain: Mapping[str, Any]) -> Verdict:
    """Return the verdict that a record describes."""
    diagnosis = plain["diagnosis"]
    return Verdict(
        name=plain["name"],
        topic=plain["topic"],
        title=plain["title"],
        state=plain["state"],
        max_points=int(plain["max_points"]),
        cases=tuple(CaseVerdict(**case) for case in plain["cases"]),
        findings=tuple(Finding(**finding) for finding in plain["findings"]),
        diagnosis=Diagnosis(**diagnosis) if diagnosis else None,
        assisted=tuple(plain["assisted"]),
        evidence=tuple(plain["evidence"]),
    )
