"""What `make watch` shows, as lines of text. Pure."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader import hints
from grader.clean import clean
from grader.judge import DONE, Verdict
from grader.messages import say
from grader.report.text import FACES, WIDTH, Line, details, verdict_lines, word

__all__ = ["Screen", "lines"]

_BAR = 30


@dataclass(frozen=True)
class Screen:
    """All that is in front of the learner.

    Attributes:
        name: the exercise.
        path: its file, as messages call it.
        address: the same as a link.
        states: the state of every exercise, in the order of the course, as it was graded last.
        topics: the topic of every exercise.
        verdict: what its file is worth; None before it has been graded.
        following: what comes next, a paragraph each.
        hints: the hints that are open.
        hints_left: how many are not.
        answers: other right answers, each with its name; empty where none may be shown.
        part: "verdict", "details", "list" or "answers".
        asked: whether a reset waits for a yes.
        said: what the last key has done, a line each.
        width: of the window, in characters.
    """

    name: str
    path: str
    address: str
    states: Mapping[str, str]
    topics: Mapping[str, str]
    verdict: Verdict | None = None
    following: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    hints_left: int = 0
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    part: str = "verdict"
    asked: bool = False
    said: tuple[str, ...] = ()
    width: int = WIDTH


def lines(screen: Screen) -> list[Line]:
    """Return the screen from top to bottom: what was found, hints, what the last key did, progress, the keys."""
    parts = {"verdict": _verdict, "details": _details, "list": _list, "answers": _answers}
    shown = parts[screen.part](screen)
    shown += _hints(screen) if screen.part == "verdict" else []
    shown += [Line("") for _ in screen.said[:1]] + [Line(f"   {clean(said)}") for said in screen.said]
    whole = [fitting for line in shown for fitting in _fitted(line, screen.width)]
    keys = [Line(line, "bold") for line in _packed(_keys(screen), screen.width)]
    return [*whole, Line(""), *_fitted(_progress(screen), screen.width), *keys]


def _fitted(line: Line, width: int) -> list[Line]:
    """Break a line that is wider than the window between words, and keep its margin."""
    if len(line.text) <= width:
        return [line]
    margin = line.text[: len(line.text) - len(line.text.lstrip())]
    broken = textwrap.wrap(line.text, width, subsequent_indent=margin, replace_whitespace=False) or [""]
    return [Line(text, line.style) for text in broken]


def _hints(screen: Screen) -> list[Line]:
    if not screen.hints:
        return []
    *told, left = hints.told(screen.hints, screen.hints_left)
    opened = [line for hint in told for line in (Line(""), Line(f"   {hint}", "yellow"))]
    return [*opened, Line(f"   {left}", "dim")]


def _verdict(screen: Screen) -> list[Line]:
    if screen.verdict is None:
        return [Line(f"   {screen.path}", f"dim link {screen.address}")]
    told = verdict_lines(screen.verdict, screen.path, screen.following, screen.width)
    return [_linked(line, screen) for line in told]


def _linked(line: Line, screen: Screen) -> Line:
    """Make the line that names the learner's file a link to it."""
    return Line(line.text, f"{line.style} link {screen.address}") if line.text.strip() == screen.path else line


def _details(screen: Screen) -> list[Line]:
    if screen.verdict is None:
        return _verdict(screen)
    head = Line(f"{FACES[screen.verdict.state]} {screen.name}: {word(screen.verdict.state)}", "bold")
    path = Line(f"   {screen.path}", f"dim link {screen.address}")
    return [head, path, Line(""), *details(screen.verdict, screen.width)]


def _list(screen: Screen) -> list[Line]:
    """Every topic with its states; of the topic in front every exercise."""
    told = []
    for topic in sorted(set(screen.topics.values())):
        names = [name for name in screen.states if screen.topics[name] == topic]
        done = sum(screen.states[name] in DONE for name in names)
        told.append(Line(say("{topic}: {done} of {all} right", topic=topic, done=done, all=len(names)), "bold"))
        if topic != screen.topics[screen.name]:
            continue
        for name in names:
            mark = ">" if name == screen.name else " "
            told.append(Line(f" {mark} {FACES[screen.states[name]]} {name}: {word(screen.states[name])}"))
    return told


def _answers(screen: Screen) -> list[Line]:
    told = [Line(say("Other right answers. What do they do differently, and which would you rather read?"), "bold")]
    for number, (name, code) in enumerate(screen.answers):
        whose = say("the course's own") if number == 0 else name
        told += [Line(""), Line(f"   {whose}", "yellow")]
        told += [Line(f"     {clean(line)}") for line in code.rstrip("\n").split("\n")]
    return told


def _progress(screen: Screen) -> Line:
    done, most = sum(state in DONE for state in screen.states.values()), len(screen.states)
    full = _BAR * done // most if most else 0
    told = say("{done} of {all} exercises are right", done=done, all=most)
    return Line(f"[{'#' * full}{'.' * (_BAR - full)}] {told}")


def _keys(screen: Screen) -> list[str]:
    if screen.asked:
        return [say("y: yes, put the stub back"), say("any other key: no")]
    if screen.part != "verdict":
        return [say("any key: back"), say("q: quit")]
    hint = [say("h: hint ({left} left)", left=screen.hints_left)] if screen.hints_left else []
    others = [say("s: other right answers")] if screen.answers else []
    always = [say("d: details"), say("p: picture"), say("l: list"), say("r: reset"), *others, say("q: quit")]
    return [say("n: next"), *hint, *always]


def _packed(words: Sequence[str], width: int) -> list[str]:
    """Put words beside each other with dots between them, in as few lines as fit."""
    packed: list[str] = []
    for one in words:
        if packed and len(packed[-1]) + len(one) + 3 <= width:
            packed[-1] += f" · {one}"
        else:
            packed.append(one)
    return packed
