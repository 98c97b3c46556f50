"""Ways through the course: what leads to an exercise, what a track asks for, where somebody may begin.

An exercise says which others it builds on. Names that are no exercise here are ideas from elsewhere and lead nowhere.
What a track or the placement holds stands in `assignments/ways.toml`.
"""

import graphlib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.library import write

__all__ = ["Ways", "choose", "chosen", "leading_to", "ordered", "read", "topics_needed"]


@dataclass(frozen=True)
class Ways:
    """The tracks by name, each the exercises it asks for; and the placement: exercises to try first."""

    tracks: Mapping[str, tuple[str, ...]]
    about: Mapping[str, str]
    placement: tuple[str, ...]


def read(file: Path, topics: Mapping[str, str]) -> Ways:
    """Return the ways that a TOML file describes.

    Args:
        file: with a table `tracks.NAME` for each track (`about`, a sentence; `topics`, whole topics by their number;
            `exercises`, single ones) and a list `placement`.
        topics: the topic of every exercise, in the library's order. Names of others are left out: they may come.
    """
    plain = tomllib.loads(file.read_text(encoding="utf-8"))
    tracks = {
        name: tuple(
            exercise
            for exercise, topic in topics.items()
            if topic.split("_")[0] in track.get("topics", ()) or exercise in track.get("exercises", ())
        )
        for name, track in plain["tracks"].items()
    }
    about = {name: track["about"] for name, track in plain["tracks"].items()}
    return Ways(tracks, about, tuple(name for name in plain["placement"] if name in topics))


def chosen(root: Path, topics: Mapping[str, str]) -> tuple[str, ...]:
    """Return the exercises of the track that the learner has chosen; all of them, where none is chosen."""
    try:
        track = (root / ".grader" / "track").read_text(encoding="utf-8").strip()
        return read(root / "assignments" / "ways.toml", topics).tracks[track]
    except (OSError, ValueError, KeyError):
        return tuple(topics)


def choose(root: Path, track: str) -> None:
    """Remember the learner's track; "" forgets it."""
    write(root / ".grader" / "track", track.encode())


def leading_to(goals: Iterable[str], needs: Mapping[str, Sequence[str]], done: Collection[str] = ()) -> list[str]:
    """Return the shortest ordered list of exercises that leads to the goals, what is done left out.

    Args:
        goals: the exercises to reach; they come at the end, unless one leads to another.
        needs: for every exercise, those it builds on.
        done: what need not be done again, nor what only leads to it.
    """
    asked, waiting = set(), [goal for goal in goals if goal not in done]
    while waiting:
        name = waiting.pop()
        if name not in asked:
            asked.add(name)
            waiting += [needed for needed in needs[name] if needed in needs and needed not in done]
    return [name for name in ordered(needs) if name in asked]


def ordered(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all exercises, each behind those it builds on, otherwise in the order in which they are given.

    Raises:
        graphlib.CycleError: an exercise leads to itself.
    """
    sorter = graphlib.TopologicalSorter({name: [n for n in needed if n in needs] for name, needed in needs.items()})
    sorter.prepare()
    order, found = list(needs), []
    ready = list(sorter.get_ready())
    while ready:
        name = min(ready, key=order.index)
        ready.remove(name)
        found.append(name)
        sorter.done(name)
        ready += sorter.get_ready()
    return found


def topics_needed(needs: Mapping[str, Sequence[str]], topics: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for every topic the earlier ones that its exercises build on, in order."""
    found: dict[str, set[str]] = {topic: set() for topic in sorted(set(topics.values()))}
    for name, needed in needs.items():
        found[topics[name]] |= {topics[other] for other in needed if other in topics} - {topics[name]}
    return {topic: sorted(others) for topic, others in found.items()}
