"""Copies of the repository's exercises to work in, as a learner finds them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import desk
from grader.library import Library, at

__all__ = ["TOPIC", "Course", "copy", "make", "part"]

ROOT = Path(__file__).parent.parent
TOPIC = "04_backprop"
# Colours and pagers of whoever runs the tests are not what is tested.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTEST_ADDOPTS")}


@dataclass(frozen=True)
class Course:
    """A folder with assignments/, and solutions/ or the keys/ of a handout."""

    root: Path

    @property
    def library(self) -> Library:
        return at(self.root) or Library(self.root)

    def file(self, name: str) -> Path:
        """Return where the learner's file of an exercise lies."""
        return self.library.places[name].assignment

    def write(self, name: str, text: str) -> None:
        """Write the learner's file of an exercise."""
        self.file(name).write_text(text, encoding="utf-8")

    def run(self, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the command line in this course."""
        return self.python("-m", "grader", *words, **options)

    def pytest(self, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run pytest in this course, without plugins that a learner does not have."""
        others = ["-p", "no:randomly", "-p", "no:hypothesispytest"]
        return self.python("-m", "pytest", *others, *words, **options)

    def python(self, *words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in this course."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=cwd or self.root,
            env={**ENVIRONMENT, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def graded(self, *words: str) -> dict[str, dict[str, Any]]:
        """Return the exercises of `grade --json`, by name."""
        run = self.run("grade", "--json", *words)
        assert run.stdout, run.stderr
        return {exercise["name"]: exercise for exercise in json.loads(run.stdout)["exercises"]}


def part(screen: str, name: str) -> str:
    """Return what a screen says about one exercise, line ends folded away: a sentence may be broken anywhere."""
    lines = screen.split("\n")
    begin = next(n for n, line in enumerate(lines) if f" {name}: " in line[:60] and not line.startswith("   "))
    rest = lines[begin + 1 :]
    end = next((n for n, line in enumerate(rest) if line and not line.startswith("   ")), len(rest))
    return " ".join(" ".join(lines[begin : begin + 1 + end]).split())


def make(root: Path, sources: dict[str, Path]) -> Course:
    """Lay out a course: exercise files by `topic/name`, their stubs, and their keys computed ahead."""
    for place, source in sources.items():
        file = root / "solutions" / f"{place}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source.read_text(encoding="utf-8").replace(source.stem, file.stem), encoding="utf-8")
        lesson = root / "assignments" / file.parent.name / "README.md"
        lesson.parent.mkdir(parents=True, exist_ok=True)
        lesson.write_text("# A lesson\n", encoding="utf-8")
    if (ROOT / ".grader" / "keys").is_dir():
        shutil.copytree(ROOT / ".grader" / "keys", root / ".grader" / "keys")  # used where they are still true
    course = Course(root)
    for name in course.library.places:
        desk.lay(course.library, name)
        key = course.library.key(name)
        with (root / "assignments" / key.topic / "README.md").open("a", encoding="utf-8") as lesson:
            lesson.write(f"\n## {key.lesson}\n")
    return course


def copy(course: Course, root: Path) -> Course:
    """Return a copy of a course that may be changed."""
    return Course(Path(shutil.copytree(course.root, root, dirs_exist_ok=True)))
