"""Exercism's test runners, version 3: `results.json`, with a test for every case.

`task_id` counts the exercises from 1. What is not judged has the status "error", with a message and without tests.
"""

from collections.abc import Iterator
from typing import Any

from grader.classroom.exports.wording import document, not_judged, shortened
from grader.classroom.record import Record
from grader.clean import clean
from grader.judge import CaseVerdict, Finding, Verdict
from grader.messages import say
from grader.report.text import word

__all__ = ["results"]

_OUTPUT = 500  # of what was printed, as the specification says
_MESSAGE = 10_000


def results(record: Record) -> str:
    """Return `results.json`."""
    if record.not_judged or not record.verdicts:
        message = not_judged() if record.not_judged else say("There is no exercise to grade.")
        return document({"version": 3, "status": "error", "message": message, "tests": []})
    tests = [test for number, verdict in enumerate(record.verdicts, start=1) for test in _tests(number, verdict)]
    status = "pass" if all(test["status"] == "pass" for test in tests) else "fail"
    return document({"version": 3, "status": status, "tests": tests})


def _tests(task: int, verdict: Verdict) -> Iterator[dict[str, Any]]:
    for case in verdict.cases:
        found = next((finding for finding in verdict.findings if finding.case in (case.name, None)), None)
        yield {"name": f"{verdict.name}: {case.name}", "task_id": task, **_outcome(verdict, case, found)}


def _outcome(verdict: Verdict, case: CaseVerdict, found: Finding | None) -> dict[str, Any]:
    if case.state == "passed":
        return {"status": "pass", "test_code": ""}
    if found:
        said = found.message
    elif case.state == "not run":
        said = word(verdict.state)
    else:
        said = say("a hidden case is not judged") if case.state == "not judged" else say("a hidden case has failed")
    outcome = {
        "status": "fail",
        "message": shortened(clean(said), _MESSAGE),
        "test_code": clean(found.called) if found and not case.hidden else "",
    }
    printed = clean(found.printed) if found and not case.hidden else ""
    return {**outcome, "output": shortened(printed, _OUTPUT)} if printed.strip() else outcome
