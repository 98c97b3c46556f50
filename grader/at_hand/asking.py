"""`check`, `hint` and `plot`: what the command line does, for the function that is at hand."""

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import hints
from grader.at_hand import notebook
from grader.at_hand.checked import Checked
from grader.at_hand.lift import lift, plain_function
from grader.at_hand.refusal import NotAtHandError
from grader.at_hand.warm import sandbox
from grader.authoring import AuthoringError
from grader.grading import Work, at_home, grade
from grader.guide import Guide
from grader.handed import HandedError
from grader.judge import DONE, Verdict
from grader.library import Library, LibraryError, at, find
from grader.messages import say
from grader.outcome import FAILURES, Failed
from grader.report import text
from grader.sandbox import SandboxError
from grader.sandbox.source import LARGEST, too_large

if TYPE_CHECKING:
    from grader.report.gallery import Hung

__all__ = ["check", "hint", "plot"]


def check(function: Callable[..., Any]) -> Checked:
    """Grade a function as it is at hand, and show the report that `make grade` shows.

    Its text is taken, with all that it uses by name, and graded in a worker; it is not called here. The exercise is the
    one of its name. In a notebook the report is shown with its picture, elsewhere it is printed.

    Args:
        function: defined by `def` in a notebook, a script or a module.

    Raises:
        NotAtHandError: it is no such function, or something that it uses cannot go along, or there is no such exercise.
    """
    with _said_plainly():
        library = _library()
        work, name = _at_hand(library, plain_function(function))
        (verdict,) = grade(library, [name], sandbox(), work=work)
        guide = Guide(library)
        complaint = guide.remember([(verdict, work.text(name))])
        after, isolation = guide.after(verdict, where="notebook"), text.isolation_lines(sandbox().isolation)
        lines = [*text.verdict_lines(verdict, work.path(name), after), *isolation]
        report = "\n".join([*(line.text for line in lines), *([complaint] if complaint else [])])
        if notebook.running():
            drawn = _drawn(library, name, work) if _answers(verdict) else []
            further = [*after, *(line.text for line in isolation), *([complaint] if complaint else [])]
            notebook.show_html(notebook.verdict_html(verdict, work.path(name), further, drawn), report)
        else:
            print(report)
    return Checked(verdict, report)


def _answers(verdict: Verdict) -> bool:
    """Say whether there are answers to draw: in the case that is shown first the function has given one."""
    first = next(iter(text.shown(verdict)), None)
    return verdict.state in ("wrong", *DONE) and (first is None or first.check not in FAILURES)


def hint(exercise: str | Callable[..., Any]) -> None:
    """Show the next hint for an exercise, one step further each time.

    Args:
        exercise: its name, or the function.

    Raises:
        NotAtHandError: there is no such exercise.
    """
    with _said_plainly():
        library = _library()
        name = _known(library, exercise if isinstance(exercise, str) else plain_function(exercise).__name__)
        print("\n".join(hints.told(*hints.following(library.root, name, library.key(name).hints))))


def plot(exercise: str | Callable[..., Any]) -> None:
    """Show the pictures of an exercise: your answer beside the expected one, your gradient beside the slope.

    In a notebook they are shown, elsewhere written to `.grader/pictures/`.

    Args:
        exercise: its name, for what is in your file in `assignments/`; or the function at hand.

    Raises:
        NotAtHandError: there is no such exercise, no picture of it, or no matplotlib.
    """
    with _said_plainly():
        library = _library()
        if isinstance(exercise, str):
            work, name = at_home(library), _known(library, exercise)
        else:
            work, name = _at_hand(library, plain_function(exercise))
        gallery = _gallery()
        if not library.key(name).drawn:
            drawn = ", ".join(other for other in library.places if library.key(other).drawn)
            raise NotAtHandError(
                say("there is no picture of {name}. There are pictures of: {drawn}.", name=name, drawn=drawn or "-")
            )
        hung = _hung(gallery, library, name, work)
        told = "\n".join(f"{one.file}\n  {one.look}\n  {one.said}" for one in hung)
        if notebook.running():
            notebook.show_html(notebook.pictures_html(hung), told)
        else:
            print(told)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what is wrong with the course or the machine into a sentence as well."""
    try:
        yield
    except (LibraryError, HandedError, AuthoringError, SandboxError) as fault:
        raise NotAtHandError(str(fault)) from None


def _library() -> Library:
    """Return the course of the working folder, or else the one that this grader belongs to.

    Raises:
        LibraryError: there is neither.
    """
    with suppress(LibraryError):
        return find()
    home = Path(__file__).absolute().parents[2]
    library = at(home)
    if library is None:
        raise LibraryError(
            say(
                "no course is to be found: {here} is not inside one, nor is the grader, in {home}. Start the notebook "
                "or script in a folder of the course, or install the grader from there: pip install --editable FOLDER",
                here=Path.cwd(),
                home=home,
            )
        )
    return library


def _known(library: Library, name: str) -> str:
    """Return the name of an exercise.

    Raises:
        NotAtHandError: there is none of this name.
    """
    if name in library.places:
        return name
    near = difflib.get_close_matches(name, library.places, n=1)
    if near:
        raise NotAtHandError(say("there is no exercise {name}. Is it {near}?", name=repr(name), near=near[0]))
    raise NotAtHandError(
        say(
            "there is no exercise {name}; a function is graded as the exercise of its name. `make grade` lists all.",
            name=repr(name),
        )
    )


def _at_hand(library: Library, function: Any) -> tuple[Work, str]:
    """Return the learner's work with one function as it is at hand, and the name of its exercise."""
    name = _known(library, function.__name__)
    lifted = lift(function, library.key(name).uses)
    size = len(lifted.text.encode("utf-8", "replace"))
    own = too_large(lifted.path, size) if size > LARGEST else lifted.text
    home = at_home(library)

    def text_of(other: str) -> str | Failed:
        return own if other == name else home.text(other)

    def path_of(other: str) -> str:
        return lifted.path if other == name else home.path(other)

    return replace(home, text=text_of, path=path_of), name


def _gallery() -> Any:
    try:
        from grader.report import gallery
    except ImportError as fault:
        raise NotAtHandError(
            say("pictures need matplotlib ({fault}). `pip install matplotlib` brings it.", fault=fault)
        ) from None
    return gallery


def _drawn(library: Library, name: str, work: Work) -> "list[Hung]":
    """Return the pictures of a function at hand; none where there is no matplotlib."""
    try:
        gallery = _gallery()
    except NotAtHandError:
        return []
    if not library.key(name).drawn:
        return []
    return _hung(gallery, library, name, work)


def _hung(gallery: Any, library: Library, name: str, work: Work) -> "list[Hung]":
    found: list[Hung] = gallery.hang(library, name, sandbox(), library.root / ".grader" / "pictures", "png", work)
    return found
