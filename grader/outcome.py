"""What a call did: it returned a value, or it failed in one of a few ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from grader.messages import say

__all__ = ["FAILURES", "OURS", "Failed", "Outcome", "Returned", "from_plain", "to_plain"]

# How a call can fail. The last is our fault or the machine's, never the learner's: what it touches is not judged.
# "protocol"
# is something other than an answer on the learner's own channel, which only code of theirs can have put there.
FAILURES = (
    "exception",
    "exit",
    "missing",
    "syntax",
    "source",
    "shortcut",
    "timeout",
    "crash",
    "memory",
    "output limit",
    "reply limit",
    "unsendable",
    "not run",
    "protocol",
    "setup",
)
OURS = frozenset({"setup"})
_NOTHING: Mapping[int, Any] = MappingProxyType({})
# Twice what an honest worker sends: what is longer comes from somebody who wants to drown something.
_LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Returned:
    """The call returned `value`; `changed` holds the arguments that it changed, by position, as they are afterwards."""

    value: Any
    changed: Mapping[int, Any] = field(default_factory=lambda: _NOTHING)
    printed: str = ""


@dataclass(frozen=True)
class Failed:
    """The call did not return.

    `kind` is one of FAILURES; `type` the class of an exception or the name of a signal, `bases` the built-in classes
    that it derives from; `lines` the learner's own lines as (number, text, function), or for a syntax error (number,
    text, column);
    `names` what the file defines where the function is missing; `loading` whether the file's own code failed, outside
    the function.
    """

    kind: str
    message: str = ""
    type: str = ""
    bases: tuple[str, ...] = ()
    lines: tuple[tuple[int, str, Any], ...] = ()
    names: tuple[str, ...] = ()
    where: str = ""
    loading: bool = False
    printed: str = ""

    @property
    def not_started(self) -> bool:
        """The stub's own exception."""
        return self.type == "NotImplementedError"


Outcome = Returned | Failed


def to_plain(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as the worker would have sent it."""
    if isinstance(outcome, Returned):
        return {"returned": outcome.value, "changed": dict(outcome.changed)}
    plain: dict[str, Any] = {"failed": outcome.kind, "message": outcome.message, "type": outcome.type}
    return {**plain, "bases": list(outcome.bases), "where": outcome.where}


def from_plain(plain: Any, printed: str = "") -> Outcome:
    """Return the outcome that a worker's reply describes.

    The reply comes from a process that ran learner code: whatever is not of its fixed form is a failure of kind
    `protocol`.
    """
    if isinstance(plain, dict) and "returned" in plain:
        changed = plain.get("changed")
        if isinstance(changed, dict) and all(type(key) is int for key in changed):
            return Returned(plain["returned"], MappingProxyType(changed), printed)
    elif isinstance(plain, dict) and _text(plain.get("failed")) in FAILURES:
        return Failed(
            kind=plain["failed"],
            message=_text(plain.get("message")),
            type=_text(plain.get("type")),
            bases=tuple(_text(name) for name in _list(plain.get("bases"))),
            lines=tuple(_line(line) for line in _list(plain.get("lines"))),
            names=tuple(_text(name) for name in _list(plain.get("names"))),
            where=_text(plain.get("where")),
            loading=plain.get("loading") is True,
            printed=printed,
        )
    return Failed("protocol", say("the worker's reply is not of the agreed form"), printed=printed)


def _text(value: Any) -> str:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else []


def _line(value: Any) -> tuple[int, str, Any]:
    number, text, last = value if isinstance(value, list) and len(value) == 3 else (0, "", "")
    return (_line_number(number), _text(text), _line_number(last) if isinstance(last, int) else _text(last))


def _line_number(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 1 << 31 else 0
