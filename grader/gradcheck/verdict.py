"""Whether a gradient is right at a point: two random directions, and a look beside kinks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.gradcheck.direction import Finding, judge, slope
from grader.gradcheck.functions import Array, Functions
from grader.gradcheck.line import Lane, Line, Place

NEIGHBOURS = 16  # pairs of points at which a convention at a kink may show
NUDGE = 1e-2  # a step to the side of a kink, relative to x
SUSPECTS = 3  # entries that are measured where it does not


@dataclass(frozen=True)
class Scene:
    """A gradient to judge: f, its gradient, how far each coordinate moves at step 1, the arithmetic, the dice.

    Attributes:
        scale: array (n,), the typical size of each coordinate; 0 for coordinates that are left alone.
    """

    functions: Functions
    scale: Array
    lane: Lane
    rng: np.random.Generator

    def place(self, x: Array, u: Array | None = None) -> Place | None:
        """f and its gradient at x, with random weights of the outputs unless given; None if f is not finite there."""
        y = self.functions.probe(x, keep=True)
        u = self.weights(y.size) if u is None else u
        if not np.isfinite(y).all() or y.size != u.size:
            return None
        g = self.functions.gradient(x, u)
        return Place(x, y, u, g) if np.isfinite(g).all() else None

    def weights(self, size: int) -> Array:
        """A random upstream gradient: mixed signs, sizes in [0.5, 1.5]; 1 where the gradient takes none."""
        return jitter(self.rng, size) if self.functions.weighed else np.ones(size)

    def line(self, place: Place, along: Array | None = None) -> Line:
        """A random direction in which no coordinate moves little and no two move alike; its signs from `along`."""
        d = self.scale * jitter(self.rng, place.x.size)
        return self.on(place, d if along is None else np.where(along < 0, -1.0, 1.0) * np.abs(d))

    def on(self, place: Place, d: Array) -> Line:
        """The line in direction d."""
        return Line(self.functions.probe, place, d, self.lane)


def jitter(rng: np.random.Generator, size: int) -> Array:
    """Random numbers of mixed sign with sizes in [0.5, 1.5]: nothing is hidden by a zero, nothing cancels."""
    sizes = (rng.permutation(size) + rng.uniform(0.2, 0.8, size)) / max(size, 1)  # no two alike: ties come apart
    return np.asarray((0.5 + sizes) * rng.choice([-1.0, 1.0], size))


def judge_at(scene: Scene, place: Place) -> Finding:
    """Judge with the given weights along the gradient, then with other weights along a random direction."""
    first = _judge_line(scene, scene.line(place, place.g))
    if first.status == "wrong" or (first.status == "right" and first.at_kink):
        return first
    other = place
    if scene.functions.weighed and place.y.size > 1:
        u = scene.weights(place.y.size)
        other = replace(place, u=u, g=scene.functions.gradient(place.x, u))
        if not np.isfinite(other.g).all():
            return first
    second = _judge_line(scene, scene.line(other))
    return first if second.status == "right" else second


def _judge_line(scene: Scene, line: Line) -> Finding:
    """Judge along one line; what could be a false alarm is looked at again elsewhere."""
    found = judge(line)
    if found.status in ("kink", "near") or (found.status == "wrong" and not scene.lane.fine):
        return _beside(scene, found)
    if found.status != "wrong" or (not (rounded := _rounded(scene, found)) and not _conventional(scene, found)):
        return found
    beside = found if rounded else _beside(scene, replace(found, status="near"))
    return replace(found, status="right") if rounded or beside.status == "right" else beside


def _beside(scene: Scene, found: Finding) -> Finding:
    """Judge at points near a kink."""
    x, near = found.line.place.x, None
    for place in filter(None, (scene.place(x + NUDGE * step) for step in _sides(scene, found.line.place))):
        near = judge(scene.line(place, place.g))
        if near.status == "wrong" and not (_rounded(scene, near) or _conventional(scene, near)):
            return near
        if near.status not in ("right", "wrong") and abs(near.residual) > 1.2 * near.error:
            return replace(found, status="unsure")
    if near is None:
        return replace(found, status="unsure")
    if found.status == "near" or _allowed(scene, found.line.place):
        return replace(near, status="right", at_kink=True)
    return replace(found, status="wrong", error=0.0)


def _sides(scene: Scene, at: Place) -> Iterator[Array]:
    """Opposite steps, as what is dead on one side is alive on the other, and others where an entry has more values.

    Of three tied entries the same one is in the middle on opposite sides, and one is the largest on neither.
    """
    steps = [scene.scale * jitter(scene.rng, at.x.size) for _ in range(NEIGHBOURS)]
    yield from (steps[0], -steps[0])
    steps.insert(1, -steps[0])
    near = np.array([scene.functions.gradient(at.x + 1e-6 * step, at.u) for step in steps])
    apart, i = 1e-3 * np.max(np.abs(near)), 1
    new = np.abs(near - near[0]) > apart
    for _ in range(SUSPECTS):
        new &= np.abs(near - near[i]) > apart
        i = int(np.argmax(new.sum(1)))
        if not new[i].any():
            return
        yield steps[i]


def _rounded(scene: Scene, found: Finding) -> bool:
    """Whether the difference is the rounding of the gradient itself."""
    value = abs(found.residual)
    return value < 1e-3 * found.line.size and value <= 30 * own_rounding(scene, found.line.place, found.line.d)


def _conventional(scene: Scene, found: Finding) -> bool:
    """Whether the difference is, at least for the most part, a matter of convention at this one point."""
    place, value = found.line.place, abs(found.residual)
    seen = [level for level in found.line.levels.values() if abs(level.value - found.residual) <= 0.3 * value]
    best = min(seen, key=lambda level: level.h, default=None)
    if best is None or not scene.lane.fine:
        return False
    reach = min(max(200 * best.h, 1e-7), 1e-2)
    bend = best.value - found.residual  # what curvature adds at this step, unless it was a stack of kinks
    for sign in (1.0, -1.0):
        near = scene.place(place.x + sign * reach * scene.scale * jitter(scene.rng, place.x.size), place.u)
        line = scene.on(near or place, found.line.d)
        level = line.level(best.h)
        if level is None or min(abs(level.value), abs(level.value - bend)) * found.line.size > 0.3 * value * line.size:
            return False
    return _allowed(scene, place)


def _allowed(scene: Scene, place: Place) -> bool:
    """Whether each entry lies between its values nearby, or between the slopes on its own two sides."""
    low, high = np.full_like(place.g, np.inf), np.full_like(place.g, -np.inf)
    outside = scene.scale > 0
    for _ in range(NEIGHBOURS):
        step = 1e-6 * scene.scale * jitter(scene.rng, place.x.size)
        for near in (scene.functions.gradient(place.x + sign * step, place.u) for sign in (1, -1)):
            low, high = np.minimum(low, near), np.maximum(high, near)
        loose = 1e-6 * max(np.max(np.abs(low)), np.max(np.abs(high)))
        outside &= (place.g < low - loose) | (place.g > high + loose)
        if not outside.any():
            return True
    for i in np.flatnonzero(outside)[:SUSPECTS]:
        d = scene.scale * (np.arange(place.x.size) == i)
        value, bar, half = slope(scene.on(replace(place, g=0 * place.g), d))
        if abs(place.g[i] * d[i] - value) > half + 3 * bar + loose * d[i]:
            return False
    return True


def own_rounding(scene: Scene, place: Place, d: Array) -> float:
    """How much the gradient along d changes when x changes in its last bits, ties left tied."""
    points = [place.x * (1 + bits * scene.lane.eps) for bits in (-2, 1, 3)]
    return max(abs(float((scene.functions.gradient(x, place.u) - place.g) @ d)) for x in points)
