"""Plays the cases of a key with a learner's function, and never lets one case spoil another."""

import contextlib
import encodings.aliases
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader import outcome, shortcuts
from grader.key import LIMITS, Key, KeyCase
from grader.messages import say
from grader.outcome import Failed, Outcome, Returned
from grader.sandbox.session import Session
from grader.sandbox.start import Sandbox, SandboxError
from grader.worker import wire
from grader.worker.preload import loadable, modules_in

__all__ = ["Used", "play"]

# What Python says where a module is missing, and where an encoding is, which is a module of its own.
_NO_MODULE = re.compile(r"^No module named '([\w.]+)'$")
_NO_ENCODING = re.compile(r"unknown encoding: ([\w-]+)")
# Reading a file may import a large part of scipy.
LOAD_SECONDS = 4.0
# A session that dies takes its time with it; after so many the rest of an exercise is not tried.
MOST_DEATHS = 3
# How often an exercise is begun anew for want of a module; honest code that hides what it imports hides less.
MOST_MODULES = 10
# What a worker can say of its own failures; all else is seen from outside, or forged.
_LOAD_FAILURES = frozenset({"syntax", "exception", "exit", "memory", "missing", "setup"})
_CALL_FAILURES = frozenset({"exception", "exit", "memory", "unsendable"})


@dataclass(frozen=True)
class Used:
    """A function of another exercise that a capstone imports: its name, its file's text and path, what is given."""

    name: str
    source: str
    path: str
    given: str


def play(
    sandbox: Sandbox,
    key: Key,
    source: str | Failed,
    path: str,
    load_seconds: float = LOAD_SECONDS,
    used: Sequence[Used] = (),
    watch: Callable[[str], None] | None = None,
) -> Mapping[str, tuple[Outcome, ...]]:
    """Return the outcomes of every case of `key`, for the learner's file `source`.

    Args:
        sandbox: where to run it.
        key: whose cases to play.
        source: the text of the file, or why there is none.
        path: what tracebacks call the file.
        load_seconds: the CPU time that reading the file may take.
        used: the functions of other exercises that the file imports from `assignments`.
        watch: is told the last line that was printed, several times a second while a call lasts.
    """
    source = _without_shortcuts(key, source, path) if isinstance(source, str) else source
    if isinstance(source, Failed):
        return {case.name: (source,) * len(case.plays) for case in key.cases}
    player = _Player(sandbox, key, source, path, load_seconds, used, watch)
    try:
        # Hidden cases last: what a process remembers of one could be told in a case that is shown.
        order = sorted(key.cases, key=lambda case: (case.hidden, case.kind != "core"))
        return {case.name: player.outcomes(case) for case in order}
    finally:
        player.close()


def _without_shortcuts(key: Key, source: str, path: str) -> str | Failed:
    """Return the learner's text, or the failure to do without what the exercise bans."""
    try:
        use = shortcuts.first_use(source, key.banned)
    except RecursionError:
        why = say("{path} is nested too deeply to be looked into. Make several lines of its longest one.", path=path)
        return Failed("source", why)
    if use is None:
        return source
    line = source.split("\n")[use.line - 1].strip()[:200]
    return Failed("shortcut", use.name, lines=((use.line, line, "<module>"),))


class _Player:
    """Keeps a session with the learner's function loaded, and starts another when one has died."""

    def __init__(
        self,
        sandbox: Sandbox,
        key: Key,
        source: str,
        path: str,
        load_seconds: float,
        used: Sequence[Used],
        watch: Callable[[str], None] | None,
    ) -> None:
        self._sandbox, self._load_seconds, self._watch = sandbox, load_seconds, watch
        request: dict[str, Any] = {
            "source": source,
            "path": path,
            "name": key.name,
            "given": key.given,
            "drive": key.drive,
            "free": key.free,
            "used": [asdict(other) for other in used],
        }
        self._request = wire.encode(request, LIMITS)
        self._modules = modules_in("\n".join([key.given, source, *(f"{one.given}\n{one.source}" for one in used)]))
        self._session: Session | None = None
        self._deaths = {"core": 0, "edge": 0}
        self._begun_anew = 0
        self._faults = 0
        # What every call meets where the file cannot be loaded at all.
        self._doomed: Failed | None = None

    def outcomes(self, case: KeyCase) -> tuple[Outcome, ...]:
        return tuple(self._call(case, request) for request in case.requests)

    def close(self) -> None:
        self._drop()

    def _call(self, case: KeyCase, request: bytes) -> Outcome:
        if self._doomed is not None:
            return self._doomed
        # Edge cases count where the core is right, so deaths there keep no core case from being tried.
        if max(self._deaths["core"], self._deaths[case.kind]) >= MOST_DEATHS:
            return Failed("not run", say("the calls before it did not come back"))
        try:
            return self._try(case, request)
        except SandboxError as fault:
            self._drop()
            self._faults += 1
            if self._faults == 1:
                return self._call(case, request)  # another session may have taken the workers' parent with it
            self._deaths[case.kind] += 1
            return Failed("setup", str(fault))

    def _try(self, case: KeyCase, request: bytes) -> Outcome:
        if self._session is None:
            self._doomed = self._load()
            if self._doomed is not None:
                return self._try_with_module(case, request, self._doomed) or self._doomed
        assert self._session is not None
        found = self._outcome(self._session, request, case.seconds)
        again = self._try_with_module(case, request, found)
        if again is not None:
            return again
        if not self._session.alive:
            self._drop()
            # Waiting costs five times as long as computing before it is given up.
            self._deaths[case.kind] += 2 if isinstance(found, Failed) and found.type == "wall" else 1
        return found

    def _try_with_module(self, case: KeyCase, request: bytes, found: Outcome) -> Outcome | None:
        """Play a case anew where it failed for want of a module that nobody could foresee and that may be loaded."""
        name = _missing_module(found)
        if not name or name in self._modules or not loadable(name) or self._begun_anew >= MOST_MODULES:
            return None
        self._begun_anew += 1
        self._modules.append(name)
        self._doomed = None
        self._drop()
        return self._try(case, request)

    def _load(self) -> Failed | None:
        """Start a session and load the file; return the failure that every call will meet, or None."""
        self._session = self._sandbox.session(self._modules)
        reply = self._session.ask(self._request, self._load_seconds)
        if isinstance(reply, Failed):
            self._drop()
            return _loading(reply)
        try:
            plain = wire.decode(reply)
        except wire.WireError:
            plain = None
        if isinstance(plain, dict) and plain.get("loaded") is True:
            return None
        printed = self._session.printed
        self._drop()
        found = outcome.from_plain(plain, printed)
        if isinstance(found, Returned):
            return Failed("protocol", say("the file answered in the worker's place"), printed=printed)
        if found.kind == "setup" and not self._given_fails():
            return _forged()
        return found if found.kind in _LOAD_FAILURES | {"protocol"} else _forged()

    def _given_fails(self) -> bool:
        """Say whether what the author gives fails without the learner's text: a worker may have been made to say so."""
        with contextlib.closing(self._sandbox.session(self._modules)) as session:
            alone = {**wire.decode(self._request, LIMITS), "source": ""}
            reply = session.ask(wire.encode(alone, LIMITS), self._load_seconds)
            return isinstance(reply, bytes) and wire.decode(reply).get("failed") == "setup"

    def _outcome(self, session: Session, message: bytes, seconds: float) -> Outcome:
        reply = session.ask(message, seconds, self._watch)
        if isinstance(reply, Failed):
            return reply
        try:
            found = outcome.from_plain(wire.decode(reply), session.printed)
        except wire.WireError as fault:
            why = say("what came back is not an answer ({fault})", fault=fault)
            return Failed("protocol", why, printed=session.printed)
        believed = isinstance(found, Returned) or (found.kind in _CALL_FAILURES | {"protocol"} and not found.loading)
        return found if believed else _forged(session.printed)

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _forged(printed: str = "") -> Failed:
    return Failed("protocol", say("it cannot be said in reply to this request"), printed=printed)


def _missing_module(found: Outcome) -> str:
    """Return the name of the module that a call has failed for want of, or nothing."""
    if not isinstance(found, Failed) or found.kind != "exception":
        return ""
    if wanted := _NO_MODULE.search(found.message):
        return wanted[1]
    if wanted := _NO_ENCODING.search(found.message):
        name = encodings.normalize_encoding(wanted[1]).lower()
        return f"encodings.{encodings.aliases.aliases.get(name, name)}"
    return ""


def _loading(failed: Failed) -> Failed:
    return Failed(failed.kind, failed.message, failed.type, loading=True, printed=failed.printed)
