"""Whether a gradient is right at a point: two random directions, and a look beside kinks."""

from dataclasses import dataclass, replace

import numpy as np

from grader.gradcheck.backward import Backward
from grader.gradcheck.direction import Lane, Line, Outcome, Place, judge
from grader.gradcheck.forward import Array, Forward


@dataclass(frozen=True)
class Scene:
    """A gradient to judge: f, its gradient, how far each coordinate moves at step 1, the arithmetic, the dice.

    Attributes:
        scale: array (n,), the typical size of each coordinate; 0 for coordinates that are left alone.
    """

    forward: Forward
    backward: Backward
    scale: Array
    lane: Lane
    rng: np.random.Generator

    def place(self, x: Array, u: Array | None = None) -> Place | None:
        """f and its gradient at x, with random weights of the outputs unless given; None if f is not finite there."""
        y = self.forward(x)
        self.backward.keep(x)
        if u is None:
            u = self.weights(y.size)
        g = self.backward(x, u) if np.isfinite(y).all() and y.size == u.size else np.full(x.size, np.nan)
        return Place(x, y, u, g) if np.isfinite(g).all() else None

    def weights(self, size: int) -> Array:
        """A random upstream gradient: mixed signs, sizes in [0.5, 1.5]; 1 where the gradient takes none."""
        return jitter(self.rng, size) if self.backward.weighed else np.ones(size)

    def line(self, place: Place, signs: Array | None = None, scale: Array | None = None) -> Line:
        """A random direction in which no coordinate moves little and no two move alike."""
        d = (self.scale if scale is None else scale) * jitter(self.rng, place.x.size)
        return Line(self.forward, place, d if signs is None else np.abs(d) * signs, self.lane)


@dataclass(frozen=True)
class Judgement:
    """The verdict at a point, and the line and outcome that it rests on."""

    status: str
    line: Line
    outcome: Outcome


def jitter(rng: np.random.Generator, size: int) -> Array:
    """Random numbers of mixed sign with sizes in [0.5, 1.5]: nothing is hidden by a zero, nothing cancels."""
    return np.asarray(rng.uniform(0.5, 1.5, size) * rng.choice([-1.0, 1.0], size))


def judge_at(scene: Scene, place: Place) -> Judgement:
    """Judge with the given weights along the gradient, then with other weights along a random direction."""
    signs = np.where(place.g < 0, -1.0, 1.0)
    first = _judge_line(scene, scene.line(place, signs))
    if first.status == "wrong" or (first.status == "right" and first.outcome.status == "kink"):
        return first
    other = place
    if scene.backward.weighed and place.y.size > 1:
        u = scene.weights(place.y.size)
        g = scene.backward(place.x, u)
        if not np.isfinite(g).all():
            return first
        other = replace(place, u=u, g=g)
    second = _judge_line(scene, scene.line(other))
    return first if second.status == "right" else second


def _judge_line(scene: Scene, line: Line) -> Judgement:
    """Judge along one line; what could be a false alarm is looked at again elsewhere."""
    outcome = judge(line)
    if outcome.status == "right":
        return Judgement("right", line, outcome)
    moved, x = scene.scale > 0, np.abs(line.place.x)
    sizes = x[moved & (x > 0)]
    if sizes.size and outcome.status == "unsure" and scene.scale.max() > 300 * np.quantile(sizes, 0.05):
        own = np.where(moved, np.maximum(x, np.quantile(sizes, 0.05)), 0.0)
        line = scene.line(line.place, np.sign(line.d), own)
        outcome = judge(line)
    if outcome.status == "kink" or (outcome.status == "wrong" and scene.lane.eps > 1e-10):
        return _beside(scene, line, outcome)
    if outcome.status == "wrong" and _excused(scene, line, outcome):
        outcome = replace(outcome, status="right")
    return Judgement(outcome.status, line, outcome)


def _beside(scene: Scene, line: Line, outcome: Outcome) -> Judgement:
    """Judge at two opposite points near a kink: what is dead at one is alive at the other.

    At the kink itself anything between the one-sided slopes is right; as kinks inside f may cancel in the jump that
    its outputs show, 2.5 half jumps are allowed there.
    """
    x = line.place.x
    shift = 1e-2 * scene.scale * jitter(scene.rng, x.size)
    results = []
    for sign in (1.0, -1.0):
        place = scene.place(x + sign * shift) or scene.place(x * (1 + sign * 1e-2 * np.abs(jitter(scene.rng, x.size))))
        if place is None:
            continue
        signs = np.where(place.g < 0, -1.0, 1.0)
        near = scene.line(place, signs)
        found = judge(near)
        if found.status == "wrong" and not _excused(scene, near, found):
            return Judgement("wrong", near, found)
        results.append(found.status in ("right", "wrong") or abs(found.residual) <= 1.2 * found.error)
    within = outcome.status == "wrong" or abs(outcome.residual) <= 2.5 * outcome.error
    if results and all(results):
        return Judgement("right" if within else "wrong", line, outcome)
    return Judgement("unsure", line, outcome)


def _excused(scene: Scene, line: Line, outcome: Outcome) -> bool:
    """Whether the difference is the rounding of the gradient itself, or a matter of convention at this one point."""
    place, value = line.place, abs(outcome.residual)
    if value < 1e-3 * outcome.size and value <= 30 * own_rounding(scene, place, line.d):
        return True
    if scene.lane.eps > 1e-10:
        return False
    reach = min(max(200 * outcome.h, 1e-7), 1e-2)
    for sign in (1.0, -1.0):
        near = scene.place(place.x + sign * reach * scene.scale * jitter(scene.rng, place.x.size), place.u)
        level = Line(scene.forward, near, line.d, scene.lane).level(outcome.h) if near is not None else None
        if level is None or abs(level.value) > 0.3 * value:
            return False
    return True


def own_rounding(scene: Scene, place: Place, d: Array) -> float:
    """How much the gradient along d changes when x changes in its last bits."""
    changes = []
    for _ in range(2):
        x = place.x * (1 + scene.lane.eps * jitter(scene.rng, place.x.size))
        if scene.forward.cache is not None:
            scene.place(x, place.u)
        changes.append(abs(float((scene.backward(x, place.u) - place.g) @ d)))
    return max(changes)
