"""Which entries of a gradient agree with the measured slopes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.gradcheck.forward import Array, as_real, precision
from grader.gradcheck.slopes import Slopes

BARS = 3.0  # how many error bars a right entry may be away
SPACINGS = 32.0  # roundings of the largest slope that cancellation in a right formula may leave in any entry


@dataclass(frozen=True)
class Comparison:
    """The verdict on each entry; bool arrays of the shape of x, of which exactly one is True at each entry.

    Attributes:
        right: agrees within the tolerance.
        wrong: differs by more, or is not finite.
        unjudged: agrees with, or could not be held against, a slope that is not known.
        at_kink: right or wrong at an entry where the two one-sided slopes differ (not exclusive with the others).
        worst: the index of the wrong entry that is furthest off, None where no entry is wrong.
    """

    right: Array
    wrong: Array
    unjudged: Array
    at_kink: Array
    worst: tuple[int, ...] | None

    @property
    def verdict(self) -> str:
        """One of "right", "wrong", "not judged"; the last where no entry is wrong and none could be judged."""
        if self.wrong.any():
            return "wrong"
        return "right" if self.right.any() or not self.right.size else "not judged"


def relative_tolerance(dtype: np.dtype[Any]) -> float:
    """The relative difference that a gradient of this type may have: 1e-6 in float64, 1e-3 in float32."""
    return max(1e-6, 1e4 * precision(dtype)) if dtype.itemsize < 8 and dtype.kind == "f" else 1e-6


def distance(gradient: Array, slopes: Slopes) -> Array:
    """How far each entry is from the slope, or from the interval of slopes at a kink."""
    return np.asarray(np.maximum(np.maximum(slopes.low - gradient, gradient - slopes.high), 0.0))


def tolerances(gradient: Array, slopes: Slopes) -> Array:
    """rtol * max(|yours|, |slope|) + 3 * bar, and the rounding that cancellation between large terms leaves."""
    dtype = gradient.dtype
    size = np.maximum(np.abs(slopes.value), np.maximum(np.abs(slopes.low), np.abs(slopes.high)))
    largest = float(np.max(size[slopes.judged], initial=0.0))
    size = np.maximum(size, np.abs(gradient.astype(np.float64)))
    return np.asarray(relative_tolerance(dtype) * size + BARS * slopes.bound + SPACINGS * precision(dtype) * largest)


def compare(gradient: Any, slopes: Slopes) -> Comparison:
    """Hold a gradient against measured slopes: |yours - slope| <= rtol * max(|yours|, |slope|) + 3 * bar.

    Args:
        gradient: array of the shape of x; a float32 one is judged at the accuracy of float32 (rtol 1e-3, else 1e-6).
        slopes: from `slopes`. At a kink anything between the one-sided slopes, widened by the same bar, is right.

    There is no absolute tolerance; what is added to a bar is 32 roundings of the largest slope, in the gradient's type.

    Raises:
        ValueError: the gradient has another shape than x. `explain` has the sentence for it.
        TypeError: it holds no real numbers.
    """
    given = as_real(gradient, "the gradient")
    if given.shape != slopes.value.shape:
        raise ValueError(f"the gradient has shape {given.shape}, x has shape {slopes.value.shape}: they must be equal")
    finite = np.isfinite(given)
    with np.errstate(all="ignore"):
        excess = distance(given.astype(np.float64), slopes) - tolerances(given, slopes)
    wrong = ~finite | (slopes.judged & ~(excess <= 0))
    flat = not slopes.value.any()  # f never moved: nothing but 0 can be called right, since any offset hides a slope
    right = slopes.judged & ~wrong & ((slopes.bound == 0) | (given == 0) | (not flat))
    worst = None
    if wrong.any():
        ranked = np.where(wrong, np.where(finite, excess, np.inf), -np.inf)
        worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(ranked)), given.shape))
    return Comparison(right, wrong, ~(right | wrong), slopes.judged & ~slopes.smooth, worst)
