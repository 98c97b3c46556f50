"""What a handout holds in the place of solutions: the key of every exercise, and a list of the exercises.

    keys/handout.json            {"version": 1, "exercises": {name: topic, ...}, "files": {path: [digest, ...], ...}}
    keys/<NN_topic>/<name>.key   a key without hidden cases, in the format of the wire, compressed by zlib

`files` is what the handout was made of, each with the SHA-256 of what was written, so that a later handout knows what
somebody has changed since. The list says which exercises there are: a key that is missing is noticed.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import key as keys
from grader.key import Key
from grader.messages import say

__all__ = [
    "FOLDER",
    "LISTED",
    "HandedError",
    "Listing",
    "is_handout",
    "key",
    "key_path",
    "listed",
    "listing",
    "packed",
    "to_bytes",
]

FOLDER = "keys"
LISTED = f"{FOLDER}/handout.json"
_VERSION = 1


class HandedError(Exception):
    """Something that a handout should hold is missing or damaged; the message says what brings it back."""


@dataclass(frozen=True)
class Listing:
    """The exercises of a handout, each with its topic, in their order; and its files, each with digests of ours."""

    exercises: Mapping[str, str]
    files: Mapping[str, tuple[str, ...]]


def is_handout(root: Path) -> bool:
    """Say whether the folder `root` holds keys where an author's repository has solutions.

    Either may have a folder of the other's name for reasons of somebody's own: then the list decides.
    """
    if (root / "solutions").is_dir():
        return (root / LISTED).is_file()
    return (root / FOLDER).is_dir()


def listing(root: Path) -> Listing:
    """Return what the handout at `root` says of itself.

    Raises:
        HandedError: it cannot be read.
    """
    try:
        text = (root / LISTED).read_text(encoding="utf-8")
    except FileNotFoundError:
        missing = say("{file}, the list of exercises, is missing.", file=LISTED)
        raise HandedError(f"{missing} {_remedy()}") from None
    except (OSError, ValueError):
        text = ""
    return listed(text)


def listed(text: str) -> Listing:
    """Return what the text of a handout's list says.

    Raises:
        HandedError: it is no such list.
    """
    try:
        plain = json.loads(text)
        if plain["version"] != _VERSION:
            raise ValueError
        exercises = {str(name): str(topic) for name, topic in plain["exercises"].items()}
        return Listing(exercises, {str(path): tuple(found) for path, found in plain["files"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        unreadable = say("{file}, the list of exercises, cannot be read.", file=LISTED)
        raise HandedError(f"{unreadable} {_remedy()}") from None


def _remedy() -> str:
    return say("In a git repository `git restore keys` brings it back; otherwise copy it from the handout anew.")


def to_bytes(found: Listing) -> bytes:
    """Return a listing as the text of its file."""
    plain = {"version": _VERSION, "exercises": dict(found.exercises), "files": dict(found.files)}
    return (json.dumps(plain, indent=1) + "\n").encode()


def key_path(topic: str, name: str) -> str:
    """Return where the key of an exercise lies in a handout."""
    return f"{FOLDER}/{topic}/{name}.key"


def packed(whole: Key) -> bytes:
    """Return a key as a handout holds it, without what is hidden."""
    return zlib.compress(keys.to_bytes(keys.public(whole)), 9)


def key(root: Path, topic: str, name: str) -> Key:
    """Return the key of an exercise of the handout at `root`.

    Raises:
        HandedError: it is missing, damaged, or another exercise's.
    """
    path = key_path(topic, name)
    try:
        found = keys.from_bytes(zlib.decompress((root / path).read_bytes()))
    except FileNotFoundError:
        missing = say("{file}, the exercise's answer key, is missing.", file=path)
        raise HandedError(f"{missing} {_remedy()}") from None
    except (OSError, ValueError, zlib.error):
        damaged = say("{file}, the exercise's answer key, is damaged.", file=path)
        raise HandedError(f"{damaged} {_remedy()}") from None
    if found.name != name:
        other = say("{file} is the answer key of {name}.", file=path, name=found.name)
        raise HandedError(f"{other} {_remedy()}")
    return found
