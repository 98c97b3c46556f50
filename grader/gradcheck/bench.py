"""Measurements of the true gradient around a place where the given one is wrong."""

from collections.abc import Sequence

import numpy as np

from grader.gradcheck.direction import Line
from grader.gradcheck.evidence import Evidence
from grader.gradcheck.forward import Array
from grader.gradcheck.slopes import Slopes
from grader.gradcheck.verdict import Judgement, Scene, jitter


class Bench:
    """Slopes of f in one block of x, along directions and entry by entry; every measurement costs two calls of f.

    Attributes:
        g, x: arrays of the shape of the block: the given gradient, and the point.
        u: array of the shape of f(x), the upstream gradient.
    """

    def __init__(self, scene: Scene, judgement: Judgement, number: int) -> None:
        """Measure at the step that the judgement found best, with the noise and the curvature that it saw."""
        self.scene, self.place, self.line = scene, judgement.line.place, judgement.line
        end = scene.forward.ends[number]
        shape = scene.forward.shapes[number]
        self.part = slice(end - int(np.prod(shape)), end)
        self.g, self.x = self.place.g[self.part].reshape(shape), self.place.x[self.part].reshape(shape)
        self.u = self.place.u.reshape(scene.forward.shape)
        self.scale = scene.scale[self.part].reshape(shape)
        outcome = judgement.outcome
        self.h = outcome.h if 0 < outcome.h < 0.1 else scene.lane.eps ** (1 / 3)
        level = self.line.levels.get(self.h)
        seen = abs(level.value - outcome.residual) / outcome.size if level is not None and outcome.size else 0.0
        self.curvature = min(3 * seen, 1e-2)
        self.rows: list[Array] = []
        self.lines: list[Line] = []

    def along(self, d: Array) -> tuple[float, float, Line]:
        """The slope along d (of the shape of the block), its tolerance, and the line it was measured on."""
        full = np.zeros(self.place.x.size)
        full[self.part] = d.ravel()
        line = Line(self.scene.forward, self.place, full, self.scene.lane)
        level = line.level(self.h)
        if level is None:
            return float("nan"), float("inf"), line
        slope = level.value + float(self.place.g @ full)
        loose = 2e-6 if self.scene.lane.floor < 1e-6 else 3 * self.scene.lane.floor
        return slope, 3 * self.line.noise / self.h + (self.curvature + loose) * line.size, line

    def evidence(self, count: int) -> Evidence:
        """The slopes along `count` random directions through the whole block."""
        target, bar = [], []
        for _ in range(count):
            d = self.scale * jitter(self.scene.rng, self.g.size).reshape(self.g.shape)
            slope, tolerance, line = self.along(d)
            if np.isfinite(slope):
                self.rows.append(d.ravel())
                self.lines.append(line)
                target.append(slope)
                bar.append(tolerance)
        rows = np.array(self.rows).reshape(len(target), self.g.size)
        return Evidence(rows, np.array(target), np.maximum(np.array(bar), 1e-300))

    def error_in(self, region: Array, row: Array) -> tuple[float, float]:
        """How much yours is off along the part of a direction inside a region, and the tolerance."""
        d = np.where(region, row.reshape(self.g.shape), 0.0)
        slope, tolerance, _ = self.along(d)
        return slope - float(np.sum(self.g * d)), tolerance

    def entries(self, indices: Sequence[int]) -> tuple[Slopes, dict[int, Array]]:
        """The slopes of some entries (flat indices), the others not judged; and how every output responds to each."""
        value, low, high = (np.zeros(self.g.size) for _ in range(3))
        bound, judged = np.full(self.g.size, np.inf), np.zeros(self.g.size, bool)
        responses = {}
        for i in indices:
            d = np.zeros(self.g.size)
            d[i] = self.scale.flat[i]
            slope, _, line = self.along(d.reshape(self.g.shape))
            if not np.isfinite(slope):
                continue
            level = line.levels[self.h]
            noise = 3 * self.line.noise / self.h
            kink = level.jump if self.h < 1e-4 and level.jump > max(0.02 * abs(slope), 10 * noise) else 0.0
            own = noise + (self.curvature + 1e-8) * abs(slope)
            value[i], bound[i] = slope / d[i], own / d[i]
            low[i], high[i] = (slope - kink) / d[i], (slope + kink) / d[i]
            judged[i] = True
            responses[i] = line.slopes[self.h] / d[i]
        shape = self.g.shape
        value, bound, low, high = (array.reshape(shape) for array in (value, bound, low, high))
        return Slopes(value, bound, low, high, judged.reshape(shape), self.scene.forward.calls), responses

    def worst_entry(self, row: Array) -> int:
        """A wrong entry, by halving: 2 calls of f for each halving."""
        inside = np.arange(self.g.size)
        error, _ = self.error_in(np.ones(self.g.shape, bool), row)
        while inside.size > 1:
            half = inside[: inside.size // 2]
            region = np.zeros(self.g.size, bool)
            region[half] = True
            part, _ = self.error_in(region.reshape(self.g.shape), row)
            left = abs(part) >= abs(error - part)
            inside, error = (half, part) if left else (inside[inside.size // 2 :], error - part)
        return int(inside[0])
