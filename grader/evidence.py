"""What in a learner's outcomes looks like tampering: evidence for a teacher to read, and no accusation.

Much of it has harmless causes: a file that is saved for looking at, a library that gives up.
"""

from collections.abc import Iterator

from grader.faults import Outcomes, calls
from grader.key import Key
from grader.outcome import Failed

__all__ = ["evidence"]

# What the lock-down makes of what it does not allow.
_REFUSED = {"PermissionError", "BlockingIOError"}


def evidence(key: Key, outcomes: Outcomes) -> tuple[str, ...]:
    """Return a sentence for each kind of thing that was tried, with the first case in which it was."""
    found: dict[str, str] = {}
    for case in key.cases:
        for one in calls(case, outcomes):
            for kind, sentence in _of(one) if isinstance(one, Failed) else ():
                found.setdefault(kind, f"{sentence} (case {case.name})")
    return tuple(found.values())


def _of(failed: Failed) -> Iterator[tuple[str, str]]:
    if failed.kind == "protocol":
        yield "protocol", f"something else answered on the worker's own channel: {failed.message}"
    if failed.kind == "exit":
        yield "exit", f"the code ended its process {failed.message}".rstrip()
    if failed.type in _REFUSED:
        yield "refused", f"the code tried what it may not: {failed.type}: {failed.message}"
