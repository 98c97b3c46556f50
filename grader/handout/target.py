"""Writes a handout into a folder, and takes care of what somebody has written there.

Nothing is overwritten or removed that is not as an earlier handout has left it. A run that was killed is finished by
the next one: the list of files is written first, with what they were and what they are going to be.
"""

import contextlib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader import handed, stub
from grader.handed import HandedError, Listing
from grader.handout.contents import Contents
from grader.library import LibraryError
from grader.messages import say

__all__ = ["HandoutError", "Laid", "lay", "refuse"]

# What a folder may hold and still be empty: a repository that has just begun.
_NOTHING = {".git", ".DS_Store"}


class HandoutError(LibraryError):
    """A handout cannot be written there; the message says why, and what to do."""


@dataclass(frozen=True)
class Laid:
    """The files of a handout, by what became of them; `kept` were changed by somebody, and were left alone."""

    written: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


def refuse(folder: Path, author: Path) -> Listing:
    """Return what an earlier handout has left in a folder; nothing where it is new or empty.

    Args:
        folder: where a handout is to be written.
        author: the author's repository.

    Raises:
        HandoutError: it is no folder, or holds what is no handout of ours, or lies where the course itself lies.
    """
    for part in ("assignments", "grader", "solutions"):
        if (author / part).resolve() in (folder.resolve(), *folder.resolve().parents):
            raise HandoutError(
                say(
                    "{folder} lies in {part}/ of the course itself. Choose a folder elsewhere.",
                    folder=folder,
                    part=part,
                )
            )
    try:
        held = sorted(entry.name for entry in folder.iterdir() if entry.name not in _NOTHING)
    except FileNotFoundError:
        return Listing({}, {})
    except NotADirectoryError:
        raise HandoutError(say("{folder} is a file. Choose a folder that is new or empty.", folder=folder)) from None
    except OSError as fault:
        raise HandoutError(say("{folder} cannot be looked into: {why}.", folder=folder, why=fault.strerror)) from None
    if not held:
        return Listing({}, {})
    try:
        return handed.listing(folder)
    except HandedError:
        shown = ", ".join(held[:3]) + (", ..." if len(held) > 3 else "")
        raise HandoutError(
            say(
                "{folder} is not empty ({files}), and is no handout that could be brought up to date. Choose a folder "
                "that is new or empty.",
                folder=folder,
                files=shown,
            )
        ) from None


def lay(folder: Path, wanted: Contents, earlier: Listing) -> Laid:
    """Write a handout.

    Args:
        folder: where to.
        wanted: its files.
        earlier: what `refuse` has found there.

    Raises:
        HandoutError: something cannot be written. What is there then can be completed by another run.
    """
    now = {path: (_digest(data),) for path, data in wanted.files.items()}
    both = {path: (*earlier.files.get(path, ()), *now.get(path, ())) for path in {**earlier.files, **now}}
    _write(folder, handed.LISTED, handed.to_bytes(Listing(wanted.exercises, both)))
    done: dict[str, list[str]] = {"written": [], "same": [], "kept": [], "removed": []}
    for path, data in wanted.files.items():
        found = _state(folder, path, data, both, wanted.stubs)
        done[found].append(path)
        if found == "written":
            _write(folder, path, data)
    for path in sorted(earlier.files.keys() - wanted.files.keys()):
        found = _gone(folder, path, both)
        if found:
            done[found].append(path)
    _write(folder, handed.LISTED, handed.to_bytes(Listing(wanted.exercises, now)))
    return Laid(**{what: tuple(paths) for what, paths in done.items()})


def _state(folder: Path, path: str, data: bytes, ours: Mapping[str, tuple[str, ...]], stubs: frozenset[str]) -> str:
    """Say what becomes of a file: "written", "same", or "kept" where it is somebody's work."""
    if not _within(folder, path) or (folder / path).is_symlink():
        return "kept"
    try:
        there = (folder / path).read_bytes()
    except FileNotFoundError:
        return "written"
    except OSError:
        return "kept"  # a folder, or what nobody may read
    if there == data:
        return "same"
    if _digest(there) in ours[path] or path.startswith(f"{handed.FOLDER}/"):
        return "written"
    return "written" if path in stubs and _untouched(there, data) else "kept"


def _untouched(there: bytes, cut: bytes) -> bool:
    try:
        return stub.untouched(there.decode(), cut.decode())
    except UnicodeDecodeError:
        return False


def _gone(folder: Path, path: str, ours: Mapping[str, tuple[str, ...]]) -> str:
    """Remove a file that belongs to the handout no more; "removed", "kept" where it is somebody's work, or ""."""
    file = folder / path
    if not _within(folder, path) or not (file.is_file() or file.is_symlink()):
        return ""
    try:
        if file.is_symlink() or _digest(file.read_bytes()) not in ours[path]:
            return "kept"
        file.unlink()
    except OSError:
        return "kept"
    with contextlib.suppress(OSError):  # not empty
        file.parent.rmdir()
    return "removed"


def _within(folder: Path, path: str) -> bool:
    """Say whether a file lies in the folder, wherever links lead."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        return False
    return (folder / path).parent.resolve().is_relative_to(folder.resolve())


def _write(folder: Path, path: str, data: bytes) -> None:
    """Write a file whole or not at all."""
    file = folder / path
    part = file.with_name(f".{file.name}.part")  # the same name each time: what was killed leaves nothing for good
    if not _within(folder, path):
        raise HandoutError(say("{folder} is a link to another place. Put the folder itself there.", folder=file.parent))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            with part.open("xb") as stream:  # never through a link
                stream.write(data)
            os.replace(part, file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise HandoutError(
            say("{file} cannot be written: {why}. Run it again when it can.", file=file, why=fault.strerror)
        ) from fault


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
