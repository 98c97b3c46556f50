"""What was handed in is found however it was handed in, goes to its student, and never to two."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom import ClassError
from grader.classroom.git import last_commit
from grader.classroom.hand_ins import HandIn, assigned, find, passed_over
from grader.classroom.roster import Roster

ROSTER = "id,name,email,number\nmm17,Max Müller,max@example.org,501\nec18,Eva-Maria Cruz,eva@example.org,502\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "handed in"
    made.mkdir()
    return made


@pytest.fixture
def roster(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    return Roster.read(file)


def lay(folder: Path, *names: str) -> None:
    """Lay out files, and folders whose names end in `/`."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(b"")


# --- what was handed in --------------------------------------------------------------------------------------------


def test_folders_and_archives_are_called_like_their_students(folder):
    lay(folder, "anna/", "ben.zip", "cleo.tar.gz", "notes.txt", "lonely.py", ".DS_Store", "__MACOSX/", "dora.ZIP")

    assert [(one.name, one.called) for one in find(folder)] == [
        ("anna", ("anna",)),
        ("ben.zip", ("ben",)),
        ("cleo.tar.gz", ("cleo",)),
        ("dora.ZIP", ("dora",)),
    ]


def test_a_teachers_link_to_a_folder_is_a_submission(folder, tmp_path):
    lay(tmp_path / "elsewhere", "anna/")
    (folder / "anna").symlink_to(tmp_path / "elsewhere" / "anna")

    assert [one.called for one in find(folder)] == [("anna",)]


def test_what_is_nobodys_is_named_and_other_archives_are_their_students(folder):
    lay(folder, "anna/", "ben.rar", "cleo.7z", "dora.ipynb", "notes.txt", "lonely.py", ".DS_Store")

    assert [one.called[0] for one in find(folder)] == ["anna", "ben", "cleo", "dora"]
    assert passed_over(folder) == ["lonely.py", "notes.txt"]


CANVAS = [
    "müllermax_501_9001_relu_backward.py",
    "müllermax_501_9002_softmax_loss-2.py",
    "cruzevamaria_LATE_502_9003_work.zip",
]
MOODLE = [
    "Max Müller_501_assignsubmission_file_/work.zip",
    "Eva-Maria Cruz_502_assignsubmission_file_work.zip",
]


def test_downloads_of_canvas_are_read_by_their_names(folder):
    lay(folder, *CANVAS)
    eva, max_ = find(folder)

    assert eva.called == ("502", "cruzevamaria")
    assert "late" in eva.faults[0]
    assert max_.called == ("501", "müllermax")
    assert [name for name, _ in max_.files] == ["relu_backward.py", "softmax_loss.py"]
    assert all(path.is_file() for _, path in max_.files)


def test_downloads_of_moodle_are_read_by_their_names(folder):
    lay(folder, *MOODLE)
    eva, max_ = find(folder)

    assert (eva.called, eva.path.name) == (("Participant 502", "502", "Eva-Maria Cruz"), MOODLE[1])
    assert (max_.called, max_.path.name) == (("Participant 501", "501", "Max Müller"), "work.zip")


@pytest.mark.parametrize("names", [CANVAS, MOODLE, ["mm17/", "ec18.zip"], ["Max Müller/", "eva@example.org.zip"]])
def test_everything_goes_to_its_student(folder, roster, names):
    lay(folder, *names)
    found = assigned(find(folder), roster)

    assert [(one.enrolled.student.id, one.hand_in is not None, one.faults) for one in found] == [
        ("mm17", True, ()),
        ("ec18", True, ()),
    ]


def test_a_table_of_paths_says_whose_and_when(folder):
    lay(folder, "a/", "b.zip")
    (folder / "all.csv").write_text(
        "path,id,handed in\na,mm17,2026-10-31T12:00+01:00\nb.zip,x,\nc,y,\n", encoding="utf-8"
    )
    a, b, c = find(folder / "all.csv")

    assert (a.called, a.path, a.when) == (("mm17",), folder / "a", datetime(2026, 10, 31, 11, tzinfo=UTC))
    assert (b.when, b.faults) == (None, ())
    assert "c is not there (all.csv, line 4)" in c.faults


WRONG = {
    "nothing there": ("none", "is not there"),
    "one archive": ("all.zip", "unpack it first"),
    "empty": ("e", "nothing"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_where_nothing_was_handed_in_is_said(folder, kind):
    name, words = WRONG[kind]
    lay(folder, "all.zip", "e/")

    with pytest.raises(ClassError, match=words):
        find(folder / name)


def test_a_table_without_paths_is_refused_with_its_line(folder):
    (folder / "all.csv").write_text("id,name\na,b\n", encoding="utf-8")

    with pytest.raises(ClassError, match="line 2: there is no path"):
        find(folder / "all.csv")


# --- whose it is ---------------------------------------------------------------------------------------------------


def test_who_handed_in_nothing_is_in_the_class_and_who_is_in_no_list_comes_last(folder, roster):
    lay(folder, "stranger/", "ec18/")
    max_, eva, stranger = assigned(find(folder), roster)

    assert (max_.enrolled.student.id, max_.hand_in) == ("mm17", None)
    assert eva.hand_in is not None
    assert stranger.enrolled.student.id == "stranger"
    assert stranger.hand_in is not None
    assert "in no line of the roster" in stranger.hand_in.faults[0]


def test_what_may_be_of_two_students_is_given_to_neither(folder, tmp_path):
    file = tmp_path / "twins.csv"
    file.write_text("id,name\n1,Kim Lee\n2,Kim Lee\n", encoding="utf-8")
    lay(folder, "Kim Lee/")
    one, two, nobody = assigned(find(folder), Roster.read(file))

    assert (one.hand_in, two.hand_in) == (None, None)
    assert nobody.hand_in is not None
    assert "may be of 2 students" in nobody.hand_in.faults[0]


def test_of_several_submissions_the_latest_counts(roster):
    times = [datetime(2026, 10, day, tzinfo=UTC) for day in (3, 7, 5)]
    found = [HandIn(f"h{n}", ("mm17",), "mm17", Path(f"h{n}"), when=when) for n, when in enumerate(times)]
    (one, _) = assigned(found, roster)

    assert one.hand_in is found[1]
    assert "the latest counts, h1" in one.faults[0]


def test_of_several_submissions_without_times_none_counts_and_nobody_is_failed(roster):
    found = [HandIn(name, ("mm17",), "mm17", Path(name)) for name in ("a", "b")]
    (one, _) = assigned(found, roster)

    assert one.hand_in is None
    assert "nobody knows which counts: a, b" in one.unclear


def test_names_that_one_file_system_takes_for_the_same_are_two_students_without_a_roster(folder):
    lay(folder, "anna.zip", "Anna.zip")

    assert len({one.enrolled.student.id for one in assigned(find(folder), None)}) == 2


def test_two_of_one_name_are_two_students_without_a_roster(folder):
    lay(folder, "leekim_1_11_a.py", "leekim_2_12_a.py", "Kim Lee_3_assignsubmission_file_a.zip")

    found = assigned(find(folder), None)
    assert [one.enrolled.student.id for one in found] == ["Kim Lee_3", "leekim_1", "leekim_2"]


# --- git -----------------------------------------------------------------------------------------------------------


def git(folder: Path, *words: str, **environment: str) -> None:
    usual = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@x"}
    path = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder)}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**path, **usual, **environment})


@pytest.fixture
def clone(tmp_path):
    made = tmp_path / "clone"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    (made / "a.py").write_text("x = 1\n")
    git(made, "add", ".")
    git(made, "commit", "-q", "-m", "one", GIT_COMMITTER_DATE="2026-10-31T23:00:00+0100")
    return made


WHEN = datetime(2026, 10, 31, 22, tzinfo=UTC)


def test_a_clone_says_when_it_was_committed(clone):
    assert last_commit(clone) == WHEN


def test_packed_clones_and_detached_heads_say_so_too(clone):
    git(clone, "gc", "-q")
    assert last_commit(clone) == WHEN

    git(clone, "checkout", "-q", "--detach")
    assert last_commit(clone) == WHEN


def test_nothing_that_a_clone_says_is_run(clone, tmp_path):
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/run\n")
    program.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
        "core.editor",
        "core.alternateRefsCommand",
    ):
        git(clone, "config", name, str(program))
    git(clone, "config", "log.showSignature", "true")
    git(clone, "config", "remote.origin.url", f"ext::{program}")
    git(clone, "config", "remote.origin.promisor", "true")
    git(clone, "config", "protocol.ext.allow", "always")

    assert last_commit(clone) == WHEN
    (clone / ".git" / "refs" / "heads" / "main").write_text("0" * 40 + "\n")  # an object that would have to be fetched
    assert last_commit(clone) is None
    assert not (tmp_path / "run").exists()


def head(clone: Path, text: str) -> None:
    (clone / ".git" / "HEAD").write_text(text)


DAMAGED = {
    "another ref": lambda clone: head(clone, "ref: refs/heads/none\n"),
    "a path out": lambda clone: head(clone, "ref: refs/../../../etc/passwd\n"),
    "nonsense": lambda clone: head(clone, "--help\n"),
    "no head": lambda clone: (clone / ".git" / "HEAD").unlink(),
    "a link for a head": lambda clone: (
        (clone / ".git" / "HEAD").unlink(),
        (clone / ".git" / "HEAD").symlink_to("/etc/passwd"),
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_clone_has_no_time(clone, kind):
    DAMAGED[kind](clone)

    assert last_commit(clone) is None
