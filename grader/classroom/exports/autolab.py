"""Autolab: the last lines that a grading job prints. Every exercise is a problem there, by its name.

The last line gives the scores, the one before it what students read. An exercise that is not judged has no score in
it, so that Autolab keeps what it has.
"""

import json
from itertools import groupby
from typing import Any

from grader.classroom.exports.numbers import nearest
from grader.classroom.exports.wording import not_judged, report, shortened
from grader.classroom.record import Record
from grader.clean import for_json
from grader.points import points

__all__ = ["autoresult"]

_HINT = 4000


def autoresult(record: Record) -> str:
    """Return the two lines; nothing may be printed after them."""
    stages: dict[str, Any] = {}
    for topic, group in groupby(record.verdicts, key=lambda verdict: verdict.topic):
        stages.setdefault(topic, {}).update(
            {
                verdict.name: {
                    "passed": points(verdict) == verdict.max_points and verdict.state != "not judged",
                    "hint": not_judged() if verdict.state == "not judged" else shortened(report(verdict), _HINT),
                }
                for verdict in group
            }
        )
    judged = [verdict for verdict in record.verdicts if verdict.state != "not judged"]
    scores: dict[str, Any] = {"scores": {v.name: nearest(points(v) * record.kept) for v in judged}}
    if not record.not_judged:
        scores["scoreboard"] = [nearest(record.final)]
    shown = {"_presentation": "semantic", "stages": list(stages), **stages}
    return "".join(for_json(json.dumps(line)) + "\n" for line in (shown, scores))
