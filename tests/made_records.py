"""Records made by hand: every state, points that no decimal holds, and names that want to be something else."""

from fractions import Fraction

from grader.classroom.record import Record, Student
from grader.judge import CaseVerdict, Diagnosis, Finding, Verdict

__all__ = ["HOSTILE", "NAMES", "hostile", "record", "records", "verdict"]

NAMES = ("relu_backward", "softmax_loss", "calibrate_threshold")
_TOPICS = ("04_backprop", "05_losses_optim", "08_calibration")
HOSTILE = (
    '=HYPERLINK("http://example.org","marks")',
    '"quoted", and; separated',
    "\u202egnp.exe",
    "Zoë 🐍 Müller",
    "<script>alert(1)</script>",
    "::error::stop",
    "../../etc/passwd",
    "a\nb\r\nc\x00\x1b[2J",
    "@SUM(A1:A9)",
    "-1+1",
    "",
    "x" * 300,
)


def verdict(name: str = "relu_backward", state: str = "robust", most: int = 3) -> Verdict:
    """A verdict with two core cases, of which one is hidden, and one edge case, in the state asked for."""
    passed = {"robust": (1, 1, 1), "right": (1, 1, 0), "wrong": (1, 0, 0)}.get(state, (0, 0, 0))
    words = {"not judged": "not judged", "wrong": "failed", "right": "failed"}.get(state, "not run")
    cases = tuple(
        CaseVerdict(case, kind, hidden, "passed" if good else words)
        for (case, kind, hidden), good in zip(
            (("by_hand", "core", False), ("four_axes", "core", True), ("exactly_zero", "edge", False)),
            passed,
            strict=True,
        )
    )
    findings, diagnosis = (), None
    if state == "wrong":
        message = "nudging x[1] moves the loss at rate -6, your dx says 0 (2 of 3 entries differ)"
        findings = (
            Finding("four_axes", "gradient", "a hidden case fails (gradient)"),
            Finding("exactly_zero", "gradient", message, f"{name}(dout=array([ 5., -6.]))", "here 1 < 2\n"),
        )
        diagnosis = Diagnosis("mistake", "asks_the_gradient", "The mask follows the sign of dout.")
    if state == "right":
        findings = (Finding("exactly_zero", "dtype", "dx is int64, expected float64"),)
    if state == "not judged":
        findings = (Finding(None, "setup", "the disk is full. This is not your mistake."),)
    topic = dict(zip(NAMES, _TOPICS, strict=True)).get(name, "99_other")
    evidence = ("the code tried what it may not: PermissionError (case by_hand)",) if state == "wrong" else ()
    return Verdict(name, topic, f"About {name}", state, most, cases, findings, diagnosis, (), evidence)


def record(student: Student | str = "s1", *states: str, kept: Fraction = Fraction(1), **more) -> Record:
    """A student's record with one state for each of NAMES."""
    student = Student(student, f"Name of {student}", f"{student}@example.org") if isinstance(student, str) else student
    states = states or ("robust", "right", "wrong")
    verdicts = tuple(verdict(name, state, most) for name, state, most in zip(NAMES, states, (3, 5, 4), strict=True))
    usual = {"submission": f"{student.id}.zip", "handed_in": "2026-10-01T12:00:00+02:00", "days_late": 0}
    return Record(student, kept=kept, isolation="kernel", verdicts=verdicts, **{**usual, **more})


def records() -> list[Record]:
    """A small class: good, middling, nothing, not judged, late."""
    return [
        record("anna", "robust", "robust", "robust"),
        record("ben", "robust", "right", "wrong", kept=Fraction(9, 10), days_late=1),
        record("cleo", "wrong", "wrong", "not started", ignored=("conftest.py",)),
        record("dora", "right", "not judged", "robust"),
        record("emil", "not started", "not started", "not started", submission="", handed_in=""),
    ]


def hostile() -> list[Record]:
    """A class in which every name, address and file is hostile; the ids are unique all the same."""
    return [
        record(
            Student(f"{word}#{n}", word, word, word), submission=word, ignored=(word,), faults=(word,), evidence=(word,)
        )
        for n, word in enumerate(HOSTILE)
    ]
