"""JUnit XML: a suite for every exercise of every student, a test for every case.

Points are properties of the suite, for the schema allows none in a test. What could not be judged or was not run is
*skipped*, which every reader of these files knows, and no failure; the schema's own word for errors is spelt in a way
that few of them read.

Made piece by piece, so that a class of any size needs the memory of one student.
"""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from grader.classroom.exports.wording import report
from grader.classroom.record import Record
from grader.clean import clean
from grader.judge import Verdict
from grader.points import points
from grader.report.text import word

__all__ = ["document"]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_NO_XML = re.compile("[\ufffe\uffff]")  # what `clean` leaves and XML has no way to write


def document(records: Iterable[Record]) -> Iterator[str]:
    """Yield the document, piece by piece."""
    yield _HEAD
    for record in records:
        for verdict in record.verdicts:
            suite = _suite(record, verdict)
            ElementTree.indent(suite, " ")
            yield ElementTree.tostring(suite, encoding="unicode") + "\n"
    yield "</testsuites>\n"


def _suite(record: Record, verdict: Verdict) -> ElementTree.Element:
    states = [case.state for case in verdict.cases]
    failed, skipped = states.count("failed"), len(states) - states.count("passed") - states.count("failed")
    whole = not states  # an exercise without its key has no cases, and must show all the same
    counts = {"tests": len(states) + whole, "failures": failed, "errors": 0, "skipped": skipped + whole}
    name = f"{_text(record.student.id)}: {verdict.name}"
    suite = ElementTree.Element("testsuite", {"name": name, **{key: str(n) for key, n in counts.items()}})
    about = {
        "student": record.student.id,
        "exercise": verdict.name,
        "state": verdict.state,
        "points": str(points(verdict)),
        "max_points": str(verdict.max_points),
        "kept": str(record.kept),
    }
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in about.items():
        ElementTree.SubElement(properties, "property", {"name": key, "value": _text(value)})
    for case, state in [(case.name, case.state) for case in verdict.cases] or [(verdict.name, verdict.state)]:
        _case(suite, verdict, case, state)
    ElementTree.SubElement(suite, "system-out").text = _text(report(verdict))
    return suite


def _case(suite: ElementTree.Element, verdict: Verdict, name: str, state: str) -> None:
    about = {"name": name, "classname": f"{verdict.topic}.{verdict.name}"}
    test = ElementTree.SubElement(suite, "testcase", about)
    if state == "passed":
        return
    found = next((finding for finding in verdict.findings if finding.case in (name, None)), None)
    said = _text(found.message if found else f"{verdict.name}: {word(verdict.state)}")
    kind = "failure" if state == "failed" else "skipped"
    ElementTree.SubElement(test, kind, {"type": found.check if found else state, "message": said})


def _text(text: str) -> str:
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", clean(text))
