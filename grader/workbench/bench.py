"""Grades what was saved in the background, keeps the verdicts, and tells what is new. Nothing here waits for a page."""

import time
from collections.abc import Iterable
from pathlib import Path

from grader import grading
from grader.clean import seen
from grader.guide import Guide
from grader.judge import Verdict
from grader.library import Library
from grader.messages import say
from grader.outcome import Failed
from grader.points import points
from grader.report.drawing import can_draw, drawn
from grader.report.site import Drawn, Work
from grader.report.text import amount, shown, where
from grader.sandbox import Sandbox
from grader.workbench.feed import Feed, News
from grader.workbench.lane import Lane

__all__ = ["Bench"]

_TOLD_EVERY = 1.0  # seconds between two lines of a capstone that runs
_SHOWN = 200  # signs of such a line


class Bench:
    """One learner's work, as it stands at this moment.

    A capstone runs for long, and a picture needs a library that loads slowly: each kind of work has a lane of its own,
    so that a save is answered at once.

    Args:
        library: where the learner's files lie.
        guide: what was tried before.
        sandbox: where the learner's code runs.
        feed: is told what is new.
    """

    def __init__(self, library: Library, guide: Guide, sandbox: Sandbox, feed: Feed) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.running: dict[str, str] = {}
        self._library, self._guide, self._sandbox, self._feed = library, guide, sandbox, feed
        self._pictures: dict[str, list[Drawn]] = {}
        self._saved: set[str] = set()
        self._heard = 0.0
        self._short, self._long, self._drawing = Lane(self._first), Lane(self._grade), Lane(self._draw)

    def begin(self) -> None:
        """Grade everything, whenever nothing else is to be done."""
        self._short.ask(self._library.places)

    def saved(self, names: Iterable[str]) -> None:
        """Grade what was saved, before all else; and behind it the capstones that use it."""
        names = list(names)
        self._saved.update(names)
        self._short.ask(names, first=True)
        begun = [name for name, one in self.verdicts.items() if one.state != "not started"]
        self._short.ask(name for name in begun if set(self._uses(name)) & set(names))

    def look(self, name: str) -> None:
        """Grade an exercise soon, for somebody is looking at it."""
        if name not in self.verdicts and name not in self.running:
            self._short.ask([name], first=True)

    def work(self, name: str, source: str | Failed) -> Work:
        """Return what is known of the work on an exercise.

        Args:
            name: the exercise.
            source: the learner's file, or why there is none.
        """
        return Work(source, self.verdicts.get(name), self._drawn(name), self.running.get(name, ""))

    def _drawn(self, name: str) -> list[Drawn] | None:
        """Return the pictures of an exercise, to be drawn now if need be; None where there are none to draw."""
        verdict, key = self.verdicts.get(name), self._guide.key(name)
        if key is None or not key.drawn or not can_draw():
            return None
        if verdict is None or verdict.state in ("not started", "not judged", "blocked"):
            return None
        if name not in self._pictures:
            self._drawing.ask([name])
        return self._pictures.get(name, [])

    def close(self) -> None:
        """Begin nothing more."""
        for lane in (self._short, self._long, self._drawing):
            lane.close()

    # --- in the lanes ---

    def _first(self, name: str) -> None:
        if self._uses(name):
            self._long.ask([name], first=name in self._saved)
        else:
            self._grade(name)

    def _grade(self, name: str) -> None:
        asked = name in self._saved
        self._saved.discard(name)  # from here on a save is another one
        work = grading.at_home(self._library)
        if self._uses(name):
            self._runs(name, say("It is being graded. A capstone trains, which may take a minute."))
        (verdict,) = grading.grade(self._library, [name], self._sandbox, watch=self._prints, work=work)
        complaint = self._guide.remember([(verdict, work.text(name))])
        self.verdicts[name] = verdict
        self.running.pop(name, None)
        self._pictures.pop(name, None)
        self._feed.tell(News(name, f"{_told(verdict)} {complaint}".rstrip() if asked else ""))

    def _draw(self, name: str) -> None:
        folder = self._library.root / ".grader" / "pictures"
        self._pictures[name] = drawn(self._library, name, self._sandbox, folder, _address)
        self._feed.tell(News(name))

    def _prints(self, name: str, line: str) -> None:
        now = time.monotonic()
        if now - self._heard >= _TOLD_EVERY:
            self._heard = now
            self._runs(name, say("It is running, and says: {line}", line=seen(line)[:_SHOWN]))

    def _runs(self, name: str, how: str) -> None:
        self.running[name] = how
        self._feed.tell(News(name))

    def _uses(self, name: str) -> tuple[str, ...]:
        key = self._guide.key(name)
        return key.uses if key else ()


def _address(file: Path) -> str:
    """Return how a page calls a picture: by another name whenever it was drawn anew."""
    return f"./{file.parent.name}/{file.name}?{file.stat().st_mtime_ns}"


def _told(verdict: Verdict) -> str:
    """Return a verdict in a sentence or two, for who hears it."""
    head = say(
        "{name}: {state}, {points} of {most} points.",
        name=verdict.name,
        state=verdict.state,
        points=amount(points(verdict)),
        most=verdict.max_points,
    )
    first = next(iter(shown(verdict)), None)
    said = seen(first.message).split("\n")[0][:_SHOWN] if first else ""
    return " ".join(part for part in (head, where(verdict, first) if first else "", said) if part)
