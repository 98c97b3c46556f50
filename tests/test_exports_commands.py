"""`grader export`, `grader mark` and `grader gradescope`, from end to end."""

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from grader.classroom import ClassError, marking
from grader.classroom.commands import class_
from grader.classroom.exports import EACH, services
from grader.classroom.exports import commands as teachers
from grader.classroom.exports.archive import autograder
from grader.classroom.record import document
from grader.classroom.results import file_name
from grader.classroom.sources import sources
from grader.cli import cli
from tests import courses
from tests.made_records import hostile, records
from tests.test_exports import METADATA, XSD, check
from tests.test_exports_gradebooks import GERMAN, GRADEBOOK, canvas_imports

RELU = "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"
WRONG = "def relu_backward(dout, cache):\n    print('::error::seen')\n    return dout * (dout > 0)\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """What `grader class` leaves of a small class; not to be changed."""
    return laid(tmp_path_factory.mktemp("results"), records())


def laid(folder: Path, made) -> Path:
    (folder / "records").mkdir()
    for one in made:
        (folder / "records" / f"{file_name(one.student.id)}.json").write_text(document(one), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Run:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


def grader(*words: object) -> Run:
    """Run the command line in this process; `grader.cli.main` turns a fault of the teacher's into 2 as well."""
    done = CliRunner().invoke(cli, [*map(str, words)], standalone_mode=False)
    if isinstance(done.exception, ClassError | click.UsageError):
        return Run(2, done.stdout, str(done.exception))
    assert done.exception is None, done.exception
    return Run(done.return_value, done.stdout, done.stderr)


# --- export --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted({*EACH} - {"record"}))
def test_formats_for_one_student_make_a_file_for_each(name, results, tmp_path):
    run = grader("export", name, results, "--out", tmp_path / "out")

    assert run.returncode == 1  # dora is not judged
    assert run.stdout.startswith(f"5 students: {tmp_path / 'out'}\ndora: not judged")
    everybody = {"anna", "ben", "cleo", "dora", "emil"}
    assert {file.stem for file in (tmp_path / "out").iterdir()} == everybody - (
        {"dora"} if name == "gradescope" else set()
    )
    assert {file.suffix for file in (tmp_path / "out").iterdir()} == {EACH[name][0]}


def test_a_result_of_yesterday_does_not_stand_in_for_one_that_is_not_judged(results, tmp_path):
    (tmp_path / "dora.json").write_text("{}", encoding="utf-8")

    grader("export", "gradescope", results, "--out", tmp_path)

    assert not (tmp_path / "dora.json").exists()


def test_without_out_the_folder_is_in_the_results(tmp_path):
    run = grader("export", "exercism", laid(tmp_path, records()[:2]))

    assert run.returncode == 0
    assert sorted(file.name for file in (tmp_path / "exercism").iterdir()) == ["anna.json", "ben.json"]


def test_the_formats_that_the_command_names_are_those_that_there_are():
    assert [*teachers.EACH_STUDENT] == [*EACH]


def test_junit_is_printed_or_written(results, tmp_path):
    printed = grader("export", "junit", results)
    written = grader("export", "junit", results, "--out", tmp_path / "class.xml")

    assert (printed.returncode, written.returncode) == (0, 0)
    XSD.validate(printed.stdout)
    assert (tmp_path / "class.xml").read_text(encoding="utf-8") == printed.stdout


def test_canvass_gradebook_is_filled_beside_itself(results, tmp_path):
    book = tmp_path / "grades.csv"
    book.write_text(GRADEBOOK, encoding="utf-8")

    run = grader("export", "canvas", results, "--gradebook", book, "--column", "991")

    filled = tmp_path / "grades-filled.csv"
    assert run.stdout.splitlines()[:3] == [
        f"Written: {filled}. Upload this file.",
        "Column: Backprop (991)",
        "3 of 6 rows filled, 3 of them changed.",
    ]
    assert canvas_imports(filled.read_bytes())["Weber, Ben"]["991"] == "6.90"
    assert book.read_text(encoding="utf-8") == GRADEBOOK


def test_moodles_worksheet_is_filled_with_comments(results, tmp_path):
    book = tmp_path / "sheet.csv"
    book.write_bytes(GERMAN.encode())

    run = grader("export", "moodle", results, "--gradebook", book, "--comments", "Kommentar", "--out", tmp_path / "x")

    assert "2 of 2 rows filled" in run.stdout
    assert b"<p>1 day late: 9/10 of the points count" in (tmp_path / "x").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["canvas"], "--gradebook is needed"),
        (["canvas", "--gradebook", "BOOK"], "--column is needed"),
        (["canvas", "--gradebook", "BOOK", "--column", "x"], "no column 'x'"),
        (["moodle", "--gradebook", "BOOK"], "Name it by --identifier"),
        (["fax"], "is not one of"),
        (["junit", "--out", "/proc/nowhere/x"], "cannot be written"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_is_missing(words, said, results, tmp_path):
    book = tmp_path / "book.csv"
    book.write_text(GRADEBOOK, encoding="utf-8")

    run = grader("export", words[0], results, *[str(book) if word == "BOOK" else word for word in words[1:]])

    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 2}', '{"version": 1}'])
def test_a_record_that_is_damaged_is_named(text, tmp_path):
    folder = laid(tmp_path, records()[:1])
    (folder / "records" / "zoe.json").write_text(text, encoding="utf-8")

    run = grader("export", "junit", folder, "--out", tmp_path / "x")

    assert (run.returncode, "zoe.json is no record" in run.stderr) == (2, True)
    assert not (tmp_path / "x").exists()


def test_a_folder_without_records_is_no_class(tmp_path):
    run = courses.Course(courses.ROOT).run("export", "junit", str(tmp_path))

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.endswith("holds no records. `grader class` writes them into the folder `records`.\n")


def test_hostile_students_have_files_with_harmless_names(tmp_path):
    run = grader("export", "github", laid(tmp_path, hostile()), "--out", tmp_path / "out")

    assert run.returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == len(hostile())
    assert all(re.fullmatch(r"[a-z0-9~@.+_-]+\.txt", file.name) for file in (tmp_path / "out").iterdir())


def test_records_are_read_one_at_a_time(results):
    files = sorted((results / "records").glob("*.json"))
    missing = [files[0], results / "records" / "nobody.json"]

    assert next(teachers._records(missing)).student.id == "anna"


# --- mark ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def submission(tmp_path) -> Path:
    folder = tmp_path / "eve"
    folder.mkdir()
    (folder / "relu_backward.py").write_text(WRONG, encoding="utf-8")
    (folder / "conftest.py").write_text("", encoding="utf-8")
    return folder


def test_a_submission_is_marked_without_looking_at_the_works_of_whoever_marks(course, submission):
    course.write("relu_backward", RELU)

    run = course.run("mark", str(submission), "--exercise", "relu_backward", "--isolation", "process")

    whole = json.loads(run.stdout)
    assert (run.returncode, run.stderr) == (0, "")
    assert whole["student"]["id"] == "eve"
    assert [(one["name"], one["state"]) for one in whole["exercises"]] == [("relu_backward", "wrong")]
    assert whole["evidence"] == ["conftest.py was handed in too; it was not used"]


def test_lateness_follows_from_when_it_was_handed_in(course, submission, tmp_path):
    (submission / "relu_backward.py").write_text(RELU, encoding="utf-8")
    (tmp_path / "metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    words = ["--exercise", "relu_backward", "--isolation", "process", "--late-per-day", "10"]

    told = course.run("mark", str(submission), *words, "--metadata", str(tmp_path / "metadata.json"))
    later = course.run(
        "mark", str(submission), *words, "--due", "2026-11-01T00:00Z", "--handed-in", "2026-11-03T00:00Z"
    )
    never = course.run("mark", str(submission), *words, "--due", "2020-01-01T00:00Z")

    assert [json.loads(run.stdout)["final"] for run in (told, later, never)] == ["27/10", "12/5", "3"]
    assert json.loads(told.stdout)["student"]["name"] == "Ada and Bo"
    assert json.loads(told.stdout)["handed_in"] == "2026-11-02T10:00:00-08:00"


@pytest.mark.slow
@pytest.mark.parametrize("name", [*EACH, "junit"])
def test_a_mark_can_be_had_in_every_format(name, course, submission):
    run = course.run("mark", str(submission), "--exercise", "relu_backward", "--isolation", "process", "--format", name)

    assert (run.returncode, run.stderr) == (0, "")
    assert not re.search(r"^\s*::", run.stdout, re.MULTILINE)


def test_what_is_not_judged_is_no_result_and_no_zero(course, tmp_path):
    out = tmp_path / "results.json"
    out.write_text('{"score": 0}', encoding="utf-8")

    run = course.run(
        "mark", str(tmp_path / "gone"), "--format", "gradescope", "--out", str(out), "--isolation", "process"
    )

    assert run.returncode == 3
    assert not out.exists()
    assert "not judged, for a reason of ours" in run.stderr


def test_what_a_capstone_uses_is_taken_in_too_and_what_that_uses():
    uses = {"a": ("b",), "b": ("c", "a"), "c": (), "d": ("c",)}
    library = SimpleNamespace(key=lambda name: SimpleNamespace(uses=uses[name]))

    assert marking.with_used(library, ["d", "a"]) == ["d", "a", "c", "b"]


def test_no_lower_isolation_than_asked_for(course, submission):
    run = course.run("mark", str(submission), "--isolation", "kernel+ns", PATH="/nowhere")

    assert run.returncode == 3
    assert "kernel+ns" in run.stderr
    assert run.stdout == ""


# --- Gradescope's autograder ---------------------------------------------------------------------------------------


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_the_scripts_are_at_the_root_and_can_be_run():
    archive = opened(autograder({"grader/x.py": b""}))

    modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes == {"setup.sh": stat.S_IFREG | 0o755, "run_autograder": stat.S_IFREG | 0o755, "grader/x.py": 0o100644}
    assert all(archive.read(name).startswith(b"#!/usr/bin/env bash\n") for name in ("setup.sh", "run_autograder"))


def test_the_same_course_gives_the_same_bytes():
    files = {"b": b"1", "a": b"2"}

    assert autograder(files) == autograder(dict(reversed(files.items())))


def test_words_stay_words_in_the_scripts():
    text = opened(autograder({}, ["a"], ["--due", "x; rm -rf /"])).read("run_autograder").decode()

    assert text.endswith(" --exercise a --due 'x; rm -rf /'\n")


def test_the_course_is_whole_and_nothing_else_is_in_it(course):
    for name in (".git/config", ".grader/secret", "grader/__pycache__/x.pyc", "tests/test_x.py", "solutions/.hidden"):
        file = course.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("secret", encoding="utf-8")
    (course.root / "solutions" / "link.py").symlink_to("/etc/passwd")
    course.write("relu_backward", RELU)

    files = sources(course.library)

    assert b"secret" not in files.values()
    assert "solutions/link.py" not in files
    assert f"solutions/{courses.TOPIC}/relu_backward.py" in files
    assert b"raise NotImplementedError" in files[f"assignments/{courses.TOPIC}/relu_backward.py"]


def test_the_command_says_what_to_do_with_the_zip(course, tmp_path):
    out = tmp_path / "a.zip"

    run = course.run("gradescope", "--out", str(out), "--exercise", "relu_backward", "--late-per-day", "12.5")

    assert re.match(rf"{out}: [\d,]+ bytes, 1 exercises?, 3 points\.\nIn Gradescope: ", run.stdout)
    text = opened(out.read_bytes()).read("run_autograder").decode()
    assert "--exercise relu_backward --late-per-day 25/2 --late-most 100\n" in text


@pytest.mark.skipif(sys.platform != "linux", reason="Gradescope is Linux")
@pytest.mark.parametrize(
    ("code", "score", "status"),
    [(RELU, 3, "passed"), (WRONG, 0, "failed"), (None, 0, "failed")],
    ids=["right", "wrong", "none"],
)
def test_the_autograder_grades_a_submission_from_any_folder(course, tmp_path, code, score, status):
    home = tmp_path / "autograder"
    data = autograder(sources(course.library), ["relu_backward"], ["--isolation", "process"])
    opened(data).extractall(home / "source")
    shutil.copytree(course.root / ".grader", home / "source" / ".grader")
    shutil.copy(home / "source" / "run_autograder", home)
    os.chmod(home / "run_autograder", 0o755)
    (home / "source" / ".venv").symlink_to(Path(sys.executable).parent.parent)  # which setup.sh makes there
    (home / "submission_metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    for folder in ("submission", "results"):
        (home / folder).mkdir()
    if code is not None:
        (home / "submission" / "relu_backward.py").write_text(code, encoding="utf-8")

    run = subprocess.run([home / "run_autograder"], cwd="/", capture_output=True, text=True, timeout=120, check=False)

    assert (run.returncode, run.stderr) == (0, "")
    whole = json.loads((home / "results" / "results.json").read_text(encoding="utf-8"))
    check(whole, "gradescope")
    assert whole["score"] == score
    assert [test["status"] for test in whole["tests"]] == [status]
    assert "four_axes (hidden)" in whole["tests"][0]["output"] or code != WRONG


def test_a_course_without_lateness_has_no_words_about_it(course, tmp_path):
    course.run("gradescope", "--out", str(tmp_path / "a.zip"))

    assert "late" not in opened((tmp_path / "a.zip").read_bytes()).read("run_autograder").decode()


# --- the page about it ---------------------------------------------------------------------------------------------

ROOT = courses.ROOT / "grader" / "classroom"
PAGES = pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "exports" / "README.md"], ids=["guide", "exports"])


def options() -> set[str]:
    commands = (teachers.export, services.mark, services.gradescope, class_)
    return {option for command in commands for each in command.params for option in [*each.opts, *each.secondary_opts]}


@PAGES
def test_every_command_and_option_on_the_page_exists(page):
    text = page.read_text(encoding="utf-8")
    makefile = (courses.ROOT / "Makefile").read_text(encoding="utf-8")

    assert {*re.findall(r"(?<=[ `])(--[a-z-]+)", text)} <= options() | {"--help"}
    for target in re.findall(r"(?:`|    )make ([a-z]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for name in re.findall(r"(?:FORMAT=|--format )([a-z]+)", text):
        assert name in {*EACH, "junit", "canvas", "moodle"}


@PAGES
def test_every_link_on_the_page_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
