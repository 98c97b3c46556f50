"""Writes the pictures of an exercise to files, and says in words what they show."""

from dataclasses import dataclass, replace
from pathlib import Path

from grader.judge import judge
from grader.library import Library
from grader.report.picture import draw
from grader.sandbox import Sandbox
from grader.sandbox.run import Used, play
from grader.sandbox.source import read

__all__ = ["Hung", "hang"]


@dataclass(frozen=True)
class Hung:
    """A picture in its file: what to look for, and what the numbers say."""

    file: Path
    look: str
    said: str


def hang(library: Library, name: str, sandbox: Sandbox, folder: Path, form: str) -> list[Hung]:
    """Draw the learner's answer beside the expected one, once for each picture of the exercise.

    Args:
        library: where exercises and keys lie.
        name: the exercise.
        sandbox: where the learner's code runs.
        folder: where the files go; it is made if need be.
        form: "png" or "svg".
    """
    key, place = library.key(name), library.places[name]
    shown = str(place.assignment.relative_to(library.root))
    source = read(place.assignment, shown, library.root)
    used = [own for other in key.uses if (own := _used(library, other)) is not None]
    hung = []
    for picture, case, look in key.pictures:
        alone = replace(key, cases=tuple(one for one in key.cases if one.name == case))
        outcomes = play(sandbox, alone, source, shown, used=used)
        file = folder / f"{name}_{picture}.{form}"
        folder.mkdir(parents=True, exist_ok=True)
        draw(key, picture, outcomes[case][0]).savefig(file, dpi=110)
        verdict = judge(alone, outcomes)
        said = f"In case {case} your answer agrees with the expected one."
        if verdict.state == "not started":
            said = "Yours is not written yet; the right half shows where to get."
        elif verdict.findings:
            said = f"In case {case}: {verdict.findings[0].message}"
        hung.append(Hung(file, look, said))
    return hung


def _used(library: Library, name: str) -> Used | None:
    """Return the learner's function that a capstone imports, right or not; None where its file cannot be read."""
    file = library.places[name].assignment
    shown = str(file.relative_to(library.root))
    source = read(file, shown, library.root)
    return Used(name, source, shown, library.key(name).given) if isinstance(source, str) else None
