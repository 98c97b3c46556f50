"""The commands for teachers: `grader class` and what belongs to it."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.classroom.options import chosen, exercises, late_work, policy
from grader.messages import say, say_count
from grader.sandbox.level import LEVELS, USUAL, at_least

if TYPE_CHECKING:
    from grader.classroom.assistant import Plan
    from grader.classroom.lateness import Policy
    from grader.classroom.record import Record
    from grader.classroom.run import Graders, Run
    from grader.classroom.similarity import Pair
    from grader.library import Library

__all__ = ["class_"]

_QUIET_SECONDS = 10.0
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("class")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.argument("results", type=click.Path(file_okay=False, path_type=Path))
@exercises
@click.option("--roster", type=_FILE, help="CSV of the class: a column id, and name, email, section, due as you like.")
@click.option("--secret-file", type=_FILE, help="A file whose text draws the numbers of hidden cases for this class.")
@click.option("--per-student", is_flag=True, help="Draw hidden cases for every student anew; takes longer.")
@late_work
@click.option(
    "--isolation", type=click.Choice(LEVELS), default="seccomp", show_default=True, help="The least that will do."
)
@click.option("--jobs", type=click.IntRange(1), help="How many processes grade; as many as there are cores otherwise.")
@click.option("--assisted", is_flag=True, help="Lend capstones what is not right yet.")
@click.option("--dask", metavar="ADDRESS", help="Grade on the Dask cluster whose scheduler is there.")
@click.option("--similarity", is_flag=True, help="List pairs of answers that are alike, to be read; needs copydetect.")
def class_(
    submissions: Path,
    results: Path,
    names: Sequence[str],
    topics: Sequence[str],
    roster: Path | None,
    secret_file: Path | None,
    per_student: bool,
    isolation: str,
    jobs: int | None,
    assisted: bool,
    dask: str | None,
    similarity: bool,
    **late: Any,
) -> int:
    """Grade all of a class: what lies in SUBMISSIONS, into the folder RESULTS.

    SUBMISSIONS is a folder with one folder, archive or git clone for each student, a download of Canvas or Moodle, or a
    CSV file with columns path and id. Run it again at any time: only what has changed is graded.
    """
    from grader.classroom.assistant import Plan
    from grader.classroom.hand_ins import assigned, find, passed_over
    from grader.classroom.journal import Journal
    from grader.classroom.roster import Roster
    from grader.classroom.run import Run
    from grader.library import find_authors

    if per_student and secret_file is None:
        raise click.UsageError(say("--per-student needs --secret-file: the students' numbers are drawn from it."))
    library = find_authors("class")
    secret = _secret(secret_file) if secret_file else ""
    most = isolation if not at_least(USUAL, isolation) else USUAL
    plan = Plan(chosen(library.places, names, topics), secret, per_student, most, isolation, assisted)
    students = assigned(find(submissions), Roster.read(roster) if roster else None)
    with Journal(results) as journal:
        run = Run(library, plan, students, journal)
        try:
            with _graders(library, plan, jobs, dask) as graders:
                graders.prepare(plan.names)
                with _progress(len(students)) as done:
                    run.go(graders, done)
        except KeyboardInterrupt:
            click.echo(say("What has been graded is kept. The same command goes on from here."), err=True)
            raise
        status = _write(run, library, results, plan.names, policy(late), similarity)
    if strange := passed_over(submissions):
        click.echo(_passed_over(strange))
    return status


def _passed_over(names: Sequence[str]) -> str:
    from grader.clean import clean

    listed, more = ", ".join(clean(name) for name in names[:5]), len(names) - 5
    if more <= 0:
        return say("Nobody's, and passed over: {names}. A student's is a folder or an archive.", names=listed)
    return say_count(
        more,
        "Nobody's, and passed over: {names} and {number} more. A student's is a folder or an archive.",
        "Nobody's, and passed over: {names} and {number} more. A student's is a folder or an archive.",
        names=listed,
    )


@contextlib.contextmanager
def _graders(library: "Library", plan: "Plan", jobs: int | None, dask: str | None) -> Iterator["Graders"]:
    """Start whoever grades: a cluster, or processes here once it is known how well they can be isolated."""
    if dask:
        try:
            from grader.classroom.cluster import Cluster
        except ImportError as fault:
            needed = say("--dask needs distributed ({fault}): pip install 'gradlings[cluster]'", fault=fault)
            raise click.UsageError(needed) from fault
        with Cluster(dask, library, plan) as cluster:
            yield cluster
        return
    from grader.classroom.pool import Pool
    from grader.sandbox import Sandbox

    with Sandbox(most=plan.most) as sandbox:
        sandbox.require(plan.least)
    with Pool(library.root, plan, jobs or os.cpu_count() or 1) as pool:
        yield pool


def _secret(file: Path) -> str:
    text = file.read_text(encoding="utf-8").strip()
    if len(text) < 16:
        raise click.UsageError(
            say(
                "{file} is too short to be a secret: 16 characters at least, such as of `openssl rand -hex 16`.",
                file=file,
            )
        )
    return text


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show how many students are done, how fast it goes and how long it takes: as a bar, or a line now and then."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        rate = TextColumn("{task.fields[rate]}")
        columns = (say("grading"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task, started = bar.add_task("", total=total, rate=""), time.monotonic()

            def drawn(done: int) -> None:
                speed = done / max(time.monotonic() - started, 1e-9)
                bar.update(task, completed=done, total=max(total, done), rate=say("{speed:.1f} a second", speed=speed))

            yield drawn
        return
    said = time.monotonic()

    def told(done: int) -> None:
        nonlocal said
        if time.monotonic() - said > _QUIET_SECONDS:
            said = time.monotonic()
            click.echo(
                say_count(total, "{done} of {number} student done", "{done} of {number} students done", done=done),
                err=True,
            )

    yield told


def _write(
    run: "Run", library: "Library", folder: Path, names: Sequence[str], policy: "Policy", similarity: bool
) -> int:
    from grader.classroom import feedback, overview, results

    counted = _Counted()
    found = (run.record(one, policy) for one in run.students)
    seen = (counted.seen(*one) for one in results.written(folder, names, found, feedback.page))
    similar = _similar(run, library, names) if similarity else ()
    text = overview.page(seen, similar=similar, link=lambda student: f"feedback/{results.file_name(student.id)}.html")
    results.put(folder / "overview.html", text)
    for line in counted.lines(folder):
        click.echo(line)
    return 3 if counted.not_judged else 0


def _similar(run: "Run", library: "Library", names: Sequence[str]) -> Iterator["Pair"]:
    """Yield the pairs of answers that are alike, exercise by exercise."""
    try:
        from grader.classroom.similarity import pairs
    except ImportError as fault:
        raise click.UsageError(
            say("--similarity needs copydetect ({fault}): pip install 'gradlings[similarity]'", fault=fault)
        ) from fault
    submissions = {one.enrolled.student.id: run.submission(one).files for one in run.students}
    for name in names:
        texts = {student: text for student, files in submissions.items() if isinstance(text := files[name], str)}
        yield from pairs(name, texts, [library.stub(name), library.places[name].solution.read_text(encoding="utf-8")])


class _Counted:
    """What there is to say at the end."""

    def __init__(self) -> None:
        self.students = self.nothing = self.odd = self.not_judged = 0

    def seen(self, record: "Record", seconds: float) -> tuple["Record", float]:
        """Count a record, and hand it on."""
        self.students += 1
        self.nothing += not record.submission
        self.odd += bool(record.faults)
        self.not_judged += bool(record.not_judged)
        return record, seconds

    def lines(self, folder: Path) -> Iterator[str]:
        """Yield the last lines of a run."""
        yield say_count(self.students, "{number} student.", "{number} students.")
        if self.nothing:
            yield say_count(
                self.nothing,
                "{number} of them has handed in nothing.",
                "{number} of them have handed in nothing.",
            )
        if self.odd:
            yield say_count(
                self.odd,
                "{number} submission has something odd about it: see overview.html.",
                "{number} submissions have something odd about them: see overview.html.",
            )
        if self.not_judged:
            yield say_count(
                self.not_judged,
                "{number} could not be judged, for a reason of ours. Run it again: it alone is graded.",
                "{number} could not be judged, for a reason of ours. Run it again: they alone are graded.",
            )
        yield say("What the class understood: {file}", file=folder / "overview.html")
        yield say(
            "Points: {gradebook}. Pages for students: {pages}.",
            gradebook=folder / "gradebook.csv",
            pages=folder / "feedback",
        )
