"""Hypotheses about a wrong gradient, tested against linear measurements of the true one."""

from dataclasses import dataclass

import numpy as np

from grader.gradcheck.forward import Array

EXPLAINED = 0.08  # the part of the error that a hypothesis may leave over; more is a coincidence


@dataclass(frozen=True)
class Explanation:
    """Why a gradient is wrong.

    Attributes:
        kind: a fixed word: "sign", "factor", "transpose", "shift", "mask", "missing term", "one entry", ...
        fit: the numbers that support it, by name.
        sentence: the hypothesis for the learner, with its fit.
    """

    kind: str
    fit: dict[str, float | int | str]
    sentence: str


@dataclass(frozen=True)
class Evidence:
    """Measurements of the true gradient t: entries, or its products with directions, each with a tolerance.

    Attributes:
        rows: array (k, n) of directions, or int array (k,) of the entries that were measured.
        target: array (k,), rows @ t, or t[rows].
        bar: array (k,), > 0, how far a true hypothesis may be off.
    """

    rows: Array
    target: Array
    bar: Array

    def measure(self, candidate: Array) -> Array:
        """What the measurements would be if `candidate` (n entries) were the true gradient."""
        flat = candidate.ravel()
        return np.asarray(flat[self.rows] if self.rows.ndim == 1 else self.rows @ flat)

    def explains(self, candidate: Array, gradient: Array) -> bool:
        """Whether `candidate` fits every measurement and removes the error of `gradient`."""
        left = np.abs(self.target - self.measure(candidate))
        error = np.abs(self.target - self.measure(gradient))
        return bool(np.all(left <= self.bar) and np.linalg.norm(left) <= EXPLAINED * np.linalg.norm(error))

    def coefficient(self, base: Array, term: Array, gradient: Array) -> float | None:
        """The c for which base + c * term fits every measurement; None where none does or nothing is left to check.

        It has to remove the error of `gradient`, as in `explains`.

        One measurement determines c, so at least one more has to see the term.
        """
        weight = 1 / self.bar
        seen, missing = self.measure(term) * weight, (self.target - self.measure(base)) * weight
        if np.sum(np.abs(seen) > 1e-3 * np.max(np.abs(seen), initial=0.0)) < 2:
            return None
        c = float(seen @ missing / (seen @ seen))
        left = np.abs(missing - c * seen)
        error = np.linalg.norm((self.target - self.measure(gradient)) * weight)
        fits = np.all(left <= 1) and np.linalg.norm(left) <= EXPLAINED * error
        return c if fits and np.isfinite(c) else None
