"""`UpTo`: a part of the answer is known only up to a sign, or up to the choice of a basis.

An eigenvector times -1 is an eigenvector, and a plane has many orthonormal bases. So the expected part is turned
towards the learner's as far as this freedom allows, and the two are compared like any others. A mistake's answer is
turned in the same way before it is recognised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.form import Fault, Prepared, Setting
from grader.messages import say
from grader.parts import Place, at, parse, put

__all__ = ["Symmetry", "UpTo"]


def _signs(expected: np.ndarray, part: np.ndarray, axis: int | None) -> np.ndarray:
    """Return `expected`, its slices reversed where they point away from those of `part`."""
    along = np.sum(expected * part, axis=axis, keepdims=True)
    return np.asarray(expected * np.where(along < 0, -1, 1))


def _rotated(expected: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return the basis of the same space that is nearest to `part`; the columns of both are its vectors.

    Source: the orthogonal Procrustes problem (Golub & Van Loan, Matrix Computations, section 6.4.1).
    """
    u, _, vt = np.linalg.svd(expected.T @ part)
    return np.asarray(expected @ u @ vt)


_FREEDOMS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "sign": lambda e, p: _signs(e, p, None),
    "row signs": lambda e, p: _signs(e, p, -1),
    "column signs": lambda e, p: _signs(e, p, 0),
    "span": _rotated,
}


@dataclass(frozen=True)
class UpTo:
    """Ask for a part only up to a freedom: `UpTo("v", "sign")`.

    Args:
        part: such as `v` or `cache[1]`, an array of floats.
        freedom: "sign" (the whole part may be negated), "row signs" or "column signs" (each row or column of a matrix
            by itself), "span" (the columns may be any orthonormal basis of the space that the reference's span).
    """

    part: str
    freedom: str

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Keep the place of the part."""
        if self.freedom not in _FREEDOMS:
            raise ValueError(f"no such freedom: {self.freedom!r}; there are {', '.join(map(repr, _FREEDOMS))}")
        place = parse(self.part, setting.returns)
        part = at(setting.expected, place)
        if not isinstance(part, np.ndarray) or part.dtype.kind != "f":
            raise ValueError(f"{self.part} is no array of floats, so it cannot be right up to {self.freedom}")
        if self.freedom != "sign" and part.ndim != 2:
            raise ValueError(f"{self.part} is no matrix, so it has no {self.freedom}")
        return [Symmetry(place, self.freedom)]


@dataclass(frozen=True)
class Symmetry:
    """In a key: what freedom a part has."""

    place: Place
    freedom: str
    calls: int = 1
    places: frozenset[Place] = frozenset()

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Find nothing: what a part may be is compared with it after `turned`."""
        return None

    def turned(self, expected: Any, answer: Any) -> Any:
        """Return the expected answer with this part turned towards the same part of `answer`, as far as it is free."""
        try:
            wanted, part = at(expected, self.place), np.asarray(at(answer, self.place))
        except LookupError:  # a mistake's answer may have another form
            return expected
        if np.shape(wanted) != part.shape or part.dtype.kind != "f" or not np.isfinite(part).all():
            return expected
        return put(expected, self.place, _FREEDOMS[self.freedom](wanted, part))

    def remark(self, name: str) -> str:
        """Say what is free about the part called `name`, which is wrong all the same."""
        sentences: Mapping[str, Callable[[], str]] = {
            "sign": lambda: say("Either sign of {name} is right, but not this.", name=name),
            "row signs": lambda: say("Each row of {name} may have either sign, but this is not right.", name=name),
            "column signs": lambda: say(
                "Each column of {name} may have either sign, but this is not right.", name=name
            ),
            "span": lambda: say(
                "Any orthonormal columns that span the same space are right for {name}, but not these.", name=name
            ),
        }
        return sentences[self.freedom]()

    def plain(self) -> dict[str, Any]:
        """Return the freedom as plain data."""
        return {"kind": "symmetry", "place": self.place, "freedom": self.freedom}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Symmetry":
        """Build it again."""
        return cls(plain["place"], plain["freedom"])
