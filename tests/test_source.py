"""How a learner's file is taken in: as text, or with a sentence on what it is instead."""

import os
import sys

import pytest

from grader.outcome import Failed
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


@pytest.mark.skipif(sys.platform == "win32", reason="needs rights of its own there")
def test_a_link_to_itself_is_said_to_be_unreadable(file):
    file.symlink_to(file)

    found = read(file, SHOWN)

    assert isinstance(found, Failed)
    assert found.message == f"{SHOWN} cannot be opened: Too many levels of symbolic links."


def test_the_longest_file_that_is_accepted(file):
    text = "#" * ((256 << 10) - 1) + "\n"
    file.write_text(text)

    assert read(file, SHOWN) == text
