"""Right gradients at awkward points, and wrong ones on purpose: the cases that a gradient checker has to get right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .functions import FUNCTIONS, Function


@dataclass(frozen=True)
class Case:
    """check_gradient(f, gradient, x) has one right verdict: `kind` is None for a right gradient."""

    name: str
    f: Callable
    gradient: Callable
    x: np.ndarray
    number: bool
    regime: str
    kind: str | None = None
    size: float = 0.0

    @property
    def smooth(self) -> bool:
        """Whether x is an ordinary point: float64, no kink near, nothing rounded away."""
        return self.regime in ("normal", "again")


def functions(names: tuple[str, ...] = ()) -> list[Function]:
    """The functions with these names; all without any.

    Raises:
        ValueError: there is none of such a name.
    """
    unknown = set(names) - {function.name for function in FUNCTIONS}
    if unknown:
        raise ValueError(f"no function is called {', '.join(sorted(unknown))}")
    return [function for function in FUNCTIONS if not names or function.name in names]


def _regimes(function: Function, rng) -> Iterator[tuple[str, Callable, np.ndarray, Callable]]:
    """The points: name, f, x, vjp."""
    f, vjp, x = function.f, function.vjp, function.draw(rng)
    yield "normal", f, x, vjp
    yield "again", f, function.draw(rng), vjp
    for scale in function.scales:
        yield f"x {scale:g}", f, function.draw(rng) * scale, vjp
    if function.number or function.name in ("affine", "tanh", "softmax", "weights"):
        yield "offset 1e6", lambda z: f(z) + 1e6, x, vjp
    if function.kinks:
        kink = function.draw(rng)
        yield "at kinks", f, np.round(kink), vjp
        near = np.where(rng.random(kink.shape) < 0.4, 1e-9 * kink, kink)
        yield "near kinks", f, near, vjp
    if function.single:
        yield "float32", f, x.astype(np.float32), vjp

        def single(z):
            y = f(z.astype(np.float32))
            return np.float32(y) if np.ndim(y) == 0 else y.astype(np.float32)

        yield (
            "single",
            single,
            x.astype(np.float32),
            lambda z, u: np.asarray(vjp(z.astype(np.float32), np.asarray(u, np.float32)), np.float32),
        )


def _call(function: Function, vjp: Callable) -> Callable:
    """The gradient in the form that check_gradient calls."""
    return (lambda x: vjp(x, 1.0)) if function.number else vjp


def right(seed: int = 0, functions: list[Function] = FUNCTIONS) -> Iterator[Case]:
    """Right gradients everywhere."""
    for index, function in enumerate(functions):
        rng = np.random.default_rng((seed, index))
        for regime, f, x, vjp in _regimes(function, rng):
            yield Case(function.name, f, _call(function, vjp), x, function.number, regime)


def _edit(vjp: Callable, change: Callable) -> Callable:
    """A gradient with a mistake: change(g, x, u) alters a copy of the right one."""

    def wrong(x, u):
        g = np.array(vjp(x, u))
        return np.asarray(change(g, x, u), g.dtype)

    return wrong


def _scaled_entry(i: int, size: float) -> Callable:
    def change(g, x, u):
        g.flat[i] *= 1 + size
        return g

    return change


def _scaled_row(axis: int, i: int, size: float) -> Callable:
    def change(g, x, u):
        g[(slice(None),) * axis + (i,)] *= 1 + size
        return g

    return change


def mistakes(function: Function, x, vjp, rng) -> Iterator[tuple[str, float, Callable]]:
    """Kind, relative size and the gradient with that mistake; size 1 is gross."""
    weigh = not function.number
    for size in (-2.0, 1.0, -0.5, 1 / 3, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        kind = "sign" if size == -2 else "factor"
        yield kind, min(abs(size), 1.0), _edit(vjp, lambda g, x, u, c=1 + size: c * g)
    yield "factor", 1.0, _edit(vjp, lambda g, x, u: g * x.shape[0])
    yield "factor", 1.0, _edit(vjp, lambda g, x, u: g / x.size)
    g = np.abs(vjp(x, rng.normal(size=np.shape(function.f(x))))).ravel()
    large = np.flatnonzero(g >= 0.3 * np.sqrt(np.mean(g * g)))
    for size in (1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        yield "one entry", size, _edit(vjp, _scaled_entry(int(rng.choice(large)), size))
    if x.ndim > 1:
        for axis in (0, 1):
            yield "one slice", 1.0, _edit(vjp, _scaled_row(axis, int(rng.integers(x.shape[axis])), -1.0))
            yield "one slice", 0.01, _edit(vjp, _scaled_row(axis, int(rng.integers(x.shape[axis])), 0.01))
        yield "transpose", 1.0, _edit(vjp, lambda g, x, u: g.T if g.shape == g.T.shape else g.T.reshape(g.shape))
        yield "not summed", 1.0, _edit(vjp, lambda g, x, u: np.stack([0.3 * g, 0.7 * g]))
    yield "shift", 1.0, _edit(vjp, lambda g, x, u: np.roll(g, 1, -1))
    yield "shift", 1.0, _edit(vjp, lambda g, x, u: np.flip(g, 0))
    yield "mask", 1.0, _edit(vjp, lambda g, x, u: g * (x > 0))
    yield "mask", 1.0, _edit(vjp, lambda g, x, u: np.maximum(g, 0))
    yield "sign", 1.0, _edit(vjp, lambda g, x, u: np.abs(g))
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g + 0.1 * x * np.linalg.norm(g) / np.linalg.norm(x))
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g - g.mean(-1, keepdims=True) / 2)
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g + np.sqrt(np.mean(g * g)) / 2)
    yield "not finite", 1.0, _edit(vjp, lambda g, x, u: np.where(g == g.max(), np.nan, g))
    yield "zero", 1.0, _edit(vjp, lambda g, x, u: 0 * g)
    yield "noise", 1e-3, _edit(vjp, lambda g, x, u: g * (1 + 1e-3 * np.sin(1e3 * np.arange(g.size)).reshape(g.shape)))
    if weigh:
        fixed = rng.uniform(0.5, 1.5, np.shape(function.f(x)))
        yield "upstream ignored", 1.0, lambda x, u: vjp(x, fixed.astype(x.dtype))
        yield "upstream ignored", 1.0, lambda x, u: vjp(x, np.ones_like(u))
        yield "mask", 1.0, lambda x, u: vjp(x, np.maximum(u, 0))
        yield "sign", 1.0, lambda x, u: vjp(x, np.abs(u))
        if function.name in ("bias", "weights", "mlp weights", "gram", "squared distances"):
            yield "not summed", 1.0, lambda x, u: vjp(x, np.where(np.arange(len(u)) == 0, u.T, 0).T)
    elif x.size > 1:
        stale: list = []

        def remembers(x, u):
            stale.append(vjp(x, u))
            return stale[0]

        yield "stale", 1.0, remembers


def wrong(seed: int = 0, functions: list[Function] = FUNCTIONS) -> Iterator[Case]:
    """Wrong gradients; not those that are right at a point, or hardly wrong."""
    for index, function in enumerate(functions):
        rng = np.random.default_rng((seed, index))
        for regime, f, x, vjp in _regimes(function, rng):
            for kind, size, bad in mistakes(function, x, vjp, np.random.default_rng((seed, index, 1))):
                if regime == "single" and size < 1e-2:
                    continue
                if kind == "stale" and (regime in ("single", "offset 1e6") or _same_nearby(vjp, x)):
                    continue
                if kind == "stale" or _differs(function, f, vjp, bad, x, size):
                    label = _label(kind, f, vjp, bad, x)
                    if label:
                        yield Case(function.name, f, _call(function, bad), x, function.number, regime, label, size)


def _label(kind: str, f, vjp, bad, x) -> str | None:
    """The kind of a mistake at this point, where another one has the same effect there; None where several fit."""
    if kind in ("not finite", "stale", "not summed", "upstream ignored"):
        return kind
    u = np.abs(jitter(np.random.default_rng(8), np.shape(f(x))))
    u = np.asarray(u * np.where(np.arange(u.size) % 2, -1, 1).reshape(u.shape), x.dtype)
    good, other = vjp(x, u).astype(float), bad(x, u).astype(float)
    if not other.any():
        return "zero"
    off = np.abs(other - good) > 1e-7 * np.abs(good)
    if off.sum() == 1:
        return "one entry" if np.count_nonzero(good) > 2 else None
    c = np.sum(good * other) / np.sum(good * good)
    if np.allclose(other, c * good, rtol=1e-7, atol=0):
        return "sign" if abs(c + 1) < 1e-6 else "factor"
    rows = [np.any(np.delete(off, i, axis)) for axis in range(off.ndim) for i in range(off.shape[axis]) if off.ndim > 1]
    return kind if kind == "one slice" or all(rows) else None


def jitter(rng, shape):
    """Random numbers of mixed sign, away from 0."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)


def _same_nearby(vjp, x) -> bool:
    """Whether the right gradient hardly depends on x, so that an old one is right."""
    g = vjp(x, 1.0)
    return np.linalg.norm(vjp(1.1 * x, 1.0) - g) < 1e-2 * np.linalg.norm(g)


def _differs(function: Function, f, vjp, bad, x, size) -> bool:
    """Whether the mistake shows at x with generic upstream gradients, by at least a tenth of its size."""
    rng = np.random.default_rng(7)
    for _ in range(3):
        u = np.asarray(rng.uniform(0.5, 1.5, np.shape(f(x))) * rng.choice([-1, 1], np.shape(f(x))), x.dtype)
        good, other = vjp(x, u), bad(x, u)
        if np.shape(good) != np.shape(other) or not np.isfinite(other).all():
            return True
        good, other = good.astype(float), other.astype(float)
        if np.linalg.norm(good - other) < 0.1 * size / np.sqrt(good.size) * np.linalg.norm(good) or not good.any():
            return False
    return True
