"""What a check found: data first, the message made from it."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from grader.gradcheck.explanation import Explanation, place_name
from grader.gradcheck.functions import Array
from grader.gradcheck.line import Line
from grader.gradcheck.slopes import Slopes, compare

SHOWN = 4  # wrong entries that a message lists


@dataclass(frozen=True)
class Block:
    """One argument of f; every array has its shape.

    Attributes:
        name: what messages call it.
        right, wrong, unjudged: bool, exactly one True at each entry. Entries that were not measured one by one are
            right where the whole block agrees along random directions, else unjudged.
        gradient: yours; nan where it has no value of this shape.
        slopes: what was measured entry by entry (judged is False elsewhere), or None.
    """

    name: str
    right: Array
    wrong: Array
    unjudged: Array
    gradient: Array
    slopes: Slopes | None

    @staticmethod
    def of(name: str, verdict: str, gradient: Array, slopes: Slopes | None, rtol: float) -> "Block":
        """The block after a verdict on all of f, with the slopes measured in this block if any."""
        right = np.full(gradient.shape, verdict == "right")
        if slopes is None:
            return Block(name, right, np.zeros_like(right), ~right, gradient, None)
        found = compare(gradient, slopes, rtol)
        return Block(name, found.right, found.wrong, found.unjudged, gradient, slopes)

    def message(self, what: str, beside: str) -> list[str]:
        """The wrong entries, the furthest off first, and how many of how many; nothing where none is known."""
        slopes, count, lines = self.slopes, int(self.wrong.sum()), []
        if slopes is None or not count:
            return []
        off = np.where(self.wrong, np.abs(self.gradient - slopes.value), -1.0)
        for flat in np.argsort(-off, axis=None)[: min(SHOWN, count)]:
            index = tuple(int(i) for i in np.unravel_index(int(flat), off.shape))
            true, yours = digits(float(slopes.value[index]), float(self.gradient[index]))
            rate = f"{true} (+- {slopes.bound[index]:.0e})"
            if slopes.low[index] != slopes.high[index]:
                rate = f"between {slopes.low[index]:.6g} and {slopes.high[index]:.6g} (a kink)"
            lines.append(f"  nudging {place_name(index, self.name)} moves {what} at rate {rate}, yours says {yours}")
        measured = f"{count} of {slopes.judged.sum()} measured entries are wrong"
        return [*lines, f"  {measured} ({self.wrong.size} in all{beside})."]


def digits(value: float, other: float) -> tuple[str, str]:
    """Both numbers in as few digits, 6 or more, as show that they differ."""
    texts = ((f"{value:.{precision}g}", f"{other:.{precision}g}") for precision in range(6, 18))
    return next((pair for pair in texts if pair[0] != pair[1] or value == other), (repr(value), repr(other)))


@dataclass(frozen=True)
class GradientReport:
    """The result of a check; str() is the message, bool() the verdict.

    Attributes:
        verdict: "right", "wrong" or "not judged".
        blocks: one for each argument.
        evaluations, gradient_calls: how often f and the gradient were called.
        explanation: what is wrong, or why nothing could be judged; None where nothing fits.
        resolution: the relative error of the whole gradient that would have been seen.
        number: whether f returns one number.
        beside: whether the entries were measured 1 % beside x, because slopes jump at x itself.
        line: the direction that the verdict rests on; `plot` samples it.
    """

    verdict: str
    blocks: tuple[Block, ...]
    evaluations: int
    gradient_calls: int
    explanation: Explanation | None
    resolution: float
    number: bool
    beside: bool = False
    line: Line | None = field(default=None, repr=False, compare=False)

    def __bool__(self) -> bool:
        """True for right, False for wrong.

        Raises:
            ValueError: nothing could be judged, which is neither.
        """
        if self.verdict == "not judged":
            raise ValueError(f"a check that could not be judged is neither True nor False. {self}")
        return self.verdict == "right"

    def __str__(self) -> str:
        """The message: verdict, entries, at most one hypothesis, what to do next."""
        cost = f"({self.evaluations} calls of f, {self.gradient_calls} of the gradient)"
        if self.verdict == "right":
            return f"Right: your gradient agrees with the measured slopes to {self.resolution:.1g} of its size {cost}."
        lines, what = [f"{self.verdict.capitalize()} {cost}."], "f" if self.number else "sum(upstream * f)"
        beside = "; measured 1 % beside your x, because slopes jump at x itself" if self.beside else ""
        for block in self.blocks:
            lines += block.message(what, beside)
        if self.explanation is not None:
            lines.append(self.explanation.sentence)
        elif self.verdict == "not judged":
            seen = f"an error below {self.resolution:.1g} of the gradient would not be seen"
            seen = seen if self.resolution < 0.3 else "no slope can be measured"
            lines.append(f"f is too noisy at this point: {seen}. Try an x of size 1, or float64 inside f.")
        else:
            lines.append("No usual mistake fits. Next: make x as small as it can be with the mistake still there.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The message for a notebook, the verdict in bold."""
        head, _, rest = str(self).partition("\n")
        return f"<b>{escape(head)}</b><pre>{escape(rest)}</pre>"

    def plot(self) -> Any:
        """Two pictures: error against step, and where the entries differ. Needs matplotlib; returns its figure."""
        from grader.gradcheck.pictures import draw  # matplotlib is slow to import and may be absent

        return draw(self)
