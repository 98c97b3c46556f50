"""The learner's files: what somebody wrote is never lost."""

import pytest

from grader import desk, stub
from grader.library import Library, LibraryError
from tests.toys import TRIPLE, lay

STUB = stub.cut(TRIPLE)
WORK = STUB.replace("raise NotImplementedError", "return x + x + x")


@pytest.fixture
def place(tmp_path):
    lay(tmp_path)
    return Library(tmp_path).places["triple"]


def kept_files(tmp_path) -> list[str]:
    return sorted(file.read_text() for file in (tmp_path / ".grader" / "kept").glob("*"))


# --- laying out stubs ----------------------------------------------------------------------------------------------


def test_a_stub_is_written_where_there_is_none(tmp_path, place):
    place.assignment.parent.rmdir()

    assert desk.lay(Library(tmp_path), "triple") == "written"
    assert place.assignment.read_bytes() == STUB.encode()


def test_the_same_stub_is_not_written_again(tmp_path, place):
    desk.lay(Library(tmp_path), "triple")
    before = place.assignment.stat().st_mtime_ns

    assert desk.lay(Library(tmp_path), "triple") == "same"
    assert place.assignment.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "old", ["", STUB.replace("three times", "thrice"), "\ufeff" + STUB], ids=["empty", "old", "BOM"]
)
def test_a_stub_in_which_nobody_has_begun_is_cut_anew(tmp_path, place, old):
    place.assignment.write_text(old, encoding="utf-8")

    assert desk.lay(Library(tmp_path), "triple") == "written"
    assert place.assignment.read_text(encoding="utf-8") == STUB


BEGUN = {
    "an answer": WORK.encode(),
    "half an answer": WORK.replace("x + x + x", "x +").encode(),
    "a comment": (STUB + "# add?\n").encode(),
    "notes": b"three times x, so add it up\n",
    "UTF-16": WORK.encode("utf-16"),
    "latin-1": WORK.replace("Return three", "Gib \xe4").encode("latin-1"),
    "NUL bytes": STUB.encode() + b"\0",
    "other line ends": WORK.replace("\n", "\r\n").encode(),
    "nested too deeply": STUB.encode() + b"-" * 100_000 + b"1",
}


@pytest.mark.parametrize("work", BEGUN.values(), ids=BEGUN)
def test_begun_work_is_never_overwritten(tmp_path, place, work):
    place.assignment.write_bytes(work)

    assert desk.lay(Library(tmp_path), "triple") == "kept"
    assert place.assignment.read_bytes() == work


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path, place):
    place.assignment.mkdir()

    assert desk.lay(Library(tmp_path), "triple") == "kept"
    assert place.assignment.is_dir()


# --- beginning again -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("work", [*BEGUN.values(), STUB.encode(), b""])
def test_reset_keeps_what_was_there(tmp_path, place, work):
    place.assignment.write_bytes(work)

    kept = desk.reset(Library(tmp_path), "triple")

    assert kept.read_bytes() == work
    assert kept.parent == tmp_path / ".grader" / "kept"
    assert kept.name.startswith("triple_")
    assert place.assignment.read_text(encoding="utf-8") == STUB


def test_reset_twice_keeps_both(tmp_path, place):
    place.assignment.write_text("first")
    desk.reset(Library(tmp_path), "triple")
    place.assignment.write_text("second")
    desk.reset(Library(tmp_path), "triple")

    assert kept_files(tmp_path) == ["first", "second"]


def test_reset_of_a_missing_file_writes_the_stub_and_keeps_nothing(tmp_path, place):
    assert desk.reset(Library(tmp_path), "triple") is None
    assert place.assignment.read_text(encoding="utf-8") == STUB
    assert kept_files(tmp_path) == []


def test_reset_leaves_a_folder_in_the_way_alone(tmp_path, place):
    place.assignment.mkdir()

    with pytest.raises(LibraryError, match=r"triple\.py is a folder\. Move it away first\."):
        desk.reset(Library(tmp_path), "triple")


def test_reset_of_a_link_leaves_the_file_that_it_leads_to(tmp_path, place):
    elsewhere = tmp_path / "mine.py"
    elsewhere.write_text(WORK)
    place.assignment.symlink_to(elsewhere)

    desk.reset(Library(tmp_path), "triple")

    assert elsewhere.read_text() == WORK
    assert not place.assignment.is_symlink()
    assert place.assignment.read_text(encoding="utf-8") == STUB


def test_reset_of_an_exercise_that_cannot_be_read_loses_nothing(tmp_path, place):
    place.assignment.write_text(WORK)
    place.solution.write_text("def f(:\n")

    with pytest.raises(SyntaxError):
        desk.reset(Library(tmp_path), "triple")

    assert place.assignment.read_text() == WORK
