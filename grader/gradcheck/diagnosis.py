"""What is wrong with a gradient that was found wrong, and where."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.gradcheck.direction import Finding, judge
from grader.gradcheck.explanation import Evidence, Explanation, explain
from grader.gradcheck.functions import Array, WrongShapeError, as_real
from grader.gradcheck.line import Line, Place
from grader.gradcheck.slopes import Slopes
from grader.gradcheck.verdict import NUDGE, Scene, jitter, own_rounding

FEW = 12  # entries that are measured one by one without asking first
SAMPLE = 10  # entries of a larger block that are measured first


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, the mistake if one fits, the block it is in and the slopes that were measured there."""

    verdict: str
    explanation: Explanation | None = None
    finding: Finding | None = None
    block: int = 0
    slopes: Slopes | None = None


class _Bench:
    """Slopes of f in one block of x, entry by entry; each costs two calls of f, at the step that a finding rests on."""

    def __init__(self, scene: Scene, found: Finding, number: int) -> None:
        functions, place = scene.functions, found.line.place
        self.scene, self.line, self.number = scene, found.line, number
        self.g, self.x, self.scale = (functions.split(flat)[number] for flat in (place.g, place.x, scene.scale))
        self.u = place.u.reshape(functions.shape)
        levels, size, noise = found.line.levels.values(), found.line.size, 3 * found.line.noise
        best = min(levels, key=lambda level: abs(level.value - found.residual) + noise / level.h, default=None)
        self.h = best.h if best is not None and best.h < 0.1 else scene.lane.step
        self.curvature = min(3 * abs(best.value - found.residual) / size, 1e-2) if best is not None and size else 0.0
        self.noise = max(noise / self.h, found.error if np.isfinite(found.error) else 0.0)
        # Of each entry: slope, bar, half the jump of the slope, and the part of the slope through its own output.
        self.rows = np.tile([0.0, np.inf, 0.0, np.nan], (self.g.size, 1))

    def along(self, d: Array) -> Line:
        """The line along d (flat, in the block)."""
        full, end = np.zeros(self.line.place.x.size), self.scene.functions.ends[self.number]
        full[end - d.size : end] = d
        return self.scene.on(self.line.place, full)

    def of(self, upstream: Array) -> Array:
        """The gradient in the block for another upstream gradient."""
        functions = self.scene.functions
        return functions.split(functions.gradient(self.line.place.x, upstream.ravel()))[self.number]

    def same(self, a: Array, b: Array) -> bool:
        """Whether two gradients differ by rounding only."""
        return bool(np.linalg.norm(a - b) <= max(1e-9, self.scene.lane.eps * 10) * np.linalg.norm(self.g))

    def look(self, indices: Iterable[int]) -> Slopes:
        """Measure some entries; all that were measured so far, the others not judged."""
        for i in indices:
            d = self.scale.flat[i]
            level = self.along(d * (np.arange(self.g.size) == i)).level(self.h)
            if level is not None:
                sharp = self.h < 1e-4 and level.jump > max(0.02 * abs(level.slope), 3 * self.noise)
                own = self.u.flat[i] * level.slopes[i] if self.u.shape == self.g.shape else np.nan
                bar = self.noise + (self.curvature + 1e-8) * abs(level.slope)
                self.rows[i] = np.array([level.slope, bar, level.jump * sharp, own]) / d
        value, bound, half, _ = self.rows.T.reshape(4, *self.g.shape)
        return Slopes(value, bound, value - half, value + half, np.isfinite(bound), self.scene.functions.calls)

    def worst_entry(self) -> int:
        """A wrong entry, by halving: 2 calls of f for each halving."""

        def residual(entries: Array) -> float:
            level = self.along(row * np.isin(np.arange(row.size), entries)).level(self.h)
            return 0.0 if level is None else level.value

        row, inside = self.scale.ravel() * jitter(self.scene.rng, self.g.size), np.arange(self.g.size)
        error = residual(inside)
        while inside.size > 1:
            half, other = np.array_split(inside, 2)
            part = residual(half)
            inside, error = (half, part) if abs(part) >= abs(error - part) else (other, error - part)
        return int(inside[0])


def diagnose_shape(scene: Scene, place: Place, error: WrongShapeError) -> Diagnosis:
    """The gradient has another shape than its argument, or there are too few or too many of them."""
    number, functions = error.args[0], scene.functions
    if number is None:
        count = len(functions.blocks)
        text = f"f has {count} arguments to differentiate: return a tuple of {count} gradients, in their order."
        text = "The gradient has to be one array of the shape of {x}." if count == 1 else text
        return Diagnosis("wrong", Explanation("shape", {"needed": count}, (text,)))
    x = place.x + 1e-3 * scene.scale * jitter(scene.rng, place.x.size)  # off kinks
    place = replace(place, x=x, y=functions.value(x, keep=True))
    given = functions.raw_gradient(x, place.u)
    bench = _Bench(scene, Finding("wrong", scene.on(place, scene.scale), 0.0, np.inf, 0.0), number)
    slopes = bench.look(scene.rng.permutation(bench.g.size)[:SAMPLE])
    given = as_real(given[number] if len(functions.blocks) > 1 else given, "the gradient")
    slopes = replace(slopes, bound=slopes.bound + 1e-3 * np.max(np.abs(slopes.value)))
    return Diagnosis("wrong", explain(given, slopes), block=number)


def diagnose(scene: Scene, found: Finding, number: int) -> Diagnosis:
    """Find the mistake in a block, and at least one wrong entry."""
    place = found.line.place
    again = scene.functions.gradient(place.x, place.u)
    if np.linalg.norm(again - place.g) > 1e-6 * np.linalg.norm(place.g):
        text = "Your gradient gives different numbers when it is called twice with the same arguments: is it random, or"
        return Diagnosis("wrong", Explanation("random", {}, (f"{text} does it change something it keeps?",)), found)
    if _hardly_off(_Bench(scene, found, number), found):
        return Diagnosis("right", None, found)
    found = _off_kinks(scene, found)
    bench, rtol = _Bench(scene, found, number), scene.lane.floor
    evidence = Evidence(bench.g, bench.look(_first_entries(bench)), rtol)
    if bench.g.size > FEW and evidence.found.wrong.sum() < 2:  # is it one entry, or one slice?
        evidence = Evidence(bench.g, bench.look(_beside_a_wrong_entry(bench, evidence)), rtol)
    explanation = _upstream_mistake(bench, evidence) if evidence.found.wrong.sum() > 1 or bench.g.size < 3 else None
    explanation = explanation or explain(bench.g, evidence.slopes, x=bench.x, upstream=bench.u, rtol=rtol)
    explanation = explanation or _through_few_outputs(bench, evidence.slopes)
    return Diagnosis("wrong", explanation, found, number, evidence.slopes)


def _hardly_off(bench: _Bench, found: Finding) -> bool:
    """Whether a difference is the sum of many that are not held against a gradient, each on its own.

    That is asked only where one entry can be found by halving: where noise and curvature are far below the difference.
    """
    scene, line, most = bench.scene, found.line, bench.scene.lane.entry
    if not 10 * max(bench.curvature * line.size, bench.noise) <= abs(found.residual) <= most * line.size:
        return False
    worst = judge(bench.along(bench.scale.ravel() * (np.arange(bench.g.size) == bench.worst_entry())))
    off = abs(worst.residual) + worst.error
    # The worst of n makes up at least 1 / n of their sum, if it is the worst: halving too can be misled.
    allowed = max(most * worst.line.size, 30 * own_rounding(scene, line.place, worst.line.d))
    return abs(found.residual) / (2 * bench.g.size) <= off <= allowed


def _first_entries(bench: _Bench) -> list[int]:
    """All of a small block; of a larger one some, half of them the largest of yours."""
    if bench.g.size <= FEW:
        return list(range(bench.g.size))
    largest = np.argpartition(-np.abs(bench.g), SAMPLE // 2, axis=None)[: SAMPLE // 2]
    return sorted({*largest.tolist(), *bench.scene.rng.permutation(bench.g.size)[: SAMPLE // 2].tolist()})


def _beside_a_wrong_entry(bench: _Bench, evidence: Evidence) -> list[int]:
    """A wrong entry if none is known yet, and two others of each slice that it lies in."""
    worst = evidence.found.worst
    i = bench.worst_entry() if worst is None else int(np.ravel_multi_index(worst, bench.g.shape))
    places = np.array(np.unravel_index(np.arange(bench.g.size), bench.g.shape))
    indices = [i]
    for axis in range(bench.g.ndim):
        beside = np.flatnonzero((places[axis] == places[axis, i]) & (np.arange(bench.g.size) != i))
        indices += bench.scene.rng.permutation(beside)[:2].tolist()
    return indices


def _off_kinks(scene: Scene, found: Finding) -> Finding:
    """The same at a point nearby if slopes jump at this one: averages of two slopes fit no hypothesis."""
    line, level = found.line, found.line.levels.get(found.h)
    if level is None or not scene.lane.fine or level.jump <= max(1e-4, 3 * level.h) * line.size:
        return found
    shifts = (sign * NUDGE * scene.scale * jitter(scene.rng, scene.scale.size) for sign in (1.0, -1.0))
    places = filter(None, (scene.place(line.place.x + shift, line.place.u) for shift in shifts))
    nearby = (judge(scene.on(place, line.d)) for place in places)
    return next((near for near in nearby if near.status == "wrong"), found)


def _upstream_mistake(bench: _Bench, evidence: Evidence) -> Explanation | None:
    """Mistakes with the upstream gradient, which show in calls of the gradient alone; None where it is used linearly.

    What is right cannot be told from calls of the gradient; so this is asked only of gradients known to be wrong.
    """
    u, g, of, same, fit = bench.u, bench.g, bench.of, bench.same, evidence.fit
    if not bench.scene.functions.weighed or u.size < 2 or not g.any():
        return None
    mixed = (np.linspace(0.5, 1.5, u.size) * np.where(np.arange(u.size) % 2, -1, 1)).reshape(u.shape)
    other, negative, none, small = of(mixed), of(-u), of(0 * u), 1e3 * of(1e-3 * u)
    halves = same(of(np.maximum(mixed, 0)), other) and same(of(np.maximum(-mixed, 0)), of(-mixed))
    tests: list[tuple[Any, str, str]] = [
        (same(other, g), "upstream ignored", "stays the same whatever {u} is: is it multiplied in (chain rule)?"),
        (same(negative, g), "sign", "keeps its sign when {u} changes its own: an abs or a square too many?"),
        (halves, "mask", "uses only the positive part of {u}: is a mask on it that does not belong?"),
        (not same(negative, -g) and fit(g - negative), "mask", "is 0 where the slope is negative: a max too many?"),
        (not same(small, g) and fit(small), "clipped", "is right for a small {u}, too small for a large one: a clip?"),
        (not same(none, 0 * g) and fit(g - none), "missing term", "is not 0 when {u} is 0: is a term not multiplied?"),
    ]
    for axis, i in ((k, i) for k in range(u.ndim) if u.shape[k] > 1 for i in (0, u.shape[k] - 1)):
        only = u * (np.arange(u.shape[axis]) == i).reshape([-1 if other == axis else 1 for other in range(u.ndim)])
        whole = axis >= g.ndim or g.shape[axis] != u.shape[axis] or np.delete(g, i, axis).any()  # no rows missing in g
        text = f"depends only on index {i} along axis {axis} of {{u}}: is the sum over that axis missing?"
        tests.append((whole and same(of(only), g), "not summed", text))
    found = ((kind, text.format(u="the upstream gradient")) for holds, kind, text in tests if holds)
    return next((Explanation(kind, {"upstream": kind}, (f"Your gradient {text}",)) for kind, text in found), None)


def _through_few_outputs(bench: _Bench, slopes: Slopes) -> Explanation | None:
    """Some outputs are left out: all but each entry's own, though f mixes them, or those that are negative."""
    own, g, y = bench.rows[:, 3].reshape(bench.g.shape), bench.g, bench.line.place.y
    known = slopes.judged & np.isfinite(own)
    off = np.abs(own - g) > 3 * slopes.bound + 1e-5 * np.abs(g)
    if known.sum() > 1 and g[known].any() and not off[known].any():
        text = "Your gradient has only the diagonal of the Jacobian: each output also depends on other entries of {x};"
        return Explanation("diagonal only", {}, (f"{text} are the terms off the diagonal left out?",))
    if bench.scene.functions.weighed and np.any(y < 0) and np.any(y > 0) and g.any():
        positive = bench.of(np.where(y < 0, 0.0, bench.u.ravel()))
        if bench.same(positive, g):
            text = "Your gradient uses the upstream gradient only where f is positive: is a mask too many?"
            return Explanation("mask", {"where": "f is negative"}, (text,))
    return None
