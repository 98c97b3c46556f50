"""A learner's own work as pages in a folder, that open from disk: one for all topics, and one for each topic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from grader.judge import Verdict
from grader.next_step import how_to_start
from grader.points import points
from grader.report.page import block, counted, exact, render
from grader.report.text import amount, isolation_lines

__all__ = ["write"]


@dataclass(frozen=True)
class Topic:
    """One line of the first page; `states` in words."""

    name: str
    states: str
    points: str
    max_points: int


def write(verdicts: Sequence[Verdict], path: Callable[[str], str], isolation: str, folder: Path) -> Path:
    """Write the pages, and return the first of them.

    Args:
        verdicts: topic by topic.
        path: returns what messages call the file of an exercise.
        isolation: the level that was reached.
        folder: where the pages go; it is made if need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    topics = [(name, list(group)) for name, group in groupby(verdicts, key=lambda verdict: verdict.topic)]
    for name, group in topics:
        blocks = [block(verdict, number, path(verdict.name)) for number, verdict in enumerate(group, start=1)]
        begun = [one for one in blocks if one.state != "not started"]
        waiting = [one for one in blocks if one.state == "not started"]
        topic = _topic(name, group)
        shown = {"topic": topic, "blocks": blocks, "begun": begun, "waiting": waiting}
        page = render("topic.html", **shown, how_to_start=how_to_start())
        _save(folder / f"{name}.html", page)
    total = sum(map(points, verdicts), Fraction(0))
    first = folder / "index.html"
    page = render(
        "index.html",
        topics=[_topic(name, group) for name, group in topics],
        points=amount(total),
        exact=exact(total),
        max_points=sum(verdict.max_points for verdict in verdicts),
        states=counted([verdict.state for verdict in verdicts]),
        isolation=" ".join(line.text for line in isolation_lines(isolation)),
    )
    _save(first, page)
    return first


def _topic(name: str, group: Sequence[Verdict]) -> Topic:
    got, most = sum(map(points, group), Fraction(0)), sum(verdict.max_points for verdict in group)
    return Topic(name, counted([verdict.state for verdict in group]), amount(got), most)


def _save(file: Path, page: str) -> None:
    file.write_text(page, encoding="utf-8", newline="\n")
