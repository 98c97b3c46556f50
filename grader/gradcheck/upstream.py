"""Mistakes with the upstream gradient, which show in calls of the gradient alone."""

import numpy as np

from grader.gradcheck.bench import Bench
from grader.gradcheck.evidence import Evidence, Explanation
from grader.gradcheck.forward import Array
from grader.gradcheck.verdict import jitter


class _Answers:
    """The given gradient of one block for other upstream gradients."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.size = float(np.linalg.norm(bench.g))

    def of(self, u: Array) -> Array:
        place, scene = self.bench.place, self.bench.scene
        return scene.backward(place.x, u.ravel())[self.bench.part].reshape(self.bench.g.shape)

    def same(self, a: Array, b: Array) -> bool:
        return bool(np.linalg.norm(a - b) <= max(1e-9, self.bench.scene.lane.eps * 10) * self.size)


def upstream_mistake(bench: Bench, evidence: Evidence) -> Explanation | None:
    """Upstream ignored, its sign lost, masked, clipped, only a part of it used; None where it is used linearly.

    What is right cannot be told from calls of the gradient; so this is asked only of gradients known to be wrong.
    """
    u, g, answers = bench.u, bench.g, _Answers(bench)
    if not bench.scene.backward.weighed or u.size < 2 or not g.any():
        return None
    mixed = np.abs(jitter(bench.scene.rng, u.size)) * np.where(np.arange(u.size) % 2, -1.0, 1.0)
    other = answers.of(mixed.reshape(u.shape))
    if answers.same(other, g):
        text = "Your gradient stays the same whatever the upstream gradient is: is it multiplied in (chain rule)?"
        return Explanation("upstream ignored", {}, text)
    part = answers.of(np.maximum(mixed, 0).reshape(u.shape))
    negative = answers.of(-u)
    if answers.same(negative, g):
        text = (
            "Your gradient does not change its sign with the upstream gradient: is there an abs or a square too many?"
        )
        return Explanation("sign", {"where": "the slope or the upstream gradient is negative"}, text)
    if answers.same(part, other) and not answers.of(np.minimum(mixed, 0).reshape(u.shape)).any():
        text = (
            "Your gradient uses only the positive part of the upstream gradient: is a mask on it that does not belong?"
        )
        return Explanation("mask", {"where": "the upstream gradient is negative"}, text)
    if not answers.same(negative, -g) and evidence.explains(g - negative, g):
        text = "Your gradient is right where the slope is positive and 0 where it is negative: is a max(., 0) too many?"
        return Explanation("mask", {"where": "the slope is negative"}, text)
    if evidence.explains(1e3 * answers.of(1e-3 * u), g) and not answers.same(1e3 * answers.of(1e-3 * u), g):
        text = "Your gradient is right for small upstream gradients and too small for large ones: is it clipped?"
        return Explanation("clipped", {}, text)
    return _one_sample(answers, u, g)


def _one_sample(answers: _Answers, u: Array, g: Array) -> Explanation | None:
    """Only one index of the outputs counts along an axis."""
    for axis in range(u.ndim):
        for name, i in (("first", 0), ("last", -1)):
            only = np.zeros_like(u)
            index = (slice(None),) * axis + (i,)
            only[index] = u[index]
            if u.shape[axis] > 1 and answers.same(answers.of(only), g) and not _empty_elsewhere(g, u, axis, i):
                text = f"Your gradient depends only on the {name} index along axis {axis} of the upstream gradient:"
                return Explanation("not summed", {"axis": axis}, f"{text} is the sum over that axis missing?")
    return None


def _empty_elsewhere(g: Array, u: Array, axis: int, i: int) -> bool:
    """Whether the gradient is 0 at the other indices of the axis: then rows are missing in it, not a sum."""
    if axis >= g.ndim or g.shape[axis] != u.shape[axis]:
        return False
    return not np.delete(g, i, axis).any()


def independent_part(bench: Bench) -> Explanation | None:
    """A term that is there without any upstream gradient."""
    if not bench.scene.backward.weighed or bench.u.size < 2:
        return None
    answers = _Answers(bench)
    rest = answers.of(np.zeros_like(bench.u))
    if np.linalg.norm(rest) <= 1e-6 * answers.size:
        return None
    text = "Your gradient is not 0 when the upstream gradient is 0: is a term added that the upstream gradient should"
    return Explanation("missing term", {"term": "independent of upstream"}, f"{text} multiply?")


def diagonal_only(bench: Bench, evidence: Evidence) -> Explanation | None:
    """Each entry uses only its own output, though f mixes them."""
    u, g, scene = bench.u, bench.g, bench.scene
    if not scene.backward.weighed or u.shape != g.shape or g.size < 2 or not len(evidence.target):
        return None
    answers = _Answers(bench)
    half = np.arange(g.size).reshape(g.shape) % 2 == 0
    if not answers.same(answers.of(np.where(half, u, 0)), np.where(half, g, 0)):
        return None
    chosen = np.argsort(-np.abs(g).ravel())[:2]
    slopes, responses = bench.entries([int(i) for i in chosen])
    tolerance = 3 * slopes.bound.ravel() + 1e-5 * np.abs(g).ravel()
    if len(responses) < 2 or not any(np.sum(np.abs(r) > 1e-6 * np.abs(r).max()) > 1 for r in responses.values()):
        return None
    if any(abs(u.flat[i] * r[i] - g.flat[i]) > tolerance[i] for i, r in responses.items()):
        return None
    text = "Your gradient has only the diagonal of the Jacobian: each output also depends on other entries of x;"
    return Explanation("diagonal only", {}, f"{text} are the terms off the diagonal left out?")
