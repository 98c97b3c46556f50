"""Plays the cases of a key with a learner's function, and never lets one case spoil another."""

import contextlib
import encodings.aliases
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader import outcome, shortcuts
from grader.key import LIMITS, Key, KeyCase
from grader.messages import say
from grader.outcome import Failed, Outcome, Returned
from grader.sandbox.session import Session
from grader.sandbox.sharing import Sharing, leaves_nothing_behind
from grader.sandbox.start import Sandbox, SandboxError
from grader.worker import wire
from grader.worker.preload import loadable, modules_in

__all__ = ["Play", "Used", "play"]

# What Python says where a module is missing, and where an encoding is, which is a module of its own.
_NO_MODULE = re.compile(r"^No module named '([\w.]+)'$")
_NO_ENCODING = re.compile(r"unknown encoding: ([\w-]+)")
# Reading a file may import a large part of scipy.
LOAD_SECONDS = 4.0
# A session that dies takes its time with it; after so many the rest of an exercise is not tried.
MOST_DEATHS = 3
# How often an exercise is begun anew for want of a module; honest code that hides what it imports hides less.
MOST_MODULES = 10
# What an earlier file in the same process could have a part in, by what it has left in memory if by nothing else.
_INHERITABLE = frozenset({"memory", "crash", "protocol"})
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
    sharing: Sharing | None = None,
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
        sharing: the same learner's sessions that wait for another file; by default this file has one of its own.
    """
    playing = Play(sandbox, key, source, path, load_seconds, used, watch, sharing)
    playing.begin()
    return playing.outcomes()


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


class Play:
    """One exercise being played: keeps a session with the learner's function loaded, and another when one has died.

    In two parts: first what is shown, then the hidden cases, by themselves: what a process knows of one could be told
    in a case that is shown. Arguments as in `play`.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        key: Key,
        source: str | Failed,
        path: str,
        load_seconds: float = LOAD_SECONDS,
        used: Sequence[Used] = (),
        watch: Callable[[str], None] | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        source = _without_shortcuts(key, source, path) if isinstance(source, str) else source
        # What every call meets where the file cannot be loaded at all.
        self._doomed = source if isinstance(source, Failed) else None
        source = source if isinstance(source, str) else ""
        self._key, self._outcomes = key, dict[str, tuple[Outcome, ...]]()
        self._sandbox, self._load_seconds, self._watch = sandbox, load_seconds, watch
        # Where the file neither leaves anything behind nor could be told what others have left.
        self._sharing = None if used or not leaves_nothing_behind(f"{key.given}\n{source}") else sharing
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
        self._inherits = self._hidden = False
        self._deaths = {"core": 0, "edge": 0}
        self._came_back = self._last = False
        self._begun_anew = 0
        self._faults = 0

    def begin(self) -> None:
        """Play what is shown; all, where the file shares its process with nobody, so that no process waits."""
        self._play(hidden=False)
        if self._sharing is None:
            self.outcomes()

    def outcomes(self) -> Mapping[str, tuple[Outcome, ...]]:
        """Play what is left; return the outcomes of every case, by its name."""
        self._play(hidden=True)
        self._last = True
        for hidden in (False, True):  # what was put off, since it may count after all
            self._play(hidden)
        self.close()
        return self._outcomes

    def close(self) -> None:
        """End what is left, where the second part is not wanted any more."""
        self._drop()

    def _play(self, hidden: bool) -> None:
        """Play the cases that are hidden, or the others, as far as there is no outcome yet: the core first."""
        if self._hidden and not hidden:  # what the process knows of hidden cases is told in none that is shown
            self._drop()
        self._hidden = hidden
        cases = [case for case in self._key.cases if case.hidden is hidden and case.name not in self._outcomes]
        cases.sort(key=lambda case: case.kind != "core")
        try:
            found = self._each([(case, request) for case in cases for request in case.requests])
        except BaseException:
            self.close()
            raise
        self._hand_on()
        for case in cases:
            if found:  # of all calls of a case or of none
                self._outcomes[case.name] = tuple(found[: len(case.requests)])
                del found[: len(case.requests)]

    def _each(self, calls: Sequence[tuple[KeyCase, bytes]]) -> list[Outcome]:
        """Return the outcome of every call of a case, given by its request; without those that are put off."""
        found: list[Outcome] = []
        while len(found) < len(calls):
            case, _ = calls[len(found)]
            if self._doomed is not None:
                found.append(self._doomed)
            elif self._hopeless(case) and not self._last:
                break
            elif self._hopeless(case) or max(self._deaths["core"], self._deaths[case.kind]) >= MOST_DEATHS:
                found.append(Failed("not run", say("the calls before it did not come back")))
            else:
                found += self._next(calls[len(found) :])
        return found

    def _hopeless(self, case: KeyCase) -> bool:
        """Say whether this is an edge case, which counts once a core case passes, while no call has come back yet."""
        return case.kind == "edge" and self._deaths["core"] > 0 and not self._came_back

    def _hand_on(self) -> None:
        """Let another file have the session, where none can feel the other."""
        if self._session is not None and self._sharing is not None:
            self._sharing.keep(self._session, self._hidden)
            self._session = None

    def _next(self, calls: Sequence[tuple[KeyCase, bytes]]) -> list[Outcome]:
        """Return the outcomes of the first of these calls, as many as come before all begins anew."""
        found: list[Outcome] = []
        try:
            for one in self._asked(calls):
                found.append(one)  # one by one: what came before a fault counts
        except SandboxError as fault:
            self._drop()
            self._faults += 1
            if self._faults > 1:  # at first another session may have taken the workers' parent with it
                self._deaths[calls[len(found)][0].kind] += 1
                found.append(Failed("setup", str(fault)))
        return found

    def _asked(self, calls: Sequence[tuple[KeyCase, bytes]]) -> Iterator[Outcome]:
        if self._session is None:
            self._doomed = self._load()
            if self._doomed is not None:
                self._begins_anew(self._doomed)
                return
        assert self._session is not None
        replies = self._session.ask_all([(request, case.seconds) for case, request in calls], self._watch)
        for (case, _), reply in zip(calls, replies, strict=False):
            self._came_back = self._came_back or not isinstance(reply, Failed)
            found = self._outcome(reply, self._session.printed)
            if self._begins_anew(found):
                return
            if not self._session.alive:
                self._drop()
                # Waiting costs five times as long as computing before it is given up.
                self._deaths[case.kind] += 2 if isinstance(found, Failed) and found.type == "wall" else 1
                yield found
                return
            yield found

    def _begins_anew(self, found: Outcome) -> bool:
        """Say whether this call, and all that come after it, are to be made in another session."""
        if not self._alone_from_now(found) and not self._with_another_module(found):
            return False
        self._doomed = None
        self._drop()
        return True

    def _alone_from_now(self, found: Outcome) -> bool:
        """Say whether to begin anew in a process of its own: an earlier file's leavings may have caused this."""
        if not self._inherits or not isinstance(found, Failed) or found.kind not in _INHERITABLE:
            return False
        self._sharing = None
        return True

    def _with_another_module(self, found: Outcome) -> bool:
        """Say whether to begin anew with a module for want of which a call failed, which nobody could foresee."""
        name = _missing_module(found)
        if not name or name in self._modules or not loadable(name) or self._begun_anew >= MOST_MODULES:
            return False
        self._begun_anew += 1
        self._modules.append(name)
        return True

    def _load(self) -> Failed | None:
        """Start a session and load the file; return the failure that every call will meet, or None."""
        waiting = self._sharing.take(self._modules, self._hidden) if self._sharing is not None else None
        self._inherits = waiting is not None
        self._session = waiting or self._sandbox.session(self._modules)
        reply = self._session.load(self._request, self._load_seconds)
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
            reply = session.load(wire.encode(alone, LIMITS), self._load_seconds)
            return isinstance(reply, bytes) and wire.decode(reply).get("failed") == "setup"

    def _outcome(self, reply: bytes | Failed, printed: str) -> Outcome:
        if isinstance(reply, Failed):
            return reply
        try:
            found = outcome.from_plain(wire.decode(reply), printed)
        except wire.WireError as fault:
            why = say("what came back is not an answer ({fault})", fault=fault)
            return Failed("protocol", why, printed=printed)
        believed = isinstance(found, Returned) or (found.kind in _CALL_FAILURES | {"protocol"} and not found.loading)
        return found if believed else _forged(printed)

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
