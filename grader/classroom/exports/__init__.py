"""Results in the words of other systems: pure functions of records, text or bytes in and text or bytes out.

One file for each student: `EACH`, by format, the ending of the file and what makes it.
One file for the class: `junit` (a stream), `canvas` and `moodle` (which fill a teacher's own file).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from grader.classroom.exports import autolab, exercism, github, gradescope, prairielearn
from grader.classroom.record import Record, document

__all__ = ["EACH"]

EACH: Mapping[str, tuple[str, Callable[[Record], str]]] = MappingProxyType(
    {
        "autolab": (".txt", autolab.autoresult),
        "exercism": (".json", exercism.results),
        "github": (".txt", github.result),
        "gradescope": (".json", gradescope.results),
        "prairielearn": (".json", prairielearn.results),
        "record": (".json", document),
    }
)
