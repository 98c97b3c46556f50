"""The numerical gradient entry by entry, with error bars and the interval of slopes at kinks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.gradcheck.forward import Array, Forward, as_real, flat_upstream, only_single_precision, precision
from grader.gradcheck.ladder import Level, Limit, settle

LEVELS = 5  # two evaluations each; with two shared ones this stays within 12 an entry
RATIO = 8.0  # between neighbouring steps
DROP = 64.0  # how far down to look whether a jump of the slope shrinks with the step
SHARP = 1e-9  # relative error at which more levels would not change any verdict


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


@dataclass(frozen=True)
class _Probe:
    """Two-sided differences of one entry: the level, and for each output its weighed one-sided slopes."""

    level: Level
    left: Array
    right: Array


class _Entry:
    """The ladder of one entry i of x."""

    def __init__(self, f: Forward, x: Array, y: Array, weights: Array, i: int, scale: float) -> None:
        self.f, self.x, self.y, self.weights, self.i, self.scale = f, x, y, weights, i, scale
        self.rounding = self.grain = 0.0  # of the outputs, and of x inside f
        self.probes: list[_Probe] = []
        self.left = LEVELS

    def probe(self, h: float) -> _Probe | None:
        """Differences with step h; None where f is not finite there or no level is left."""
        if self.left == 0:
            return None
        self.left -= 1
        up, down = self.x.copy(), self.x.copy()
        up[self.i] += h
        down[self.i] -= h
        forward, back = up[self.i] - self.x[self.i], self.x[self.i] - down[self.i]
        if forward <= 0 or back <= 0:
            return None
        y_up, y_down = self.f(up), self.f(down)
        with np.errstate(all="ignore"):
            right = self.weights * (y_up - self.y) / forward
            left = self.weights * (self.y - y_down) / back
            value = float(np.sum(self.weights * (y_up - y_down))) / (forward + back)
            jump = float(np.sum(np.abs(right - left))) / 2
        if not (np.isfinite(value) and np.isfinite(jump)):
            return None
        noise = self.rounding + abs(value) * self.grain
        probe = _Probe(Level((forward + back) / 2, value, jump, noise), left, right)
        self.probes.append(probe)
        return probe

    def levels(self) -> list[Level]:
        """All levels so far; those that moved nothing count as lost if a larger step finds a clean slope."""
        levels = [probe.level for probe in self.probes]
        moving = any(level.jump < 0.5 * abs(level.value) for level in levels)
        return [replace(level, lost=moving and not (level.value or level.jump)) for level in levels]


def _climb(entry: _Entry, h: float) -> None:
    """Add neighbouring levels, upwards out of noise or downwards out of truncation, until one pair agrees."""
    while entry.left:
        levels = sorted((level for level in entry.levels() if not level.lost), key=lambda level: level.h)
        if len(levels) < 2:
            if entry.probe((levels[-1].h if levels else h) * RATIO) is None and entry.probe(h / RATIO) is None:
                return
            continue
        limit = settle(levels)
        if limit.error <= SHARP * abs(limit.value) and len(levels) > 2:
            return
        fine, coarse = levels[0], levels[-1]
        lost = any(level.lost for level in entry.levels())
        low, high = abs(levels[1].value - fine.value), abs(coarse.value - levels[-2].value)
        noisy = low > high if len(levels) > 2 else low < 1e-3 * abs(fine.value) or low < 8 * fine.noise / fine.h
        if noisy or lost:
            if entry.probe(coarse.h * RATIO) is None and entry.probe(fine.h / RATIO) is None:
                return
        elif entry.probe(fine.h / RATIO) is None:
            return


def _one_sided(fine: Array, coarse: Array, ratio: float) -> Array:
    """The one-sided slope at step zero from two steps: the error of a forward difference is linear in its step."""
    return (ratio * fine - coarse) / (ratio - 1)


def _kink(entry: _Entry, coarse: _Probe, fine: _Probe) -> tuple[float, float, float, float] | None:
    """Value, bound, low and high at a kink; None where a far smaller step finds the function smooth (a near kink)."""
    noise = max(fine.level.noise, coarse.level.noise)
    tiny = max(noise / (0.02 * fine.level.jump), 1e-12 * entry.scale)
    if tiny < fine.level.h / RATIO:
        below = entry.probe(tiny)
        if below is not None and below.level.jump < 0.35 * fine.level.jump:
            entry.probes = [below]
            entry.probe(below.level.h / 2 if below.level.jump > 1e-3 * fine.level.jump else below.level.h * 2)
            return None
    ratio = coarse.level.h / fine.level.h
    left, right = (_one_sided(getattr(fine, s), getattr(coarse, s), ratio) for s in ("left", "right"))
    middle, half = float(np.sum(left + right)) / 2, float(np.sum(np.abs(right - left))) / 2
    change = float(np.sum(np.abs(left - fine.left)) + np.sum(np.abs(right - fine.right)))
    return middle, change + 4 * noise / fine.level.h, middle - half, middle + half


def _entry_slope(entry: _Entry, h: float) -> tuple[float, float, float, float]:
    """Value, bound, low and high of one entry; the bound is inf where the slope cannot be told."""
    first = entry.probe(h)
    while first is None and entry.left > 2:
        h /= DROP
        first = entry.probe(h)
    if first is None:
        return 0.0, np.inf, 0.0, 0.0
    level = first.level
    if level.jump > 1e-3 * abs(level.value) and level.jump > 8 * level.noise / level.h:
        second = entry.probe(level.h / DROP)
        if second is not None and 0.35 < second.level.jump / level.jump < 4:
            at_kink = _kink(entry, first, second)
            if at_kink is not None:
                return at_kink
        elif second is not None:
            near_kink_or_curved = second.level.jump < 0.35 * level.jump
            entry.probes = [second if near_kink_or_curved else first]
            h = entry.probes[0].level.h
    _climb(entry, h)
    limit = settle(entry.levels())
    half = _blurred_kink(entry.levels(), limit)
    return limit.value, limit.error, limit.value - half, limit.value + half


def _blurred_kink(ladder: list[Level], limit: Limit) -> float:
    """Half the jump of the slope at the step the limit rests on, 0 where that is curvature or noise.

    Noise can hide whether a kink is at x or only near it; then both slopes have to be accepted.
    """
    levels = sorted((level for level in ladder if level.h >= limit.h and not level.lost), key=lambda level: level.h)
    if len(levels) < 2 or levels[0].jump <= max(8 * limit.noise / limit.h, 3 * limit.error, 1e-3 * abs(limit.value)):
        return 0.0
    growth = levels[1].jump / levels[0].jump
    return levels[0].jump if growth < np.sqrt(levels[1].h / levels[0].h) else 0.0


def _scales(x: Array) -> Array:
    """For each entry the size of a change that matters: its own, or nearer to the others' where it is tiny."""
    typical = float(np.sqrt(np.mean(np.square(x)))) or 1.0
    own = np.abs(x)
    tiny = np.where(own > 0, np.sqrt(np.maximum(own, 1e-12 * typical) * typical), typical)
    return np.where(own >= 1e-3 * typical, own, tiny)


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
    forward = Forward(f, [data])
    flat = data.astype(np.float64).ravel()
    y = forward(flat)
    weights = flat_upstream(upstream, forward.shape)
    if flat.size == 0:
        nothing = np.zeros(data.shape)
        return Slopes(nothing, nothing, nothing, nothing, np.ones(data.shape, bool), forward.calls)
    scales = _scales(flat)
    eps = precision(forward.dtype)
    moved = forward(flat + 1e-10 * scales * np.random.default_rng(0).uniform(0.5, 1.5, flat.size))
    unmoved = bool(np.all(y == moved))  # f may work in 32 bits inside: begin with the steps of 32 bits
    if not unmoved and only_single_precision(np.concatenate([y, moved])):
        eps = max(eps, 2.0**-23)
    step = np.cbrt(max(eps, 2.0**-23 if unmoved else 0.0))
    rows = np.empty((flat.size, 4))
    for i, scale in enumerate(scales):
        entry = _Entry(forward, flat, y, weights, i, float(scale))
        entry.rounding = 2 * eps * float(np.linalg.norm(weights * y))
        entry.grain = 2.0**-23 * abs(float(flat[i])) if unmoved else 0.0
        rows[i] = _entry_slope(entry, float(step * scale))
    natural = float(np.linalg.norm(weights * y)) / scales
    return _judge(rows, natural, data.shape, forward.calls)


def _judge(rows: Array, natural: Array, shape: tuple[int, ...], calls: int) -> Slopes:
    """Say which entries are known well enough: to 1 % of their own size, or to 0.1 % of the typical size of a slope.

    Where all slopes vanish within their bars, a bar of a millionth of `natural` (output per size of x) says "zero".
    """
    value, bound, low, high = rows.T.copy()
    size = np.maximum(np.abs(low), np.abs(high))
    known = np.isfinite(bound)
    typical = float(np.sqrt(np.mean(np.square(size[known])))) if known.any() else 0.0
    judged = known & (bound <= np.maximum(1e-2 * size, 1e-3 * typical))
    if np.all(size[known] <= 3 * bound[known]):
        judged |= known & (bound <= 1e-6 * natural)
    bound = np.where(judged, bound, np.inf)
    value, bound, low, high, judged = (column.reshape(shape) for column in (value, bound, low, high, judged))
    return Slopes(value, bound, low, high, judged, calls)
