"""A made-up class of 40 whose true scores are known before anything is graded.

What is right earns all of its points, what is known as a mistake the points of the cases that the key says it passes,
and accidents and attacks what is written beside them here. The work comes as a class's work comes: in folders, archives
and clones, late, twice, under hostile names, and not at all.
"""

import io
import random
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from grader.judge import judge
from grader.library import Library
from grader.points import points
from tests.answers import answer

__all__ = ["DUE", "EXERCISES", "Made", "make"]

EXERCISES = ("relu_forward", "relu_backward", "softmax_loss", "calibrate_threshold")
DUE = "2026-10-31T23:59:00+01:00"
SIZE = 40

# Files that are not an answer, and the share of the exercise's points that they earn.
ACCIDENTS: Mapping[str, tuple[str, int]] = {
    "a forgotten colon": ("def {name}(x)\n    return x\n", 0),
    "another name": ("def f(x):\n    return x\n", 0),
    "an empty file": ("", 0),
    "no end": ("while True:\n    pass\n", 0),
    "print in place of return": ("def {name}(*given):\n    print(given)\n", 0),
    "a module that is not there": ("import torch\n{answer}", 0),
    "windows": ("\ufeff{answer}", 1),
    "a test at the end": ("{answer}\nif __name__ == '__main__':\n    print({name}(1, 2, 3, 4))\n", 1),
    "noise": ("print('hello ' * 5)\n{answer}", 1),
}
ATTACKS: Mapping[str, tuple[str, int]] = {
    "ends the process": ("import os\ndef {name}(*given):\n    os._exit(0)\n", 0),
    "ends it at import": ("import os\nos._exit(0)\n", 0),
    "looks for the answers": (
        "for topic in ('04_backprop', '05_losses_optim'):\n    exec(open(f'solutions/{{topic}}/{name}.py').read())\n",
        0,
    ),
    "patches the comparison": (
        "import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True\n"
        "np.testing.assert_allclose = lambda *a, **k: None\ndef {name}(*given):\n    return given[0] * 0\n",
        0,
    ),
    "is equal to all": (
        "class Any:\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0\n"
        "def {name}(*given):\n    return Any()\n",
        0,
    ),
    "says that it passed": (
        "print('::set-output name=score::100')\nprint('{{\"score\": 100}}')\ndef {name}(*given):\n    return None\n",
        0,
    ),
    "prints without end": ("def {name}(*given):\n    while True: print('x' * 1000000)\n", 0),
}
NAMES = [
    "Ada Lovelace", "Zoë Müller", 'Robert "Bobby" Tables', "=HYPERLINK(\"http://example.org\")", "<b>Bold</b> Name",
    "\u202eevil", "Nguyễn Văn An", "O'Brien, Sinéad", "李小龍", "Anna-Maria de la Cruz",
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A class on disk: where its work and its roster lie, and what every student's work is truly worth."""

    submissions: Path
    roster: Path
    points: Mapping[str, Fraction]
    kept: Mapping[str, Fraction]


def make(library: Library, folder: Path, seed: int = 1) -> Made:
    """Lay out the class in an empty folder."""
    chance = random.Random(seed)
    worth = _Worth(library)
    handed, true, rows, kept = folder / "handed in", {}, [], {}
    handed.mkdir(parents=True)
    for number in range(SIZE):
        student = f"s{number:02}"
        name = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number}")
        rows.append((student, name, f"{student}@example.org", "ab"[number % 2]))
        kept[student] = Fraction(1)
        if number in (7, 23):  # two hand in nothing
            true[student] = Fraction(0)
            continue
        files, true[student] = _work(library, worth, chance, number)
        kept[student] = _hand_in(handed, student, number, files)
    roster = folder / "roster.csv"
    lines = [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in [("id", "name", "email", "section"), *rows]
    ]
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Made(handed, roster, true, kept)


class _Worth:
    """What right answers and known mistakes are worth, without any worker."""

    def __init__(self, library: Library) -> None:
        self._library, self._known = library, dict[tuple[str, str], Fraction]()

    def of(self, name: str, variant: str) -> Fraction:
        """Return the points of a variant; right ones have all."""
        if (name, variant) not in self._known:
            key = self._library.key(name)
            found = [mistake for mistake in key.mistakes if mistake.name == variant]
            worth = points(judge(key, found[0].outcomes)) if found else Fraction(key.points)
            self._known[name, variant] = worth
        return self._known[name, variant]


def _work(library: Library, worth: _Worth, chance: random.Random, number: int) -> tuple[dict[str, bytes], Fraction]:
    """Return a student's files by their place in the course, and what they are worth."""
    files, total = {}, Fraction(0)
    special = list((ACCIDENTS if number % 2 else ATTACKS).values()) if number >= 14 else []
    where = chance.choice(EXERCISES)
    for name in EXERCISES:
        place, exercise = library.places[name], library.exercise(name)
        right = ["", *(v.name for v in exercise.alternatives)]
        wrong = [v.name for v in exercise.mistakes]
        variant = chance.choice(right if chance.random() < 0.6 else wrong)
        text, earned = answer(place.solution, variant), worth.of(name, variant)
        if special and name == where:
            text, share = special[(number // 2) % len(special)]
            text = text.replace("{name}", name).replace("{{", "{").replace("}}", "}")
            text, earned = text.replace("{answer}", answer(place.solution)), Fraction(share * library.key(name).points)
        file = place.assignment.relative_to(library.root).as_posix()
        files[file] = text.replace("\n", "\r\n").encode() if text.startswith("\ufeff") else text.encode()
        total += earned
    return files, total


def _hand_in(folder: Path, student: str, number: int, files: dict[str, bytes]) -> Fraction:
    """Write a student's files in one of the ways in which work comes; return the share that lateness leaves."""
    way = ("folder", "zip", "tar", "moodle", "canvas", "single", "clone", "late clone")[number % 8]
    if way == "folder":
        files = {**files, "conftest.py": b"raise SystemExit(0)\n"} if number % 3 == 0 else files
        _lay(folder / student, files)
    elif way == "zip":
        (folder / f"{student}.zip").write_bytes(_zipped(files))
    elif way == "tar":
        with tarfile.open(folder / f"{student}.tar.gz", "w:gz") as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(f"my work/{name}")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    elif way == "moodle":
        (folder / f"{student}_4{number}_assignsubmission_file_work.zip").write_bytes(_zipped(files))
    elif way == "canvas":
        (folder / f"{student}_5{number}_9{number}_work.zip").write_bytes(_zipped(files))
    elif way == "single":
        for n, (name, data) in enumerate(files.items()):
            (folder / f"{student}_6{number}_{n}_{name.rpartition('/')[2]}").write_bytes(data)
    else:
        days = 2 if way == "late clone" else 0
        _lay(folder / student, files)
        _commit(folder / student, datetime.fromisoformat(DUE) - timedelta(hours=5) + timedelta(days=days))
        return Fraction(4, 5) if days else Fraction(1)
    return Fraction(1)


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _commit(folder: Path, when: datetime) -> None:
    who = {f"GIT_{role}_{part}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    time = {"GIT_COMMITTER_DATE": when.isoformat(), "GIT_AUTHOR_DATE": when.isoformat()}
    environment = {**who, **time, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "my work"]):
        subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)
