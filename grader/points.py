"""Points, exactly: two thirds for core cases and one third for edge cases, each in proportion to those passed."""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from grader.judge import CaseVerdict, Verdict

__all__ = ["points", "rounded"]

CORE = Fraction(2, 3)


def points(verdict: Verdict) -> Fraction:
    """Return what a verdict is worth, 0 to its max_points; 0 where there is no case.

    Edge cases count once a core case passes.
    """
    if not verdict.cases:
        return Fraction(0)
    core, edge = (_passed(case for case in verdict.cases if case.kind == kind) for kind in ("core", "edge"))
    share = CORE * core + ((1 - CORE) * edge if core > 0 else 0)
    return verdict.max_points * share


def rounded(value: Fraction, places: int = 2) -> str:
    """Return a fraction, 0 or more, as a decimal with so many places, halves up, as people round."""
    return str(Decimal(math.floor(value * 10**places + Fraction(1, 2))).scaleb(-places))


def _passed(cases: Iterable[CaseVerdict]) -> Fraction:
    states = [case.state for case in cases]
    return Fraction(states.count("passed"), len(states)) if states else Fraction(1)
