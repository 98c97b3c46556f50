"""The commands for systems that call for one submission at a time: `grader mark`, and `grader gradescope`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.classroom import ClassError
from grader.classroom.exports.commands import EACH_STUDENT, put, tell
from grader.classroom.options import chosen, exercises, late_work, policy
from grader.messages import say, say_count
from grader.sandbox.level import LEVELS, USUAL, at_least

if TYPE_CHECKING:
    from grader.classroom.exports.gradescope import Metadata
    from grader.classroom.record import Record

__all__ = ["gradescope", "mark"]

_OUT = click.Path(path_type=Path)


@click.command()
@click.argument("path", type=_OUT)
@click.option("--format", "format_", type=click.Choice([*EACH_STUDENT, "junit"]), default="record", show_default=True)
@click.option("--out", type=_OUT, help="The file to write; otherwise it is printed, and nothing else is.")
@click.option("--student", default="", help="Whose it is.")
@click.option("--handed-in", default="", metavar="TIME", help="When, such as 2026-10-31T23:50+01:00.")
@click.option("--metadata", type=_OUT, help="Gradescope's submission_metadata.json, which says both and the deadline.")
@exercises
@late_work
@click.option(
    "--isolation", type=click.Choice(LEVELS), default="seccomp", show_default=True, help="The least that will do."
)
@click.option("--assisted", is_flag=True, help="Lend capstones what is not right yet.")
def mark(
    path: Path,
    format_: str,
    out: Path | None,
    names: Sequence[str],
    topics: Sequence[str],
    isolation: str,
    assisted: bool,
    **about: Any,
) -> int:
    """Grade one submission, the folder or archive at PATH, and write the result in the format of another system.

    Lateness follows from when it was handed in, never from the clock. Exit status 0: it is graded, right or wrong; 3:
    it could not be judged, for a reason of ours; nothing is written then where the format has no word for that.
    """
    from grader.classroom.exports import EACH, junit
    from grader.classroom.exports.wording import NotJudgedError
    from grader.classroom.single import marked
    from grader.library import find
    from grader.sandbox import Sandbox

    path = path.absolute()  # "." has no name to call a student by
    most = USUAL if at_least(USUAL, isolation) else isolation
    with Sandbox(most=most) as sandbox:
        library = find()
        whose = _whose(path, about)
        handed_in, late = _lateness(whose, about)
        sandbox.require(isolation)
        wanted = chosen(library.places, names, topics)
        record = marked(path, library, wanted, sandbox, whose.student, handed_in, late, assisted)
    try:
        text = "".join(junit.document([record])) if format_ == "junit" else EACH[format_][1](record)
    except NotJudgedError as fault:
        if out is not None:
            out.unlink(missing_ok=True)
        tell([*_for_teachers(record), f"{fault}."], err=True)
        return 3
    if out is None:
        sys.stdout.write(text)
    else:
        put(out, text.encode())
        tell(_for_teachers(record))
    return 3 if record.not_judged else 0


def _whose(path: Path, about: dict[str, Any]) -> "Metadata":
    from dataclasses import replace

    from grader.classroom.exports import gradescope as system
    from grader.classroom.record import Student

    found = system.Metadata(Student(about["student"] or path.name), about["handed_in"], "")
    file = about["metadata"]
    if file is None:
        return found
    try:
        said = system.metadata(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ClassError(say("{file} cannot be read: {why}.", file=file, why=fault.strerror)) from fault
    except ValueError as fault:
        raise ClassError(f"{file}: {fault}.") from fault
    student = replace(said.student, id=about["student"]) if about["student"] else said.student
    return system.Metadata(student, about["handed_in"] or said.handed_in, said.due)


def _lateness(whose: "Metadata", about: dict[str, Any]) -> Any:
    from grader.classroom.lateness import moment

    try:
        handed_in, due = moment(whose.handed_in), moment(whose.due)
    except ValueError as fault:
        raise ClassError(f"{fault}.") from fault
    return handed_in, policy({**about, "due": about["due"] or due}).of(handed_in)


def _for_teachers(record: "Record") -> list[str]:
    """Return what is not for the student: points, our faults, what is odd, what looks like tampering and may not be."""
    from grader.report.text import amount

    ours = [f"{v.name}: {one.message}" for v in record.verdicts if v.state == "not judged" for one in v.findings[:1]]
    seen = [f"{verdict.name}: {sentence}" for verdict in record.verdicts for sentence in verdict.evidence]
    head = say_count(
        record.max_points,
        "{points} of {number} point, isolation {level}",
        "{points} of {number} points, isolation {level}",
        points=amount(record.final),
        level=record.isolation,
    )
    return [*([] if ours else [head]), *ours, *record.faults, *record.evidence, *seen]


# --- Gradescope's autograder ---------------------------------------------------------------------------------------


@click.command()
@click.option("--out", type=_OUT, default="autograder.zip", show_default=True, help="The zip to write.")
@exercises
@late_work
@click.option("--assisted", is_flag=True, help="Lend capstones what is not right yet.")
def gradescope(out: Path, names: Sequence[str], topics: Sequence[str], assisted: bool, **late: Any) -> int:
    """Build the autograder that is uploaded to Gradescope.

    It holds the solutions, for hidden cases need them: do not give it to students. Where --late-per-day is given
    without --due, Gradescope's own deadline counts.
    """
    from grader.classroom.exports.archive import autograder
    from grader.classroom.sources import sources
    from grader.library import find_authors

    library = find_authors("gradescope")
    wanted = chosen(library.places, names, topics)
    words = [*(["--assisted"] if assisted else []), *_late_words(late)]
    data = autograder(sources(library), wanted if names or topics else (), words)
    put(out, data)
    most = sum(library.key(name).points for name in wanted)
    sizes = [
        say_count(len(data), "{number:,} byte", "{number:,} bytes"),
        say_count(len(wanted), "{number} exercise", "{number} exercises"),
        say_count(most, "{number} point", "{number} points"),
    ]
    click.echo(f"{out}: {', '.join(sizes)}.")
    upload = say(
        "In Gradescope: Configure Autograder, upload this file, and set the autograder's points to this number."
    )
    click.echo(upload)
    return 0


def _late_words(late: dict[str, Any]) -> list[str]:
    shares = {"late_per_day": "--late-per-day", "late_most": "--late-most"}
    words = [word for key, option in shares.items() for word in (option, str(late[key] * 100))]
    if late["due"]:
        words += ["--due", late["due"].isoformat()]
    words += ["--grace", str(late["grace"])] if late["grace"] else []
    words += ["--late-days", str(late["late_days"])] if late["late_days"] is not None else []
    return words if late["late_per_day"] or late["late_days"] is not None else []
