"""What in a learner's outcomes looks like tampering: evidence for a teacher to read, and no accusation.

Much of it has harmless causes: a file that is saved for looking at, a library that gives up.
"""

from grader.faults import Outcomes, calls
from grader.key import Key
from grader.messages import say
from grader.outcome import Failed

__all__ = ["evidence"]

# What the lock-down makes of what it does not allow.
_REFUSED = {"PermissionError", "BlockingIOError"}


def evidence(key: Key, outcomes: Outcomes) -> tuple[str, ...]:
    """Return a sentence for each kind of thing that was tried, with the first case in which it was."""
    found: dict[str, str] = {}
    for case in key.cases:
        for one in calls(case, outcomes):
            if isinstance(one, Failed):
                _note(one, case.name, found)
    return tuple(found.values())


def _note(failed: Failed, case: str, found: dict[str, str]) -> None:
    """Add what a failed call tells, unless that kind of thing is known already."""
    if failed.kind == "protocol" and "protocol" not in found:
        found["protocol"] = say(
            "something else answered on the worker's own channel in case {case}: {why}", case=case, why=failed.message
        )
    if failed.kind == "exit" and "exit" not in found:
        if failed.type == "SystemExit":
            found["exit"] = say(
                "the code ended its process by exit({why}) (case {case})", why=failed.message, case=case
            )
        else:
            found["exit"] = say(
                "the code ended its process, with exit status {status} (case {case})", status=failed.message, case=case
            )
    if failed.type in _REFUSED and "refused" not in found:
        found["refused"] = say(
            "the code tried what it may not: {type}: {why} (case {case})",
            type=failed.type,
            why=failed.message,
            case=case,
        )
