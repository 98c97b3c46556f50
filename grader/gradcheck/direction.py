"""Whether a gradient is right along one direction."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grader.gradcheck.forward import Array
from grader.gradcheck.ladder import Level, Limit, settle

RATIO = 8.0
WEAK = 1e-3  # relative resolution below which agreement means little
MOVES = 12  # levels at most: from the first step 8^12 covers all of double precision


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


DOUBLE = Lane(2.0**-52, 1e-8, 1e-7)
DOUBLE_WITH_SINGLE_DATA = Lane(2.0**-52, 1e-6, 4e-6)  # constants of f rounded to 32 bits make a right formula 1e-7 off
SINGLE = Lane(2.0**-23, 2 * 2.0 ** (-46 / 3), 5 * 2.0 ** (-46 / 3))
HALF = Lane(2.0**-10, 2 * 2.0 ** (-20 / 3), 5 * 2.0 ** (-20 / 3))


@dataclass(frozen=True)
class Place:
    """Where a gradient is judged: the point x, f there, the weights u of its outputs, and the gradient g of u . f."""

    x: Array
    y: Array
    u: Array
    g: Array


@dataclass(frozen=True)
class Outcome:
    """The verdict along a direction.

    Attributes:
        status: "right", "wrong", "kink" (the slope jumps here: look beside it) or "unsure".
        residual: slope of f minus slope of yours along the direction; `error` is its bar.
        size: the size of the gradient along the direction; residual / size is the relative error.
        h: the step that the residual rests on.
    """

    status: str
    residual: float
    error: float
    size: float
    h: float


class Line:
    """f minus its claimed slope along x + t d, sampled on a ladder of steps."""

    def __init__(self, f: Callable[[Array], Array], place: Place, d: Array, lane: Lane) -> None:
        """Nothing is evaluated yet. d: array (n,), in units of x, so that steps are relative."""
        self.f, self.place, self.d, self.lane = f, place, d, lane
        weighed = place.u * place.y
        self.noise = 0.5 * lane.eps * float(np.linalg.norm(weighed))  # 3 times one rounding of each output
        self.spread = max(float(np.sum(np.abs(weighed))) / (float(np.linalg.norm(weighed)) or 1.0), 1.0)
        self.claimed = float(np.linalg.norm(place.g * d))
        self.flow = 0.0  # norm of the weighed derivatives of the outputs: larger than `size` where they cancel
        self.levels: dict[float, Level] = {}
        self.bends: dict[float, float] = {}  # norm of the weighed second differences: curvature, or noise
        self.slopes: dict[float, Array] = {}  # the derivative of every output along d

    def level(self, h: float) -> Level | None:
        """The residual at step h; None where f is not finite."""
        if h in self.levels:
            return self.levels[h]
        x, y, u, g = self.place.x, self.place.y, self.place.u, self.place.g
        up, down = x + h * self.d, x - h * self.d
        y_up, y_down = self.f(up), self.f(down)
        if y_up.shape != y.shape or y_down.shape != y.shape:
            return None
        with np.errstate(all="ignore"):
            change = y_up - y_down
            residual = float(np.sum(u * change) - np.sum(g * (up - down))) / (2 * h)
            jump = float(np.sum(np.abs(u * (y_up + y_down - 2 * y)))) / (2 * h)
        if not (np.isfinite(residual) and np.isfinite(jump)):
            return None
        level = Level(h, residual, jump, self.noise, lost=not change.any() and not jump)
        self.levels[h], self.slopes[h] = level, change / (2 * h)
        self.bends[h] = float(np.linalg.norm(u * (y_up + y_down - 2 * y)))
        self.flow = max(self.flow, float(np.linalg.norm(u * change)) / (2 * h))
        return level

    @property
    def size(self) -> float:
        """The size of the gradient along d: the claimed one, or the measured one if that is larger."""
        measured = [abs(float(np.sum(self.place.u * self.slopes[h]))) for h in self.levels]
        return max(self.claimed, float(np.median(measured)) if measured else 0.0)

    def start(self) -> Level | None:
        """The level at the usual step, or at the largest smaller one where f is finite."""
        h = float(np.cbrt(self.lane.eps))
        for _ in range(6):
            level = self.level(h)
            if level is not None:
                return level
            h /= 64
        return None

    def settled(self) -> Limit:
        """The residual at step zero as far as the levels tell."""
        levels = list(self.levels.values())
        if all(level.lost for level in levels):  # f does not move at all: that is its slope
            levels = [Level(level.h, level.value, level.jump, level.noise) for level in levels]
        fine, *coarser = sorted(h for h in self.levels if not self.levels[h].lost) or [0.0]
        if coarser and self.bends[fine] > self.bends[coarser[0]] * (fine / coarser[0]) ** 1.33:
            self.noise = max(self.noise, 0.6 * self.bends[fine])  # curvature would have shrunk like h squared
        limit = settle([Level(level.h, level.value, level.jump, self.noise, level.lost) for level in levels])
        self.noise = max(self.noise, limit.noise)
        return limit

    def outcome(self, status: str, limit: Limit) -> Outcome:
        """The verdict with its figures."""
        return Outcome(status, limit.value, limit.error, self.size, limit.h)


def sharp_jump(line: Line, level: Level) -> bool:
    """Whether the one-sided slopes differ by more than noise, and by enough to be the cause of the residual."""
    noise = 8 * line.spread * line.noise / level.h
    curved = max(1e-3, 3 * level.h) * line.size
    return level.jump > 0.4 * abs(level.value) and level.jump > max(curved, noise)


def judge(line: Line) -> Outcome:
    """Right, wrong, at a kink, or unsure; 2 calls of f where all is smooth and right."""
    first = line.start()
    if first is None:
        return Outcome("unsure", 0.0, float("inf"), line.size, 0.0)
    quick = line.lane.quick * float(np.linalg.norm(line.place.g * line.d))
    if abs(first.value) <= quick and line.noise / first.h <= 100 * quick and not first.lost:
        return Outcome("right", first.value, quick, line.size, first.h)
    if sharp_jump(line, first):
        return _at_a_jump(line, first)
    return climb(line, first)


def _at_a_jump(line: Line, first: Level) -> Outcome:
    """Step below a jump of the slope: it ends there if the kink is only near, it stays if x is on it."""
    tiny = min(max(1e-10, line.noise / (3e-7 * line.size)), first.h / 64)
    below = line.level(tiny)
    if below is None:
        return Outcome("unsure", 0.0, float("inf"), line.size, first.h)
    noise = 3 * line.noise / tiny
    if below.jump > 0.35 * first.jump and below.jump > line.spread * 3 * noise:
        return Outcome("kink", below.value, below.jump, line.size, tiny)
    if below.jump <= 1e-5 * line.size + line.spread * noise and not below.lost:
        tolerance = 3 * line.lane.floor * line.size + noise
        if abs(below.value) <= tolerance <= 10 * line.lane.floor * line.size:
            return Outcome("right", below.value, tolerance, line.size, tiny)
    if below.jump < first.jump / 16:
        line.levels = {tiny: below}
        return climb(line, below)
    return climb(line, first)


def climb(line: Line, first: Level) -> Outcome:
    """Add levels until the residual is known to be nothing, or to be something."""
    if line.noise / first.h > 1e-8 * line.size > 0:
        h = min(line.noise / (1e-9 * line.size), 1e-3)
        first = (line.level(h) if h > RATIO * first.h else None) or first
    first = _descend(line, first)
    if first.lost and not line.claimed:
        wider = line.level(first.h * RATIO**2)
        if wider is not None and wider.lost:
            return Outcome("right", 0.0, 0.0, 0.0, wider.h)  # f does not move, and yours says so
    line.level(first.h * RATIO) or line.level(first.h / RATIO)
    for _ in range(MOVES):
        limit = line.settled()
        floor = line.lane.floor * line.size
        if abs(limit.value) <= max(3 * limit.error, floor) and limit.error <= floor:
            return line.outcome("right", limit)
        if abs(limit.value) > max(6 * limit.error, floor):
            confirmed = _confirm(line, limit)
            if confirmed is not None:
                return confirmed
        elif not _another(line, limit):
            break
    limit = line.settled()
    if abs(limit.value) <= 3 * limit.error and limit.error <= WEAK * line.size:
        return line.outcome("right", limit)
    return line.outcome("unsure", limit)


def _descend(line: Line, first: Level) -> Level:
    """Leave steps at which f is a different function: neighbours disagree although rounding is no reason."""
    for _ in range(4):
        wider, below = line.level(first.h * RATIO), None
        if wider is None or abs(wider.value - first.value) > 0.05 * line.size:
            below = line.level(first.h / 64) if line.noise / first.h < 1e-4 * line.size else None
        if below is None or below.lost:
            return first
        if wider is not None and abs(below.value - first.value) > abs(wider.value - first.value):
            return first
        line.levels = {below.h: below}
        first = below
    return first


def _another(line: Line, limit: Limit) -> bool:
    """Add the level that promises most: a larger step against noise, a smaller one against curvature."""
    if not limit.h:
        limit = Limit(limit.value, limit.error, min(line.levels), limit.noise)
    steps = list(line.levels)

    def near(h: float) -> bool:
        return any(abs(np.log(h / step)) < 1 for step in steps)

    noisy = np.isfinite(limit.error) and 3.3 * limit.noise / limit.h > 0.5 * limit.error
    upwards = [limit.h * RATIO, limit.h * RATIO**2]
    downwards = [limit.h / RATIO, limit.h / RATIO**2]
    if any(line.levels[h].lost for h in steps) and not noisy:
        noisy = True
    for h in upwards if noisy else downwards:
        if not near(h) and 1e-14 < h < 2:
            return line.level(h) is not None
    return False


def _confirm(line: Line, limit: Limit) -> Outcome | None:
    """Look at the plateau from a far smaller step; None if it is not there."""
    value = limit.value
    for _ in range(3):
        h = max(line.noise / (0.05 * abs(value)), 1e-4 * limit.h, 1e-10)
        if h > limit.h / 4:  # no room below: neighbouring steps have to agree instead
            beside = [line.level(0.83 * limit.h), line.level(1.21 * limit.h)]
            if any(level is None or abs(level.value - value) > 0.25 * abs(value) for level in beside):
                return line.outcome("unsure", limit)
            return _kink_or_wrong(line, limit)
        level = line.level(h)
        if level is None:
            return line.outcome("unsure", limit)
        if abs(level.value - value) <= 0.3 * abs(value):
            return _kink_or_wrong(line, limit)
        again = line.level(0.37 * h)
        if again is not None and abs(again.value - level.value) <= 0.3 * abs(level.value):
            return None  # another plateau below: the ladder goes on from there
        del line.levels[h]
        line.levels.pop(0.37 * h, None)
        line.noise = max(line.noise, abs(level.value - value) * h)
    return line.outcome("unsure", limit)


def _kink_or_wrong(line: Line, limit: Limit) -> Outcome:
    """A plateau can also be the middle of two one-sided slopes."""
    levels = sorted(line.levels.values(), key=lambda level: level.h)
    clear = [level for level in levels if line.spread * line.noise / level.h < 0.1 * abs(limit.value)]
    if clear and clear[0].jump > 0.4 * abs(limit.value):
        coarser = [level for level in clear if level.h > 4 * clear[0].h]
        if not coarser or clear[0].jump > 0.35 * coarser[0].jump:
            return Outcome("kink", limit.value, max(limit.error, clear[0].jump), line.size, clear[0].h)
    return line.outcome("wrong", limit)
