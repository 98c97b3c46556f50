"""One thing in a folder or an archive, under the name that it has there."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.messages import say
from grader.outcome import Failed

__all__ = ["MOST", "Contents", "Entry", "folded", "parts"]

# A course's repository has some hundreds of files, an environment of Python beside it some ten thousands.
MOST = 50_000
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST = 1000


@dataclass(frozen=True)
class Entry:
    """`name` for messages, `parts` its folders and last name, `kind` "file", "folder", "link" or "other".

    `content(name)` returns the text of a file that is wanted, or why there is none.
    """

    name: str
    parts: tuple[str, ...]
    kind: str
    content: Callable[[str], str | Failed]


@dataclass
class Contents:
    """All that was found; `faults` are sentences for the teacher, `broken` is why there may be more than was found."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    broken: Failed | None = None

    def add(self, name: str, kind: str, content: Callable[[str], str | Failed]) -> None:
        """Add an entry; one whose name leads elsewhere is a fault, and nothing more."""
        found = parts(name)
        shown = name[:200] if found is None else "/".join(found)
        shown = shown.encode("utf-8", "replace").decode()
        if found is None:
            self.faults.append(say("{name} leads out of what was handed in: it is left out.", name=shown))
        elif found:
            self.entries.append(Entry(shown, found, kind, content))


def parts(name: str) -> tuple[str, ...] | None:
    """Return the folders and the last name that a relative name consists of; None where it could lead elsewhere.

    Some programs of Windows write archives with `\\` between the parts. It separates here too, everywhere.
    """
    name = name.replace("\\", "/")
    found = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or _DRIVE.match(name) or ".." in found or "\0" in name or len(name) > _LONGEST:
        return None
    return found


def folded(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a file system that does not tell small from capital letters takes for the same name."""
    return tuple(unicodedata.normalize("NFC", name).casefold() for name in names)
