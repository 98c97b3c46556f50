"""`pytest assignments`: one item per case, so that -k, -x, --lf, --junitxml and editors' test panels work.

A thin adapter over `grading`: an exercise is graded as a whole when its first item runs, in a worker, exactly as
`grader grade` does it, and every item reports its own case. Learner files are never imported here. Outside a folder
`assignments` beside `solutions`, or beside the `keys` of a handout, the plugin does nothing.
"""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.messages import say

if TYPE_CHECKING:
    from grader.judge import Verdict
    from grader.library import Library

__all__: list[str] = []

# The last net: the worker's own limits end every call long before.
SECONDS_PER_ITEM = 300
_DESK = pytest.StashKey["_Desk"]()


class CaseFailed(Exception):  # noqa: N818 -- it is a verdict, not an error of ours
    """A case failed; the message is the report."""


class _Desk:
    """What the items of one session share: the library, the sandbox, and the verdicts so far."""

    def __init__(self, library: "Library") -> None:
        from grader.sandbox import Sandbox

        self.library = library
        self.sandbox = Sandbox()
        self.verdicts: dict[str, Verdict] = {}
        self.complaint = ""  # why the history could not be written

    def verdict(self, name: str) -> "Verdict":
        from grader.grading import at_home, grade
        from grader.guide import Guide

        if name not in self.verdicts:
            work = at_home(self.library)
            (verdict,) = grade(self.library, [name], self.sandbox, work=work)
            self.complaint = Guide(self.library).remember([(verdict, work.text(name))])
            self.verdicts[name] = verdict
        return self.verdicts[name]


def pytest_load_initial_conftests(args: list[str]) -> None:
    """Refuse a conftest.py among the learner's files: pytest would run it in the grader's own process.

    A handout whose list of exercises cannot be read is refused as well.
    """
    paths = [Path(arg.split("::")[0]).absolute() for arg in args]
    named = [path for path in paths if path.exists()]
    for path in named or [Path.cwd()]:
        strange = _conftest(path, deep=bool(named))
        if strange is not None:
            raise pytest.UsageError(
                say("{file} belongs to no exercise. Move it elsewhere, or delete it.", file=strange)
            )
        _read(path)


def _read(path: Path) -> None:
    from grader.handed import HandedError

    library = _library(path)
    try:
        _ = library.places if library else None
    except HandedError as fault:
        raise pytest.UsageError(str(fault)) from None


def _conftest(path: Path, deep: bool) -> Path | None:
    """Find a conftest.py under assignments/ that pytest would read for `path`; `deep`: also where it lies below it."""
    library = _library(path)
    if library is None:
        return None
    assignments = library.root / "assignments"
    if assignments != path and assignments not in path.parents and not (deep and path in assignments.parents):
        return None
    return next(assignments.rglob("conftest.py"), None)


def _library(path: Path) -> "Library | None":
    """Return the library that a file under assignments/ belongs to."""
    from grader.library import at

    folders = path.absolute().parents if path.is_file() else (path.absolute(), *path.absolute().parents)
    return next((library for library in map(at, folders) if library is not None), None)


def _exercise_of(file: Path) -> "tuple[Library, str] | None":
    if file.suffix != ".py" or "assignments" not in file.parts:
        return None
    library = _library(file)
    place = library.places.get(file.stem) if library else None
    if library is None or place is None or place.assignment.resolve() != file.resolve():
        return None
    return library, place.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a learner's file, unless it was named on the command line: pytest asks for those below."""
    if parent.session.isinitpath(file_path) or _exercise_of(file_path) is None:
        return None
    return ExerciseFile.from_parent(parent, path=file_path)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Stand in for the module that pytest would import."""
    if _exercise_of(module_path) is None:
        return None
    return ExerciseFile.from_parent(parent, path=module_path)


class ExerciseFile(pytest.File):
    """A learner's file: one item per planned case."""

    def collect(self) -> Iterable[pytest.Item]:
        """Yield the cases, as the key plans them."""
        from grader.judge import planned

        found = _exercise_of(self.path)
        assert found is not None
        library, name = found
        stash = self.session.config.stash
        if _DESK not in stash:
            stash[_DESK] = _Desk(library)
        try:
            cases = planned(library.key(name))
        except Exception:  # grading will say what it is, and go on with the others
            cases = [("not_ready", "core", False)]
        for case, kind, hidden in cases:
            item: Any = CaseItem.from_parent(self, name=case, exercise=name)
            item.add_marker(pytest.mark.timeout(SECONDS_PER_ITEM))
            item.user_properties += [("exercise", name), ("kind", kind), ("hidden", str(hidden).lower())]
            yield item


class CaseItem(pytest.Item):
    """One case of one exercise."""

    def __init__(self, *, exercise: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.exercise = exercise
        self.keywords[exercise] = self  # so that -k finds it by the exercise too

    def runtest(self) -> None:
        """Fail with the report where the case failed; skip where nobody has begun."""
        verdict = self.config.stash[_DESK].verdict(self.exercise)
        if verdict.state == "not started":
            pytest.skip(say("not started"))
        if verdict.state == "blocked":
            pytest.skip(say("blocked: {why}", why=verdict.findings[0].message))
        state = next((case.state for case in verdict.cases if case.name == self.name), "not judged")
        if state == "not judged":
            raise CaseFailed("\n".join(say("not judged: {why}", why=one.message) for one in verdict.findings))
        if state != "passed":
            raise CaseFailed(_message(verdict, self.name, state))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the finding alone, never a traceback of ours."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the item as exercise and case."""
        return self.path, None, f"{self.exercise}: {self.name}"


def _message(verdict: "Verdict", case: str, state: str) -> str:
    from grader.clean import clean
    from grader.report.text import word

    findings = [finding for finding in verdict.findings if finding.case in (None, case)]
    lines = [clean(finding.message) for finding in findings] or [word(state)]
    lines += [say("the call was {call}", call=clean(finding.called)) for finding in findings if finding.called]
    printed = [clean(finding.printed)[:500] for finding in findings if finding.printed.strip()]
    lines += [say("it printed: {text}", text=text) for text in printed]
    if verdict.diagnosis:
        lines.append(say("Likely cause: {cause}", cause=clean(verdict.diagnosis.message)))
    return "\n".join(lines)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the same points as `grader grade`, and the level of isolation where it says it."""
    if _DESK not in config.stash:
        return
    from grader.points import points
    from grader.report.text import isolation_lines, worth

    verdicts = list(config.stash[_DESK].verdicts.values())
    if not verdicts:  # none was asked for, or it was stopped before
        return
    got = sum((points(verdict) for verdict in verdicts), Fraction(0))
    if config.stash[_DESK].complaint:
        terminalreporter.write_line(config.stash[_DESK].complaint)
    terminalreporter.write_line(worth(got, sum(verdict.max_points for verdict in verdicts)) + ".")
    for line in isolation_lines(config.stash[_DESK].sandbox.isolation):
        terminalreporter.write_line(line.text)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End the workers; an exercise that could not be judged is our fault."""
    if _DESK not in session.config.stash:
        return
    desk = session.config.stash[_DESK]
    desk.sandbox.close()
    if any(verdict.state == "not judged" for verdict in desk.verdicts.values()):
        session.exitstatus = 3
