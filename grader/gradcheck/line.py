"""A function along one direction, sampled on a ladder of steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from grader.gradcheck.functions import Array, Functions, precision
from grader.gradcheck.ladder import Level, Limit, settle


@dataclass(frozen=True)
class Lane:
    """What the arithmetic allows.

    Attributes:
        eps: relative spacing of the numbers that f works with.
        quick: agreement, relative to the size of the gradient, that nothing wrong reaches by chance.
        floor: the relative difference that is not held against a gradient.
    """

    eps: float
    quick: float
    floor: float

    @property
    def fine(self) -> bool:
        """Whether f works in double precision."""
        return self.eps < 1e-10


DOUBLE = Lane(2.0**-52, 1e-8, 1e-7)
DOUBLE_WITH_SINGLE_DATA = Lane(2.0**-52, 8e-7, 2e-6)  # constants of f rounded to 32 bits make a right formula 1e-7 off
SINGLE = Lane(2.0**-23, 2 * 2.0 ** (-46 / 3), 5 * 2.0 ** (-46 / 3))
HALF = Lane(2.0**-10, 2 * 2.0 ** (-20 / 3), 5 * 2.0 ** (-20 / 3))


def lane_of(functions: Functions, y: Array) -> Lane:
    """The arithmetic that f works in when it is given float64; y is f(x)."""

    def narrow(values: Array) -> bool:
        with np.errstate(all="ignore"):
            return bool(np.all(values.astype(np.float32).astype(np.float64) == values))

    if precision(functions.dtype) > DOUBLE.eps:
        return SINGLE if precision(functions.dtype) <= SINGLE.eps else HALF
    if y.any() and narrow(y) and not np.array_equal(y, np.round(y)):
        beside = functions.value(functions.point * (1 + 1e-3 * np.linspace(0.5, 1, functions.point.size)))
        if narrow(beside) and not np.array_equal(beside, y):
            return SINGLE
    return DOUBLE if all(block.dtype.itemsize >= 8 for block in functions.blocks) else DOUBLE_WITH_SINGLE_DATA


@dataclass(frozen=True)
class Place:
    """Where a gradient is judged: the point x, f there, the weights u of its outputs, and the gradient g of u . f."""

    x: Array
    y: Array
    u: Array
    g: Array


class Line:
    """f minus its claimed slope along x + t d, sampled on a ladder of steps t."""

    def __init__(self, f: Callable[[Array], Array], place: Place, d: Array, lane: Lane, budget: int = 80) -> None:
        """Nothing is evaluated yet. d: array (n,), in units of x, so that steps are relative; budget: of levels."""
        self.f, self.place, self.d, self.lane, self.budget = f, place, d, lane, budget
        weighed = place.u * place.y
        self.noise = 0.5 * lane.eps * float(np.linalg.norm(weighed))  # 3 times one rounding of each output
        self.spread = max(float(np.sum(np.abs(weighed))) / (float(np.linalg.norm(weighed)) or 1.0), 1.0)
        self.claimed = float(np.linalg.norm(place.g * d))
        self.levels: dict[float, Level] = {}

    def level(self, h: float) -> Level | None:
        """The difference at step h; None where f is not finite, or the budget is spent."""
        if h in self.levels or not self.budget:
            return self.levels.get(h)
        self.budget -= 1
        y, u = self.place.y, self.place.u
        up, down = self.place.x + h * self.d, self.place.x - h * self.d
        y_up, y_down = self.f(up), self.f(down)
        if y_up.shape != y.shape or y_down.shape != y.shape:
            return None
        with np.errstate(all="ignore"):
            slopes, bends = (y_up - y_down) / (2 * h), u * (y_up + y_down - 2 * y)
            slope, jump = float(np.sum(u * slopes)), float(np.sum(np.abs(bends))) / (2 * h)
        if not (np.isfinite(slope) and np.isfinite(jump)):
            return None
        value = slope - float(np.sum(self.place.g * (up - down))) / (2 * h)
        lost = not slopes.any() and not jump
        self.levels[h] = Level(h, value, slope, jump, float(np.linalg.norm(bends)), slopes, lost)
        return self.levels[h]

    @property
    def size(self) -> float:
        """The size of the gradient along d: the claimed one, or the measured one if that is larger."""
        return max(self.claimed, float(np.median([abs(level.slope) for level in self.levels.values()] or [0.0])))

    @property
    def still(self) -> bool:
        """Whether f has not moved at any step so far."""
        return all(level.lost for level in self.levels.values())

    def start(self) -> Level | None:
        """The level at the usual step, or at the largest smaller one where f is finite."""
        h = 2.0 ** round(np.log2(self.lane.eps) / 3)
        for _ in range(6):
            level = self.level(h)
            if level is not None:
                return level
            h /= 64
        return None

    def settled(self) -> Limit:
        """The residual at step zero as far as the levels tell."""
        levels = sorted(self.levels.values(), key=lambda level: level.h)
        moving = [level for level in levels if not level.lost]
        if len(moving) > 1 and moving[0].bend > moving[1].bend * (moving[0].h / moving[1].h) ** 1.33:
            self.noise = max(self.noise, 0.6 * moving[0].bend)  # curvature would have shrunk like h squared
        limit = settle(levels if moving else [replace(level, lost=False) for level in levels], self.noise)
        self.noise = max(self.noise, limit.noise)
        return limit
