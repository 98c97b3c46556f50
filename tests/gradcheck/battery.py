"""Right gradients at awkward points, and wrong ones on purpose: the cases that a gradient checker has to get right."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from . import functions, losses, networks
from .functions import Function
from .slips import SLIPS

FUNCTIONS: list[Function] = functions.FUNCTIONS + networks.FUNCTIONS + losses.FUNCTIONS
SINGLE = ("single", "single inside")  # the regimes that work wholly in float32
LARGE_EVERY = 5  # a gradient of 1e5 entries takes as long as a hundred small ones
SEVERAL = "several fit"  # the kind of a mistake that could be named in several ways at its point
NEGLIGIBLE = 0.03  # an entry whose error is a smaller part of the largest one hardly shows
CERTAIN = ("not finite", "stale", "not summed", "upstream ignored", "shape", "formula")  # kinds that nothing imitates


@dataclass(frozen=True)
class Case:
    """check_gradient(f, gradient, x) has one right verdict: `kind` is None for a right gradient; x may be a tuple."""

    name: str
    f: Callable
    gradient: Callable
    x: np.ndarray | tuple[np.ndarray, ...]
    number: bool
    regime: str
    kind: str | None = None
    size: float = 0.0

    @property
    def entries(self) -> int:
        """The number of entries of all arguments."""
        return sum(part.size for part in self.x) if isinstance(self.x, tuple) else self.x.size

    @property
    def smooth(self) -> bool:
        """Whether x is an ordinary point: float64, no kink near, nothing rounded away."""
        return self.regime in ("normal", "again")


def chosen(names: tuple[str, ...] = (), among: list = FUNCTIONS) -> list:
    """The functions with these names; all without any.

    Raises:
        ValueError: there is none of such a name.
    """
    unknown = set(names) - {function.name for function in among}
    if unknown:
        raise ValueError(f"no function is called {', '.join(sorted(unknown))}")
    return [function for function in among if not names or function.name in names]


def _single(f: Callable) -> Callable:
    """f, wholly in float32."""

    def single(z):
        y = f(z.astype(np.float32))
        return np.float32(y) if np.ndim(y) == 0 else y.astype(np.float32)

    return single


def _noisy(f: Callable) -> Callable:
    """f with a noise of 1e-10 of its size, always the same at the same point, as of an iteration that stops early."""

    def noisy(z):
        y = np.asarray(f(z))
        wave = np.modf(1e10 * np.abs(np.sin(np.sum(z) + np.arange(y.size) + 1)))[0].reshape(y.shape) - 0.5
        return y + 1e-10 * np.sqrt(np.mean(y * y)) * wave

    return noisy


def regimes(function: Function, seed: int) -> Iterator[tuple[str, Callable, np.ndarray, Callable]]:
    """The points: name, f, x, vjp. A new function changes no other one's points."""
    rng = np.random.default_rng((seed, crc32(function.name.encode())))
    f, vjp, x = function.f, function.vjp, function.draw(rng)
    yield "normal", f, x, vjp
    yield "again", f, function.draw(rng), vjp
    for scale in function.scales:
        yield f"x {scale:g}", f, function.draw(rng) * scale, vjp
    if function.offset:
        yield "offset 1e6", lambda z: f(z) + 1e6, x, vjp
    if function.kinks:
        kink = function.draw(rng)
        yield "at kinks", f, function.snap(kink), vjp
        near = np.where(rng.random(kink.shape) < 0.4, function.snap(kink) + 1e-9 * kink, kink)
        yield "near kinks", f, near, vjp
    if function.single:

        def single(z, u):
            return np.asarray(vjp(z.astype(np.float32), np.asarray(u, np.float32)), np.float32)

        yield "float32", f, x.astype(np.float32), vjp
        yield "single", _single(f), x.astype(np.float32), single
        if "inside" in function.also:
            yield "single inside", lambda z: _single(f)(z).astype(float), x, lambda z, u: single(z, u).astype(float)
    special = {
        "zero": (f, np.zeros_like(x)),
        "mixed": (f, x * 10 ** rng.uniform(-4, 4, x.shape)),
        "far": (f, x + 1e6),
        "noisy": (_noisy(f), x),
        "integers": (f, np.round(3 * x).astype(int)),
    }
    yield from ((name, *special[name], vjp) for name in special if name in function.also)
    if function.large is not None:
        yield "large", f, function.large(rng), vjp


def _call(function: Function, vjp: Callable) -> Callable:
    """The gradient in the form that check_gradient calls."""
    return (lambda x: vjp(x, 1.0)) if function.number else vjp


def right(seed: int = 0, functions: Iterable[Function] = FUNCTIONS) -> Iterator[Case]:
    """Right gradients everywhere."""
    for function in functions:
        for regime, f, x, vjp in regimes(function, seed):
            yield Case(function.name, f, _call(function, vjp), x, function.number, regime)


def wrong(seed: int = 0, functions: Iterable[Function] = FUNCTIONS, every: int = 1) -> Iterator[Case]:
    """Wrong gradients, or one of `every` so many (fewer large ones); none that is right, or hardly wrong, at its x."""
    for function in functions:
        count = seed + crc32(function.name.encode())
        for regime, f, x, vjp in regimes(function, seed):
            for kind, size, bad in mistakes(function, x, vjp, np.random.default_rng((seed, x.size))):
                count += 1
                if count % (every * (LARGE_EVERY if regime == "large" else 1)) or not _fits(kind, size, regime, vjp, x):
                    continue
                if kind == "stale" or _differs(f, vjp, bad, x, size):
                    label = _label(kind, f, vjp, bad, x)
                    yield Case(function.name, f, _call(function, bad), x, function.number, regime, label, size)


def _fits(kind: str, size: float, regime: str, vjp, x) -> bool:
    """Whether a mistake of this size can be asked for in this regime."""
    if kind == "stale":
        return regime not in (*SINGLE, "offset 1e6", "noisy") and not _same_nearby(vjp, x)
    return size >= 1e-2 or regime not in SINGLE


def _edit(vjp: Callable, change: Callable) -> Callable:
    """A gradient with a mistake: change(g, x, u) alters a copy of the right one."""

    def edited(x, u):
        g = np.array(vjp(x, u))
        return np.asarray(change(g, x, u), g.dtype)

    return edited


def _scaled_entry(i: int, size: float) -> Callable:
    def change(g, x, u):
        g.flat[i] *= 1 + size
        return g

    return change


def _scaled_slice(axis: int, i: int, size: float) -> Callable:
    def change(g, x, u):
        g[(slice(None),) * axis + (i,)] *= 1 + size
        return g

    return change


def mistakes(function: Function, x, vjp, rng) -> Iterator[tuple[str, float, Callable]]:
    """Kind, relative size and the gradient with that mistake; size 1 is gross."""
    x = _real(x)
    y = np.asarray(function.f(x))
    yield from _of_all_sizes(x, vjp, y, rng)
    if x.size > 1:
        yield from _reshaped(x, vjp)
        yield from _misplaced(vjp)
        yield from _masked(vjp)
        yield from _missing(vjp)
    for _, kind, slip in SLIPS.get(function.name, ()):
        yield kind, 1.0, slip
    if not function.number:
        yield from _with_upstream(function, x, vjp, y, rng)
    elif x.size > 1:
        stale: list = []

        def remembers(x, u):
            stale.append(vjp(x, u))
            return stale[0]

        yield "stale", 1.0, remembers


def _of_all_sizes(x, vjp, y, rng):
    """Factors, single entries and slices, off by gross to tiny amounts."""
    for size in (-2.0, 1.0, -0.5, 1 / 3, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        kind = "sign" if size == -2 else "factor"
        yield kind, min(abs(size), 1.0), _edit(vjp, lambda g, x, u, c=1 + size: c * g)
    if x.size > 1:
        for count in {len(x), x.size, y.size} - {1}:
            yield "factor", 1.0, _edit(vjp, lambda g, x, u, n=count: g * n)
            yield "factor", 1.0, _edit(vjp, lambda g, x, u, n=count: g / n)
    g = np.abs(vjp(x, rng.normal(size=y.shape))).ravel()
    large = np.flatnonzero(g >= 0.3 * np.sqrt(np.mean(g * g)))
    for size in (1.0, -1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        yield "one entry", abs(size), _edit(vjp, _scaled_entry(int(rng.choice(large)), size))
    yield "noise", 1e-3, _edit(vjp, lambda g, x, u: g * (1 + 1e-3 * np.sin(1e3 * np.arange(g.size)).reshape(g.shape)))
    for axis in range(x.ndim if x.ndim > 1 else 0):
        yield "one slice", 1.0, _edit(vjp, _scaled_slice(axis, int(rng.integers(x.shape[axis])), -1.0))
        yield "one slice", 0.01, _edit(vjp, _scaled_slice(axis, int(rng.integers(x.shape[axis])), 0.01))


def _reshaped(x, vjp):
    """Other shapes, and the right shape filled in the wrong order."""
    yield "not summed", 1.0, lambda x, u: np.stack([0.3 * vjp(x, u), 0.7 * vjp(x, u)])
    yield "shape", 1.0, lambda x, u: vjp(x, u).ravel()[:-1]
    yield "shape", 1.0, lambda x, u: vjp(x, u).sum()
    if x.shape != x.shape[::-1]:
        yield "transpose", 1.0, lambda x, u: vjp(x, u).T
    if x.ndim > 1:
        yield "transpose", 1.0, _edit(vjp, lambda g, x, u: g.T if g.shape == g.T.shape else g.T.reshape(g.shape))


def _misplaced(vjp):
    """The right numbers at other places."""
    yield "shift", 1.0, _edit(vjp, lambda g, x, u: np.roll(g, 1, -1))
    yield "shift", 1.0, _edit(vjp, lambda g, x, u: np.roll(g, -1, 0))
    yield "shift", 1.0, _edit(vjp, lambda g, x, u: np.flip(g, 0))


def _masked(vjp):
    """Right only where something is positive, or nowhere finite."""
    yield "mask", 1.0, _edit(vjp, lambda g, x, u: g * (x > 0))
    yield "mask", 1.0, _edit(vjp, lambda g, x, u: np.maximum(g, 0))
    yield "sign", 1.0, _edit(vjp, lambda g, x, u: np.abs(g))
    yield "sign", 1.0, _edit(vjp, lambda g, x, u: g * np.where(x < 0, -1, 1))
    yield "zero", 1.0, _edit(vjp, lambda g, x, u: 0 * g)
    yield "not finite", 1.0, _edit(vjp, lambda g, x, u: np.where(g == g.max(), np.nan, g))
    yield "not finite", 1.0, _edit(vjp, lambda g, x, u: np.where(x == x.min(), np.inf, g))


def _missing(vjp):
    """A term left out, or one too many."""
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g + 0.1 * x * np.linalg.norm(g) / (np.linalg.norm(x) or 1))
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g - 0.3 * np.sign(x) * np.sqrt(np.mean(g * g)))
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g - g.mean(-1, keepdims=True) / 2)
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g + g.sum(0, keepdims=True) / 5)
    yield "missing term", 1.0, _edit(vjp, lambda g, x, u: g + np.sqrt(np.mean(g * g)) / 2)


def _with_upstream(function, x, vjp, y, rng):
    """Mistakes with the upstream gradient, and with the other outputs."""
    fixed = rng.uniform(0.5, 1.5, y.shape)
    yield "upstream ignored", 1.0, lambda x, u: vjp(x, fixed.astype(x.dtype))
    yield "upstream ignored", 1.0, lambda x, u: vjp(x, np.ones_like(u))
    if y.size < 2:
        return
    yield "mask", 1.0, lambda x, u: vjp(x, np.maximum(u, 0))
    yield "mask", 1.0, lambda x, u: vjp(x, u * (function.f(x) > 0))
    yield "sign", 1.0, lambda x, u: vjp(x, np.abs(u))
    yield "clipped", 0.5, lambda x, u: vjp(x, np.clip(u, -0.7, 0.7))
    if function.name in ("bias", "weights", "mlp weights", "gram", "squared distances", "kernel"):
        yield "not summed", 1.0, lambda x, u: vjp(x, np.where(np.arange(len(u)) == 0, u.T, 0).T)
    if y.shape == x.shape and 1 < x.size <= 40 and _mixes(vjp, x):
        yield "diagonal only", 1.0, lambda x, u: u * _diagonal(vjp, x)


def _diagonal(vjp, x):
    """The diagonal of the Jacobian."""
    rows = np.eye(x.size, dtype=x.dtype)
    return np.array([vjp(x, row.reshape(x.shape)).flat[i] for i, row in enumerate(rows)], x.dtype).reshape(x.shape)


def _mixes(vjp, x) -> bool:
    """Whether each of some outputs depends on several entries of x."""
    rows = np.eye(x.size, dtype=x.dtype)[:: max(1, x.size // 6)]
    return all(np.count_nonzero(vjp(x, row.reshape(x.shape))) > 1 for row in rows)


def _real(x) -> np.ndarray:
    """x as f sees it: floats."""
    return x.astype(float) if x.dtype.kind == "i" else x


def _label(kind: str, f, vjp, bad, x) -> str:
    """The kind of a mistake at this point, where another one has the same effect there, or SEVERAL."""
    if kind in CERTAIN:
        return SEVERAL if kind == "upstream ignored" and x.size == 1 else kind
    if x.size == 1:
        return SEVERAL
    x = _real(x)
    u = np.abs(jitter(np.random.default_rng(8), np.shape(f(x))))
    u = np.asarray(u * np.where(np.arange(u.size) % 2, -1, 1).reshape(u.shape), x.dtype)
    good, other = vjp(x, u).astype(float), bad(x, u).astype(float)
    if good.shape != other.shape:
        return kind
    if not other.any():
        return "zero"
    error, c = np.abs(other - good), np.sum(good * other) / np.sum(good * good)
    if np.allclose(other, c * good, rtol=1e-7, atol=0):
        return "sign" if abs(c + 1) < 1e-6 else "factor"
    if np.count_nonzero(good) <= 2 or np.linalg.norm(other - c * good) <= NEGLIGIBLE * np.linalg.norm(error):
        return SEVERAL
    off, large = error > 1e-7 * np.abs(good), error > NEGLIGIBLE * error.max()
    if large.sum() == 1:
        return "one entry" if off.sum() == 1 else SEVERAL
    in_one_slice = off.ndim > 1 and any(len(np.unique(indices)) == 1 for indices in np.nonzero(large))
    return SEVERAL if in_one_slice and kind != "one slice" else kind


def jitter(rng, shape):
    """Random numbers of mixed sign, away from 0."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)


def _same_nearby(vjp, x) -> bool:
    """Whether the right gradient hardly depends on x, so that an old one is right."""
    g = vjp(x, 1.0)
    return np.linalg.norm(vjp(1.1 * x, 1.0) - g) <= 1e-2 * np.linalg.norm(g)


def _differs(f, vjp, bad, x, size) -> bool:
    """Whether the mistake shows at x with generic upstream gradients, by at least a tenth of its size."""
    rng, x = np.random.default_rng(7), _real(x)
    for _ in range(3):
        u = np.asarray(jitter(rng, np.shape(f(x))), x.dtype)
        good, other = vjp(x, u), bad(x, u)
        if np.shape(good) != np.shape(other) or not np.isfinite(other).all():
            return True
        good, other = good.astype(float), other.astype(float)
        if np.linalg.norm(good - other) < 0.1 * size / np.sqrt(good.size) * np.linalg.norm(good) or not good.any():
            return False
    return True
