"""A function along one direction, sampled on a ladder of steps, and what the ladder settles on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from grader.gradcheck.functions import Array, Functions, precision

NEIGHBOUR = 8.5  # steps further apart are not extrapolated together: one formula need not hold at both
RATIO = 8.0  # between neighbouring steps
ORDERS = 3  # how often values are extrapolated


@dataclass(frozen=True)
class Lane:
    """What the arithmetic allows.

    Attributes:
        eps: relative spacing of the numbers that f works with.
        quick: agreement, relative to the size of the gradient, that nothing wrong reaches by chance.
        floor: the relative difference that is not held against a gradient.
        entry: the same for one entry alone, of which a direction shows 1 / sqrt(n); 0 where that is asked of none.
    """

    eps: float
    quick: float
    floor: float
    entry: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether f works in double precision."""
        return self.eps < 1e-10

    @property
    def step(self) -> float:
        """The relative first step, a power of 2: where rounding and curvature of an ordinary function are equal.

        In double precision half of that, since curvature is more often large, and rounding is known.
        """
        return float(2.0 ** (round(np.log2(self.eps) / 3) - self.fine))


DOUBLE = Lane(2.0**-52, 1e-8, 1e-7, 1e-6)
DOUBLE_WITH_SINGLE_DATA = Lane(2.0**-52, 3e-7, 4e-7)  # constants of f rounded to 32 bits make a right formula 1e-7 off


def single_lane(eps: float) -> Lane:
    """Arithmetic of less than 64 bits: central differences leave an error of eps^(2/3)."""
    return Lane(eps, 2 * eps ** (2 / 3), 5 * eps ** (2 / 3))


def lane_of(functions: Functions, y: Array) -> Lane:
    """The arithmetic that f works in when it is given float64; y is f(x)."""

    def narrow(values: Array) -> bool:
        return bool(np.all(values.astype(np.float32) == values))

    if precision(functions.dtype) > DOUBLE.eps:
        return single_lane(precision(functions.dtype))
    if y.any() and narrow(y) and not np.array_equal(y, np.round(y)):
        beside = functions.value(functions.point * (1 + 1e-3 * np.linspace(0.5, 1, functions.point.size)))
        if narrow(beside) and not np.array_equal(beside, y):
            return single_lane(2.0**-23)
    return DOUBLE if all(block.dtype.itemsize >= 8 for block in functions.blocks) else DOUBLE_WITH_SINGLE_DATA


@dataclass(frozen=True)
class Place:
    """Where a gradient is judged: the point x, f there, the weights u of its outputs, and the gradient g of u . f."""

    x: Array
    y: Array
    u: Array
    g: Array


@dataclass(frozen=True)
class Level:
    """One central difference with step h.

    `value` is the slope of f minus the claimed one, `slope` that of f alone, `slopes` that of every output; `jump` is
    half the difference of the one-sided slopes, summed over the outputs; `lost`: the step moved no output at all.
    """

    h: float
    value: float
    slope: float
    jump: float
    slopes: Array
    lost: bool


@dataclass(frozen=True)
class Limit:
    """The value at step zero, its error bar, the step it rests on and the noise that was measured on the way."""

    value: float
    error: float
    h: float
    noise: float


class Line:
    """f minus its claimed slope along x + t d, sampled on a ladder of steps t."""

    def __init__(self, f: Callable[[Array], Array], place: Place, d: Array, lane: Lane, budget: int = 80) -> None:
        """Nothing is evaluated yet. d: array (n,), in units of x, so that steps are relative; budget: of levels."""
        self.f, self.place, self.d, self.lane, self.budget = f, place, d, lane, budget
        # 3 times one rounding of each output; more where few steps can tell what else f rounds
        self.noise = (0.5 if lane.fine else 1.5) * lane.eps * float(np.linalg.norm(place.u * place.y))
        self.claimed = float(np.linalg.norm(place.g * d))
        self.root = float(np.sqrt(np.count_nonzero(d) or 1))
        self.faint = lane.entry / self.root or float("inf")
        self.ratio, self.levels = RATIO, dict[float, Level]()

    def level(self, h: float) -> Level | None:
        """The difference at step h; None where f is not finite, or the budget is spent."""
        if h in self.levels or not self.budget:
            return self.levels.get(h)
        self.budget -= 1
        y, u = self.place.y, self.place.u
        up, down = self.place.x + h * self.d, self.place.x - h * self.d
        y_up, y_down = self.f(up), self.f(down)
        if not y_up.shape == y_down.shape == y.shape:
            return None
        slopes = (y_up - y_down) / (2 * h)
        slope, jump = float(np.sum(u * slopes)), float(np.sum(np.abs(u * (y_up + y_down - 2 * y)))) / (2 * h)
        if not np.isfinite(slope + jump):
            return None
        value = slope - float(np.sum(self.place.g * (up - down))) / (2 * h)
        return self.levels.setdefault(h, Level(h, value, slope, jump, slopes, lost=not slopes.any() and not jump))

    @property
    def size(self) -> float:
        """The size of the gradient along d: the claimed one, or the measured one if that is larger."""
        return max(self.claimed, float(np.median([abs(a.slope) for a in self.levels.values() if not a.lost] or [0.0])))

    def haze(self, h: float) -> float:
        """The noise of a jump at step h, of a sum of absolute values in which nothing cancels."""
        terms = self.place.u * self.place.y
        return self.noise * float(np.sum(np.abs(terms)) / (np.linalg.norm(terms) or 1.0)) / h

    @property
    def still(self) -> bool:
        """Whether f has not moved at any step so far."""
        return all(level.lost for level in self.levels.values())

    def start(self, times: float = 1.0) -> Level | None:
        """The level at the usual step, times a factor, or at the largest smaller one where f is finite.

        Where rounding allows it, the step is smaller, so that curvature is seen less; where rounding is seen, larger,
        if the slopes along d do not all add up, as curvature then does.
        """
        if self.lane.fine and self.claimed:
            most = np.clip(4 * self.claimed / abs(float(self.place.g @ self.d)), 1, 4)
            times *= float(np.clip(50 * self.noise / (self.lane.quick * self.claimed * self.lane.step), 1 / 4, most))
        return next(filter(None, (self.level(times * self.lane.step / 64**i) for i in range(6))), None)

    def settled(self) -> Limit:
        """The residual at step zero as far as the levels tell.

        A kink's jump of the slope stays when the step grows, that of curvature grows; where it falls, it was noise.
        """
        ladder = sorted(self.levels.values(), key=lambda level: level.h)
        fallen = [2 * a.jump * a.h for a, b in pairwise(ladder) if b.jump < a.jump / 2]
        levels = [replace(level, lost=level.lost and not self.still) for level in ladder]
        limit = settle(levels, max(self.noise, max(fallen, default=0.0) * self.noise / (self.haze(1.0) or np.inf)))
        self.noise = max(self.noise, limit.noise)
        return limit


def _measured_noise(levels: Sequence[Level], noise: float) -> float:
    """The noise of the numerator: at least `noise`, more where neighbouring levels scatter like 1 / h.

    Truncation makes the change between neighbours grow with the step, noise makes it fall; so the changes that fall
    when read upwards from the finest level are noise. Source: the idea of More and Wild, Estimating computational
    noise, SIAM J. Sci. Comput. 33 (2011), applied to a ladder instead of an extra table.
    """
    changes = [(abs(fine.value - coarse.value), fine.h) for fine, coarse in pairwise(levels)]
    for (change, h), (following, _) in pairwise(changes):
        if change <= following:
            break
        noise = max(noise, 2 * change * h)  # one sample of a deviation, of which noise is to be about 3
    return noise


def settle(ladder: Sequence[Level], noise: float) -> Limit:
    """The extrapolated value with the smallest error that every finer level agrees with.

    Args:
        ladder: levels in any order; lost ones are not used. One level alone settles nothing: its error is infinite.
        noise: the rounding of the numerator; the error of a level is noise / h.

    Source: Ridders' extrapolation (Numerical Recipes, section 5.7) with errors from the last correction. Its known
    fault, two coarse levels that agree by accident, is cured by asking every finer level as well.
    """
    levels = sorted((level for level in ladder if not level.lost), key=lambda level: level.h)
    if len(levels) < 2:
        return Limit(levels[0].value if levels else 0.0, float("inf"), levels[0].h if levels else 0.0, noise)
    lost = max((level.h for level in ladder if level.lost), default=0.0)  # outputs move in jumps of at least so much
    jumps = min(abs(levels[-1].value) * lost, max(abs(levels[0].value), levels[0].jump) * levels[0].h)
    noise = max(_measured_noise(levels, noise), jumps)
    best = Limit(levels[0].value, float("inf"), levels[0].h, noise)
    coarser: list[float] = [levels[-1].value]  # extrapolated 0, 1, 2 and 3 times
    for index in range(len(levels) - 2, -1, -1):
        fine, coarse = levels[index], levels[index + 1]
        q = coarse.h / fine.h
        row, candidates = [fine.value], []
        for order, above in enumerate(coarser[:ORDERS] if q <= NEIGHBOUR else [], 1):
            power = (levels[index + order].h / fine.h) ** 2
            row.append((power * row[-1] - above) / (power - 1))
            # Dividing by q - 1 allows an error that is only linear in h, as where a second derivative jumps.
            candidates += [(value, abs(above - row[-2]) / (q - 1)) for value in row[-2:]]
        coarser = row
        noisy = (q**2 + 1 / q) / (q**2 - 1)  # what extrapolation makes of noise, which is 3 deviations already
        for value, error in candidates:
            error += noisy * noise / fine.h
            error = max([error, *(abs(finer.value - value) - 3 * noise / finer.h for finer in levels[:index])])
            if error < best.error:
                best = Limit(value, error, fine.h, noise)
    return best
