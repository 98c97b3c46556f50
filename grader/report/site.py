"""All pages about one learner's work: the map of the course, its topics, their lessons, and every exercise.

`make report` writes them into a folder, from where they open without a script; `make open` shows the same pages live.
Every page lies in one folder and leads to the others by their names alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

from markupsafe import Markup

from grader import hints, lessons, paths
from grader.authoring import AuthoringError
from grader.grading import DONE
from grader.guide import Guide
from grader.handed import HandedError
from grader.history import Attempt, HistoryError, latest
from grader.judge import Verdict
from grader.key import Key
from grader.lessons import Lesson
from grader.library import Library, Place
from grader.messages import say
from grader.next_step import how_to_start
from grader.outcome import Failed
from grader.points import points
from grader.report.code import highlighted, lines, opening
from grader.report.markdown import Links, html
from grader.report.page import STATES, block, counted, exact, render
from grader.report.statement import Statement, of_stub
from grader.report.text import FACES, amount, isolation_lines

__all__ = ["FRONT", "Drawn", "Site", "Standing", "lesson_page", "page_of", "standing", "topic_page"]

FRONT = "index.html"
_LESSON_LINK = re.compile(r"\.\./(\w+)(?:/(?:README\.md)?)?(?:#.*)?")
_IMAGE = re.compile(r"[\w-]+\.(?:svg|png)")
_ATTEMPTS = 20  # as many as anybody reads


@dataclass(frozen=True)
class Standing:
    """How an exercise stands; `most` is 0 where nobody has asked yet what it is worth."""

    name: str
    topic: str
    title: str
    state: str
    face: str
    points: Fraction
    most: int
    page: str

    @property
    def worth(self) -> str:
        """Its points as a table shows them."""
        return f"{amount(self.points)}/{self.most}" if self.most else ""


@dataclass(frozen=True)
class Drawn:
    """A picture of an answer: its address, what to look for, what the numbers say."""

    source: str
    look: str
    said: str


@dataclass(frozen=True)
class _Topic:
    """One topic on the map."""

    number: str
    name: str
    title: str
    page: str
    lesson: str
    states: str
    points: str
    most: int
    shares: tuple[tuple[str, int], ...]
    exercises: tuple[Standing, ...]


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


def page_of(name: str) -> str:
    """Return the name of an exercise's page."""
    return f"exercise-{name}.html"


def topic_page(topic: str) -> str:
    """Return the name of a topic's page."""
    return f"{topic}.html"


def lesson_page(topic: str) -> str:
    """Return the name of a lesson's page."""
    return f"lesson-{topic}.html"


def standing(place: Place, title: str, verdict: Verdict | None, attempt: Attempt | None) -> Standing:
    """Return how an exercise stands: by its verdict, or else by how it was graded last."""
    known = verdict or attempt
    state = known.state if known else "not started"
    got = points(verdict) if verdict else attempt.points if attempt else Fraction(0)
    most = known.max_points if known else 0
    return Standing(place.name, place.topic, title, state, FACES[state].strip(), got, most, page_of(place.name))


class Site:
    """The pages of one learner.

    Args:
        library: where exercises and the learner's files lie.
        guide: knows what was tried, and what comes next.
        image: returns the address by which a page shows a picture that lies beside a lesson.
        live: whether a page is shown by a server, which can hand out hints and say what is new.
    """

    def __init__(self, library: Library, guide: Guide, image: Callable[[Path], str], live: bool = False) -> None:
        self._library, self._guide, self._image, self._live = library, guide, image, live
        self.topics = tuple(dict.fromkeys(place.topic for place in library.places.values()))
        self._statement = cache(self._read_statement)
        self._lesson = cache(lambda topic: lessons.of_topic(library.root, topic))
        self._written = cache(self._lesson_part)

    # --- pages ---

    def front(self, verdicts: Mapping[str, Verdict], isolation: str = "") -> str:
        """Return the map: every topic with its exercises and their states.

        Args:
            verdicts: those that are known; the others stand as they were when they were graded last.
            isolation: the level that was reached; "" where nothing has run yet.
        """
        stand = self.standings(verdicts)
        got, most = _sum(stand)
        return self._page(
            "index.html",
            topics=[self._on_the_map(topic, stand) for topic in self.topics],
            begun=any(one.state != "not started" for one in stand),
            known=all(one.most for one in stand),
            points=amount(got),
            exact=exact(got),
            max_points=most,
            states=counted([one.state for one in stand]),
            following=self._following(stand),
            course_map=self._image_of(self._library.root / "assignments" / "course_map.svg"),
            builds_on=self._builds_on(),
            isolation=_isolation(isolation),
        )

    def topic(self, topic: str, verdicts: Mapping[str, Verdict]) -> str:
        """Return the page of a topic: its exercises, and what is to be said of those that have begun."""
        stand = [one for one in self.standings(verdicts) if one.topic == topic]
        told = [verdicts[one.name] for one in stand if one.name in verdicts and one.state != "not started"]
        return self._page(
            "topic.html",
            topic=self._on_the_map(topic, stand),
            blocks=[block(verdict, number, self._path(verdict.name)) for number, verdict in enumerate(told, start=1)],
            pages={one.name: one.page for one in stand},
            how_to_start=how_to_start(),
        )

    def lesson(self, topic: str) -> str:
        """Return the page of a topic's lesson."""
        lesson = self._lesson(topic)
        return self._page(
            "lesson.html",
            title=lesson.title or topic,
            text=self._written(topic, lesson.title),
            topic_page=topic_page(topic),
            topic=topic,
        )

    def exercise(
        self,
        name: str,
        verdict: Verdict | None,
        source: str | Failed,
        drawn: Sequence[Drawn] = (),
        running: str = "",
        can_draw: bool = False,
    ) -> str:
        """Return the page of one exercise.

        Args:
            name: the exercise.
            verdict: on the learner's file; None where there is none yet.
            source: the learner's file, or why there is none.
            drawn: its pictures.
            running: what is being done with it at the moment, a sentence; "" for nothing.
            can_draw: whether there are pictures to be asked for.
        """
        place, statement, key = self._library.places[name], self._statement(name), self._key(name)
        texts = key.hints if key else ()
        opened = min(hints.seen(self._library.root, name), len(texts))
        attempts = self._attempts(name)
        before, after = self._neighbours(name)
        return self._page(
            "exercise.html",
            one=standing(place, statement.title, verdict, latest(attempts).get(name)),
            statement=statement,
            needs=[(other, page_of(other)) for other in (*key.needs, *key.uses) if other in self._library.places]
            if key
            else [],
            path=self._path(name),
            topic=place.topic,
            topic_page=topic_page(place.topic),
            lesson_page=lesson_page(place.topic),
            lesson_title=key.lesson if key else "",
            lesson=self._written(place.topic, key.lesson) if key and key.lesson else "",
            block=block(verdict, 1, self._path(name)) if verdict else None,
            following=self._guide.after(verdict, onward=False, where="beside" if self._live else "commands")
            if verdict
            else [],
            onward=self._onward(verdict) if verdict else None,
            running=running,
            source=lines(source) if isinstance(source, str) else [],
            opening=opening(source) if isinstance(source, str) else 0,
            answers=self._answers(name, verdict),
            no_source=source.message if isinstance(source, Failed) else "",
            hints=texts[:opened],
            hints_left=len(texts) - opened,
            drawn=drawn,
            can_draw=can_draw,
            tries=[_tried(attempt) for attempt in reversed(attempts[-_ATTEMPTS:])],
            left_out=max(len(attempts) - _ATTEMPTS, 0),
            before=before and page_of(before),
            after=after and page_of(after),
            names=(before, after),
        )

    def standings(self, verdicts: Mapping[str, Verdict]) -> list[Standing]:
        """Return how every exercise stands, topic by topic, in the order of the lessons."""
        try:
            tried = latest(self._guide.history.attempts())
        except HistoryError:
            tried = {}
        places = self._library.places
        return [
            standing(places[name], self._statement(name).title, verdicts.get(name), tried.get(name))
            for topic in self.topics
            for name in self._ordered(topic)
        ]

    # --- what stands on them ---

    def _page(self, template: str, **values: object) -> str:
        return render(template, live=self._live, front=FRONT, **values)

    def _on_the_map(self, topic: str, stand: Sequence[Standing]) -> _Topic:
        mine = tuple(one for one in stand if one.topic == topic)
        (got, most), states = _sum(mine), [one.state for one in mine]
        number, _, rest = topic.partition("_")
        title = self._lesson(topic).title.removeprefix(number).lstrip(" ·") or rest.replace("_", " ")
        shares = tuple((state, states.count(state)) for state in STATES if state in states)
        known = most if all(one.most for one in mine) else 0
        return _Topic(
            number,
            topic,
            title,
            topic_page(topic),
            lesson_page(topic),
            counted(states),
            amount(got),
            known,
            shares,
            mine,
        )

    def _builds_on(self) -> str:
        """Return in words what the picture of the course shows."""
        topics = {name: place.topic for name, place in self._library.places.items()}
        needed = paths.topics_needed({name: self._library.asks(name)[0] for name in topics}, topics)
        told = [
            say("{topic} builds on {others}", topic=_number(topic), others=", ".join(map(_number, others)))
            for topic, others in needed.items()
            if others
        ]
        head = say("The topics in rows, and in each row what it builds on:")
        return f"{head} {'; '.join(told)}."

    def _following(self, stand: Sequence[Standing]) -> Standing | None:
        """Return the exercise to go on with: one that is wrong, one half done, or the next that nobody has begun."""
        for state in ("wrong", "not judged", "not started"):
            for one in stand:
                if one.state == state:
                    return one
        return None

    def _onward(self, verdict: Verdict) -> Standing | None:
        """Return the exercise to do next, for who is done with this one."""
        if verdict.state not in DONE:
            return None
        states = {**self._guide.states(), verdict.name: verdict.state}
        name = self._guide.following(verdict.name, states)
        return standing(self._library.places[name], self._statement(name).title, None, None) if name else None

    def _ordered(self, topic: str) -> list[str]:
        """Return the exercises of a topic as its lesson lists them, others behind."""
        listed = [*self._lesson(topic).explain]
        names = [name for name, place in self._library.places.items() if place.topic == topic]
        return sorted(names, key=lambda name: listed.index(name) if name in listed else len(listed))

    def _neighbours(self, name: str) -> tuple[str, str]:
        order = ["", *(one for topic in self.topics for one in self._ordered(topic)), ""]
        at = order.index(name)
        return order[at - 1], order[at + 1]

    def _read_statement(self, name: str) -> Statement:
        return of_stub(self._library.stub(name), name)

    def _key(self, name: str) -> Key | None:
        """Return the key of an exercise; None where there is none, which its verdict says."""
        try:
            return self._library.key(name)
        except (AuthoringError, HandedError):
            return None

    def _attempts(self, name: str) -> list[Attempt]:
        try:
            return self._guide.history.attempts(name)
        except HistoryError:
            return []

    def _answers(self, name: str, verdict: Verdict | None) -> list[tuple[str, Markup]]:
        """Return other right answers, for who has found a robust one."""
        if verdict is None or verdict.state != "robust":
            return []
        try:
            return [(title, highlighted(source)) for title, source in self._library.answers(name)]
        except (OSError, SyntaxError, UnicodeDecodeError):  # an author is writing
            return []

    def _path(self, name: str) -> str:
        return str(self._library.places[name].assignment.relative_to(self._library.root))

    def _lesson_part(self, topic: str, heading: str) -> Markup:
        lesson: Lesson = self._lesson(topic)
        folder = self._library.root / "assignments" / topic
        links = Links(
            page=self._linked,
            image=lambda name: self._image_of(folder / name) if _IMAGE.fullmatch(name) else "",
            exercise=lambda name: f"./{page_of(name)}",
            exercises=self._library.places.keys(),
        )
        return html(lesson.parts.get(heading, ""), links)

    def _linked(self, target: str) -> str:
        found = _LESSON_LINK.fullmatch(target)
        return f"./{lesson_page(found[1])}" if found and found[1] in self.topics else ""

    def _image_of(self, file: Path) -> str:
        return self._image(file) if file.is_file() and not file.is_symlink() else ""


def _sum(stand: Iterable[Standing]) -> tuple[Fraction, int]:
    whole = list(stand)
    return sum((one.points for one in whole), Fraction(0)), sum(one.most for one in whole)


def _number(topic: str) -> str:
    return topic.partition("_")[0]


def _isolation(level: str) -> str:
    return " ".join(line.text for line in isolation_lines(level))


def _tried(attempt: Attempt) -> _Try:
    return _Try(
        at=datetime.fromtimestamp(attempt.last).strftime("%Y-%m-%d %H:%M"),
        state=attempt.state,
        face=FACES[attempt.state].strip(),
        points=f"{amount(attempt.points)}/{attempt.max_points}",
        cases=say("{passed} of {cases}", passed=attempt.passed, cases=attempt.cases),
        finding=say("in case {case}: {finding}", case=attempt.case, finding=attempt.finding)
        if attempt.case
        else attempt.finding,
        cause=attempt.cause_said,
    )
