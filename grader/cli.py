"""The command line: `grader COMMAND`, `python -m grader COMMAND`, and behind every `make COMMAND`.

Exit status: 0 nothing that was attempted is wrong, 1 something is, 2 the command was used wrongly, 3 a fault of ours.
What is heavy is imported where it is needed: the worker starts while we do.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from grader.messages import say, say_count
from grader.sandbox.level import LEVELS, USUAL
from grader.timings import Timings

if TYPE_CHECKING:
    from pathlib import Path

    from grader import grading
    from grader import notebook as notebooks
    from grader.guide import Guide
    from grader.judge import Verdict
    from grader.library import Library
    from grader.paths import Ways
    from grader.progress import Summary
    from grader.report.text import Line

__all__ = ["main"]


# Commands for teachers, by where they are: learners need not wait for what these import.
_TEACHERS = {
    "class": "grader.classroom.commands:class_",
    "export": "grader.classroom.exports.commands:export",
    "gradescope": "grader.classroom.exports.services:gradescope",
    "mark": "grader.classroom.exports.services:mark",
}


class _Commands(click.Group):
    """All commands; a teacher's is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_TEACHERS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _TEACHERS:
            return super().get_command(ctx, cmd_name)
        import importlib

        module, _, name = _TEACHERS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Learn the mathematics of machine learning by writing it."""


def main() -> None:
    """Run the command line; a fault of ours ends with one line and status 3."""
    try:
        status = cli.main(prog_name="grader", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo(say("Stopped."), err=True)
        status = 130
    except click.ClickException as fault:
        fault.show()
        status = fault.exit_code
    except Exception as fault:
        status = _our_fault(fault)
    sys.exit(status)


def _told(fault: Exception) -> str:
    """Return an exception in words, with the place where it was raised."""
    import traceback
    from pathlib import Path

    lines = traceback.extract_tb(fault.__traceback__)
    told = f"{type(fault).__name__}: {fault}"
    if not lines:
        return told
    where = say("({file}, line {line})", file=Path(lines[-1].filename).name, line=lines[-1].lineno)
    return f"{told} {where}"


def _our_fault(fault: Exception) -> int:
    from grader.authoring import AuthoringError
    from grader.classroom import ClassError
    from grader.handed import HandedError
    from grader.library import LibraryError
    from grader.sandbox import SandboxError

    if isinstance(fault, (LibraryError, ClassError)):
        click.echo(f"grader: {fault}", err=True)
        return 2
    if isinstance(fault, (AuthoringError, HandedError, SandboxError)):
        click.echo(f"grader: {fault}", err=True)
        return 3
    head = say("grader: a fault of the grader's, not of yours:")
    click.echo(f"{head} {_told(fault)}", err=True)
    return 3


# --- grade ---------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("names", nargs=-1)
@click.option("--topic", default="", help="Only the exercises of one topic, such as 04 or 04_backprop.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--timings", "show_timings", is_flag=True, help="Say where the time went.")
@click.option(
    "--assisted", is_flag=True, help="Lend a capstone the functions of other exercises that are not right yet."
)
@click.option("--isolation", type=click.Choice(LEVELS), help="Grade at this level of isolation, or not at all.")
def grade(
    names: Sequence[str], topic: str, as_json: bool, show_timings: bool, assisted: bool, isolation: str | None
) -> int:
    """Grade the exercises NAMES, or all of them. A file's path does as well as its name."""
    from grader.sandbox import Sandbox

    timings = Timings()
    with timings.of("all"), Sandbox(most=isolation or USUAL) as sandbox:
        if isolation is not None:
            sandbox.require(isolation)
        with timings.of("imports"):
            from grader import grading
            from grader.library import find
        library = find()
        chosen = _chosen(library, names, topic)
        if assisted:
            _can_lend(library, chosen)
        with _progress(as_json) as watch:
            work = grading.at_home(library)
            verdicts = list(grading.grade(library, chosen, sandbox, timings, assisted, watch, work))
        guide = _remembered(library, work, verdicts)
        reached = sandbox.isolation
    if as_json:
        from grader.report import json

        click.echo(json.document(verdicts, reached))
    else:
        from grader import terminal

        terminal.show(_report(library, guide, verdicts, reached))
    if show_timings:
        laps = ", ".join(f"{name} {seconds:.3f} s" for name, seconds in timings.seconds.items())
        click.echo(say("time: {laps}", laps=laps), err=True)
    states = {verdict.state for verdict in verdicts}
    return 3 if "not judged" in states else 1 if "wrong" in states else 0


def _remembered(library: "Library", work: "grading.Work", verdicts: Sequence["Verdict"]) -> "Guide":
    """Write down what was graded; where that cannot be done, say so, and go on."""
    from grader.guide import Guide

    guide = Guide(library)
    complaint = guide.remember([(verdict, work.text(verdict.name)) for verdict in verdicts])
    if complaint:
        click.echo(f"grader: {complaint}", err=True)
    return guide


def _can_lend(library: "Library", names: Sequence[str]) -> None:
    """Refuse to lend a capstone the course's own functions where there are none.

    Raises:
        LibraryError: this is a handout.
    """
    from grader.library import Handout, LibraryError

    if isinstance(library, Handout):
        which = names[0] if len(names) == 1 else "name"
        raise LibraryError(
            say(
                "ASSISTED=1 lends a capstone the course's own functions, and this is a handout, which has none: "
                "they are yours to write. `make path EX={name}` lists what comes first.",
                name=which,
            )
        )


@contextlib.contextmanager
def _progress(quiet: bool) -> Iterator["grading.Watch | None"]:
    """Show on one line what a capstone prints while it trains, where somebody is looking at a terminal."""
    import time

    from grader.clean import clean

    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    started, shown = time.monotonic(), ""

    def watch(name: str, line: str) -> None:
        nonlocal shown
        text = f"{name}: {time.monotonic() - started:.0f} s  {clean(line)}"[:100]
        if text != shown:
            sys.stderr.write(f"\r{text:{len(shown)}}")
            sys.stderr.flush()
            shown = text

    try:
        yield watch
    finally:
        if shown:
            sys.stderr.write(f"\r{'':{len(shown)}}\r")
            sys.stderr.flush()


def _chosen(library: "Library", names: Sequence[str], topic: str) -> list[str]:
    """Return the names of the exercises that are meant, in the library's order."""
    import difflib
    import os

    names = [os.path.basename(name).removesuffix(".py") for name in names]
    for name in names:
        if name not in library.places:
            near = difflib.get_close_matches(name, library.places, n=1)
            way_on = say("Is it {name}?", name=near[0]) if near else say("`make grade` lists them all.")
            raise click.UsageError(" ".join([say("there is no exercise {name}.", name=repr(name)), way_on]))
    of_topic = [n for n, place in library.places.items() if place.topic == topic or place.topic.split("_")[0] == topic]
    if topic and not of_topic:
        topics = ", ".join(sorted({place.topic for place in library.places.values()}))
        raise click.UsageError(say("there is no topic {topic}. There are: {topics}.", topic=repr(topic), topics=topics))
    for name in names:
        if topic and name not in of_topic:
            other = library.places[name].topic
            raise click.UsageError(
                say("{name} is not in topic {topic}, but in {other}.", name=name, topic=topic, other=other)
            )
    chosen = [name for name in library.places if name in names] if names else list(library.places)
    return [name for name in chosen if name in of_topic] if topic else chosen


def _report(library: "Library", guide: "Guide", verdicts: Sequence["Verdict"], isolation: str) -> list["Line"]:
    from fractions import Fraction

    from grader import terminal
    from grader.next_step import how_to_start
    from grader.points import points
    from grader.report import text

    def path(name: str) -> str:
        return str(library.places[name].assignment.relative_to(library.root))

    told = [v for v in verdicts if len(verdicts) == 1 or v.findings]
    alone, width = len(verdicts) == 1, terminal.width()
    blocks = [
        [*text.verdict_lines(verdict, path(verdict.name), guide.after(verdict, onward=alone), width), text.Line("")]
        for verdict in told
    ]
    lines = [line for block in blocks for line in block]
    if len(verdicts) > 1:
        got, most = sum(map(points, verdicts), Fraction(0)), sum(verdict.max_points for verdict in verdicts)
        lines = [*text.overview(verdicts), text.Line(""), *lines]
        lines.append(text.Line(text.worth(got, most) + ".", "bold"))
    following = library.next_to_open({verdict.name: verdict.state for verdict in verdicts})
    if following and len(verdicts) > 1 and all(verdict.state not in ("wrong", "not judged") for verdict in verdicts):
        if all(verdict.state == "not started" for verdict in verdicts):
            lines.append(text.Line(say("Open first: {path}", path=path(following))))
            lines.append(text.Line(how_to_start()))
            lines.append(
                text.Line(say("`make watch` grades every save at once; `make open` shows all of this in a browser."))
            )
        else:
            lines.append(text.Line(say("Open next: {path}", path=path(following))))
    return [*lines, *text.isolation_lines(isolation)]


@cli.command()
@click.option("--to", "folder", default="", metavar="FOLDER", help="Where to write; .grader/report otherwise.")
def report(folder: str) -> int:
    """Write your own work as pages that open from disk: the map, every topic, lesson and exercise."""
    from pathlib import Path

    from grader.library import find
    from grader.sandbox import Sandbox

    library = find()
    with Sandbox() as sandbox:
        from grader import grading

        with _progress(quiet=False) as watch:
            work = grading.at_home(library)
            verdicts = list(grading.grade(library, list(library.places), sandbox, watch=watch, work=work))
        guide = _remembered(library, work, verdicts)
        reached = sandbox.isolation
        from grader.report import folder as pages
        from grader.report.site import Site

        drawn = pages.drawings(library, verdicts, sandbox)
    target = Path(folder) if folder else library.root / ".grader" / "report"
    try:
        site = Site(library, guide, pages.inlined)
        first = pages.write(site, library, verdicts, work.text, reached, target, drawn)
    except OSError as fault:
        elsewhere = say(
            "{folder} cannot be written: {why}. Choose another place: --to", folder=target, why=fault.strerror
        )
        raise click.UsageError(elsewhere) from fault
    click.echo(say("Open it in a browser: {file}", file=first))
    return 3 if any(verdict.state == "not judged" for verdict in verdicts) else 0


@cli.command("open")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Where to listen; a free port otherwise.")
@click.option("--browser/--no-browser", default=True, help="Whether to open it in a browser.")
def open_(port: int, browser: bool) -> int:
    """Show the course and your work on a page of your own machine, live: what you save is graded at once."""
    from grader.library import find

    library = find()
    try:
        from grader.workbench import serve
    except ImportError as fault:
        needed = say("the page needs Starlette and uvicorn ({fault}). `make open` brings them.", fault=fault)
        raise click.UsageError(needed) from fault
    try:
        serve.run(library, port, browser)
    except serve.PortError as fault:
        raise click.UsageError(str(fault)) from fault
    return 0


# --- hints, stubs --------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("name")
def hint(name: str) -> None:
    """Show the next hint for the exercise NAME, one step further each time."""
    from grader import hints
    from grader.library import find

    library = find()
    (chosen,) = _chosen(library, [name], "")
    click.echo("\n".join(hints.told(*hints.following(library.root, chosen, library.key(chosen).hints))))


@cli.command()
@click.argument("name")
@click.option("--to", "folder", default="", metavar="FOLDER", help="Where to write; .grader/pictures otherwise.")
@click.option("--svg", is_flag=True, help="Write SVG instead of PNG.")
def plot(name: str, folder: str, svg: bool) -> int:
    """Draw your answer to the exercise NAME beside the expected one."""
    from pathlib import Path

    from grader.library import find
    from grader.sandbox import Sandbox

    library = find()
    (chosen,) = _chosen(library, [name], "")
    try:
        from grader.report import gallery
    except ImportError as fault:
        needed = say("pictures need matplotlib ({fault}). `make plot EX={name}` brings it.", fault=fault, name=chosen)
        raise click.UsageError(needed) from fault
    with Sandbox() as sandbox:
        target = Path(folder) if folder else library.root / ".grader" / "pictures"
        hung = gallery.hang(library, chosen, sandbox, target, "svg" if svg else "png")
    if not hung:
        with_one = ", ".join(other for other in library.places if library.key(other).drawn)
        none = say("there is no picture of {name}.", name=chosen)
        others = say("There are pictures of: {names}.", names=with_one or "-")
        raise click.UsageError(f"{none} {others}")
    for picture in hung:
        click.echo(f"{picture.file}\n  {picture.look}\n  {picture.said}")
    return 0


@cli.command()
def stubs() -> int:
    """Cut the stubs of all exercises into assignments/; work that has begun is left alone."""
    from grader import desk
    from grader.library import find_authors

    library = find_authors("stubs")
    done = {name: desk.lay(library, name) for name in library.places}
    for name, result in done.items():
        path = library.places[name].assignment.relative_to(library.root)
        if result == "written":
            click.echo(say("written: {file}", file=path))
        elif result == "kept":
            click.echo(
                say("left alone: {file} has work in it. make reset EX={name} starts it anew.", file=path, name=name)
            )
    written = sum(result == "written" for result in done.values())
    click.echo(
        say_count(len(done), "{number} stub, {written} written.", "{number} stubs, {written} written.", written=written)
    )
    return 0


@cli.command()
@click.argument("name")
def reset(name: str) -> None:
    """Put the stub of the exercise NAME back; what was there is kept aside."""
    from grader import desk
    from grader.library import find

    library = find()
    (chosen,) = _chosen(library, [name], "")
    kept = desk.reset(library, chosen)
    if kept is not None:
        click.echo(say("What you had is kept in {file}.", file=kept.relative_to(library.root)))
    click.echo(say("{file} is the stub again.", file=library.places[chosen].assignment.relative_to(library.root)))


@cli.command()
def check() -> int:
    """Check the course itself: every file in its place, every exercise finished."""
    from grader.library import find_authors

    library = find_authors("check")
    from grader import course  # a handout does not have it

    faults = course.faults(library)
    for fault in faults:
        click.echo(fault, err=True)
    checked = say_count(len(library.places), "{number} exercise", "{number} exercises")
    found = say_count(len(faults), "{number} fault", "{number} faults")
    click.echo(f"{checked}, {found}.")
    return 3 if faults else 0


# --- handout -------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("folder")
@click.option("--topic", "topics", multiple=True, help="Only this topic, such as 04. May be given several times.")
def handout(folder: str, topics: Sequence[str]) -> int:
    """Write the learner's repository into FOLDER: exercises, grader and keys, and no solution.

    An earlier handout is brought up to date; what somebody has changed there is left alone.
    """
    from pathlib import Path

    from grader.library import find_authors

    library = find_authors("handout")
    from grader import handout as handouts  # a handout does not have it

    target = Path(folder)
    earlier = handouts.refuse(target, library.root)
    chosen = {name for topic in topics or ("",) for name in _chosen(library, (), topic)}
    for number, name in enumerate(chosen, start=1):
        _said_in_place(say("answer keys: {number} of {all}", number=number, all=len(chosen)))
        library.key(name)
    _said_in_place("")
    names, along = handouts.names_of(library, chosen)
    contents = handouts.contents(library, names)
    laid = handouts.lay(target, contents, earlier)
    click.echo("\n".join(handouts.told(target, contents, laid, along)))
    return 0


def _said_in_place(text: str) -> None:
    """Show on one line how far something is, where somebody is looking at a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{text[:100]:100}\r")
        sys.stderr.flush()


# --- import --------------------------------------------------------------------------------------------------------


@cli.command("import")
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False))
@click.option("--topic", default="", help="Where the drafts go, such as 04_backprop; the notebook's name otherwise.")
def import_notebook(notebook: str, topic: str) -> int:
    """Write a draft of an exercise for every function that NOTEBOOK, marked for nbgrader or otter, asks for.

    Nothing of the notebook is run, no file is overwritten, and all drafts are written or none. The author completes
    them; `grader check` says what each still needs.
    """
    from pathlib import Path

    from grader.library import find_authors

    file, library = Path(notebook), find_authors("import")
    from grader import notebook as notebooks  # a handout does not have it

    folder = library.root / "solutions" / _topic_of_drafts(library, topic, file.stem)
    try:
        with file.open("rb") as stream:
            found = notebooks.drafts(stream.read(notebooks.LIMIT + 1))
        _refuse_taken(library, found)
        laid = notebooks.lay(found.drafts, folder, library.root / ".grader")
    except notebooks.NotebookError as fault:
        lines = str(fault).split("\n")
        told = lines[0] if len(lines) == 1 else "".join(f"\n  {line}" for line in lines)
        nothing = say("Nothing was written.")
        raise click.UsageError(f"{_clean(file.name)}: {_clean(told)}\n{nothing}") from fault
    except OSError as fault:
        nothing = say("Nothing was written.")
        raise click.UsageError(f"{fault.filename}: {fault.strerror}. {nothing}") from fault
    _show_drafts(found, [str(path.relative_to(library.root)) for path in laid])
    return 0


def _topic_of_drafts(library: "Library", topic: str, stem: str) -> str:
    """Return the name of the folder that is meant: a topic's own, or one that begins with its number."""
    import re

    topics = sorted({place.topic for place in library.places.values()})
    asked = topic or stem
    if re.fullmatch(r"\d\d_\w+", asked):
        return asked
    if topic and (fitting := [known for known in topics if known.split("_")[0] == topic]):
        return fitting[0]
    raise click.UsageError(
        say(
            "say which topic the drafts belong to: --topic 20_reading makes a new one. There are: {topics}.",
            topics=", ".join(topics),
        )
    )


def _refuse_taken(library: "Library", found: "notebooks.Drafts") -> None:
    from grader.notebook import NotebookError

    taken = [
        say(
            "cell {cell}: there is an exercise {name} already, in {file}. Rename the function in the notebook.",
            cell=draft.cell,
            name=draft.name,
            file=library.places[draft.name].solution.relative_to(library.root),
        )
        for draft in found.drafts
        if draft.name in library.places
    ]
    if taken:
        raise NotebookError("\n".join(taken))


def _clean(text: str) -> str:
    from grader.clean import clean

    return clean(text)


def _show_drafts(found: "notebooks.Drafts", files: Sequence[str]) -> None:
    """Say what was written, what was left out, and what comes next."""
    click.echo(say_count(len(files), "{number} draft written:", "{number} drafts written:"))
    width = max(map(len, files))
    for draft, file in zip(found.drafts, files, strict=True):
        facts = [
            say("cell {number}", number=draft.cell),
            _points_of_draft(draft.points),
            _tests_of_draft(draft.tests, draft.hidden),
        ]
        click.echo(f"  {file:{width}}  {', '.join(facts)}")
    if found.left_out:
        click.echo()
        click.echo(say("Left out:"))
        for why in dict.fromkeys(why for _, why in found.left_out):
            cells = [str(cell) for cell, reason in found.left_out if reason == why]
            told = say_count(
                len(cells), "cell {cells}: {why}.", "cells {cells}: {why}.", cells=", ".join(cells), why=_clean(why)
            )
            click.echo(f"  {told}")
    click.echo()
    click.echo(
        say("Next: complete each draft; the comment at its end says what to add, and holds the notebook's tests.")
    )
    click.echo(say("`grader check` names what is still missing. Until it names nothing, do not hand the course out."))
    click.echo(say("Then `make stubs` cuts what learners get, and `make test` proves what is promised."))


def _points_of_draft(points: int) -> str:
    return say_count(points, "{number} point", "{number} points") if points else say("no points")


def _tests_of_draft(tests: int, hidden: int) -> str:
    if not hidden:
        return say_count(tests, "{number} test", "{number} tests")
    return say_count(tests, "{number} test ({hidden} hidden)", "{number} tests ({hidden} hidden)", hidden=hidden)


# --- progress ------------------------------------------------------------------------------------------------------


@cli.command()
@click.option("--csv", "as_csv", is_flag=True, help="Print every attempt as a table for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="Print every attempt as one JSON object.")
@click.option("--picture", default="", metavar="FILE", help="Draw it, too; a name that ends in .png or .svg.")
def progress(as_csv: bool, as_json: bool, picture: str) -> int:
    """Show how far you have come: topic by topic, over time, what was hard, what waits."""
    import time
    from datetime import date
    from pathlib import Path

    from grader import progress as told
    from grader import terminal
    from grader.history import History, HistoryError
    from grader.library import LibraryError, find

    library = find()
    try:
        attempts = History(library.root).attempts()
    except HistoryError as fault:
        raise LibraryError(str(fault)) from fault
    if as_csv or as_json:
        click.echo(told.json_text(attempts) if as_json else told.csv_text(attempts), nl=as_json)
        return 0
    worth = {name: (place.topic, library.key(name).points) for name, place in library.places.items()}
    found = told.summary(attempts, worth, date.fromtimestamp)
    terminal.show(told.lines(found, time.time()))
    if picture:
        _draw_progress(found, Path(picture))
    return 0


def _draw_progress(found: "Summary", file: "Path") -> None:
    if file.suffix not in (".png", ".svg"):
        raise click.UsageError(say("{file} ends neither in .png nor in .svg, and is drawn as one of these.", file=file))
    try:
        from grader.progress.picture import draw
    except ImportError as fault:
        raise click.UsageError(
            say("pictures need matplotlib ({fault}). `make progress PICTURE={file}` brings it.", fault=fault, file=file)
        ) from fault
    try:
        draw(found).savefig(file, dpi=110)
    except OSError as fault:
        raise click.UsageError(say("{file} cannot be written: {why}.", file=file, why=fault.strerror)) from fault
    click.echo(say("The picture: {file}", file=file))


# --- ways through the course ---------------------------------------------------------------------------------------


@cli.command()
@click.argument("name", required=False)
@click.option("--track", default="", help="Follow a whole track, such as product; all follows none.")
def path(name: str | None, track: str) -> int:
    """Show the shortest way to the exercise NAME, or through a track; what is right already is left out."""
    from grader import paths
    from grader.judge import DONE
    from grader.library import find

    library = find()
    ways = _ways(library)
    if track == "all" and "all" not in ways.tracks:
        paths.choose(library.root, "")
        click.echo(say("The next exercise is looked for in the whole course again."))
        return 0
    if track and track not in ways.tracks:
        raise click.UsageError(
            say(
                "there is no track {track}. There are: {tracks}, and all.",
                track=repr(track),
                tracks=", ".join(ways.tracks),
            )
        )
    if not track and name is None:
        tracks = ", ".join(f"--track {one}" for one in ways.tracks)
        raise click.UsageError(say("say where to: an exercise, or one of {tracks}", tracks=tracks))
    goals = ways.tracks[track] if track else _chosen(library, [str(name)], "")
    if not goals:
        click.echo(
            say("None of the exercises of {track} is here. `make grade` says which one to open first.", track=track)
        )
        return 0
    keys = {each: library.key(each) for each in library.places}
    needs = {each: (*key.needs, *key.uses) for each, key in keys.items()}
    whole = paths.leading_to(goals, needs)
    states = _states(library, whole)
    left = paths.leading_to(goals, needs, {each for each, state in states.items() if state in DONE})
    if track:
        paths.choose(library.root, track)
        click.echo(f"{track}: {ways.about[track]}")
        click.echo(say("From now on the next exercise is one of this track. `make path TRACK=all` takes that back."))
    _list(library, left, states)
    click.echo(_to_go(len(left), len(whole) - len(left)))
    return 0


def _to_go(left: int, done: int) -> str:
    if not left:
        return say("All of it is right already.")
    if not done:
        return say_count(left, "{number} to go.", "{number} to go.")
    return say_count(left, "{number} to go, {done} done.", "{number} to go, {done} done.", done=done)


@cli.command()
@click.argument("symptom", nargs=-1, required=True)
def stuck(symptom: Sequence[str]) -> int:
    """Search the index of symptoms, and name the exercises that teach what to look at."""
    from grader import symptoms
    from grader.library import find

    library = find()
    known = symptoms.read(library.root / "assignments" / "symptoms.toml")
    found = symptoms.search(known, " ".join(symptom))
    if not found:
        click.echo(say("No symptom fits these words. These are known:"))
        for one in known:
            click.echo(f"  {one.says}")
        return 0
    for one in found:
        click.echo(f"{one.says}\n  {one.look}")
        _list(library, [name for name in one.exercises if name in library.places], {})
        click.echo("")
    return 0


@cli.command()
def placement() -> int:
    """Say where to begin: grade a few small exercises, and look at which are right."""
    from grader.judge import DONE
    from grader.library import find

    library = find()
    asked = _ways(library).placement
    if not asked:
        click.echo(
            say("The exercises that show where to begin are not here. `make grade` says which one to open first.")
        )
        return 0
    states = _states(library, asked)
    if all(state == "not started" for state in states.values()):
        click.echo(say("Try these without hints, an hour at most. Then `make placement` again says where to begin."))
        _list(library, asked, states)
        return 0
    _list(library, asked, states)
    weak = sorted({library.places[name].topic for name, state in states.items() if state not in DONE})
    if not weak:
        click.echo(
            say("All right: begin with topic 04, or with `make path EX=` and whatever you want to be able to do.")
        )
        return 0
    click.echo(say("Begin with the lessons of:"))
    for topic in weak:
        click.echo(f"  assignments/{topic}/README.md")
    return 0


def _ways(library: "Library") -> "Ways":
    from grader import paths

    topics = {name: place.topic for name, place in library.places.items()}
    return paths.read(library.root / "assignments" / "ways.toml", topics)


def _states(library: "Library", names: Sequence[str]) -> dict[str, str]:
    """Grade the exercises and return their states."""
    from grader import grading
    from grader.sandbox import Sandbox

    work = grading.at_home(library)
    with Sandbox() as sandbox:
        verdicts = list(grading.grade(library, names, sandbox, work=work))
    _remembered(library, work, verdicts)
    return {verdict.name: verdict.state for verdict in verdicts}


def _list(library: "Library", names: Sequence[str], states: Mapping[str, str]) -> None:
    """Print exercises in their order, with their topic, state and title."""
    from grader.report.text import word

    width = max((len(name) for name in names), default=0)
    words = {name: word(states[name]) for name in names if name in states}
    longest = max(map(len, words.values()), default=0)
    for number, name in enumerate(names, start=1):
        state = f"{words[name]:{longest}}  " if name in words else ""
        topic = library.places[name].topic.split("_")[0]
        click.echo(f"  {number:2}. {topic} {name:{width}}  {state}{library.key(name).title}")


# --- watch ---------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("name", required=False)
def watch(name: str | None) -> int:
    """Grade whatever you save, and show it at once; begin with the exercise NAME."""
    from grader.library import find
    from grader.watch import loop

    library = find()
    first = _chosen(library, [name], "")[0] if name else None
    why_not = loop.refused()
    if why_not:
        raise click.UsageError(why_not)
    loop.run(library, first)
    return 0


# --- gradients of one's own ----------------------------------------------------------------------------------------


@cli.command()
@click.argument("f", metavar="MODULE:F")
@click.argument("gradient", metavar="MODULE:GRADIENT")
@click.option("--x", default=None, metavar="MODULE:X", help="The point: an array, or a function that returns one.")
@click.option("--shape", default="3,4", show_default=True, help="Of a random point, where no --x is given.")
@click.option("--seed", default=0, show_default=True, help="Of a random point.")
def gradcheck(f: str, gradient: str, x: str | None, shape: str, seed: int) -> int:
    """Check the gradient of a function of your own: grader gradcheck layers:tanh layers:tanh_backward."""
    from grader import own_gradients

    try:
        text, status = own_gradients.run(f, gradient, x, shape, seed)
    except (ValueError, ImportError) as fault:
        raise click.UsageError(str(fault)) from fault
    except Exception as fault:  # f and its gradient are the user's
        by_hand = say("Try f and its gradient at this x by hand first.")
        raise click.UsageError(f"{_told(fault)}. {by_hand}") from fault
    click.echo(text)
    return status


if __name__ == "__main__":
    main()
