"""What can be asked of an answer besides being equal to the reference: a closed vocabulary.

Every check has two halves. The half that an author writes (`Backward(of=a_forward_pass, wrt=["x"])`) is prepared
once, when the answer key is computed, beside the solutions. What it prepares is plain data in the key with one
method, `fault(answer)`, that needs nothing else: so a handout can judge without any solution. A new kind of check is
a module here, with tests that it bites.
"""

from collections.abc import Callable, Mapping
from typing import Any

from grader.checks.chance import Random, Repeatable, Repeats, Statistics
from grader.checks.consistency import Consistency, Consistent
from grader.checks.form import Check, Fault, Prepared, Setting
from grader.checks.relation import AtLeast, AtMost, Bound, Holds, Relation
from grader.checks.slope import Backward, Descent, Gradient, Slope
from grader.checks.symmetry import Symmetry, UpTo

__all__ = [
    "AtLeast",
    "AtMost",
    "Backward",
    "Check",
    "Consistent",
    "Descent",
    "Fault",
    "Gradient",
    "Holds",
    "Prepared",
    "Random",
    "Repeatable",
    "Setting",
    "Slope",
    "UpTo",
    "prepared",
]

_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Prepared]] = {
    "bound": Bound.of,
    "consistency": Consistency.of,
    "relation": Relation.of,
    "repeats": Repeats.of,
    "slope": Slope.of,
    "statistics": Statistics.of,
    "symmetry": Symmetry.of,
}


def prepared(plain: Mapping[str, Any]) -> Prepared:
    """Build a check from what its `plain()` put into a key."""
    return _KINDS[plain["kind"]](plain)
