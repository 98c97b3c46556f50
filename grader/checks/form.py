"""What all checks have in common: what they are prepared from, and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from grader.parts import Place

__all__ = ["Check", "Fault", "Prepared", "Setting"]


@dataclass(frozen=True)
class Setting:
    """One case while its key is computed.

    `raw` is what the case function returned, by name; `arguments` what the learner's function is called with, in
    order, under the names `parameters`; `expected` is the reference's answer and `bars` the error bars of its floats,
    by place; `answer` runs the reference on other arguments; `rng` is this case's own; `hidden` says that learners get
    nothing of the case.
    """

    raw: Mapping[str, Any]
    arguments: tuple[Any, ...]
    parameters: tuple[str, ...]
    returns: tuple[str, ...] | str
    expected: Any
    bars: Mapping[Place, np.ndarray]
    answer: Callable[[Sequence[Any]], Any]
    rng: np.random.Generator
    hidden: bool = False


@dataclass(frozen=True)
class Fault:
    """What a check found wrong with one answer: the check's word and a sentence."""

    check: str
    message: str


class Prepared(Protocol):
    """A check in an answer key: plain data that judges."""

    @property
    def places(self) -> frozenset[Place]:
        """The parts of the answer that this check judges, where equality with the reference is not asked."""

    @property
    def calls(self) -> int:
        """How many answers to the same arguments the check looks at: 1, or 2 to compare two runs."""

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Return what is wrong; the form of the first answer has been found to fit."""

    def plain(self) -> dict[str, Any]:
        """Return the check as plain data; `prepared(plain)` builds it again."""


class Check(Protocol):
    """A check as an author writes it."""

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> tuple[Any, ...] | None:
        """Return what the learner's function is called with, where it is not simply what the case gives."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Return what the key needs to judge one case."""
