"""The numerical gradient entry by entry, with error bars and kinks, and which entries of yours agree with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.gradcheck.direction import slope
from grader.gradcheck.functions import Array, Functions, as_real, flat_upstream, precision
from grader.gradcheck.line import Line, Place, lane_of

BARS = 3.0  # how many error bars a right entry may be away
SPACINGS = 32.0  # roundings of the largest slope that cancellation in a right formula may leave in any entry
MOST = 12  # evaluations an entry
LEVELS = 5  # two evaluations each; with two shared ones this stays within them


@dataclass(frozen=True)
class Slopes:
    """The gradient of sum(upstream * f(x)) measured entry by entry; every array has the shape of x.

    Attributes:
        value: float64, the measured slope; at a kink the middle of the two one-sided slopes.
        bound: float64, its error bar, >= 0; inf where not judged.
        low, high: float64, the interval between the one-sided slopes; both equal `value` at a smooth entry.
        judged: bool; False where the bar is too wide to tell, f is not finite nearby, or the slope does not exist.
        evaluations: calls of f.
    """

    value: Array
    bound: Array
    low: Array
    high: Array
    judged: Array
    evaluations: int

    @property
    def smooth(self) -> Array:
        """Where the slope is known and the same on both sides."""
        return np.asarray(self.judged & (self.low == self.high))


@np.errstate(all="ignore")
def slopes(f: Callable[[Any], Any], x: Any, upstream: Any = None) -> Slopes:
    """Measure d(sum(upstream * f(x))) / dx entry by entry, with error bars, in at most 12 calls of f an entry.

    Args:
        f: array of the shape of x in, array or number out (or a pair of that and a cache). It gets copies, in float64
            even where x is float32.
        x: array of floats, any shape; integers are promoted.
        upstream: array like f(x), the weights of its entries; None where f returns one number.

    Returns:
        Slopes. Nothing random enters: the same arguments give the same numbers.

    Raises:
        TypeError: x, upstream or f(x) is complex or not numbers.
        ValueError: upstream does not fit f(x).
    """
    data = as_real(x, "x")
    functions = Functions(f, None, [data], [0])
    y = functions.value(functions.point)
    weights = flat_upstream(upstream, functions.shape)
    lane, scales = lane_of(functions, y), _scales(functions.point)
    place = Place(functions.point, y, weights, np.zeros(data.size))
    units = (scale * (np.arange(data.size) == i) for i, scale in enumerate(scales))
    lines = [Line(functions.probe, place, unit, lane, LEVELS) for unit in units]
    rounding = 1.01 * max([line.noise for line in lines] or [0.0])
    rows = np.array([slope(line) for line in lines]).reshape(-1, 3)
    # The noise is that of f, so what one line has found is not less on one where two levels agree by accident.
    # Where none has moved, numbers of size 1 inside f may hide all.
    found = sorted(line.noise for line in lines if line.noise > rounding)[:-1]  # the largest may be a kink
    noise = 2 * float(np.median(found or [lane.eps * all(line.still for line in lines)]))
    for row, line in zip(rows, lines, strict=True):
        if line.noise < noise:
            line.noise = noise
            limit = line.settled()
            row[:2] = (row[0], row[1] + 4 * noise / min(line.levels)) if row[2] else (limit.value, limit.error)
    if data.dtype.itemsize < 8:  # constants of f rounded to 32 bits
        rows[:, 1] += 2.0**-22 * np.sqrt(np.mean(rows[:, 0] ** 2))
    natural = float(np.linalg.norm(weights * y)) or float(all(line.still for line in lines))  # again of size 1
    if np.all(np.abs(rows[:, 0]) <= 3 * rows[:, 1]) and functions.calls < MOST * data.size:
        far = functions.probe(functions.point + scales)  # how much f changes, whatever is added to it
        natural = float(np.linalg.norm(weights * (far - y))) if far.shape == y.shape and (far != y).any() else natural
    return judged_slopes(rows / scales[:, None], natural / scales, data.shape, functions.calls)


def _scales(x: Array) -> Array:
    """For each entry the size of a change that matters, a power of two so that x + h is exact.

    That is its own size, or nearer to the others' where it is tiny.
    """
    typical = float(np.sqrt(np.mean(np.square(x)))) if x.size else 1.0
    typical, own = typical or 1.0, np.abs(x)
    tiny = np.where(own > 0, np.sqrt(np.maximum(own, 1e-12 * typical) * typical), typical)
    return np.exp2(np.round(np.log2(np.where(own >= 1e-3 * typical, own, tiny))))


def judged_slopes(rows: Array, natural: Array, shape: tuple[int, ...], calls: int) -> Slopes:
    """Say which entries are known well enough: to 1 % of their own size, or to 0.1 % of the typical size of a slope.

    Where all slopes vanish within their bars, a bar of a millionth of `natural` (output per size of x) says "zero".

    Args:
        rows: array (n, 3): value, bound and half the jump of the slope.
    """
    value, bound, half = rows.T
    size, known = np.abs(value) + half, np.isfinite(bound)
    typical = float(np.sqrt(np.mean(np.square(size[known])))) if known.any() else 0.0
    judged = known & (bound <= np.maximum(1e-2 * size, 1e-3 * typical))
    if np.all(size[known] <= 3 * bound[known]):
        judged |= known & (bound <= 1e-6 * natural)
    columns = (value, np.where(judged, bound, np.inf), value - half, value + half, judged)
    value, bound, low, high, judged = (column.reshape(shape) for column in columns)
    return Slopes(value, bound, low, high, judged, calls)


@dataclass(frozen=True)
class Comparison:
    """The verdict on each entry; bool arrays of the shape of x, of which exactly one is True at each entry.

    Attributes:
        right: agrees within the tolerance.
        wrong: differs by more, or is not finite.
        unjudged: agrees with, or could not be held against, a slope that is not known.
        worst: the index of the wrong entry that is furthest off, None where no entry is wrong.
    """

    right: Array
    wrong: Array
    unjudged: Array
    worst: tuple[int, ...] | None

    @property
    def verdict(self) -> str:
        """One of "right", "wrong", "not judged"; the last where no entry is wrong and none could be judged."""
        if self.wrong.any():
            return "wrong"
        return "right" if self.right.any() or not self.right.size else "not judged"


def tolerances(gradient: Array, slopes: Slopes, rtol: float | None = None) -> Array:
    """rtol * max(|yours|, |slope|) + 3 * bar, and the rounding that cancellation between large terms leaves."""
    eps = precision(gradient.dtype)
    size = np.maximum(np.abs(slopes.low), np.abs(slopes.high))
    largest = float(np.max(size[slopes.judged], initial=0.0))
    size = np.maximum(size, np.abs(gradient.astype(np.float64)))
    return np.asarray((rtol or max(1e-6, 1e4 * eps)) * size + BARS * slopes.bound + SPACINGS * eps * largest)


@np.errstate(all="ignore")
def compare(gradient: Any, slopes: Slopes, rtol: float | None = None) -> Comparison:
    """Hold a gradient against measured slopes: |yours - slope| <= rtol * max(|yours|, |slope|) + 3 * bar.

    Args:
        gradient: array of the shape of x.
        slopes: from `slopes`. At a kink anything between the one-sided slopes, widened by the same bar, is right.
        rtol: default 1e-6, for a gradient in float32 1e-3.

    Raises:
        ValueError: the gradient has another shape than x. `explain` has the sentence for it.
        TypeError: it holds no real numbers.
    """
    given = as_real(gradient, "the gradient")
    if given.shape != slopes.value.shape:
        raise ValueError(f"the gradient has shape {given.shape}, x has shape {slopes.value.shape}: they must be equal")
    finite = np.isfinite(given)
    yours = given.astype(np.float64)
    distance = np.maximum(np.maximum(slopes.low - yours, yours - slopes.high), 0.0)
    excess = distance - tolerances(given, slopes, rtol)
    wrong = ~finite | (slopes.judged & ~(excess <= 0))
    flat = not slopes.value.any()  # f never moved: nothing but 0 can be called right, since any offset hides a slope
    right = slopes.judged & ~wrong & ((slopes.bound == 0) | (given == 0) | (not flat))
    ranked = np.where(wrong, np.where(finite, excess, np.inf), -np.inf)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(ranked)), given.shape)) if wrong.any() else None
    return Comparison(right, wrong, ~(right | wrong), worst)
