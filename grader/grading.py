"""Grades one learner's work: reads the files, plays them in workers, judges what they did."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cache

from grader import stub
from grader.authoring import AuthoringError
from grader.handed import HandedError
from grader.judge import DONE, CaseVerdict, Finding, Verdict, judge, planned
from grader.key import Key
from grader.library import Library, Place
from grader.messages import say
from grader.outcome import Failed
from grader.sandbox import Sandbox
from grader.sandbox.run import Play, Used
from grader.sandbox.sharing import Sharing
from grader.sandbox.source import read
from grader.timings import Timings

__all__ = ["Watch", "Work", "at_home", "grade", "not_judged"]

Watch = Callable[[str, str], None]  # is told an exercise's name and the last line that it has printed


@dataclass(frozen=True)
class Work:
    """One learner's files, and the keys that they are judged by.

    Attributes:
        text: returns of an exercise the text of the learner's file, or why there is none.
        path: returns what messages call that file.
        key: returns the key of an exercise.
        at_a_time: how many exercises are played at a time. One at a time all hidden cases are played last, which takes
            the fewest processes; otherwise each exercise's right after what is shown, so that its verdict comes early.
    """

    text: Callable[[str], str | Failed]
    path: Callable[[str], str]
    key: Callable[[str], Key]
    at_a_time: int = 1


def at_home(library: Library) -> Work:
    """Return the work in `assignments/`; every file is read once, when it is asked for first."""

    def path(name: str) -> str:
        return str(library.places[name].assignment.relative_to(library.root))

    @cache  # what was graded is what is kept in the history
    def text(name: str) -> str | Failed:
        return read(library.places[name].assignment, path(name), library.root)

    return Work(text, path, library.key, max(2, os.cpu_count() or 1))


def grade(
    library: Library,
    names: Sequence[str],
    sandbox: Sandbox,
    timings: Timings | None = None,
    assisted: bool = False,
    watch: Watch | None = None,
    work: Work | None = None,
) -> Iterator[Verdict]:
    """Yield the verdict on every named exercise, in their order; one that fails takes no other with it.

    A capstone uses the learner's functions of other exercises. It is played once these are known to be right, and is
    blocked where one is not.

    Args:
        library: where exercises and keys lie.
        names: the exercises.
        sandbox: where the learner's code runs.
        timings: where to count the time.
        assisted: whether a capstone gets references in place of functions that are not right yet.
        watch: is told what a capstone prints while it runs.
        work: whose files to grade, and by which keys; those in `assignments/`, by the course's own, if nothing is said.
    """
    work = work or at_home(library)
    pool = ThreadPoolExecutor(max_workers=work.at_a_time)
    sharing = Sharing()
    grader = _Grader(library, sandbox, sharing, pool, timings or Timings(), assisted, watch, work)
    try:
        for name in names:
            grader.begin(name)
        if work.at_a_time == 1:
            grader.wait()
        for name in names:
            yield grader.verdict(name)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        grader.close()
        sharing.close()


@dataclass(frozen=True)
class _Begun:
    """An exercise whose key is at hand, and which is being played unless it has to wait for others."""

    key: Key
    played: Future[Play] | None


class _Grader:
    """The verdicts of one run; what several capstones use is graded once."""

    def __init__(
        self,
        library: Library,
        sandbox: Sandbox,
        sharing: Sharing,
        pool: ThreadPoolExecutor,
        timings: Timings,
        assisted: bool,
        watch: Watch | None,
        work: Work,
    ) -> None:
        self._library, self._pool, self._timings = library, pool, timings
        self._sandbox, self._sharing = sandbox, sharing
        self._assisted, self._watch, self._work = assisted, watch, work
        self._begun: dict[str, _Begun | Verdict] = {}

    def begin(self, name: str) -> None:
        """Get the key, and have the learner's file played meanwhile."""
        if name in self._begun:
            return
        place = self._library.places[name]
        with self._timings.of("keys"):
            try:
                key = self._work.key(name)
            except AuthoringError as fault:
                self._begun[name] = not_judged(place, say("the exercise itself is not ready. {why}", why=fault))
                return
            except HandedError as fault:
                self._begun[name] = not_judged(place, str(fault))
                return
            except Exception as fault:
                why = f"{type(fault).__name__}: {fault}"
                self._begun[name] = not_judged(place, say("the exercise itself cannot be read: {why}", why=why))
                return
        if key.uses and self._is_stub(name):  # nobody has begun: there is nothing to wait for
            undone = Failed("exception", type="NotImplementedError")
            self._begun[name] = judge(key, {case.name: (undone,) * case.calls for case in key.cases})
            return
        self._begun[name] = _Begun(key, None if key.uses else self._play(key, ()))
        for used in key.uses:
            self.begin(used)

    def wait(self) -> None:
        """Wait until all that is shown has been played, so that the same process can then play what is hidden."""
        wait(begun.played for begun in self._begun.values() if isinstance(begun, _Begun) and begun.played)

    def close(self) -> None:
        """End what is being played for nobody, each as soon as its first part is over."""
        for begun in self._begun.values():
            if isinstance(begun, _Begun) and begun.played:
                begun.played.add_done_callback(_end)

    def verdict(self, name: str) -> Verdict:
        """Return the verdict on an exercise that has begun."""
        begun, place = self._begun[name], self._library.places[name]
        if isinstance(begun, Verdict):
            return begun
        if begun.played is None:
            verdict = self._capstone(begun.key, place)
        else:
            verdict = self._judged(begun.key, place, begun.played)
        self._begun[name] = verdict
        return verdict

    def _capstone(self, key: Key, place: Place) -> Verdict:
        states = {name: self.verdict(name).state for name in key.uses}
        undone = [name for name, state in states.items() if state not in DONE]
        if undone and not self._assisted:
            return _blocked(key, undone, states)
        helped = undone if self._assisted else []
        played = self._play(key, [self._used(name, name in helped) for name in key.uses])
        return replace(self._judged(key, place, played), assisted=tuple(helped))

    def _used(self, name: str, from_reference: bool) -> Used:
        """Return what a capstone imports of the exercise `name`: the learner's file, or the reference."""
        given = self._work.key(name).given
        if from_reference:
            return Used(name, self._library.reference(name), f"{name}.py", given)
        source = self._work.text(name)
        assert isinstance(source, str)  # it was read before, and found right
        return Used(name, source, self._work.path(name), given)

    def _play(self, key: Key, used: Sequence[Used]) -> Future[Play]:
        """Have a file played, as far as it is shown."""
        name, watch = key.name, self._watch
        told = (lambda line: watch(name, line)) if watch is not None and used else None
        source, path = self._work.text(name), self._work.path(name)

        def begun() -> Play:
            playing = Play(self._sandbox, key, source, path, used=used, watch=told, sharing=self._sharing)
            playing.begin()
            return playing

        # Another thread speaks the language of this one.
        return self._pool.submit(copy_context().run, begun)

    def _judged(self, key: Key, place: Place, played: Future[Play]) -> Verdict:
        with self._timings.of("learner's code"):
            try:
                outcomes = played.result().outcomes()
            except Exception as fault:
                why = f"{type(fault).__name__}: {fault}"
                return not_judged(place, say("the grader could not play it: {why}", why=why), key)
        with self._timings.of("judging"):
            try:
                return judge(key, outcomes)
            except Exception as fault:
                why = f"{type(fault).__name__}: {fault}"
                return not_judged(place, say("the grader could not judge it: {why}", why=why), key)

    def _is_stub(self, name: str) -> bool:
        source = self._work.text(name)
        return isinstance(source, str) and stub.untouched(source, self._library.stub(name))


def _end(played: Future[Play]) -> None:
    if not played.cancelled() and played.exception() is None:
        played.result().close()


def _blocked(key: Key, undone: Sequence[str], states: Mapping[str, str]) -> Verdict:
    """Return the verdict on a capstone some of whose functions are not right yet; the first of them is named first."""
    cases = tuple(CaseVerdict(name, kind, hidden, "not run") for name, kind, hidden in planned(key))
    listed = ", ".join(f"{name} ({states[name]})" for name in undone)
    message = say(
        "it uses functions of yours that are not right yet: {functions}. Do {first} first.",
        functions=listed,
        first=undone[0],
    )
    finding = Finding(None, "blocked", message)
    return Verdict(key.name, key.topic, key.title, "blocked", key.points, cases, (finding,), None)


def not_judged(place: Place, message: str, key: Key | None = None) -> Verdict:
    """Return a verdict that blames nobody; where there is a key, its cases and points are in it all the same."""
    cases = tuple(CaseVerdict(name, kind, hidden, "not judged") for name, kind, hidden in planned(key)) if key else ()
    points = key.points if key else 0
    blameless = say("This is not your mistake.")
    finding = Finding(None, "setup", f"{message.rstrip('.')}. {blameless}")
    return Verdict(place.name, place.topic, "", "not judged", points, cases, (finding,), None)
