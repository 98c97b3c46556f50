"""The difference quotient of a loss at many steps along one direction: data from which a V-curve is drawn.

Long steps err because the loss bends (truncation), short ones because digits run out (rounding); in between the
quotient can be trusted. A right gradient stays as far from the quotients as these err themselves, a V; a wrong one
stays away from them at every step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import gradcheck

__all__ = ["NO_LADDER", "Ladder", "climb", "direction"]

# Relative to the size of the point: from nudges as large as the point itself to some that lose all digits but three.
STEPS = 4.0 ** np.arange(-21, 1)
_GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Ladder:
    """The quotients (f(x + h d) - f(x - h d)) / 2h at steps h, which rise; both empty where nothing was measured."""

    steps: np.ndarray
    quotients: np.ndarray

    def plain(self) -> dict[str, Any]:
        """Return the ladder as plain data."""
        return {"steps": self.steps, "quotients": self.quotients}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Ladder":
        """Build the ladder again."""
        return cls(**plain)


NO_LADDER = Ladder(np.zeros(0), np.zeros(0))


def direction(point: np.ndarray, slopes: gradcheck.Slopes) -> np.ndarray:
    """Return the direction of a ladder (the shape of `point`), along which the loss rises in every entry.

    It moves entries by sizes of their own, so that the errors of several do not cancel, and leaves alone those at a
    kink, where there is no one slope, and those that cannot be judged. It follows from its arguments, so no key holds
    it.
    """
    size = float(np.sqrt(np.mean(np.square(point, dtype=float)))) if point.size else 0.0
    shares = 0.5 + np.modf(_GOLDEN * np.arange(1, point.size + 1))[0].reshape(point.shape)
    return np.where(slopes.smooth, np.where(slopes.value < 0, -1.0, 1.0) * shares * (size or 1.0), 0.0)


def climb(f: Callable[[np.ndarray], Any], point: Any, upstream: Any, slopes: gradcheck.Slopes) -> Ladder:
    """Return the ladder of sum(upstream * f) at a point; steps at which f has no finite value are left out."""
    x = np.asarray(point, float)
    d = direction(x, slopes)
    weights = 1.0 if upstream is None else np.asarray(upstream, float)
    found = []
    for step in STEPS if d.any() else ():
        try:
            rise = np.asarray(f(x + step * d), float) - np.asarray(f(x - step * d), float)
        except Exception:  # f refuses to go so far from the point, by whatever it raises
            continue
        quotient = float(np.sum(weights * rise)) / (2 * step)
        if np.isfinite(quotient):
            found.append((step, quotient))
    return Ladder(*np.array(found).T) if found else NO_LADDER
