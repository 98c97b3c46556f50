"""All pages about one learner's work: the map of the course, its topics, their lessons, and every exercise.

`make report` writes them into a folder, from where they open without a script; `make open` shows the same pages live.
Every page lies in one folder and leads to the others by their names alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import hints
from grader.guide import Guide
from grader.history import Attempt, HistoryError, latest
from grader.judge import DONE, Verdict
from grader.key import Key
from grader.library import Library
from grader.messages import say
from grader.next_step import how_to_start
from grader.outcome import Failed
from grader.report.code import highlighted, lines, opening
from grader.report.page import block, counted, exact, render
from grader.report.reading import Reading
from grader.report.standing import FRONT, Standing, card, lesson_page, page_of, standing, topic_page, total
from grader.report.text import FACES, amount, isolation_lines

__all__ = ["Drawn", "Site", "Work"]

_ATTEMPTS = 20  # as many as anybody reads


@dataclass(frozen=True)
class Drawn:
    """A picture of an answer: its address, what to look for, what the numbers say."""

    source: str
    look: str
    said: str


@dataclass(frozen=True)
class Work:
    """The work on one exercise.

    Attributes:
        source: the learner's file, or why there is none.
        verdict: on it; None where there is none yet.
        drawn: pictures of the answer; None where there are none to draw, nothing in it while they are being drawn.
        running: what is being done with it at the moment, a sentence; "" for nothing.
    """

    source: str | Failed
    verdict: Verdict | None
    drawn: Sequence[Drawn] | None = None
    running: str = ""


@dataclass(frozen=True)
class _Try:
    """One line of an exercise's history."""

    at: str
    state: str
    face: str
    points: str
    cases: str
    finding: str
    cause: str


class Site:
    """The pages of one learner.

    Args:
        library: where exercises and the learner's files lie.
        guide: knows what was tried, and what comes next.
        image: returns the address by which a page shows a picture that lies beside a lesson.
        live: whether a page is shown by a server, which can hand out hints and say what is new.
    """

    def __init__(self, library: Library, guide: Guide, image: Callable[[Path], str], live: bool = False) -> None:
        self._library, self._guide, self._live = library, guide, live
        self._reading = Reading(library, image)
        self.topics = self._reading.topics

    # --- pages ---

    def front(self, verdicts: Mapping[str, Verdict], isolation: str = "") -> str:
        """Return the map: every topic with its exercises and their states.

        Args:
            verdicts: those that are known; the others stand as they were when they were graded last.
            isolation: the level that was reached; "" where nothing has run yet.
        """
        stand = self._standings(verdicts)
        got, most = total(one for of_topic in stand.values() for one in of_topic)
        whole = {one.name: one for of_topic in stand.values() for one in of_topic}
        return self._page(
            "index.html",
            topics=[card(topic, self._reading.lesson(topic).title, of_topic) for topic, of_topic in stand.items()],
            begun=any(one.state != "not started" for one in whole.values()),
            known=all(one.most for one in whole.values()),
            points=amount(got),
            exact=exact(got),
            max_points=most,
            states=counted([one.state for one in whole.values()]),
            following=whole.get(self._to_go_on_with(whole)),
            course_map=self._reading.image(self._library.root / "assignments" / "course_map.svg"),
            builds_on=self._reading.builds_on(),
            isolation=" ".join(line.text for line in isolation_lines(isolation)),
        )

    def topic(self, topic: str, verdicts: Mapping[str, Verdict]) -> str:
        """Return the page of a topic: its exercises, and what is to be said of those that have begun."""
        stand = self._standings(verdicts)[topic]
        told = [verdicts[one.name] for one in stand if one.name in verdicts and one.state != "not started"]
        return self._page(
            "topic.html",
            topic=card(topic, self._reading.lesson(topic).title, stand),
            blocks=[block(verdict, number, self._path(verdict.name)) for number, verdict in enumerate(told, start=1)],
            pages={one.name: one.page for one in stand},
            how_to_start=how_to_start(),
        )

    def lesson(self, topic: str) -> str:
        """Return the page of a topic's lesson."""
        title = self._reading.lesson(topic).title
        return self._page(
            "lesson.html", title=title or topic, text=self._reading.part(topic, title), topic_page=topic_page(topic)
        )

    def exercise(self, name: str, work: Work) -> str:
        """Return the page of one exercise."""
        key, attempts = self._guide.key(name), self._attempts(name)
        title = self._reading.statement(name).title
        return self._page(
            "exercise.html",
            one=standing(self._library.places[name], title, work.verdict, latest(attempts).get(name)),
            **self._around(name),
            **self._asked(name, key),
            **self._told(work.verdict),
            **self._hints(name, key),
            **_file(work.source),
            path=self._path(name),
            running=work.running,
            drawn=work.drawn,
            tries=[_tried(attempt) for attempt in reversed(attempts[-_ATTEMPTS:])],
            left_out=max(len(attempts) - _ATTEMPTS, 0),
        )

    # --- what stands on them ---

    def _page(self, template: str, **values: object) -> str:
        return render(template, live=self._live, front=FRONT, **values)

    def _standings(self, verdicts: Mapping[str, Verdict]) -> dict[str, list[Standing]]:
        """Return how every exercise stands, by topic, in the order of the lessons."""
        try:
            tried = latest(self._guide.history.attempts())
        except HistoryError:
            tried = {}
        places, reading = self._library.places, self._reading
        return {
            topic: [
                standing(places[name], reading.statement(name).title, verdicts.get(name), tried.get(name))
                for name in reading.ordered(topic)
            ]
            for topic in self.topics
        }

    def _to_go_on_with(self, stand: Mapping[str, Standing]) -> str:
        """Return the exercise that was tried last and is not right, or else the one to open next; "" for none."""
        unfinished = self._guide.unfinished()
        following = unfinished or self._library.next_to_open({name: one.state for name, one in stand.items()})
        return following or ""

    def _around(self, name: str) -> dict[str, Any]:
        """Return where an exercise stands in the course."""
        topic, (before, after) = self._library.places[name].topic, self._reading.neighbours(name)
        return {
            "topic": topic,
            "topic_page": topic_page(topic),
            "lesson_page": lesson_page(topic),
            "before": before and (before, page_of(before)),
            "after": after and (after, page_of(after)),
        }

    def _asked(self, name: str, key: Key | None) -> dict[str, Any]:
        """Return what an exercise asks, what it builds on, and what its lesson says of it."""
        topic, part = self._library.places[name].topic, key.lesson if key else ""
        needs = [other for other in (*key.needs, *key.uses) if other in self._library.places] if key else []
        return {
            "statement": self._reading.statement(name),
            "needs": [(other, page_of(other)) for other in dict.fromkeys(needs)],
            "lesson_title": part,
            "lesson": self._reading.part(topic, part) if part else "",
        }

    def _told(self, verdict: Verdict | None) -> dict[str, Any]:
        """Return what there is to say of a verdict, and what comes after it."""
        if verdict is None:
            return {"block": None, "following": [], "onward": None, "answers": []}
        return {
            "block": block(verdict, 1, self._path(verdict.name)),
            "following": self._guide.after(verdict, onward=False, where="beside" if self._live else "commands"),
            "onward": self._onward(verdict),
            "answers": [(title, highlighted(source)) for title, source in self._guide.answers(verdict)],
        }

    def _onward(self, verdict: Verdict) -> tuple[str, str] | None:
        """Return the exercise to do next and its page, for who is done with this one."""
        if verdict.state not in DONE:
            return None
        name = self._guide.following(verdict.name, {**self._guide.states(), verdict.name: verdict.state})
        return (name, page_of(name)) if name else None

    def _hints(self, name: str, key: Key | None) -> dict[str, Any]:
        shown, left = hints.opened(self._library.root, name, key.hints if key else ())
        return {"hints": shown, "hints_left": left}

    def _attempts(self, name: str) -> list[Attempt]:
        try:
            return self._guide.history.attempts(name)
        except HistoryError:
            return []

    def _path(self, name: str) -> str:
        return str(self._library.places[name].assignment.relative_to(self._library.root))


def _file(source: str | Failed) -> dict[str, Any]:
    """Return the learner's file line by line, and how many lines the text at its top takes."""
    if isinstance(source, Failed):
        return {"source": [], "opening": 0, "no_source": source.message}
    return {"source": lines(source), "opening": opening(source), "no_source": ""}


def _tried(attempt: Attempt) -> _Try:
    finding = attempt.finding
    if attempt.case:
        finding = say("in case {case}: {finding}", case=attempt.case, finding=finding)
    return _Try(
        at=datetime.fromtimestamp(attempt.last).strftime("%Y-%m-%d %H:%M"),
        state=attempt.state,
        face=FACES[attempt.state].strip(),
        points=f"{amount(attempt.points)}/{attempt.max_points}",
        cases=say("{passed} of {cases}", passed=attempt.passed, cases=attempt.cases),
        finding=finding,
        cause=attempt.cause_said,
    )
