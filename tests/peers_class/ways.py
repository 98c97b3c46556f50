"""The ways to grade a class: ours, the limit, and each peer's. A way lays out what it needs, and says what to run."""

import csv
import json
import os
import pickle
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.library import Library
from tests.peers_class import assignment, environments, natively
from tests.peers_class.assignment import POINTS

__all__ = ["WAYS", "Batch", "Given", "Way"]

ROOT = Path(__file__).parent.parent.parent
SECONDS = 5  # after which others end a test, by the clock on the wall where they have no other
Submissions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Given:
    """What a way gave a submission: points of 13, or none and why."""

    points: float | None
    why: str = ""


@dataclass(frozen=True)
class Batch:
    """What to run for some submissions, and how to read what it gave, once it is known how each command ended."""

    commands: Sequence[Sequence[str]]
    given: Callable[[Sequence[int]], dict[str, Given]]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """A way to grade.

    Attributes:
        name: what the table calls it.
        prepare: lays out a folder for submissions, which costs nothing here.
        slow: whether a class of it is too slow to be measured often.
        fifty: whether it is to be measured on a class with an endless loop.
    """

    name: str
    prepare: Callable[[Library, Path, Submissions], Batch]
    slow: bool = False
    fifty: bool = True


# --- ours and the limit --------------------------------------------------------------------------------------------


def _ours(jobs: int, level: str = "kernel") -> Callable[[Library, Path, Submissions], Batch]:
    def prepare(library: Library, folder: Path, submissions: Submissions) -> Batch:
        assignment.lay(folder / "class", submissions)
        words = ["-m", "tests.peers_class.ours", str(jobs), level, str(folder / "class"), str(folder / "out")]

        def given(_: Sequence[int]) -> dict[str, Given]:
            told = json.loads((folder / "out" / "told.json").read_text())
            return {name: Given(one["points"], one["isolation"]) for name, one in told.items()}

        return Batch([[sys.executable, *words]], given, {"PYTHONPATH": str(ROOT)})

    return prepare


def _limit(calls: Callable[[Library], assignment.Calls], program: str) -> Callable[[Library, Path, Submissions], Batch]:
    def prepare(library: Library, folder: Path, submissions: Submissions) -> Batch:
        assignment.lay(folder / "class", submissions)
        cases, out = folder / "cases.pickle", folder / "told.json"
        cases.write_bytes(pickle.dumps(calls(library)))

        def given(_: Sequence[int]) -> dict[str, Given]:
            told = json.loads(out.read_text())
            return {name: _of_functions(one.get("right")) for name, one in told.items()}

        words = ["-m", f"tests.peers_class.{program}", str(cases), str(folder / "class"), str(out)]
        return Batch([[sys.executable, *words]], given, {**_one_thread(), "PYTHONPATH": str(ROOT)})

    return prepare


def _of_functions(right: Mapping[str, bool] | None) -> Given:
    if right is None:
        return Given(None, "no answer")
    return Given(float(sum(points for name, points in POINTS.items() if right[name])))


def _one_thread() -> dict[str, str]:
    return dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")


# --- pytest --------------------------------------------------------------------------------------------------------

_PLAIN = ["-q", "-p", "pytest_timeout", "-p", "no:cacheprovider", "--timeout", str(SECONDS), "--tb=short"]
_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _pytest(library: Library, folder: Path, submissions: Submissions) -> Batch:
    python = str(environments.python("pytest"))
    tests = natively.pytest_tests(assignment.eleven_calls(library))
    assignment.lay(folder, submissions)
    commands = []
    for name in submissions:
        file = folder / name / "test_it.py"
        file.write_text(tests, encoding="utf-8")
        commands.append([python, "-m", "pytest", *_PLAIN, f"--junitxml={folder / name}.xml", str(file)])

    def given(status: Sequence[int]) -> dict[str, Given]:
        return {n: _of_report(folder / f"{n}.xml", how) for n, how in zip(submissions, status, strict=True)}

    return Batch(commands, given, _ALONE | _one_thread())


def _of_report(file: Path, status: int) -> Given:
    if not file.exists():
        # What is left to go by is how it ended, and 0 means that all has passed.
        return Given(0.0 if status else float(sum(POINTS.values())), f"no report; exit status {status}")
    total = 0.0
    cases = list(ElementTree.parse(file).getroot().iter("testcase"))
    for name, points in POINTS.items():
        own = [case for case in cases if case.get("name", "").startswith(f"test_{name}")]
        total += points * sum(not len(case.findall("*")) for case in own) / max(1, len(own))
    return Given(total)


def _one_pytest(library: Library, folder: Path, submissions: Submissions) -> Batch:
    python = str(environments.python("pytest"))
    calls = assignment.eleven_calls(library)
    assignment.lay(folder / "class", submissions)
    test, report = folder / "test_it.py", folder / "report.xml"
    test.write_text(natively.pytest_class(calls, str(folder / "class")), encoding="utf-8")
    worth = [POINTS[name] / len(own) for name, own in calls.items() for _ in own]

    def given(status: Sequence[int]) -> dict[str, Given]:
        if not report.exists():
            return dict.fromkeys(submissions, _of_report(report, status[0]))
        found = dict.fromkeys(submissions, 0.0)
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            student, _, number = case.get("name", "").removeprefix("test_it[").removesuffix("]").rpartition("-")
            found[student] += 0.0 if case.findall("failure") or case.findall("error") else worth[int(number)]
        return {name: Given(points) for name, points in found.items()}

    words = [python, "-m", "pytest", *_PLAIN, f"--junitxml={report}", str(test)]
    return Batch([words], given, _ALONE | _one_thread())


# --- gradescope-utils ----------------------------------------------------------------------------------------------


def _gradescope(library: Library, folder: Path, submissions: Submissions) -> Batch:
    python = str(environments.python("gradescope-utils"))
    tests = natively.gradescope_tests(assignment.eleven_calls(library))
    assignment.lay(folder, submissions)
    commands = []
    for name in submissions:
        file = folder / name / "run_tests.py"
        file.write_text(tests, encoding="utf-8")
        # Its limit is that of the service's container, which ends all of it; one of CPU time stands in for that.
        limited = ["sh", "-c", f'ulimit -t {SECONDS}; exec "$@"', "sh"]
        commands.append([*limited, python, str(file), str(folder / f"{name}.json")])

    def given(status: Sequence[int]) -> dict[str, Given]:
        return {n: _of_results(folder / f"{n}.json", how) for n, how in zip(submissions, status, strict=True)}

    return Batch(commands, given, _one_thread())


def _of_results(file: Path, status: int) -> Given:
    try:
        results = json.loads(file.read_text())
    except (OSError, ValueError):
        return Given(None, f"no results.json; exit status {status}")
    return Given(sum(float(test.get("score", 0)) for test in results["tests"]))


# --- Otter ---------------------------------------------------------------------------------------------------------

# Without Docker it has no limit of time, so that of what executes its notebooks is set.
_OTTER = f"""
import functools, json, sys
from nbconvert.preprocessors import ExecutePreprocessor
ExecutePreprocessor.__init__ = functools.partialmethod(ExecutePreprocessor.__init__, timeout={SECONDS})
from otter.api import grade_submission
out, archive, *notebooks = sys.argv[1:]
found = {{}}
for notebook in notebooks:
    try:
        found[notebook] = [float(grade_submission(notebook, archive, quiet=True).total), ""]
    except BaseException as fault:
        found[notebook] = [None, type(fault).__name__]
with open(out, "w") as file:
    json.dump(found, file)
"""


def _otter(library: Library, folder: Path, submissions: Submissions) -> Batch:
    python = environments.python("otter-grader")
    environment = _jupyter(python, folder)
    (folder / "tests").mkdir()
    for name, text in natively.otter_tests(assignment.eleven_calls(library)).items():
        (folder / "tests" / name).write_text(text, encoding="utf-8")
    archive, out = folder / "autograder.zip", folder / "told.json"
    _quietly([str(python), "-m", "otter", "generate", "-t", "tests", "-o", str(archive)], folder, environment)
    notebooks = {}
    for name, files in submissions.items():
        notebooks[name] = folder / f"{name}.ipynb"
        notebooks[name].write_text(natively.notebook(dict(files)), encoding="utf-8")
    (folder / "grade.py").write_text(_OTTER, encoding="utf-8")

    def given(status: Sequence[int]) -> dict[str, Given]:
        if not out.exists():
            return dict.fromkeys(submissions, Given(None, f"no result; exit status {status[0]}"))
        told = json.loads(out.read_text())
        return {name: Given(*told[str(file)]) for name, file in notebooks.items()}

    words = [str(python), str(folder / "grade.py"), str(out), str(archive), *map(str, notebooks.values())]
    return Batch([words], given, environment)


def _otter_alone(library: Library, folder: Path, submissions: Submissions) -> Batch:
    """`otter run`, a process for each submission."""
    batch = _otter(library, folder, submissions)
    python, _, _, archive, *notebooks = batch.commands[0]
    commands = []
    for notebook in notebooks:
        out = Path(notebook).with_suffix("")
        out.mkdir()
        commands.append([python, "-m", "otter", "run", notebook, "-a", archive, "-o", str(out)])

    def given(status: Sequence[int]) -> dict[str, Given]:
        return {n: _of_results(folder / n / "results.json", how) for n, how in zip(submissions, status, strict=True)}

    return Batch(commands, given, batch.environment)


def _jupyter(python: Path, folder: Path) -> dict[str, str]:
    """Return an environment in which Jupyter writes nothing outside of the folder."""
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"HOME": str(folder), "PATH": path, "IPYTHONDIR": str(folder / "ipython")} | _one_thread()


# --- nbgrader ------------------------------------------------------------------------------------------------------


def _nbgrader(library: Library, folder: Path, submissions: Submissions) -> Batch:
    python = environments.python("nbgrader")
    environment, calls = _jupyter(python, folder), assignment.eleven_calls(library)
    config = f"c = get_config()\nc.CourseDirectory.course_id = 'course'\nc.Execute.timeout = {SECONDS}\n"
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    source = folder / "source" / "ps1" / "problem.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(natively.nbgrader_notebook(calls), encoding="utf-8")
    nbgrader = [str(python), "-m", "nbgrader"]
    _quietly([*nbgrader, "generate_assignment", "ps1", "--create"], folder, environment)
    for name, files in submissions.items():
        file = folder / "submitted" / name / "ps1" / "problem.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(natively.nbgrader_notebook(calls, dict(files)), encoding="utf-8")

    def given(status: Sequence[int]) -> dict[str, Given]:
        _quietly([*nbgrader, "export", "--to", "grades.csv"], folder, environment)
        with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
            rows = {row["student_id"]: row for row in csv.DictReader(file)}
        graded = {name for name in submissions if (folder / "autograded" / name / "ps1" / "problem.ipynb").exists()}
        none = Given(None, f"not graded; exit status {status[0]}")
        return {n: Given(float(rows[n]["score"] or 0)) if n in graded and n in rows else none for n in submissions}

    words = [*nbgrader, "autograde", "ps1", f"--course-dir={folder}", f"--config={folder / 'nbgrader_config.py'}"]
    return Batch([words], given, environment)


def _quietly(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or [""]
        raise environments.InstallError(f"{' '.join(command[1:4])}: {said[-1][:200]}")


WAYS = (
    Way("ours, 1 job", _ours(1)),
    Way("ours, 2 jobs", _ours(2)),
    Way("ours, 1 job, no lock-down", _ours(1, "process"), fifty=False),
    Way("the limit, our calls", _limit(assignment.key_calls, "limit")),
    Way("the limit, 11 calls", _limit(assignment.eleven_calls, "limit")),
    Way("the limit, judged apart", _limit(assignment.key_calls, "apart")),
    Way("one pytest for all", _one_pytest),
    Way("pytest, a process each", _pytest, slow=True),
    Way("gradescope-utils", _gradescope, slow=True),
    Way("otter run, a process each", _otter_alone, slow=True, fifty=False),
    Way("otter, one program", _otter, slow=True),
    Way("nbgrader autograde", _nbgrader, slow=True),
)
