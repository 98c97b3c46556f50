"""What the keys of `make watch` do: each takes the screen, and returns the next one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader import desk, grading, hints
from grader.guide import Guide
from grader.judge import DONE, Verdict
from grader.library import Library, LibraryError
from grader.messages import say
from grader.sandbox import Sandbox
from grader.watch.screen import Screen

__all__ = ["KEYS", "Context", "check", "opened", "press", "takes_time"]


@dataclass(frozen=True)
class Context:
    """What the keys work with.

    Attributes:
        library: where the learner's files lie.
        sandbox: where their code runs; its parent stays warm.
        guide: what was tried before, and what comes next.
        told: is told a capstone's name and the last line that it has printed.
    """

    library: Library
    sandbox: Sandbox
    guide: Guide
    told: grading.Watch | None = None


def opened(context: Context, name: str, states: Mapping[str, str] | None = None) -> Screen:
    """Return the screen of an exercise that has not been graded yet."""
    library = context.library
    file = library.places[name].assignment
    states = context.guide.states() if states is None else states
    topics = {each: place.topic for each, place in library.places.items()}
    return Screen(name, str(file.relative_to(library.root)), file.absolute().as_uri(), states, topics)


def check(context: Context, screen: Screen, names: Sequence[str]) -> Screen:
    """Grade what was saved, and put one exercise in front: the first that is wrong, else the last."""
    library, work = context.library, grading.at_home(context.library)
    verdicts = list(grading.grade(library, names, context.sandbox, watch=context.told, work=work))
    complaint = context.guide.remember([(verdict, work.text(verdict.name)) for verdict in verdicts])
    chosen = next((verdict for verdict in verdicts if verdict.state == "wrong"), verdicts[-1])
    states = {**screen.states, **{verdict.name: verdict.state for verdict in verdicts}}
    shown = replace(
        _with(context, opened(context, chosen.name, states), chosen), said=(complaint,) if complaint else ()
    )
    return replace(shown, hints=screen.hints) if chosen.name == screen.name else shown


def _with(context: Context, screen: Screen, verdict: Verdict) -> Screen:
    """Return the screen with a verdict, and all that follows from it."""
    following = tuple(context.guide.after(verdict, where="beside"))
    return replace(
        screen,
        verdict=verdict,
        following=following,
        hints_left=hints.opened(context.library.root, verdict.name, _hints(context, verdict.name))[1],
        answers=tuple(context.guide.answers(verdict)),
    )


def _hints(context: Context, name: str) -> Sequence[str]:
    key = context.guide.key(name)
    return key.hints if key else ()


# --- keys ----------------------------------------------------------------------------------------------------------


def press(context: Context, screen: Screen, key: str) -> Screen:
    """Return the screen after a key; one that means nothing changes nothing."""
    if screen.asked:
        return _reset(context, screen) if key == "y" else replace(screen, asked=False, said=(say("Left as it is."),))
    if screen.part != "verdict":
        return replace(screen, part="verdict", said=())
    return KEYS[key](context, screen) if key in KEYS else screen


def takes_time(screen: Screen, key: str) -> bool:
    """Say whether what a key does takes longer than it takes to draw the screen."""
    return key == "y" if screen.asked else screen.part == "verdict" and key in ("n", "p")


def _next(context: Context, screen: Screen) -> Screen:
    name = context.guide.following(screen.name, screen.states)
    if name is None:
        return replace(
            screen, said=(say("There is no exercise left that nobody has begun. l lists what is not right."),)
        )
    return check(context, screen, [name])


def _hint(context: Context, screen: Screen) -> Screen:
    shown, left = hints.following(context.library.root, screen.name, _hints(context, screen.name))
    return replace(screen, hints=tuple(shown), hints_left=left, said=())


def _ask(context: Context, screen: Screen) -> Screen:
    question = say("Put the stub of {name} back? What you have now is kept aside.", name=screen.name)
    return replace(screen, asked=True, said=(question,))


def _reset(context: Context, screen: Screen) -> Screen:
    root = context.library.root
    try:
        kept = desk.reset(context.library, screen.name)
    except (LibraryError, OSError) as fault:
        return replace(screen, asked=False, said=(str(fault),))
    said = [say("{path} is the stub again.", path=screen.path)]
    said += [say("What you had is kept in {path}.", path=kept.relative_to(root))] if kept else []
    return replace(check(context, screen, [screen.name]), said=tuple(said))


def _picture(context: Context, screen: Screen) -> Screen:
    try:
        from grader.report import gallery
    except ImportError:
        return replace(
            screen, said=(say("Pictures need matplotlib: make plot EX={name} brings it.", name=screen.name),)
        )
    folder = context.library.root / ".grader" / "pictures"
    try:
        hung = gallery.hang(context.library, screen.name, context.sandbox, folder, "png")
    except OSError as fault:
        return replace(screen, said=(say("{folder} cannot be written: {why}", folder=folder, why=fault.strerror),))
    if not hung:
        return replace(screen, said=(say("There is no picture of {name}.", name=screen.name),))
    said = [line for one in hung for line in (_address(one.file), f"  {one.look}", f"  {one.said}")]
    return replace(screen, said=tuple(said))


def _address(file: Path) -> str:
    return file.absolute().as_uri()


def _part(part: str) -> Callable[[Context, Screen], Screen]:
    return lambda context, screen: replace(screen, part=part, said=())


def _other_answers(context: Context, screen: Screen) -> Screen:
    if screen.answers:
        return replace(screen, part="answers", said=())
    if screen.verdict is not None and screen.verdict.state in DONE and not context.library.answers(screen.name):
        return replace(screen, said=(say("This is a handout, which has no other answers."),))
    return replace(screen, said=(say("Other right answers are shown once yours is robust."),))


KEYS: Mapping[str, Callable[[Context, Screen], Screen]] = {
    "n": _next,
    "h": _hint,
    "d": _part("details"),
    "p": _picture,
    "l": _part("list"),
    "r": _ask,
    "s": _other_answers,
}
