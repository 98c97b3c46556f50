"""Takes in a learner's file: a regular file of readable Python text, or a failure that says what it is instead.

Below a root no link is followed, whatever is moved meanwhile: otherwise a link to somebody else's answer would be
graded as one's own.
"""

import errno
import os
import stat
from pathlib import Path, PurePath

from grader.messages import say
from grader.outcome import Failed

__all__ = ["FLAGS", "LARGEST", "failed", "leads_elsewhere", "read", "text", "too_large"]

# A hundred times the longest answer of the course.
LARGEST = 256 << 10
# Without blocking: a named pipe in the file's place must not make us wait for a writer.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_STEPWISE = hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY") and os.open in os.supports_dir_fd
# Windows: symbolic links, and junctions, which lead elsewhere as well.
_ELSEWHERE = {0xA000000C, 0xA0000003}


def read(path: Path, shown: str, root: Path | None = None) -> str | Failed:
    """Return the text of the file, line ends and byte order mark made uniform.

    Args:
        path: where the file should be.
        shown: what messages call it.
        root: a folder above the file. Links at it or above it are the owner's affair; below it none is followed. The
            file's own folder where nothing is said.
    """
    root = path.parent if root is None else root
    parts = path.relative_to(root).parts
    try:
        handle = _open(root, parts) if _STEPWISE else _open_by_name(root, parts)
    except FileNotFoundError:
        return failed(
            say("there is no file {file}. `make reset EX={name}` brings the stub back.", file=shown, name=path.stem)
        )
    except IsADirectoryError:
        return _a_folder(path, shown)
    except OSError as fault:
        return _a_link(root, parts, shown) or failed(
            say("{file} cannot be opened: {why}.", file=shown, why=fault.strerror)
        )
    try:
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            return _a_folder(path, shown)
        if not stat.S_ISREG(about.st_mode):
            return failed(say("{file} is not a regular file.", file=shown))
        if about.st_nlink > 1:
            return failed(
                say(
                    "{file} has another name elsewhere (a hard link), and only a file of its own is graded. Copy it, "
                    "delete it, and give the copy its name.",
                    file=shown,
                )
            )
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    except OSError as fault:
        return failed(say("{file} cannot be read: {why}.", file=shown, why=fault.strerror))
    finally:
        os.close(handle)
    return text(data, shown, about.st_size)


def text(data: bytes, shown: str, size: int = 0) -> str | Failed:
    """Return the text that the bytes of a learner's file hold, line ends and byte order mark made uniform.

    Args:
        data: the bytes; of a file that is too large, the first LARGEST + 1 are enough.
        shown: what messages call the file; its last part is the exercise's name.
        size: how large the file is, where `data` is not all of it.
    """
    if len(data) > LARGEST:
        return too_large(shown, max(size, len(data)))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return failed(
            say(
                "{file} is saved as UTF-16. Save it as UTF-8, which editors offer under `save with encoding`.",
                file=shown,
            )
        )
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return failed(
            say(
                "{file} has a NUL byte in line {line}, which no Python text has: the file is damaged. "
                "`make reset EX={name}` puts it aside and brings the stub back.",
                file=shown,
                line=line,
                name=PurePath(shown).stem,
            )
        )
    try:
        found = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        return failed(
            say(
                "{file} is not UTF-8 in line {line}. Save it as UTF-8, which editors offer under `save with encoding`.",
                file=shown,
                line=line,
            )
        )
    if not found.strip():
        name = PurePath(shown).stem
        return failed(say("{file} is empty. `make reset EX={name}` brings the stub back.", file=shown, name=name))
    return found.replace("\r\n", "\n").replace("\r", "\n")


def too_large(shown: str, size: int) -> Failed:
    """Return the failure of a file of more than LARGEST bytes."""
    return failed(
        say(
            "{file} is {size:,} bytes long, more than the {most:,} that an answer may have. "
            "It should hold the function and nothing else.",
            file=shown,
            size=size,
            most=LARGEST,
        )
    )


def failed(message: str) -> Failed:
    """Return the outcome of every call to a file that cannot be taken in."""
    return Failed("source", message)


def _open(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file below `root`, one step at a time, each from the folder that the step before has opened."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(parts[-1], FLAGS | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _open_by_name(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file below `root` where steps cannot be taken: look at each name first, and afterwards at what opened."""
    path = root
    for part in parts:
        path = path / part
        about = os.lstat(path)
        if leads_elsewhere(about):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError
    handle = os.open(path, FLAGS)
    if not os.path.samestat(about, os.fstat(handle)):
        os.close(handle)
        raise OSError(errno.ELOOP, say("it was exchanged meanwhile"))
    return handle


def leads_elsewhere(about: os.stat_result) -> bool:
    """Say whether what `lstat` tells is told of a link, or of a junction of Windows."""
    return stat.S_ISLNK(about.st_mode) or getattr(about, "st_reparse_tag", 0) in _ELSEWHERE


def _a_link(root: Path, parts: tuple[str, ...], shown: str) -> Failed | None:
    """Say which step on the way is a link, if one is. Nothing rests on it: the file could not be opened."""
    for taken in range(1, len(parts) + 1):
        try:
            about = os.lstat(root.joinpath(*parts[:taken]))
        except OSError:
            return None
        if leads_elsewhere(about):
            rest = len(parts) - taken
            name = PurePath(shown).parents[rest - 1] if rest and rest <= len(PurePath(shown).parents) else shown
            if rest:
                return failed(
                    say(
                        "{folder} is a link to another place. Put the folder itself there: links are not followed.",
                        folder=name,
                    )
                )
            return failed(
                say("{file} is a link to another place. Put the file itself there: links are not followed.", file=name)
            )
    return None


def _a_folder(path: Path, shown: str) -> Failed:
    return failed(
        say(
            "{folder} is a folder, where a Python file is expected. Move it away; `make reset EX={name}` then brings "
            "the stub back.",
            folder=shown,
            name=path.stem,
        )
    )
