"""Marks one submission: takes it in, grades its exercises, and notes what is odd about it."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader import grading
from grader.intake import Submission, ends, take, take_files
from grader.judge import Verdict
from grader.key import Key
from grader.library import Library
from grader.messages import say
from grader.outcome import Failed
from grader.sandbox import Sandbox

__all__ = ["expected", "nothing", "of_files", "of_single_files", "taken", "verdicts", "with_used"]

# Names of files that change what a test framework or an interpreter does beside them.
_TELLING = re.compile(
    r"(^|/)(conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|sitecustomize\.py|usercustomize\.py|numpy(\.py|/)|scipy(\.py|/)"
    r"|grader/|solutions/|.*\.(pth|so|pyd))"
)


def expected(library: Library, names: Sequence[str]) -> dict[str, str]:
    """Return by exercise where its file lies in the course, such as `assignments/04_topic/name.py`."""
    return {name: library.places[name].assignment.relative_to(library.root).as_posix() for name in names}


def with_used(library: Library, names: Sequence[str]) -> list[str]:
    """Return the exercises and all that capstones among them use."""
    whole = list(names)
    for name in whole:  # which grows meanwhile
        whole += [used for used in library.key(name).uses if used not in whole]
    return whole


def taken(path: Path, library: Library, names: Sequence[str]) -> Submission:
    """Return what a student handed in, a folder or an archive."""
    return take(path, expected(library, names), _known(library.root))


@functools.cache
def _known(root: Path) -> frozenset[tuple[str, ...]]:
    """Return what lies in the course's `assignments/`: lessons, pictures and data, and the exercises of other times."""
    found = (file.relative_to(root) for file in (root / "assignments").glob("**/*") if file.is_file())
    return ends(file.as_posix() for file in found if "__pycache__" not in file.parts)


def of_single_files(files: Sequence[tuple[str, Path]], library: Library, names: Sequence[str]) -> Submission:
    """Return what a student handed in as single files, each by its name and where it lies."""
    return take_files(files, expected(library, names))


def nothing(names: Sequence[str]) -> Submission:
    """Return the submission of somebody who has handed in nothing: nobody has begun."""
    return Submission({name: Failed("exception", type="NotImplementedError") for name in names}, (), ())


def of_files(ignored: Sequence[str]) -> tuple[str, ...]:
    """Return what looks like tampering among the files that nobody expects, a sentence each."""
    return tuple(
        say("{name} was handed in too; it was not used", name=name) for name in ignored if _TELLING.search(name)
    )


def verdicts(
    submission: Submission,
    names: Sequence[str],
    library: Library,
    sandbox: Sandbox,
    key: Callable[[str], Key],
    assisted: bool = False,
) -> Iterator[Verdict]:
    """Yield the verdicts on a submission, one for every exercise in `names` and in their order.

    Args:
        submission: what was handed in, with the text of every exercise in `names` and of all that capstones among them
            use.
        names: the exercises.
        library: where they lie.
        sandbox: where the learner's code runs.
        key: returns the key of an exercise.
        assisted: whether a capstone gets references in place of functions that are not right yet.
    """
    paths = expected(library, list(submission.files))
    work = grading.Work(submission.files.__getitem__, paths.__getitem__, key)
    yield from grading.grade(library, names, sandbox, assisted=assisted, work=work)
