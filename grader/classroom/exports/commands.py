"""The command `grader export`: a class's results in the format of another system.

Exit status: 0 everybody is in it, 1 somebody was left out, and the lines say who.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.classroom import ClassError
from grader.messages import say, say_count

if TYPE_CHECKING:
    from grader.classroom.exports.filling import Filled
    from grader.classroom.exports.matching import Total
    from grader.classroom.record import Record

__all__ = ["EACH_STUDENT", "export", "put", "tell"]

# As in `exports.EACH`, which takes longer to import than a command line has.
EACH_STUDENT = ("autolab", "exercism", "github", "gradescope", "prairielearn", "record")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(path_type=Path)


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["canvas", "junit", "moodle", *EACH_STUDENT[:-1]]))
@click.argument("results", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=_OUT, help="The file to write; for formats with a file for each student the folder.")
@click.option("--gradebook", type=_FILE, help="Canvas, Moodle: the file as it was downloaded. It is not changed.")
@click.option("--column", default="", help="Canvas: the assignment's title or number. Moodle: the header of grades.")
@click.option("--identifier", default="", help="Moodle: the header of the participants' numbers.")
@click.option("--maximum", default="", help="Moodle: the header of the maximum.")
@click.option("--comments", default="", help="Moodle: the header of the column that gets the feedback.")
@click.option("--scale/--no-scale", default=True, help="Whether to scale points to the gradebook's maximum.")
@click.option("--missing-as-zero", is_flag=True, help="Give 0 to who handed in nothing; their cell stays otherwise.")
def export(format_: str, results: Path, out: Path | None, gradebook: Path | None, **more: Any) -> int:
    """Write the RESULTS of a class, a folder that `grader class` has written, in the FORMAT of another system.

    FORMAT canvas or moodle fills the gradebook that you have downloaded; junit is one file; autolab, exercism, github,
    gradescope and prairielearn are a folder with a file for each student.
    """
    files = sorted((results / "records").glob("*.json"))
    if not files:
        raise ClassError(
            say("{folder} holds no records. `grader class` writes them into the folder `records`.", folder=results)
        )
    if format_ in ("canvas", "moodle"):
        return _gradebook(format_, files, gradebook, out, more)
    if format_ == "junit":
        return _junit(files, out)
    return _each(format_, files, out or results / format_)


def _records(files: Iterable[Path]) -> Iterator["Record"]:
    """Read records one at a time; a class may be larger than the memory."""
    from grader.classroom.record import from_plain

    for file in files:
        try:
            yield from_plain(json.loads(file.read_text(encoding="utf-8")))
        except OSError as fault:
            raise ClassError(say("{file} cannot be read: {why}.", file=file, why=fault.strerror)) from fault
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as fault:
            raise ClassError(
                say(
                    "{file} is no record: {why}. Run `grader class` again.",
                    file=file,
                    why=f"{type(fault).__name__}: {fault}",
                )
            ) from fault


def _each(format_: str, files: Sequence[Path], folder: Path) -> int:
    from grader.classroom.exports import EACH
    from grader.classroom.exports.wording import NotJudgedError

    ending, made = EACH[format_]
    left = []
    for file, record in zip(files, _records(files), strict=True):
        target = folder / f"{file.stem}{ending}"
        try:
            put(target, made(record).encode())
        except NotJudgedError as fault:
            target.unlink(missing_ok=True)
            left.append(f"{file.stem}: {fault}.")
        else:
            names = ", ".join(record.not_judged)
            left += [say("{student}: not judged: {names}.", student=file.stem, names=names)] if names else []
    click.echo(_students(len(files), folder))
    tell(left)
    return 1 if left else 0


def _junit(files: Sequence[Path], out: Path | None) -> int:
    from grader.classroom.exports import junit

    pieces = (piece.encode() for piece in junit.document(_records(files)))
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return 0
    put(out, pieces)
    click.echo(_students(len(files), out))
    return 0


def _students(number: int, place: Path) -> str:
    return say_count(number, "{number} student: {place}", "{number} students: {place}", place=place)


def _gradebook(format_: str, files: Sequence[Path], gradebook: Path | None, out: Path | None, more: Any) -> int:
    if gradebook is None:
        raise click.UsageError(
            say("--gradebook is needed: the file that {system} has given you.", system=format_.title())
        )
    if format_ == "canvas" and not more["column"]:
        raise click.UsageError(say("--column is needed: the assignment's title, or its number in parentheses."))
    filled = _filled(format_, files, gradebook.read_bytes(), more)
    target = out or gradebook.with_name(f"{gradebook.stem}-filled{gradebook.suffix}")
    put(target, filled.data)
    click.echo(say("Written: {file}. Upload this file.", file=target))
    tell(filled.said)
    return 0 if filled.whole else 1


def _filled(format_: str, files: Sequence[Path], data: bytes, more: Any) -> "Filled":
    from grader.classroom.exports import canvas, moodle

    totals = list(_totals(files, bool(more["comments"])))
    if format_ == "canvas":
        return canvas.fill_in(data, totals, more["column"], more["scale"], more["missing_as_zero"])
    columns = moodle.Columns(more["column"], more["identifier"], more["maximum"], more["comments"])
    return moodle.fill_in(data, totals, columns, more["scale"], more["missing_as_zero"])


def _totals(files: Sequence[Path], comments: bool) -> Iterator["Total"]:
    from grader.classroom.exports.matching import total as of_record
    from grader.classroom.exports.wording import feedback

    for record in _records(files):
        yield of_record(record, feedback(record) if comments else "")


# --- files and words -----------------------------------------------------------------------------------------------


def put(file: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all."""
    from grader.classroom.results import whole

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as stream:
            for piece in [data] if isinstance(data, bytes) else data:
                stream.write(piece)
    except OSError as fault:
        raise ClassError(say("{file} cannot be written: {why}.", file=file, why=fault.strerror)) from fault


def tell(lines: Iterable[str], err: bool = False) -> None:
    """Print lines, each as one, in which nothing commands the terminal."""
    from grader.clean import clean

    for line in lines:
        click.echo(" ".join(clean(line).split()), err=err)
