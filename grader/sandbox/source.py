"""Takes in a learner's file: a regular file of readable Python text, or a failure that says what it is instead."""

import os
import stat
from pathlib import Path

from grader.outcome import Failed

__all__ = ["LARGEST", "read"]

# A hundred times the longest answer of the course.
LARGEST = 256 << 10


def read(path: Path, shown: str) -> str | Failed:
    """Return the text of the file, line ends and byte order mark made uniform.

    Args:
        path: where the file should be.
        shown: what messages call it.
    """
    try:
        # Without blocking: a named pipe in the file's place must not make us wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return _failed(f"there is no file {shown}. `make reset EX={path.stem}` brings the stub back")
    except IsADirectoryError:
        return _a_folder(path, shown)
    except OSError as fault:
        return _failed(f"{shown} cannot be opened: {fault.strerror}")
    try:
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            return _a_folder(path, shown)
        if not stat.S_ISREG(about.st_mode):
            return _failed(f"{shown} is not a regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    except OSError as fault:
        return _failed(f"{shown} cannot be read: {fault.strerror}")
    finally:
        os.close(handle)
    return _text(data, shown, about.st_size)


def _a_folder(path: Path, shown: str) -> Failed:
    return _failed(
        f"{shown} is a folder, where a Python file is expected. Move it away; `make reset EX={path.stem}` then brings "
        "the stub back"
    )


def _text(data: bytes, shown: str, size: int) -> str | Failed:
    if len(data) > LARGEST:
        return _failed(
            f"{shown} is {max(size, len(data)):,} bytes long, more than the {LARGEST:,} that an answer may have. "
            "It should hold the function and nothing else"
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _failed(f"{shown} is saved as UTF-16. Save it as UTF-8, which editors offer under `save with encoding`")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return _failed(
            f"{shown} has a NUL byte in line {line}, which no Python text has: the file is damaged. `make reset "
            f"EX={Path(shown).stem}` puts it aside and brings the stub back"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        return _failed(
            f"{shown} is not UTF-8 in line {line}. Save it as UTF-8, which editors offer under `save with encoding`"
        )
    if not text.strip():
        name = Path(shown).stem
        return _failed(f"{shown} is empty. `make reset EX={name}` brings the stub back")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _failed(message: str) -> Failed:
    return Failed("source", message + ".")
