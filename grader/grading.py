"""Grades one learner's work: reads the files, plays them in workers, judges what they did."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from grader.authoring import AuthoringError
from grader.judge import CaseVerdict, Finding, Outcomes, Verdict, judge, planned
from grader.key import Key
from grader.library import Library, Place
from grader.sandbox import Sandbox
from grader.sandbox.run import play
from grader.sandbox.source import read
from grader.timings import Timings

__all__ = ["grade"]


def grade(
    library: Library, names: Sequence[str], sandbox: Sandbox, timings: Timings | None = None
) -> Iterator[Verdict]:
    """Yield the verdict on every named exercise, in their order; one that fails takes no other with it."""
    timings = timings or Timings()
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        waiting = [(library.places[name], _begin(library, name, sandbox, pool, timings)) for name in names]
        for place, begun in waiting:
            yield begun if isinstance(begun, Verdict) else _finish(place, *begun, timings)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(
    library: Library, name: str, sandbox: Sandbox, pool: ThreadPoolExecutor, timings: Timings
) -> Verdict | tuple[Key, Future[Outcomes]]:
    """Get the key, and have the learner's file played meanwhile."""
    place = library.places[name]
    with timings.of("keys"):
        try:
            key = library.key(name)
        except AuthoringError as fault:
            return _not_judged(place, f"the exercise itself is not ready. {fault}")
        except Exception as fault:
            return _not_judged(place, f"the exercise itself cannot be read: {type(fault).__name__}: {fault}")
    shown = str(place.assignment.relative_to(library.root))
    return key, pool.submit(play, sandbox, key, read(place.assignment, shown, library.root), shown)


def _finish(place: Place, key: Key, played: Future[Outcomes], timings: Timings) -> Verdict:
    with timings.of("learner's code"):
        try:
            outcomes = played.result()
        except Exception as fault:
            return _not_judged(place, f"the grader could not play it: {type(fault).__name__}: {fault}", key)
    with timings.of("judging"):
        try:
            return judge(key, outcomes)
        except Exception as fault:
            return _not_judged(place, f"the grader could not judge it: {type(fault).__name__}: {fault}", key)


def _not_judged(place: Place, message: str, key: Key | None = None) -> Verdict:
    """Return a verdict that blames nobody; where there is a key, its cases and points are in it all the same."""
    cases = tuple(CaseVerdict(name, kind, hidden, "not judged") for name, kind, hidden in planned(key)) if key else ()
    points = key.points if key else 0
    finding = Finding(None, "setup", f"{message.rstrip('.')}. This is not your mistake.")
    return Verdict(place.name, place.topic, "", "not judged", points, cases, (finding,), None)
