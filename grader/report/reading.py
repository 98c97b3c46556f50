"""What there is to read: statements and lessons as HTML, in the order in which they are meant to be read."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from markupsafe import Markup

from grader import lessons, paths
from grader.lessons import Lesson
from grader.library import Library
from grader.messages import say
from grader.report.markdown import Links, html
from grader.report.standing import lesson_page, number, page_of
from grader.report.statement import Statement, of_stub

__all__ = ["Reading"]

_LESSON_LINK = re.compile(r"\.\./(\w+)(?:/(?:README\.md)?)?(?:#.*)?")
_IMAGE = re.compile(r"[\w-]+\.(?:svg|png)")


class Reading:
    """The texts of a course, each read once.

    Args:
        library: where they lie.
        image: returns the address by which a page shows a picture that lies beside a lesson.

    Attributes:
        topics: in order.
        statement: returns that of an exercise.
        lesson: returns that of a topic.
        part: returns, of a topic and a heading, that part of its lesson as HTML.
        builds_on: returns in words what the picture of the course shows.
    """

    def __init__(self, library: Library, image: Callable[[Path], str]) -> None:
        self._library, self._image = library, image
        self.topics = tuple(dict.fromkeys(place.topic for place in library.places.values()))
        self.statement: Callable[[str], Statement] = cache(lambda name: of_stub(library.stub(name), name))
        self.lesson: Callable[[str], Lesson] = cache(lambda topic: lessons.of_topic(library.root, topic))
        self.part: Callable[[str, str], Markup] = cache(self._part)
        self.builds_on: Callable[[], str] = cache(self._builds_on)

    def ordered(self, topic: str) -> list[str]:
        """Return the exercises of a topic as its lesson lists them, others behind."""
        listed = [*self.lesson(topic).explain]
        names = [name for name, place in self._library.places.items() if place.topic == topic]
        return sorted(names, key=lambda name: listed.index(name) if name in listed else len(listed))

    def neighbours(self, name: str) -> tuple[str, str]:
        """Return the exercises before and after one, "" where there is none."""
        order = ["", *(one for topic in self.topics for one in self.ordered(topic)), ""]
        at = order.index(name)
        return order[at - 1], order[at + 1]

    def image(self, file: Path) -> str:
        """Return the address of a picture, "" where there is none."""
        return self._image(file) if file.is_file() and not file.is_symlink() else ""

    def _part(self, topic: str, heading: str) -> Markup:
        folder = self._library.root / "assignments" / topic
        links = Links(
            page=self._linked,
            image=lambda name: self.image(folder / name) if _IMAGE.fullmatch(name) else "",
            exercise=lambda name: f"./{page_of(name)}",
            exercises=self._library.places.keys(),
        )
        return html(self.lesson(topic).parts.get(heading, ""), links)

    def _linked(self, target: str) -> str:
        found = _LESSON_LINK.fullmatch(target)
        return f"./{lesson_page(found[1])}" if found and found[1] in self.topics else ""

    def _builds_on(self) -> str:
        topics = {name: place.topic for name, place in self._library.places.items()}
        needed = paths.topics_needed({name: self._library.asks(name)[0] for name in topics}, topics)
        told = [
            say("{topic} builds on {others}", topic=number(topic), others=", ".join(map(number, others)))
            for topic, others in needed.items()
            if others
        ]
        head = say("The topics in rows, and in each row what it builds on:")
        return f"{head} {'; '.join(told)}."
