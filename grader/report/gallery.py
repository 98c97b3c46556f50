"""Writes the pictures of an exercise to files, and says in words what they show.

An exercise has those that its author drew, and one of its gradient, where it asks for one.
"""

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from matplotlib.figure import Figure

from grader.grading import Work, at_home
from grader.judge import Outcomes, judge
from grader.key import Key
from grader.library import Library
from grader.messages import say
from grader.report import gradient
from grader.report.picture import draw
from grader.sandbox import Sandbox
from grader.sandbox.run import Used, play

__all__ = ["Hung", "hang"]


@dataclass(frozen=True)
class Hung:
    """A picture in its file: what to look for, and what the numbers say."""

    file: Path
    look: str
    said: str


def hang(
    library: Library, name: str, sandbox: Sandbox, folder: Path, form: str, work: Work | None = None
) -> list[Hung]:
    """Draw the learner's answer beside the expected one, and their gradient beside the numerical slope.

    Args:
        library: where exercises and keys lie.
        name: the exercise.
        sandbox: where the learner's code runs.
        folder: where the files go; it is made if need be.
        form: "png" or "svg".
        work: whose function to draw; that in `assignments/` if nothing is said.

    Returns:
        One for each picture, none where the exercise has no picture.
    """
    work = work or at_home(library)
    key = work.key(name)
    used = [own for other in key.uses if (own := _used(work, other)) is not None]
    outcomes = play(sandbox, _only_drawn(key), work.text(name), work.path(name), used=used)

    def hung(title: str, figure: Figure, look: str, said: str) -> Hung:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}_{title}.{form}"
        part = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            figure.savefig(part, dpi=110, format=form)
            os.replace(part, file)  # whoever looks meanwhile sees the old one or the new one
        finally:
            part.unlink(missing_ok=True)
        return Hung(file, look, said)

    found = [
        hung(title, draw(key, title, outcomes[case][0]), look, _said(key, case, outcomes))
        for title, case, look in key.pictures
    ]
    if key.gradients:
        worst = gradient.worst(key, outcomes)
        found.append(hung("gradient", gradient.draw(key, worst), gradient.look(worst), gradient.said(worst)))
    return found


def _only_drawn(key: Key) -> Key:
    """Return the key with those cases alone that a picture shows."""
    names = {case for _, case, _ in key.pictures} | {case.name for case in key.gradients}
    return replace(key, cases=tuple(case for case in key.cases if case.name in names))


def _said(key: Key, case: str, outcomes: Outcomes) -> str:
    """Return in words how the answer to a case is beside the expected one."""
    verdict = judge(replace(key, cases=tuple(one for one in key.cases if one.name == case)), outcomes)
    if verdict.state == "not started":
        return say("Yours is not written yet; the right half shows where to get.")
    if verdict.findings:
        return " ".join([say("In case {case}:", case=case), verdict.findings[0].message])
    return say("In case {case} your answer agrees with the expected one.", case=case)


def _used(work: Work, name: str) -> Used | None:
    """Return the learner's function that a capstone imports, right or not; None where its file cannot be read."""
    source = work.text(name)
    return Used(name, source, work.path(name), work.key(name).given) if isinstance(source, str) else None
