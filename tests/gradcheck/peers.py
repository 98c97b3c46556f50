"""The rules by which others check gradients, with their default settings, on our battery.

They are written here from their sources as plain rules, so that they need no installation and judge the same numpy
functions. Where numdifftools can be imported it is asked itself.
"""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from scipy.optimize import check_grad

from .battery import Case


class Problem:
    """A case as one number F(x) = sum(u * f(x)) with a gradient, its calls counted; in the arithmetic of x."""

    def __init__(self, case: Case, rng: np.random.Generator) -> None:
        self.case, self.rng, self.evaluations = case, rng, 0
        self.x = np.asarray(case.x, float) if case.x.dtype.kind == "i" else case.x
        self.u = np.asarray(rng.normal(size=np.shape(self.output(self.x))))
        if case.number:
            self.u = np.ones(())

    def output(self, x: np.ndarray) -> np.ndarray:
        self.evaluations += 1
        return np.asarray(self.case.f(x.reshape(self.x.shape).astype(self.x.dtype)), float)

    def value(self, x: np.ndarray) -> float:
        return float(np.sum(self.u * self.output(x)))

    def gradient(self, u: np.ndarray | None = None) -> np.ndarray:
        """The gradient at x, flat.

        Raises:
            ValueError: it has another shape than x.
        """
        weights = np.asarray(self.u if u is None else u, self.x.dtype)
        g = np.asarray(self.case.gradient(self.x) if self.case.number else self.case.gradient(self.x, weights), float)
        if g.shape != self.x.shape:
            raise ValueError("shape")
        return g.ravel()

    def along(self, d: np.ndarray, h: float) -> float:
        """The central difference of F along d."""
        flat = self.x.ravel().astype(float)
        return (self.value(flat + h * d) - self.value(flat - h * d)) / (2 * h)

    def entries(self, h: float) -> np.ndarray:
        """The central difference of F along every unit vector."""
        return np.array([self.along(unit, h) for unit in np.eye(self.x.size)])

    @property
    def single(self) -> bool:
        return self.x.dtype.itemsize < 8


def cs231n(limit: float) -> Callable[[Problem], bool]:
    """Largest relative error of any entry, h = 1e-5; the course's notes leave the limit to the reader's judgement."""

    def rule(p: Problem) -> bool:
        a, n = p.gradient(), p.entries(1e-5)
        return bool(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))) < limit)

    return rule


def scipy_check_grad(p: Problem) -> bool:
    """Norm of the difference to forward differences, below 1e-6."""
    g = p.gradient()
    return bool(check_grad(p.value, lambda x: g, p.x.ravel().astype(float)) < 1e-6)


def autograd(p: Problem) -> bool:
    """HIPS autograd: one random direction, eps = 1e-6, absolute or relative difference below 1e-6."""
    d = p.rng.normal(size=p.x.size)
    a, n = float(p.gradient() @ d), p.along(d, 5e-7)
    return abs(a - n) < 1e-6 or abs(a - n) / abs(a + n) < 1e-6


def jax(p: Problem) -> bool:
    """One random direction, eps = 1e-4, atol = rtol = 1e-5 in float64 and 2e-3 in float32."""
    d = p.rng.normal(size=p.x.size)
    tolerance = 2e-3 if p.single else 1e-5
    return bool(np.isclose(p.gradient() @ d, p.along(d, 1e-4), rtol=tolerance, atol=tolerance))


def chainer(p: Problem) -> bool:
    """One random direction of length 1, eps = 1e-3, atol = 1e-5, rtol = 1e-4."""
    d = p.rng.normal(size=p.x.size)
    d /= np.linalg.norm(d)
    return bool(np.isclose(p.along(d, 1e-3), p.gradient() @ d, rtol=1e-4, atol=1e-5))


def torch_slow(p: Problem) -> bool:
    """Every entry of the Jacobian, eps = 1e-6, atol = 1e-5, rtol = 1e-3."""
    flat, size = p.x.ravel().astype(float), p.u.size
    columns = [(p.output(flat + 1e-6 * e) - p.output(flat - 1e-6 * e)).ravel() / 2e-6 for e in np.eye(p.x.size)]
    rows = [p.gradient(unit.reshape(p.u.shape)) for unit in np.eye(size)]
    return bool(np.allclose(np.array(rows), np.array(columns).T, rtol=1e-3, atol=1e-5))


def torch_fast(p: Problem) -> bool:
    """One number v J u with random positive unit vectors, eps = 1e-6, rtol = 1e-3, atol = 1e-5 * sum(u) * sum(v)."""
    v, u = p.rng.random(p.u.shape), p.rng.random(p.x.size)
    v, u = (np.ones(()), u / np.linalg.norm(u)) if p.case.number else (v / np.linalg.norm(v), u / np.linalg.norm(u))
    p.u = v
    return bool(np.isclose(p.gradient() @ u, p.along(u, 1e-6), rtol=1e-3, atol=1e-5 * np.sum(u) * np.sum(v)))


def numdifftools(p: Problem) -> bool:
    """Its extrapolated gradient, with its default steps; a relative difference of the whole below 1e-6."""
    import numdifftools as nd

    n = np.ravel(nd.Gradient(p.value)(p.x.ravel().astype(float)))
    return bool(np.linalg.norm(p.gradient() - n) <= 1e-6 * np.linalg.norm(n))


RULES: dict[str, Callable[[Problem], bool]] = {
    "CS231n, 1e-7": cs231n(1e-7),
    "CS231n, 1e-5": cs231n(1e-5),
    "CS231n, 1e-3": cs231n(1e-3),
    "scipy check_grad": scipy_check_grad,
    "HIPS autograd's rule": autograd,
    "jax's rule": jax,
    "Chainer's rule": chainer,
    "torch's rule, slow": torch_slow,
    "torch's rule, fast": torch_fast,
}
if find_spec("numdifftools"):
    RULES["numdifftools"] = numdifftools


DOUBLE_ONLY = ("torch's rule, slow", "torch's rule, fast")  # it asks for float64 itself


def verdict(name: str, case: Case) -> tuple[str, int]:
    """What a peer says of a case, and how often it called f; a wrong shape or a crash of the gradient is "wrong"."""
    problem = Problem(case, np.random.default_rng(case.x.size))
    if problem.single and name in DOUBLE_ONLY:
        return "not judged", 0
    with np.errstate(all="ignore"):
        try:
            right = RULES[name](problem)
        except (ValueError, IndexError, FloatingPointError):
            right = False
    return "right" if right else "wrong", problem.evaluations
