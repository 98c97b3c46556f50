"""What came of a check: data first, the report made from it."""

from dataclasses import dataclass, field
from fractions import Fraction

from grader.judge import DONE, Verdict
from grader.messages import say
from grader.points import points
from grader.report.text import amount

__all__ = ["Checked"]


@dataclass(frozen=True, repr=False)
class Checked:
    """The result of a check; str() is the report, bool() whether the function is right.

    `check` has shown the report already, so what Python or a notebook shows of the result by itself is one line.

    Attributes:
        verdict: all that is known, case by case.
        report: what was said, as text.
    """

    verdict: Verdict
    report: str = field(compare=False)

    @property
    def name(self) -> str:
        """The exercise."""
        return self.verdict.name

    @property
    def state(self) -> str:
        """What the report calls it: "robust", "right", "wrong", "not started", "blocked" or "not judged"."""
        return self.verdict.state

    @property
    def points(self) -> Fraction:
        """What it earns, exactly."""
        return points(self.verdict)

    @property
    def max_points(self) -> int:
        """What the exercise is worth."""
        return self.verdict.max_points

    def __bool__(self) -> bool:
        """True for right and robust, False for wrong.

        Raises:
            ValueError: it is neither, such as a function that is not written yet.
        """
        if self.state in DONE:
            return True
        if self.state == "wrong":
            return False
        raise ValueError(
            say(
                "{name} is {state}, neither True nor False: ask for its state",
                name=self.name,
                state=self.state,
            )
        )

    def __str__(self) -> str:
        """The report."""
        return self.report

    def __repr__(self) -> str:
        return say(
            "<{name}: {state}, {points} of {most} points>",
            name=self.name,
            state=self.state,
            points=amount(self.points),
            most=self.max_points,
        )
