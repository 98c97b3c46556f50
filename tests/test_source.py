"""How a learner's file is taken in: as text, or with a sentence on what it is instead."""

import os
import sys

import pytest

from grader.outcome import Failed
from grader.sandbox import source
from grader.sandbox.source import read

SHOWN = "assignments/04_topic/answer.py"
TEXT = "def answer(x):\n    return x  # naïve\n"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "answer.py"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="as it should be"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="CR alone"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="a byte order mark"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), id="a byte order mark and CRLF"),
    ],
)
def test_line_ends_and_a_byte_order_mark_do_not_matter(file, data):
    file.write_bytes(data)

    text = read(file, SHOWN)

    assert text == TEXT


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", f"{SHOWN} is empty. `make reset EX=answer` brings the stub back.", id="empty"),
        pytest.param(b" \n\n\t\n", f"{SHOWN} is empty. `make reset EX=answer` brings the stub back.", id="blank"),
        pytest.param(
            TEXT.encode("utf-16"),
            f"{SHOWN} is saved as UTF-16. Save it as UTF-8, which editors offer under `save with encoding`.",
            id="UTF-16",
        ),
        pytest.param(
            b"def answer(x):\n    return x\0\n",
            f"{SHOWN} has a NUL byte in line 2, which no Python text has: the file is damaged. "
            "`make reset EX=answer` puts it aside and brings the stub back.",
            id="NUL bytes",
        ),
        pytest.param(
            TEXT.encode("latin-1"),
            f"{SHOWN} is not UTF-8 in line 2. Save it as UTF-8, which editors offer under `save with encoding`.",
            id="Latin-1",
        ),
        pytest.param(
            b"#" * 50_000_000,
            f"{SHOWN} is 50,000,000 bytes long, more than the 262,144 that an answer may have. It should hold the "
            "function and nothing else.",
            id="50 MB",
        ),
    ],
)
def test_what_is_no_python_text_is_said_to_be_so(file, data, sentence):
    file.write_bytes(data)

    found = read(file, SHOWN)

    assert found == Failed("source", sentence)


def test_a_missing_file_is_said_to_be_missing(file):
    found = read(file, SHOWN)

    assert found == Failed("source", f"there is no file {SHOWN}. `make reset EX=answer` brings the stub back.")


def test_a_folder_in_the_files_place_is_called_a_folder(file):
    file.mkdir()

    found = read(file, SHOWN)

    assert found.kind == "source"
    assert found.message.startswith(f"{SHOWN} is a folder, where a Python file is expected. Move it away;")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(file):
    os.mkfifo(file)

    found = read(file, SHOWN)

    assert found == Failed("source", f"{SHOWN} is not a regular file.")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read every file")
def test_a_file_that_may_not_be_read_is_said_to_be_so(file):
    file.write_text(TEXT)
    file.chmod(0)

    found = read(file, SHOWN)

    assert found == Failed("source", f"{SHOWN} cannot be opened: Permission denied.")


# --- links ---------------------------------------------------------------------------------------------------------

links = pytest.mark.skipif(sys.platform == "win32", reason="needs rights of its own there")


@pytest.fixture(params=["step by step", "by name"])
def both_ways(request, monkeypatch):
    """Where a platform has no way to open a file step by step, names are looked at first."""
    if request.param == "by name":
        monkeypatch.setattr(source, "_STEPWISE", False)
    elif not source._STEPWISE:
        pytest.skip("this platform has no steps")


@pytest.fixture
def below(tmp_path):
    """A learner's file where it belongs, below a root."""
    file = tmp_path / "root" / SHOWN
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, encoding="utf-8")
    return file


def refused(found):
    assert isinstance(found, Failed)
    assert found.kind == "source"
    return found.message


@links
@pytest.mark.usefixtures("both_ways")
class TestLinks:
    def test_a_file_of_its_own_is_read(self, below, tmp_path):
        assert read(below, SHOWN, tmp_path / "root") == TEXT

    @pytest.mark.parametrize("target", ["itself", "another answer", "nothing"])
    def test_a_link_in_the_files_place_is_not_followed(self, below, tmp_path, target):
        answer = tmp_path / "root" / "solution.py"
        answer.write_text(TEXT, encoding="utf-8")
        below.unlink()
        below.symlink_to({"itself": below, "another answer": answer, "nothing": tmp_path / "nowhere"}[target])

        found = read(below, SHOWN, tmp_path / "root")

        assert refused(found) == (
            f"{SHOWN} is a link to another place. Put the file itself there: links are not followed."
        )

    @pytest.mark.parametrize("name", ["assignments", "assignments/04_topic"])
    def test_a_link_on_the_way_is_not_followed(self, below, tmp_path, name):
        folder = tmp_path / "root" / name
        folder.rename(tmp_path / "moved")
        folder.symlink_to(tmp_path / "moved")

        found = read(below, SHOWN, tmp_path / "root")

        assert (
            refused(found) == f"{name} is a link to another place. Put the folder itself there: links are not followed."
        )

    def test_a_repository_behind_a_link_is_a_learners_own_affair(self, below, tmp_path):
        (tmp_path / "link").symlink_to(tmp_path / "root")

        found = read(tmp_path / "link" / SHOWN, SHOWN, tmp_path / "link")

        assert found == TEXT

    def test_a_file_with_a_second_name_is_refused(self, below, tmp_path):
        os.link(below, tmp_path / "second.py")

        found = read(below, SHOWN, tmp_path / "root")

        assert refused(found).startswith(f"{SHOWN} has another name elsewhere (a hard link)")

    def test_a_file_in_a_folders_place_is_said_to_be_unreadable(self, below, tmp_path):
        below.unlink()
        below.parent.rmdir()
        below.parent.write_text("in the way")

        found = read(below, SHOWN, tmp_path / "root")

        assert refused(found) == f"{SHOWN} cannot be opened: Not a directory."

    def test_no_handle_is_left_open(self, below, tmp_path):
        if not os.path.isdir("/proc/self/fd"):
            pytest.skip("nowhere to count them")
        before = len(os.listdir("/proc/self/fd"))

        for place in (below, below.with_name("missing.py"), below.parent):
            read(place, SHOWN, tmp_path / "root")

        assert len(os.listdir("/proc/self/fd")) == before


@links
def test_a_file_that_is_exchanged_while_it_is_looked_at_is_not_read(below, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_STEPWISE", False)
    other = tmp_path / "other.py"
    other.write_text("other")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda path, *flags, **more: opened(other, *flags, **more))

    found = read(below, SHOWN, tmp_path / "root")

    assert refused(found) == f"{SHOWN} cannot be opened: it was exchanged meanwhile."


def test_the_longest_file_that_is_accepted(file):
    text = "#" * ((256 << 10) - 1) + "\n"
    file.write_text(text)

    assert read(file, SHOWN) == text
