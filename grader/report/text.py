"""Verdicts as lines of text, for a terminal or a file, for eyes or a screen reader.

Every line is a `Line(text, style)`; the style only repeats in colour what the words say. The words themselves are
functions of their own, so that a page says what the terminal says; what learners wrote is in them as it came.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from grader.clean import clean
from grader.judge import CaseVerdict, Finding, Verdict
from grader.messages import say, say_count
from grader.next_step import todo
from grader.points import points, rounded

__all__ = [
    "FACES",
    "WIDTH",
    "Line",
    "amount",
    "capped",
    "checked",
    "details",
    "isolation_lines",
    "kind_of",
    "lent",
    "overview",
    "shown",
    "verdict_lines",
    "where",
    "word",
    "worth",
]

FACES = {"robust": ":D", "right": ":)", "wrong": ":(", "not started": " .", "blocked": ":|", "not judged": ":/"}
_STYLES = {
    "robust": "green",
    "right": "green",
    "wrong": "red",
    "not started": "dim",
    "blocked": "yellow",
    "not judged": "yellow",
}
WIDTH = 103  # of lines, where nobody knows better
_MARGIN = "   "
_PRINTED_LINES = 8
_MESSAGE_LINES = 16  # an exception may say anything, and what else there is to say should stay in sight
_WORD = re.compile(r"(?:`[^`]*`|[^\s`])+|`")


@dataclass(frozen=True)
class Line:
    """One line of a report, and what it is: a style of the terminal's, or nothing."""

    text: str
    style: str = ""


def amount(value: Fraction) -> str:
    """Return points as people write them: whole where they are whole, else with two decimals."""
    return str(value) if value.denominator == 1 else rounded(value)


def worth(got: Fraction, most: int) -> str:
    """Return how many points there are, and of how many."""
    return say_count(most, "{points} of {number} point", "{points} of {number} points", points=amount(got))


def word(name: str) -> str:
    """Return what people call a state of an exercise or of a case; in data it has its fixed name."""
    words: dict[str, Callable[[], str]] = {
        "robust": lambda: say("robust"),
        "right": lambda: say("right"),
        "wrong": lambda: say("wrong"),
        "not started": lambda: say("not started"),
        "blocked": lambda: say("blocked"),
        "not judged": lambda: say("not judged"),
        "passed": lambda: say("passed"),
        "failed": lambda: say("failed"),
        "not run": lambda: say("not run"),
    }
    return words[name]()


def kind_of(case: CaseVerdict) -> str:
    """Return what kind of case it is, in words."""
    if case.kind == "core":
        return say("core, hidden") if case.hidden else say("core")
    return say("edge, hidden") if case.hidden else say("edge")


def overview(verdicts: Sequence[Verdict]) -> list[Line]:
    """Return a table of all verdicts by topic, in each the small exercises first."""
    width = max((len(verdict.name) for verdict in verdicts), default=0)
    lines = []
    for topic, group in groupby(verdicts, key=lambda verdict: verdict.topic):
        of_topic = sorted(group, key=lambda verdict: (verdict.max_points, verdict.name))
        got, most = sum(map(points, of_topic), Fraction(0)), sum(verdict.max_points for verdict in of_topic)
        lines.append(Line(f"{topic}  {worth(got, most)}", "bold"))
        for verdict in of_topic:
            text = f"  {FACES[verdict.state]} {verdict.name:{width}}  {word(verdict.state):11}  "
            lines.append(Line(text + f"{amount(points(verdict))}/{verdict.max_points}", _STYLES.get(verdict.state, "")))
    return lines


def isolation_lines(level: str) -> list[Line]:
    """Return what there is to say about the level of isolation: nothing where the code was locked up."""
    if level == "process":
        return [Line(say("isolation: {level}. The code ran with your own rights.", level=level), "dim")]
    if level == "user":
        reads = say(
            "isolation: {level}. The code ran as another user, who can read what everybody can read.", level=level
        )
        return [Line(reads, "dim")]
    return []


def verdict_lines(
    verdict: Verdict, path: str, following: Sequence[str] | None = None, width: int = WIDTH
) -> list[Line]:
    """Return what there is to say about one exercise: state, what was checked, what is wrong, why, what next.

    Args:
        verdict: the verdict.
        path: the learner's file, as messages call it.
        following: what comes next, a paragraph each; by default what the verdict alone says of it.
        width: of the lines, in characters; a line that is code may be longer.
    """
    width -= len(_MARGIN)
    state = f"{FACES[verdict.state]} {verdict.name}: {word(verdict.state)}, "
    head = Line(state + worth(points(verdict), verdict.max_points), _STYLES.get(verdict.state, ""))
    lines = [head, Line(f"   {path}", "dim")]
    if following is None:
        following = [said] if (said := todo(verdict)) else []
    if verdict.state == "not started":
        return [*lines, *(line for said in following for line in _wrapped(said, "", width))]
    lines += _wrapped(lent(verdict), "yellow", width)
    lines += _wrapped(checked(verdict), "", width)
    for finding in shown(verdict):
        lines += _finding_lines(verdict, finding, width)
    if verdict.diagnosis:
        cause = say("Likely cause: {cause}", cause=verdict.diagnosis.message)
        lines += [Line(""), *_wrapped(cause, "yellow", width)]
    lines += [Line("")] if following else []
    return [*lines, *(line for said in following for line in _wrapped(said, "", width))]


def details(verdict: Verdict, width: int = WIDTH) -> list[Line]:
    """Return every case with what became of it, and every finding, in lines of `width` characters."""
    names = max((len(case.name) for case in verdict.cases), default=0)
    lines = [Line(f"   {case.name:{names}}  {kind_of(case)}: {word(case.state)}") for case in verdict.cases]
    for finding in verdict.findings:
        lines += _finding_lines(verdict, finding, width - len(_MARGIN))
    return lines


def lent(verdict: Verdict) -> str:
    """Return which of a capstone's functions are not the learner's own, "" where all are."""
    if not verdict.assisted:
        return ""
    return say("assisted: {functions} stood in for yours", functions=", ".join(verdict.assisted))


def checked(verdict: Verdict) -> str:
    """Return how many cases pass and which do not, "" where the file as a whole is at fault."""
    if not verdict.cases or any(finding.case is None for finding in verdict.findings):
        return ""
    passed = sum(case.state == "passed" for case in verdict.cases)
    all_cases = len(verdict.cases)
    told = [say_count(all_cases, "{passed} of {number} case passes", "{passed} of {number} cases pass", passed=passed)]
    if failed := _case_names(verdict, "failed"):
        told.append(say("failing: {cases}", cases=failed))
    if rest := _case_names(verdict, "not run", "not judged"):
        told.append(say("not tried: {cases}", cases=rest))
    return "; ".join(told)


def _case_names(verdict: Verdict, *states: str) -> str:
    found = [case for case in verdict.cases if case.state in states]
    return ", ".join(say("{name} (hidden)", name=case.name) if case.hidden else case.name for case in found)


def shown(verdict: Verdict) -> list[Finding]:
    """Choose what to show: the first finding of a core case alone, or else each edge case's, three at most."""
    core = {case.name for case in verdict.cases if case.kind == "core"}
    first = [finding for finding in verdict.findings if finding.case is None or finding.case in core]
    if not first:
        return list(verdict.findings[:3])
    hidden = {case.name for case in verdict.cases if case.hidden}
    visible = [finding for finding in first if finding.message and finding.case not in hidden]
    return (visible or first)[:1]


def where(verdict: Verdict, finding: Finding) -> str:
    """Return what a finding is about, "" where that is not the learner's file."""
    if verdict.state == "blocked":
        return ""
    return say("in case {case}:", case=finding.case) if finding.case else say("the whole file:")


def _finding_lines(verdict: Verdict, finding: Finding, width: int) -> list[Line]:
    head = where(verdict, finding)
    lines = [Line(""), *([Line(f"   {head}", "bold")] if head else [])]
    said = [line for part in clean(finding.message).split("\n") for line in _folded(part, width - 2)]
    lines += [Line(f"     {line}") for line in capped(said, _MESSAGE_LINES)]
    if finding.called:
        call = say("the call was {call}", call=clean(finding.called))
        lines.append(Line(f"     {call}", "dim"))
    printed = clean(finding.printed).rstrip("\n").split("\n") if finding.printed.strip() else []
    if printed:
        lines.append(Line("     " + say("what it printed:"), "dim"))
        lines += [Line(f"       {line[:110]}", "dim") for line in capped(printed, _PRINTED_LINES)]
    return lines


def capped(texts: Sequence[str], most: int) -> list[str]:
    """Return the first lines, and of the others how many there are."""
    left = len(texts) - most
    if left <= 0:
        return list(texts)
    return [*texts[:most], say_count(left, "... and {number} line more", "... and {number} lines more")]


def _folded(text: str, width: int) -> Iterable[str]:
    """Break a sentence into lines, `commands` never; code, which begins with spaces, stays as it is."""
    if text.startswith(" ") or len(text) <= width:
        return [text[:400].rstrip()]
    lines, current = [], ""
    for part in _WORD.findall(text):
        if current and len(current) + 1 + len(part) > width:
            lines.append(current)
            current = part
        else:
            current = f"{current} {part}" if current else part
    return [line[:400] for line in [*lines, current]]


def _wrapped(text: str, style: str, width: int) -> list[Line]:
    if not text:
        return []
    first, *rest = _folded(clean(text), width)
    return [Line(f"   {first}", style), *(Line(f"   {line}", style) for line in rest)]
