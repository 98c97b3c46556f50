"""Knows what stands beside a verdict: what was tried before, what the lesson asks, where to go next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader import hints, lessons, next_step, paths
from grader.authoring import AuthoringError
from grader.handed import HandedError
from grader.history import Graded, History, HistoryError, latest, tries
from grader.judge import Verdict
from grader.key import Key
from grader.library import Handout, Library
from grader.next_step import Around, Where

__all__ = ["Guide"]


class Guide:
    """Goes along with one learner.

    Args:
        library: where the learner's files lie.
    """

    def __init__(self, library: Library) -> None:
        self.history = History(library.root)
        self._library = library

    def remember(self, graded: Sequence[Graded]) -> str:
        """Write down what was graded; return why that could not be done, or ""."""
        try:
            self.history.record(graded)
        except HistoryError as fault:
            return str(fault)
        return ""

    def states(self) -> dict[str, str]:
        """Return the state of every exercise, as it was when it was graded last."""
        try:
            found = latest(self.history.attempts())
        except HistoryError:
            found = {}
        return {name: found[name].state if name in found else "not started" for name in self._library.places}

    def unfinished(self) -> str | None:
        """Return the exercise that was tried last and is not right, or None."""
        try:
            found = latest(self.history.attempts())
        except HistoryError:
            return None
        waiting = [one for one in found.values() if one.state == "wrong" and one.name in self._library.places]
        return max(waiting, key=lambda one: one.last).name if waiting else None

    def following(self, name: str, states: Mapping[str, str]) -> str | None:
        """Return the exercise to do after the exercise `name`: on the learner's track, ready, and near."""
        library = self._library
        goals = paths.chosen(library.root, {each: place.topic for each, place in library.places.items()})
        waiting = {each: state for each, state in states.items() if each != name}
        on_track = {each: state for each, state in waiting.items() if each in goals or state != "not started"}
        return library.next_to_open(on_track, name) or library.next_to_open(waiting, name)

    def after(self, verdict: Verdict, onward: bool = True, where: Where = "commands") -> list[str]:
        """Return what comes after a verdict that has been remembered, a paragraph each.

        Args:
            verdict: the verdict.
            onward: whether to say which exercise comes next.
            where: where the learner reads it.
        """
        can_lend = not isinstance(self._library, Handout)
        try:
            around = replace(self._around(verdict, onward), can_lend=can_lend, where=where)
        except (AuthoringError, HandedError, HistoryError):  # said where it was graded
            around = Around(can_lend=can_lend, where=where)
        return next_step.sentences(verdict, around)

    def key(self, name: str) -> Key | None:
        """Return the key of an exercise; None where there is none, which its verdict says."""
        try:
            return self._library.key(name)
        except (AuthoringError, HandedError):
            return None

    def answers(self, verdict: Verdict) -> list[tuple[str, str]]:
        """Return other right answers, each with its name, for who has found a robust one."""
        try:
            return self._library.answers(verdict.name) if verdict.state == "robust" else []
        except (OSError, SyntaxError, UnicodeDecodeError):  # an author is writing
            return []

    def _around(self, verdict: Verdict, onward: bool) -> Around:
        library, name = self._library, verdict.name
        if verdict.state == "wrong":
            _, left = hints.opened(library.root, name, library.key(name).hints)
            return Around(tries=tries(self.history.attempts(name)), hints_left=left)
        if verdict.state not in ("right", "robust"):
            return Around()
        key, lesson = library.key(name), lessons.of_topic(library.root, verdict.topic)
        other = self.following(name, {**self.states(), name: verdict.state}) if onward else None
        following = str(library.places[other].assignment.relative_to(library.root)) if other else ""
        summaries = {case.name: case.summary for case in key.cases}
        return Around(key.why, lesson.explain.get(name, ""), lesson.play.get(name, ""), summaries, following=following)
