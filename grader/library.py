"""Where exercises, stubs and keys lie, and the cache of keys.

A key is kept under `.grader/keys/` with the hash of everything that it depends on: the exercise's file, the files it
refers to, the grader's own code and the versions of Python and numpy. It is used as long as that hash is the same and
its own bytes are, and computed anew when not.

A handout, the learner's repository, has keys in the place of `solutions/`. There they are read, never computed.
"""

import contextlib
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from grader import handed, stub
from grader import key as keys
from grader.exercise import Exercise, load
from grader.key import Key
from grader.messages import say

__all__ = ["Handout", "Library", "LibraryError", "Place", "at", "find", "find_authors"]

# What a key is made by: a change in one of these makes all keys anew.
_MAKERS = (
    "apart.py",
    "authoring.py",
    "checks",
    "compare.py",
    "exercise.py",
    "gradcheck",
    "key.py",
    "misfit.py",
    "outcome.py",
    "parts.py",
    "shortcuts.py",
    "stub.py",
    "worker",
)
# What a file is called while it is written, and how long that takes at the very most.
_PART, _PART_SECONDS = ".part", 60.0
_REFERENCE = re.compile(rb"""\breference\(\s*(?:name\s*=\s*)?["'](\w+)["']""")
_DATA = re.compile(rb"""\bdata\(\s*["'](\w+)["']""")
_NEEDS = re.compile(rb"""\bneeds=\[([^\]]*)\]""")
_DIFFICULTY = re.compile(rb"""\bdifficulty=(\d)""")
_USED = re.compile(rb"^from assignments import (\([^)]*\)|[^\n#(]*)", re.MULTILINE)


class LibraryError(Exception):
    """Exercises cannot be found, or lie where they should not; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where one exercise lies: its topic, its file in `solutions/`, the learner's file in `assignments/`.

    A handout has no `solutions/`, and the file there does not exist.
    """

    name: str
    topic: str
    solution: Path
    assignment: Path


def find(start: Path | None = None) -> "Library":
    """Return the library of the folder `start` (the working folder) or the nearest one above it.

    Raises:
        LibraryError: there is none.
    """
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        library = at(folder)
        if library is not None:
            return library
    raise LibraryError(
        say(
            "{folder} is not inside a folder with assignments/ and solutions/, or keys/. Go to the repository first.",
            folder=here,
        )
    )


def find_authors(command: str) -> "Library":
    """Return the library of the working folder, for a command that needs solutions.

    Raises:
        LibraryError: there is none, or it is a handout.
    """
    library = find()
    if isinstance(library, Handout):
        raise LibraryError(
            say(
                "`{command}` needs the exercises' solutions, and this is a handout, which has none. It works in the "
                "author's repository.",
                command=command,
            )
        )
    return library


def at(root: Path) -> "Library | None":
    """Return the library whose folder is `root`, None where that is no library."""
    if not (root / "assignments").is_dir():
        return None
    if handed.is_handout(root):
        return Handout(root)
    return Library(root) if (root / "solutions").is_dir() else None


class Library:
    """The exercises of one repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def places(self) -> dict[str, Place]:
        """All exercises by name, by topic and then by name.

        Raises:
            LibraryError: two exercises have one name.
        """
        found: dict[str, Place] = {}
        for solution in sorted(self.root.glob("solutions/[0-9][0-9]_*/*.py")):
            name, topic = solution.stem, solution.parent.name
            if name in found:
                raise LibraryError(
                    say(
                        "two exercises are called {name}: {one} and {other}. Rename one.",
                        name=name,
                        one=found[name].solution,
                        other=solution,
                    )
                )
            found[name] = Place(name, topic, solution, self.root / "assignments" / topic / solution.name)
        return found

    def next_to_open(self, states: Mapping[str, str], after: str | None = None) -> str | None:
        """Return the exercise to begin with: not started, nothing that it needs is unfinished, the easiest first.

        Args:
            states: of the exercises that come into question, and of those that these need.
            after: the exercise that was done last; earlier topics than its own then come behind the later ones.
        """
        waiting = [name for name, state in states.items() if state == "not started"]
        topic = "" if after is None else self.places[after].topic

        def effort(name: str) -> tuple[int, bool, str, int, int]:
            own, (needs, difficulty) = self.places[name].topic, self.asks(name)
            missing = sum(states.get(needed) in ("not started", "wrong") for needed in needs)
            return (missing, own < topic, own, difficulty, list(self.places).index(name))

        return min(waiting, key=effort, default=None)

    def asks(self, name: str) -> tuple[tuple[str, ...], int]:
        """Return what an exercise needs, and its difficulty, told from its text: no key has to be made for it."""
        text = self.places[name].solution.read_bytes()
        needs, difficulty = _NEEDS.search(text), _DIFFICULTY.search(text)
        names = re.findall(r"\w+", needs[1].decode()) if needs else []
        return tuple(names), int(difficulty[1]) if difficulty else 1

    def exercise(self, name: str) -> Exercise:
        """Load one exercise from its file."""
        return load(self.places[name].solution)

    def stub(self, name: str) -> str:
        """Return the text that a learner begins an exercise with."""
        return stub.cut(self.places[name].solution.read_text(encoding="utf-8"))

    def reference(self, name: str) -> str:
        """Return the course's own answer to an exercise, as a learner's file would hold it."""
        return stub.reference_source(self.places[name].solution.read_text(encoding="utf-8"))

    def answers(self, name: str) -> list[tuple[str, str]]:
        """Return the right answers to an exercise that the course knows, each with its name; its own is the first."""
        return stub.answers(self.places[name].solution.read_text(encoding="utf-8"))

    def key(self, name: str, secret: str = "", keep: bool = True) -> Key:
        """Return the key of one exercise, from the cache where it is still true.

        Args:
            name: the exercise.
            secret: a class's own, from which its hidden cases are drawn.
            keep: whether to put a key that had to be made into the cache.
        """
        digest = self.digest(name, secret)
        whose = f".{hashlib.sha256(secret.encode()).hexdigest()[:16]}" if secret else ""
        file = self.root / ".grader" / "keys" / f"{name}{whose}.key"
        try:
            kept = file.read_bytes()
            head, data = kept[: 2 * len(digest)], kept[2 * len(digest) :]
            if head == digest + hashlib.sha256(data).digest():
                return keys.from_bytes(data)
        except (OSError, ValueError):
            pass  # none yet, or one that is damaged: make it anew
        exercise = self.exercise(name)
        made = keys.with_secret(exercise, self.key(name), secret) if secret else keys.answer(exercise)
        if keep:
            data = keys.to_bytes(made)
            write(file, digest + hashlib.sha256(data).digest() + data)
        return made

    def digest(self, name: str, secret: str = "") -> bytes:
        """Return a digest of all that the key of an exercise follows from."""
        found = hashlib.sha256(self._makers)
        found.update(hashlib.sha256(secret.encode()).digest())
        place = self.places[name]
        data = [place.assignment.parent / f"{one.decode()}.npz" for one in _DATA.findall(place.solution.read_bytes())]
        for path in [place.solution, *self._references(name), *filter(Path.is_file, data)]:
            found.update(hashlib.sha256(path.read_bytes()).digest())
        return found.digest()

    def _references(self, name: str) -> list[Path]:
        """Return the files that an exercise refers to, directly or not, told from their text."""
        seen, waiting = {name}, [name]
        while waiting:
            text = self.places[waiting.pop()].solution.read_bytes()
            used = [name for names in _USED.findall(text) for name in re.findall(rb"\w+", names)]
            for match in [*_REFERENCE.findall(text), *used]:
                other = match.decode()
                if other in self.places and other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return [self.places[other].solution for other in sorted(seen - {name})]

    @cached_property
    def _makers(self) -> bytes:
        here = Path(__file__).parent
        files = [
            f
            for maker in _MAKERS
            for f in ([here / maker] if maker.endswith(".py") else sorted((here / maker).glob("*.py")))
        ]
        found = hashlib.sha256(f"{sys.version_info[:3]} {version('numpy')} {version('scipy')}".encode())
        for file in files:
            found.update(file.read_bytes())
        return found.digest()


class Handout(Library):
    """The exercises of a handout: keys and stubs are there, solutions are not."""

    @cached_property
    def places(self) -> dict[str, Place]:
        """All exercises by name, in the order of the handout's list.

        Raises:
            HandedError: the list cannot be read.
        """
        solutions, assignments = self.root / "solutions", self.root / "assignments"
        return {
            name: Place(name, topic, solutions / topic / f"{name}.py", assignments / topic / f"{name}.py")
            for name, topic in handed.listing(self.root).exercises.items()
        }

    def exercise(self, name: str) -> Exercise:
        """Refuse: an exercise is code, with its answers."""
        raise _no_source(name)

    def stub(self, name: str) -> str:
        """Return the text that a learner begins an exercise with."""
        return self.key(name).stub

    def reference(self, name: str) -> str:
        """Refuse: there is no answer of the course's own to lend."""
        raise LibraryError(
            say(
                "this is a handout, which does not have an answer of the course's own to {name}. "
                "The author's repository does.",
                name=name,
            )
        )

    def answers(self, name: str) -> list[tuple[str, str]]:
        """Return none: a handout has none."""
        return []

    def asks(self, name: str) -> tuple[tuple[str, ...], int]:
        """Return what an exercise needs, and its difficulty."""
        made = self.key(name)
        return made.needs, made.difficulty

    def key(self, name: str, secret: str = "", keep: bool = True) -> Key:
        """Return the key of one exercise, as it was handed out.

        Raises:
            HandedError: it is missing or damaged.
            LibraryError: hidden cases are asked for.
        """
        if secret:
            raise LibraryError(
                say("this is a handout, which does not have hidden cases. The author's repository does.")
            )
        return handed.key(self.root, self.places[name].topic, name)

    def digest(self, name: str, secret: str = "") -> bytes:
        """Refuse: what the key follows from is not here."""
        raise _no_source(name)


def _no_source(name: str) -> LibraryError:
    return LibraryError(
        say(
            "this is a handout, which does not have the source of {name}. The author's repository does.",
            name=name,
        )
    )


def write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all; where nothing can be written, nothing is kept, and all else goes on."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _sweep(file.parent)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=_PART)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(name, file)
        except BaseException:
            os.unlink(name)
            raise
    except OSError:
        pass


def _sweep(folder: Path) -> None:
    """Remove what writers that were killed have left; what is younger may be somebody's who is still writing."""
    for part in folder.glob(f"*{_PART}"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _PART_SECONDS:
                part.unlink()
