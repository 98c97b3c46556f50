"""Reads zip and tar archives in memory. Nothing is ever unpacked to a path.

Every limit holds before what it limits is done: on the size of the archive before it is read, on the number of its
entries before they are listed, on sizes as they are declared before anything is unpacked, and on sizes as they turn
out while it is.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from grader.intake.entry import MOST, Contents
from grader.messages import say
from grader.outcome import Failed
from grader.sandbox import source

__all__ = ["LARGEST", "contents"]

# An archive of the course's repository with an environment of Python in it.
LARGEST = 100 << 20
# Unpacked, a tar archive has to be gone through from its beginning to its end.
LARGEST_UNPACKED = 512 << 20
# What all wanted files in a tar archive may hold together.
LARGEST_TEXT = 64 << 20
# The header of an entry may have another one before it: for a long name, or for what else a file system knows.
_LARGEST_HEADER = 64 << 10
_BEFORE = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_ENTRY = b"PK\x01\x02"
_PACKED: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


def contents(path: Path, wanted: Callable[[str], bool]) -> Contents:
    """Return what the archive at `path` holds.

    Args:
        path: a zip archive, or a tar archive as it is or packed by gzip, bzip2 or xz.
        wanted: says of an entry's name whether its text can be asked for.
    """
    data = _data(path)
    if isinstance(data, Failed):
        return Contents(broken=data)
    if data.startswith(_ZIP):
        return _zip(data)
    opener = next((opener for magic, opener in _PACKED.items() if data.startswith(magic)), None)
    if opener is None and data[257:262] != b"ustar":
        return Contents(
            broken=source.failed(say("it is no archive that can be read: hand in a folder, a zip or a tar.gz."))
        )
    stream = io.BytesIO(data)
    return _tar(opener(stream) if opener else stream, wanted)


def _data(path: Path) -> bytes | Failed:
    try:
        handle = os.open(path, source.FLAGS)
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                return Failed("setup", say("{file} is neither a folder nor a file", file=path.name))
            if about.st_size > LARGEST:
                large = say("the archive has {size:,} bytes, more than {most:,}.", size=about.st_size, most=LARGEST)
                return source.failed(f"{large} {_leave_out()}")
            return file.read(about.st_size)
    except OSError as fault:
        return Failed("setup", say("{file} cannot be read: {why}", file=path.name, why=fault.strerror))


def _too_many() -> Failed:
    many = say("the archive has more than {most:,} entries.", most=MOST)
    return source.failed(f"{many} {_leave_out()}")


def _damaged(fault: Exception) -> Failed:
    return source.failed(say("the archive is damaged ({why}). Pack it anew.", why=_why(fault)))


def _why(fault: Exception) -> str:
    return str(fault)[:100] or type(fault).__name__


def _leave_out() -> str:
    return say("Hand in the course's own files alone, without .venv and .git.")


# --- zip -----------------------------------------------------------------------------------------------------------


def _zip(data: bytes) -> Contents:
    found = Contents()
    if data.count(_ZIP_ENTRY) > MOST:  # every entry has this mark, and listing them takes far more memory than they
        found.broken = _too_many()
        return found
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as fault:  # a damaged archive makes the library raise nearly anything
        found.broken = _damaged(fault)
        return found
    for info in archive.infolist():
        # The name as it stands there: `filename` ends at a NUL byte.
        found.add(info.orig_filename, _zip_kind(info), partial(_zip_content, archive, info))
    return found


def _zip_kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    if info.orig_filename.endswith(("/", "\\")) or stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "other"


def _zip_content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> str | Failed:
    if info.flag_bits & 0x1:
        return source.failed(say("{file} is encrypted. Pack it without a password.", file=name))
    # Other methods unpack as much as they like at a time.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return source.failed(
            say("{file} is packed by an unusual method. Pack it as an ordinary zip archive.", file=name)
        )
    if info.file_size > source.LARGEST:
        return source.too_large(name, info.file_size)
    try:
        with archive.open(info) as file:
            return source.text(file.read(source.LARGEST + 1), name)
    except Exception as fault:  # as above
        return source.failed(say("{file} is damaged in the archive ({why}).", file=name, why=_why(fault)))


# --- tar -----------------------------------------------------------------------------------------------------------
#
# tarfile reads single headers here and no archives: it lets a header say how much memory to take.


class _TooLargeError(Exception):
    """More was unpacked than may be."""


class _Blocks:
    """A tar archive as a stream of blocks, which ends with an exception where more is unpacked than may be."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = LARGEST_UNPACKED

    def take(self, size: int) -> bytes:
        """Return `size` bytes, and go on to the next block."""
        data = self._read(size)
        self.skip(-size % tarfile.BLOCKSIZE)
        return data

    def skip(self, size: int) -> None:
        """Go on by `size` bytes."""
        while size > 0:
            size -= len(self._read(min(size, 1 << 20)))

    def header(self) -> bytes:
        """Return the next header; nothing where the archive has come to its end."""
        block = self._stream.read(tarfile.BLOCKSIZE)
        if len(block) not in (0, tarfile.BLOCKSIZE):
            raise EOFError(say("it ends too early"))
        return block if any(block) else b""

    def _read(self, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise _TooLargeError
        data = self._stream.read(size)
        if len(data) < size:
            raise EOFError(say("it ends too early"))
        return data


def _tar(stream: IO[bytes], wanted: Callable[[str], bool]) -> Contents:
    found = Contents()
    try:
        _go_through(_Blocks(stream), found, wanted)
    except _TooLargeError:
        large = say("the archive unpacks to more than {most:,} bytes.", most=LARGEST_UNPACKED)
        found.broken = source.failed(f"{large} {_leave_out()}")
    except Exception as fault:  # a damaged archive makes the libraries raise nearly anything
        found.broken = _damaged(fault)
    return found


def _go_through(blocks: _Blocks, found: Contents, wanted: Callable[[str], bool]) -> None:
    left = LARGEST_TEXT
    said: dict[str, str] = {}  # what headers have said of the entry that comes next
    for _ in range(MOST):
        block = blocks.header()
        if not block:
            return
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if info.type in _BEFORE:
            said |= _said(info.type, blocks.take(_checked(info.size, _LARGEST_HEADER)))
            continue
        name, size = said.get("path", info.name), _checked(int(said.get("size", info.size)), 1 << 60)
        kind = _tar_kind(info, said)
        said = {}
        if kind == "file" and size <= source.LARGEST <= left and wanted(name):
            left -= size
            found.add(name, kind, partial(source.text, blocks.take(size)))
            continue
        found.add(name, kind, partial(source.too_large, size=size))
        if info.isreg() or info.type not in tarfile.SUPPORTED_TYPES:
            blocks.skip(size + -size % tarfile.BLOCKSIZE)
    found.broken = _too_many()


def _checked(size: int, most: int) -> int:
    if not 0 <= size <= most:
        raise ValueError(say("a size in it is impossible"))
    return size


def _said(kind: bytes, body: bytes) -> dict[str, str]:
    """Return what a header before an entry says of it."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return {"path": _decoded(body.partition(b"\0")[0])}
    return _records(body) if kind in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE) else {}


def _records(body: bytes) -> dict[str, str]:
    """Return the records `length key=value` of a pax header."""
    found, here = {}, 0
    while here < len(body) and body[here]:
        blank = body.index(b" ", here, here + 10)
        end = here + _checked(int(body[here:blank]), len(body) - here)
        key, equals, value = body[blank + 1 : end - 1].partition(b"=")
        if end <= blank or not equals:
            raise ValueError(say("a header in it is impossible"))
        found[_decoded(key)] = _decoded(value)
        here = end
    return found


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _tar_kind(info: tarfile.TarInfo, said: Mapping[str, str]) -> str:
    if info.issym() or info.islnk():
        return "link"
    if info.isdir():
        return "folder"
    if info.type == tarfile.GNUTYPE_SPARSE:
        raise ValueError(say("a file in it has holes"))
    return "file" if info.isreg() and not any(key.startswith("GNU.sparse") for key in said) else "other"
