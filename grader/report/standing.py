"""How exercises stand, one by one and topic by topic, as pages show it; and what the pages are called. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.history import Attempt
from grader.judge import Verdict
from grader.library import Place
from grader.points import points
from grader.report.page import STATES, counted
from grader.report.text import FACES, amount

__all__ = ["FRONT", "Card", "Standing", "card", "lesson_page", "number", "page_of", "standing", "topic_page", "total"]

FRONT = "index.html"


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
class Card:
    """One topic on the map; `most` is 0 where nobody has asked yet what all of it is worth."""

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


def page_of(name: str) -> str:
    """Return the name of an exercise's page."""
    return f"exercise-{name}.html"


def topic_page(topic: str) -> str:
    """Return the name of a topic's page."""
    return f"{topic}.html"


def lesson_page(topic: str) -> str:
    """Return the name of a lesson's page."""
    return f"lesson-{topic}.html"


def number(topic: str) -> str:
    """Return the number of a topic, such as 04."""
    return topic.partition("_")[0]


def standing(place: Place, title: str, verdict: Verdict | None, attempt: Attempt | None) -> Standing:
    """Return how an exercise stands: by its verdict, or else by how it was graded last."""
    known = verdict or attempt
    state = known.state if known else "not started"
    got = points(verdict) if verdict else attempt.points if attempt else Fraction(0)
    most = known.max_points if known else 0
    return Standing(place.name, place.topic, title, state, FACES[state].strip(), got, most, page_of(place.name))


def card(topic: str, title: str, stand: Sequence[Standing]) -> Card:
    """Return a topic as the map shows it.

    Args:
        topic: its name, such as 04_backprop.
        title: of its lesson; "" where there is none.
        stand: how its exercises stand.
    """
    (got, most), states = total(stand), [one.state for one in stand]
    return Card(
        number=number(topic),
        name=topic,
        title=title.removeprefix(number(topic)).lstrip(" ·") or topic.partition("_")[2].replace("_", " "),
        page=topic_page(topic),
        lesson=lesson_page(topic),
        states=counted(states),
        points=amount(got),
        most=most if all(one.most for one in stand) else 0,
        shares=tuple((state, states.count(state)) for state in STATES if state in states),
        exercises=tuple(stand),
    )


def total(stand: Iterable[Standing]) -> tuple[Fraction, int]:
    """Return how many points there are together, and how many there could be."""
    whole = list(stand)
    return sum((one.points for one in whole), Fraction(0)), sum(one.most for one in whole)
