"""The loop of `make watch`: wait for something to happen, act on it, show the screen."""

import sys
from dataclasses import replace
from importlib.util import find_spec

from grader import terminal
from grader.clean import clean
from grader.guide import Guide
from grader.judge import DONE
from grader.library import Library
from grader.messages import say
from grader.report.text import isolation_lines
from grader.sandbox import Sandbox
from grader.saves import Saves
from grader.watch import actions
from grader.watch.screen import Screen, lines

__all__ = ["refused", "run"]

_CLEAR = "\x1b[H\x1b[2J"


def refused() -> str:
    """Return why there can be no watching here, and what to do instead; "" where there can."""
    if sys.stdin is None or sys.stdout is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return say(
            "watch needs a terminal to show what it finds. `make grade EX=name` grades once, `make open` in a browser."
        )
    if find_spec("termios") is None:
        return say("watch needs a terminal of Unix. `make open` shows the same in a browser.")
    return ""


def run(library: Library, first: str | None) -> None:
    """Watch until somebody quits.

    Args:
        library: where the learner's files lie.
        first: the exercise to begin with; if nothing is said, the one that was tried last and is not right, else the
            one to open first.
    """
    from grader.watch.events import listening

    guide, saves = Guide(library), Saves(library)
    with Sandbox() as sandbox, listening(library.root / "assignments") as events:
        context = actions.Context(library, sandbox, guide, _told)
        screen = actions.opened(context, first or _first(library, guide))
        try:
            screen = actions.check(context, screen, [screen.name])
            for line in isolation_lines(sandbox.isolation):
                screen = replace(screen, said=(*screen.said, line.text))
            while True:
                events.forget_keys()  # what was typed while something was graded
                _show(screen)
                event = events.next()
                if event.key == "q":
                    break
                if event.key:
                    if actions.takes_time(screen, event.key):
                        _busy(say("one moment"))
                    screen = actions.press(context, screen, event.key)
                elif names := saves.exercises(event.saved):
                    _busy(say("checking {names}", names=", ".join(names)))
                    screen = actions.check(context, screen, names)
        except (KeyboardInterrupt, EOFError):
            pass
    _farewell(screen)


def _first(library: Library, guide: Guide) -> str:
    """Return the exercise to begin with."""
    begun = guide.unfinished()
    return begun or library.next_to_open(guide.states()) or next(iter(library.places))


def _show(screen: Screen) -> None:
    """Draw the screen anew; where a terminal cannot be cleared, below what stands there."""
    if terminal.coloured(sys.stdout):
        sys.stdout.write(_CLEAR)
    terminal.show(lines(replace(screen, width=terminal.width())))
    sys.stdout.flush()


def _busy(what: str) -> None:
    sys.stdout.write(f"{clean(what)} ...\n")
    sys.stdout.flush()


def _told(name: str, line: str) -> None:
    """Show what a capstone prints while it trains, on one line."""
    if terminal.coloured(sys.stdout):
        sys.stdout.write(f"\r\x1b[2K{clean(f'{name}: {line}')[:100]}")
        sys.stdout.flush()


def _farewell(screen: Screen) -> None:
    done = sum(state in DONE for state in screen.states.values())
    print()
    print(say("{done} of {all} exercises are right. See you.", done=done, all=len(screen.states)))
