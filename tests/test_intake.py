"""What learners hand in, folders and archives of every kind: what is taken from them, and what is said of the rest."""

import bz2
import contextlib
import gzip
import io
import lzma
import os
import random
import shutil
import stat
import struct
import sys
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake import Submission, archive, ends, entry, take
from grader.intake.entry import folded, parts
from grader.outcome import Failed
from grader.sandbox import source

EXPECTED = {
    "one": "assignments/04_topic/one.py",
    "two": "assignments/04_topic/two.py",
    "three": "assignments/05_other/three.py",
}
ONE, TWO, THREE = EXPECTED.values()
WHOLE = {ONE: b"def one(): pass\n", TWO: b"def two(): pass\n", THREE: b"def three(): pass\n"}
TEXTS = {name: WHOLE[path].decode() for name, path in EXPECTED.items()}
links = pytest.mark.skipif(sys.platform == "win32", reason="needs rights of its own there")
posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
checked = settings(derandomize=True, database=None, deadline=None, max_examples=25)


# --- making them ---------------------------------------------------------------------------------------------------


def as_folder(path, files):
    for name, data in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return path


def as_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def as_tar(path, files, mode="w", **options):
    with tarfile.open(path, mode, **options) as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return path


KINDS = {
    "folder": as_folder,
    "zip": as_zip,
    "tar": as_tar,
    "tar.gz": lambda path, files: as_tar(path, files, "w:gz"),
    "tar.bz2": lambda path, files: as_tar(path, files, "w:bz2"),
    "tar.xz": lambda path, files: as_tar(path, files, "w:xz"),
    "GNU tar": lambda path, files: as_tar(path, files, format=tarfile.GNU_FORMAT),
    "old tar": lambda path, files: as_tar(path, files, format=tarfile.USTAR_FORMAT),
}
PACKED = {kind: make for kind, make in KINDS.items() if kind != "folder"}
every_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
packed = pytest.mark.parametrize("make", PACKED.values(), ids=PACKED)


@pytest.fixture
def path(tmp_path):
    """Where something is handed in; what it is, its contents tell and not its name."""
    return tmp_path / "handed_in"


def only(submission: Submission, exercise: str) -> str:
    """What is said of one exercise, where the two others are as they should be."""
    others = {name: text for name, text in submission.files.items() if name != exercise}
    assert others == {name: text for name, text in TEXTS.items() if name != exercise}
    failed = submission.files[exercise]
    assert isinstance(failed, Failed)
    assert failed.kind == "source"
    return failed.message


# --- what is taken -------------------------------------------------------------------------------------------------

PLACES = {
    "as in the course": {**WHOLE},
    "in one folder": {f"repository-main/{name}": data for name, data in WHOLE.items()},
    "without assignments/": {name.removeprefix("assignments/"): data for name, data in WHOLE.items()},
    "side by side": {name.rpartition("/")[2]: data for name, data in WHOLE.items()},
    "side by side in one folder": {f"ada/{name.rpartition('/')[2]}": data for name, data in WHOLE.items()},
    "with what a Mac adds": {
        **{f"ada/{name}": data for name, data in WHOLE.items()},
        **{f"__MACOSX/ada/{name}": b"\0\5" for name in WHOLE},
        "ada/assignments/04_topic/._one.py": b"\0",
        ".DS_Store": b"\0",
    },
    "with a note beside it": {**{f"ada/{name}": data for name, data in WHOLE.items()}, "note.txt": b"Dear teacher"},
    "in a git working tree": {**WHOLE, ".git/HEAD": b"ref: refs/heads/main\n", ".git/objects/one.py": b"no"},
    "saved by Windows": {name: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for name, data in WHOLE.items()},
}


@every_kind
@pytest.mark.parametrize("files", PLACES.values(), ids=PLACES)
def test_every_exercise_is_found(path, make, files):
    found = take(make(path, files), EXPECTED)

    assert found.files == TEXTS
    assert found.faults == ()
    assert set(found.ignored) <= {"note.txt"}


HANDED_OUT = {
    **WHOLE,
    "LICENSE": b"",
    "grader/judge.py": b"",
    "assignments/04_topic/README.md": b"",
    "keys/handout.json": b'{"version": 1, "exercises": {}, "files": {"LICENSE": [], "grader/judge.py": [],'
    b' "assignments/04_topic/README.md": []}}',
}


@every_kind
def test_what_came_with_a_handout_is_not_mentioned_where_all_of_it_is_handed_in(make, path):
    files = {**HANDED_OUT, "grader/mine.py": b"", "conftest.py": b""}

    found = take(make(path, {f"work/{name}": data for name, data in files.items()}), EXPECTED)

    assert found.files == TEXTS
    assert found.ignored == ("work/conftest.py", "work/grader/mine.py")


@every_kind
@pytest.mark.parametrize("folder", ["", "assignments/", "work/assignments/"])
def test_what_else_lies_in_the_course_is_not_mentioned(make, path, folder):
    files = {ONE: b"", "assignments/04_topic/README.md": b"", "assignments/map.svg": b"", "assignments/notes.txt": b""}
    known = ends(["assignments/04_topic/README.md", "assignments/map.svg", TWO])

    found = take(
        make(path, {folder + name.removeprefix("assignments/"): files[name] for name in files}), EXPECTED, known
    )

    assert found.ignored == (f"{folder}notes.txt",)


def test_a_second_one_of_an_exercise_is_named_though_the_course_knows_it(path):
    files = {ONE: b"", "04_topic/one.py": b"", "one.py": b""}

    found = take(as_folder(path, files), EXPECTED, ends(EXPECTED.values()))

    assert found.ignored == ("04_topic/one.py", "one.py")


@pytest.mark.parametrize("listing", [b"", b"{}", b"[1]", b"\xff", b'{"version": 1, "exercises": {}, "files": {"": 1}}'])
def test_a_list_that_is_none_hides_nothing(path, listing):
    files = {**WHOLE, "grader/judge.py": b"", "keys/handout.json": listing}

    found = take(as_folder(path, files), EXPECTED)

    assert found.ignored == ("grader/judge.py", "keys/handout.json")


@every_kind
def test_what_nobody_expects_is_ignored_and_named(path, make):
    files = {**WHOLE, "assignments/04_topic/four.py": b"x", "conftest.py": b"x", "solutions/04_topic/one.py": b"x"}

    found = take(make(path, files), EXPECTED)

    assert found.files == TEXTS
    assert found.ignored == ("assignments/04_topic/four.py", "conftest.py", "solutions/04_topic/one.py")


@every_kind
def test_the_place_in_the_course_counts_and_a_copy_elsewhere_does_not(path, make):
    found = take(make(path, {**WHOLE, "one.py": b"a copy", "04_topic/one.py": b"another"}), EXPECTED)

    assert found.files == TEXTS
    assert found.ignored == ("04_topic/one.py", "one.py")


@every_kind
@pytest.mark.parametrize(
    "data", [b"", b"x\0", b"\xff\xfex", b"\xe9", b"#" * ((256 << 10) + 1)], ids=lambda d: repr(d[:4])
)
def test_a_file_that_is_no_text_of_python_spoils_no_other(path, make, data):
    said = only(take(make(path, {**WHOLE, TWO: data}), EXPECTED), "two")

    assert said == source.text(data, TWO).message


@every_kind
def test_a_missing_file_is_said_to_be_missing(path, make):
    files = {name: data for name, data in WHOLE.items() if name != THREE}

    said = only(take(make(path, files), EXPECTED), "three")

    assert said == f"there is no file {THREE} in what was handed in."


@every_kind
def test_a_name_in_other_letters_is_to_be_written_as_in_the_course(path, make):
    files = {name.replace("one", "One"): data for name, data in WHOLE.items()}

    said = only(take(make(path, files), EXPECTED), "one")

    assert said == ("assignments/04_topic/One.py should end in 04_topic/one.py, in these small and capital letters.")


@packed
def test_two_names_that_are_one_file_on_many_systems_are_refused(path, make):
    said = only(take(make(path, {**WHOLE, ONE.upper(): b"x = 1\n"}), EXPECTED), "one")

    assert said == f"These are one file on many systems: {ONE.upper()}, {ONE}. Keep one of them."


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_nothing_handed_in_is_nothing_found(path, kind):
    if kind == "folder":
        path.mkdir()

    found = take(KINDS[kind](path, {}), EXPECTED)

    assert {failed.message.split(" in ")[0] for failed in found.files.values()} == {
        f"there is no file {name}" for name in WHOLE
    }


def test_a_submission_is_not_to_be_changed(path):
    found = take(as_folder(path, WHOLE), EXPECTED)

    with pytest.raises(TypeError):
        found.files["one"] = "x"
    with pytest.raises(AttributeError):
        found.files = {}


def test_many_lines_for_the_teacher_are_counted(path):
    found = take(
        as_zip(path, {f"{n:04}.txt": b"" for n in range(300)} | {f"../{n}": b"" for n in range(250)}), EXPECTED
    )

    assert (found.ignored[0], found.ignored[-1]) == ("0000.txt", "... and 100 more")
    assert found.faults[-1] == "... and 50 more"


# --- names that lead elsewhere -------------------------------------------------------------------------------------

ELSEWHERE = [
    "../one.py",
    "a/../../one.py",
    "/etc/one.py",
    "C:/one.py",
    "c:one.py",
    "..\\..\\one.py",
    "\\\\host\\one.py",
]
ELSEWHERE += [f"assignments/04_topic/../04_topic/{'x' * 2}.py", "n" * 1001]


@packed
@pytest.mark.parametrize("name", ELSEWHERE, ids=lambda name: name[:20])
def test_a_name_that_leads_elsewhere_is_a_fault_and_nothing_is_read_under_it(path, make, name, tmp_path):
    if make is KINDS["old tar"] and len(name) > 255:
        pytest.skip("no such names there")
    before = sorted(tmp_path.rglob("*"))

    found = take(make(path, {**WHOLE, name: b"stolen = 1\n"}), EXPECTED)

    assert found.files == TEXTS
    assert [fault.endswith(" leads out of what was handed in: it is left out.") for fault in found.faults] == [True]
    assert sorted(tmp_path.rglob("*")) == [*before, path]


def test_backslashes_separate_where_windows_has_packed_it(path):
    found = take(as_zip(path, {name.replace("/", "\\"): data for name, data in WHOLE.items()}), EXPECTED)

    assert found.files == TEXTS


def test_a_name_that_ends_at_a_nul_byte_is_not_the_name_before_it(path):
    as_zip(path, {**WHOLE, THREE + "#.txt": b"stolen = 1\n"})
    path.write_bytes(path.read_bytes().replace(b"three.py#.txt", b"three.py\0.txt"))

    found = take(path, EXPECTED)

    assert found.files == TEXTS
    assert len(found.faults) == 1


@checked
@given(st.text(st.sampled_from("ab./\\:\0C \u212a\ufb01")) | st.text())
def test_the_parts_of_a_name_lead_nowhere_else(name):
    found = parts(name)

    assert found is None or not {"", ".", ".."} & set(found)
    assert not any(sign in part for part in found or () for sign in "/\\\0")
    assert found is None or folded(folded(found)) == folded(found)


# --- what is no file -----------------------------------------------------------------------------------------------


def tar_with(path, name, kind, linkname=""):
    files = {other: data for other, data in WHOLE.items() if other != name}
    as_tar(path, files)
    with tarfile.open(path, "a") as packed:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, linkname
        packed.addfile(info)
    return path


IN_TAR = {
    "a symbolic link": (
        tarfile.SYMTYPE,
        "is a link to another place. Hand in the file itself: links are not followed.",
    ),
    "a hard link": (tarfile.LNKTYPE, "is a link to another place. Hand in the file itself: links are not followed."),
    "a folder": (tarfile.DIRTYPE, "is a folder, where a Python file is expected."),
    "a device": (tarfile.CHRTYPE, "is not a regular file."),
    "a named pipe": (tarfile.FIFOTYPE, "is not a regular file."),
}


@pytest.mark.parametrize("kind", IN_TAR)
def test_what_is_no_file_in_a_tar_is_not_read(path, kind):
    type_, sentence = IN_TAR[kind]

    said = only(take(tar_with(path, ONE, type_, TWO), EXPECTED), "one")

    assert said == f"{ONE} {sentence}"


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        (stat.S_IFLNK, "is a link to another place. Hand in the file itself: links are not followed."),
        (stat.S_IFDIR, "is a folder, where a Python file is expected."),
        (stat.S_IFCHR, "is not a regular file."),
    ],
    ids=["a link", "a folder", "a device"],
)
def test_what_is_no_file_in_a_zip_is_not_read(path, mode, sentence):
    as_zip(path, {name: data for name, data in WHOLE.items() if name != ONE})
    with zipfile.ZipFile(path, "a") as packed_:
        info = zipfile.ZipInfo(ONE)
        info.create_system, info.external_attr = 3, (mode | 0o644) << 16
        packed_.writestr(info, "../../solutions/one.py")

    assert only(take(path, EXPECTED), "one") == f"{ONE} {sentence}"


@links
@pytest.mark.parametrize("target", [TWO, "../../elsewhere.py"])
def test_a_link_in_a_folder_is_not_followed(path, target):
    as_folder(path, WHOLE)
    (path.parent / "elsewhere.py").write_text("stolen = 1\n")
    (path / ONE).unlink()
    (path / ONE).symlink_to(path / target)

    assert "is a link to another place" in only(take(path, EXPECTED), "one")


@links
def test_a_folder_behind_a_link_is_not_entered_and_said_to_be_one(path):
    as_folder(path, WHOLE)
    (path / "assignments" / "05_other").rename(path.parent / "other")
    (path / "assignments" / "05_other").symlink_to(path.parent / "other")

    said = only(take(path, EXPECTED), "three")

    assert said == (
        "assignments/05_other is a link to another place. Hand in the folder itself: links are not followed."
    )


@links
def test_a_submission_behind_a_link_is_the_teachers_own_affair(path, tmp_path):
    as_folder(tmp_path / "somewhere", WHOLE)
    path.symlink_to(tmp_path / "somewhere")

    assert take(path, EXPECTED).files == TEXTS


@links
def test_a_file_with_a_second_name_is_refused(path, tmp_path):
    as_folder(path, WHOLE)
    os.link(path / ONE, tmp_path / "second")

    assert "has another name elsewhere (a hard link)" in only(take(path, EXPECTED), "one")


@posix
def test_a_named_pipe_in_a_folder_is_not_waited_for(path):
    as_folder(path, WHOLE)
    (path / TWO).unlink()
    os.mkfifo(path / TWO)

    assert only(take(path, EXPECTED), "two") == f"{TWO} is not a regular file."


@packed
def test_a_file_that_is_there_twice_is_refused(path, make):
    if make is as_zip:
        with zipfile.ZipFile(as_zip(path, WHOLE), "a") as packed_, pytest.warns(UserWarning, match="Duplicate name"):
            packed_.writestr(ONE, "x = 1\n")
    else:
        plain = path.with_name("plain")
        with tarfile.open(as_tar(plain, WHOLE), "a") as packed_:
            info = tarfile.TarInfo(ONE)
            info.size = 6
            packed_.addfile(info, io.BytesIO(b"x = 1\n"))
        path.write_bytes(gzip.compress(plain.read_bytes()))

    assert only(take(path, EXPECTED), "one") == f"{ONE} is there 2 times, and nobody knows which one counts."


# --- hostile archives ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def memory(most):
    """Fail where Python takes more than `most` bytes at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@packed
def test_a_file_of_16_megabytes_is_not_unpacked(path, make):
    make(path, {**WHOLE, ONE: bytes(16 << 20)})

    with memory(path.stat().st_size + (12 << 20)):
        said = only(take(path, EXPECTED), "one")

    assert said.startswith(f"{ONE} is 16,777,216 bytes long, more than the 262,144 that an answer may have.")


def test_a_file_that_is_larger_than_it_says_is_damaged(path):
    as_zip(path, {**WHOLE, ONE: bytes(100 << 20)})
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", 100 << 20), struct.pack("<L", 1000)))

    with memory(8 << 20):
        said = only(take(path, EXPECTED), "one")

    assert said.startswith(f"{ONE} is damaged in the archive (")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_method_that_unpacks_without_bounds_is_not_used(path, method):
    as_zip(path, {TWO: WHOLE[TWO], THREE: WHOLE[THREE]})
    with zipfile.ZipFile(path, "a", method) as packed_:
        packed_.writestr(ONE, bytes(200_000))

    said = only(take(path, EXPECTED), "one")

    assert said == f"{ONE} is packed by an unusual method. Pack it as an ordinary zip archive."


def test_an_encrypted_file_is_said_to_be_encrypted(path):
    as_zip(path, WHOLE)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)

    assert only(take(path, EXPECTED), "one") == f"{ONE} is encrypted. Pack it without a password."


def test_entries_that_share_their_bytes_are_each_as_small_as_any(path):
    """A small archive can hold one large text many times over."""
    as_zip(path, {f"{n:03}/one.py": b"" for n in range(500)} | {**WHOLE, ONE: b"#" * (256 << 10)})

    with memory(16 << 20):
        found = take(path, EXPECTED)

    assert found.files["one"] == "#" * (256 << 10)


@packed
def test_more_entries_than_a_course_can_have_are_not_listed(path, make, monkeypatch):
    monkeypatch.setattr(archive, "MOST", 50)
    make(path, {**WHOLE, **{f"{n}": b"" for n in range(60)}})

    found = take(path, EXPECTED)

    assert found.faults[0].startswith("the archive has more than 50 entries. Hand in the course's own files alone")


def test_a_folder_of_more_files_than_a_course_can_have_is_not_listed_to_its_end(path, monkeypatch):
    monkeypatch.setattr("grader.intake.folder.MOST", 50)

    found = take(as_folder(path, {**WHOLE, **{f"a{n}": b"" for n in range(60)}}), EXPECTED)

    assert found.faults == ("there are more than 50 files. Hand in the course's own alone.",)


def test_a_listing_of_a_million_entries_is_not_made(path):
    entry_ = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listing = entry_ * 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listing), 4, 0)
    path.write_bytes(b"PK\3\4" + listing + end)  # it says that there is one

    with memory(16 << 20):
        found = take(path, EXPECTED)

    assert found.faults[0].startswith("the archive has more than 50,000 entries")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
def test_a_tar_that_unpacks_to_more_than_a_disk_holds_is_left_in_time(path, monkeypatch, pack):
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 8 << 20)
    as_tar(path, {**WHOLE, "bomb": bytes(20 << 20)})
    path.write_bytes(pack(path.read_bytes()))

    with memory(16 << 20):
        found = take(path, EXPECTED)

    assert found.files == TEXTS  # they came before
    assert found.faults[0].startswith("the archive unpacks to more than 8,388,608 bytes.")


def header(type_, size, name="x"):
    info = tarfile.TarInfo(name)
    info.type, info.size = type_, size
    return info.tobuf(tarfile.GNU_FORMAT)


HEADERS = {
    "a long name of a gigabyte": header(tarfile.GNUTYPE_LONGNAME, 1 << 30),
    "a pax header of a gigabyte": header(tarfile.XHDTYPE, 1 << 30),
    "a pax header for all, of a gigabyte": header(tarfile.XGLTYPE, 1 << 30),
    "a size below 0": header(tarfile.REGTYPE, -512),
    "a pax header that says a size below 0": header(tarfile.XHDTYPE, 14)
    + b"14 size=-2048\n".ljust(512, b"\0")
    + header(b"0", 0),
    "a pax header of length 0": header(tarfile.XHDTYPE, 9) + b"0 path=x\n".ljust(512, b"\0"),
    "a pax header without numbers": header(tarfile.XHDTYPE, 9) + b"x path=x\n".ljust(512, b"\0"),
    "a file with holes": header(tarfile.GNUTYPE_SPARSE, 512),
    "noise": bytes(range(256)) * 2,
    "half a header": b"x" * 200,
    "a file that is not there": header(tarfile.REGTYPE, 1000, "note.txt"),
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_that_cannot_be_ends_the_archive_and_what_came_before_is_taken(path, kind):
    as_tar(path, {ONE: WHOLE[ONE], TWO: WHOLE[TWO]}, format=tarfile.USTAR_FORMAT)
    path.write_bytes(path.read_bytes().rstrip(b"\0").ljust(2048, b"\0") + HEADERS[kind])

    with memory(4 << 20):
        said = only(take(path, EXPECTED), "three")

    assert said.startswith("the archive is damaged (")


def test_a_name_of_a_pax_header_counts(path):
    name = f"{'long' * 40}/{ONE}"
    as_tar(path, {name: WHOLE[ONE]}, format=tarfile.PAX_FORMAT)

    assert take(path, EXPECTED).files["one"] == TEXTS["one"]


def test_a_sparse_file_of_a_pax_header_is_not_read(path):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as packed_:
        info = tarfile.TarInfo(ONE)
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": ONE}
        packed_.addfile(info)

    assert take(path, EXPECTED).files["one"] == Failed("source", f"{ONE} is not a regular file.")


def test_a_name_that_is_no_text_can_be_printed_all_the_same(path):
    as_tar(path, {"caf\udce9/one.py": WHOLE[ONE], "caf\udce9.txt": b""})

    found = take(path, EXPECTED)

    assert found.files["one"] == TEXTS["one"]
    assert "".join(found.ignored).encode() == b"caf?.txt"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", b"Rar!", b"\0" * 1024]
)
def test_what_is_no_archive_is_said_to_be_none(path, data):
    path.write_bytes(data)

    found = take(path, EXPECTED)

    assert {failed.kind for failed in found.files.values()} == {"source"}
    assert found.faults[0].startswith(("it is no archive that can be read: ", "the archive is damaged ("))


def test_an_archive_that_is_too_large_is_not_read(path):
    with path.open("wb") as file:
        file.truncate(archive.LARGEST + 1)

    with memory(1 << 20):
        found = take(path, EXPECTED)

    assert found.faults[0].startswith("the archive has 104,857,601 bytes, more than 104,857,600.")


@posix
def test_what_the_machine_cannot_give_is_not_the_learners_fault(path):
    missing = take(path, EXPECTED)
    os.mkfifo(path)
    pipe = take(path, EXPECTED)

    assert {failed.kind for failed in (*missing.files.values(), *pipe.files.values())} == {"setup"}
    assert missing.faults == ("handed_in cannot be read: No such file or directory",)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read every folder")
def test_a_folder_that_may_not_be_read_is_not_the_learners_fault(path):
    as_folder(path, WHOLE)
    (path / "assignments" / "05_other").chmod(0)
    try:
        found = take(path, EXPECTED)
    finally:
        (path / "assignments" / "05_other").chmod(0o755)

    assert (found.files["one"], found.files["two"]) == (TEXTS["one"], TEXTS["two"])
    assert found.files["three"].kind == "setup"


@packed
def test_a_damaged_archive_is_never_more_than_a_fault(path, make):
    rng = random.Random(4)
    whole = make(path, WHOLE).read_bytes()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(damaged[: rng.choice([len(damaged), rng.randrange(len(damaged))])])

        found = take(path, EXPECTED)

        assert set(found.files) == set(EXPECTED)
        assert all(isinstance(text, (str, Failed)) for text in found.files.values())


@checked
@given(
    st.dictionaries(
        st.sampled_from([*WHOLE, "one.py", "04_topic/two.py", "a/b.py", ".x/one.py"]), st.binary(max_size=9)
    )
)
def test_a_folder_and_every_archive_of_it_are_one_submission(tmp_path_factory, files):
    root = tmp_path_factory.mktemp("same")
    try:
        found = {kind: take(make(root / kind, files), EXPECTED) for kind, make in KINDS.items() if files}
    finally:
        shutil.rmtree(root)

    assert all(one == found["folder"] for one in found.values())


def test_the_limits_are_above_what_a_course_needs(library):
    assert len(library.places) * source.LARGEST <= archive.LARGEST_TEXT
    assert entry.MOST > 10_000
