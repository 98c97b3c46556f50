"""What goes into a handout: every file by its name, as bytes, and nothing that only an author has.

What is not named here stays out: of `assignments/` the stubs are cut anew, and of what else lies there only lessons,
pictures, data and guides are taken. Solutions are looked at for keys and stubs alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from grader import handed
from grader.course import GUIDES
from grader.handout import page
from grader.key import Key
from grader.library import Library

__all__ = ["Contents", "contents", "names_of"]

_PACKAGE = Path(__file__).parent.parent
_TEXTS = Path(__file__).parent / "texts"
# What authors and teachers alone have a use for; the commands that import it are refused in a handout.
_AUTHORS = (
    "course.py",
    "handout",
    "notebook",
    "classroom/README.md",
    "classroom/exports/README.md",
    "sandbox/README.md",
)
# Where the texts go. Their names here have no dot in front, so that they do nothing where they lie.
_WRITTEN = {
    "Makefile": "Makefile",
    "README.md": "README.md",
    "pyproject.toml": "pyproject",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    ".devcontainer/devcontainer.json": "devcontainer.json",
    ".github/workflows/classroom.yml": "classroom.yml",
}


@dataclass(frozen=True)
class Contents:
    """The files of a handout.

    Attributes:
        exercises: the topic of each exercise, by name, in the library's order.
        files: all files but the list of them, by their relative names.
        stubs: which of them learners write in.
        points: what all exercises are worth together.
    """

    exercises: Mapping[str, str]
    files: Mapping[str, bytes]
    stubs: frozenset[str]
    points: int


def names_of(library: Library, chosen: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the exercises of a handout, and which of them come along because a capstone uses them.

    Args:
        library: the author's.
        chosen: the exercises that are asked for.
    """
    whole = list(chosen)
    for name in whole:  # which grows meanwhile
        whole += [used for used in library.key(name).uses if used not in whole]
    along = [name for name in library.places if name in whole and name not in chosen]
    return [name for name in library.places if name in whole], along


def contents(library: Library, names: Sequence[str]) -> Contents:
    """Return the handout of these exercises.

    Args:
        library: the author's.
        names: the exercises, in the library's order, with all that capstones among them use.
    """
    keys = {name: library.key(name) for name in names}
    exercises = {name: library.places[name].topic for name in names}
    stubs = {f"assignments/{topic}/{name}.py": library.stub(name).encode() for name, topic in exercises.items()}
    packed = {handed.key_path(exercises[name], name): handed.packed(key) for name, key in keys.items()}
    read = {**_lessons(library.root / "assignments", set(exercises.values())), **_grader(), **_licence(library.root)}
    files = {**read, **_texts(library, keys), **stubs, **packed}
    return Contents(exercises, dict(sorted(files.items())), frozenset(stubs), sum(key.points for key in keys.values()))


def _lessons(assignments: Path, topics: Collection[str]) -> dict[str, bytes]:
    """Return lessons, pictures and data of the topics, and what leads through the course."""
    found = [*assignments.glob("*.svg"), *(assignments / guide for guide in GUIDES)]
    for topic in topics:
        found += [file for kind in ("README.md", "*.svg", "*.npz") for file in (assignments / topic).glob(kind)]
    return {
        f"assignments/{file.relative_to(assignments).as_posix()}": file.read_bytes() for file in found if _ours(file)
    }


def _ours(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


def _grader() -> dict[str, bytes]:
    found = {}
    for file in filter(_ours, _PACKAGE.rglob("*")):
        parts = file.relative_to(_PACKAGE).parts
        path = "/".join(parts)
        leftover = any(part.startswith((".", "__pycache__")) for part in parts)
        if not leftover and not any(path == one or path.startswith(f"{one}/") for one in _AUTHORS):
            found[f"grader/{path}"] = file.read_bytes()
    return found


def _licence(root: Path) -> dict[str, bytes]:
    """Return the licence of the course, or else the grader's."""
    found = [file for file in (root / "LICENSE", _PACKAGE.parent / "LICENSE") if _ours(file)]
    return {"LICENSE": found[0].read_bytes()} if found else {}


def _texts(library: Library, keys: Mapping[str, Key]) -> dict[str, bytes]:
    titles = {topic: _title(library, topic) for topic in dict.fromkeys(library.places[name].topic for name in keys)}
    first = library.next_to_open(dict.fromkeys(keys, "not started"))
    example = keys[str(first)]
    drawn = next((key.name for key in keys.values() if key.pictures), "name")
    facts = {
        "version": metadata.version("gradlings"),
        "dependencies": page.quoted(_requirements()),
        "plots": page.quoted(_requirements("plots")),
        "web": page.quoted(_requirements("web")),
        "example": example.name,
        "example_file": f"assignments/{example.topic}/{example.name}.py",
        "example_topic": example.topic.split("_")[0],
        "drawn": drawn,
        "topics": page.topics(titles, {name: library.places[name].topic for name in keys}),
        "counted": page.counted(len(keys), len(titles)),
        "points": str(sum(key.points for key in keys.values())),
    }
    return {
        target: page.filled((_TEXTS / name).read_text(encoding="utf-8"), facts).encode()
        for target, name in _WRITTEN.items()
    }


def _title(library: Library, topic: str) -> str:
    """Return the title of a lesson, without the sign of a heading and the topic's number."""
    lesson = library.root / "assignments" / topic / "README.md"
    head = lesson.read_text(encoding="utf-8").split("\n")[0] if lesson.is_file() else topic
    return head.lstrip("# ").removeprefix(topic.split("_")[0]).lstrip(" ·_")


def _requirements(extra: str = "") -> list[str]:
    """Return what the grader needs, version by version; or what it needs besides, for an extra of this name."""
    found = [line.partition(";") for line in metadata.requires("gradlings") or ()]
    return [name.strip() for name, _, marker in found if (f'"{extra}"' in marker if extra else not marker)]
