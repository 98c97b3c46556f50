"""Functions of several arguments: each is a block of its own, and none may hide a mistake in another."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from .battery import SEVERAL, Case
from .functions import normalise, sigmoid, softmax


@dataclass(frozen=True)
class Several:
    """f(*arguments), its gradients vjp(*arguments, u), and draw(rng) -> arguments; `number` as in Function."""

    name: str
    f: Callable
    vjp: Callable
    draw: Callable
    number: bool = False


def normals(*shapes):
    """Draw standard normal arguments."""
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def _norm_layer(x, gamma, beta):
    z = x - x.mean(1, keepdims=True)
    return gamma * z / np.sqrt((z * z).mean(1, keepdims=True) + 1e-5) + beta


def _norm_layer_vjp(x, gamma, beta, u):
    z = _norm_layer(x, np.ones_like(gamma), np.zeros_like(beta))
    return normalise(x, u * gamma, 1), (u * z).sum(0), u.sum(0)


def _attention(q, k, v):
    return softmax(q @ k.T / 2) @ v


def _attention_vjp(q, k, v, u):
    p = softmax(q @ k.T / 2)
    dp = u @ v.T
    ds = p * (dp - (p * dp).sum(1, keepdims=True)) / 2
    return ds @ k, ds.T @ q, p.T @ u


def _convolve(x, k, b):
    return np.lib.stride_tricks.sliding_window_view(x, k.size, 1) @ k + b


def _convolve_vjp(x, k, b, u):
    windows = np.lib.stride_tricks.sliding_window_view(x, k.size, 1)
    return np.stack([np.convolve(row, k) for row in u]), np.tensordot(u, windows, 2), u.sum(keepdims=True).ravel()


def _hidden(x, h, w):
    a = np.concatenate([x, h], 1) @ w
    return np.split(a, 3, 1)


def _gru(x, h, w):
    z, r, n = _hidden(x, h, w)
    return (1 - sigmoid(z)) * np.tanh(n * sigmoid(r)) + sigmoid(z) * h


def _gru_vjp(x, h, w, u):
    z, r, a = _hidden(x, h, w)
    z, r = sigmoid(z), sigmoid(r)
    n = np.tanh(a * r)
    dn = u * (1 - z) * (1 - n * n)
    d = np.concatenate([u * (h - n) * z * (1 - z), dn * a * r * (1 - r), dn * r], 1)
    both = d @ w.T
    return both[:, : x.shape[1]], both[:, x.shape[1] :] + u * z, np.concatenate([x, h], 1).T @ d


INPUTS, TARGETS = (np.random.default_rng(41).normal(size=shape) for shape in ((6, 3), (6, 2)))


def _network_loss(w, b, v, c):
    return np.mean((np.maximum(INPUTS @ w + b, 0) @ v + c - TARGETS) ** 2)


def _network_loss_slope(w, b, v, c, u):
    a = INPUTS @ w + b
    h = np.maximum(a, 0)
    d = 2 * (h @ v + c - TARGETS) / TARGETS.size
    da = d @ v.T * (a > 0)
    return INPUTS.T @ da, da.sum(0), h.T @ d, d.sum(0)


FUNCTIONS = [
    Several(
        "affine of three",
        lambda x, w, b: x @ w + b,
        lambda x, w, b, u: (u @ w.T, x.T @ u, u.sum(0)),
        normals((3, 4), (4, 5), 5),
    ),
    Several("layer norm of three", _norm_layer, _norm_layer_vjp, normals((4, 6), 6, 6)),
    Several("attention of three", _attention, _attention_vjp, normals((3, 4), (5, 4), (5, 2))),
    Several("convolution of three", _convolve, _convolve_vjp, normals((3, 8), 3, 1)),
    Several("gru of three", _gru, _gru_vjp, normals((3, 4), (3, 5), (9, 15))),
    Several("loss of a network", _network_loss, _network_loss_slope, normals((3, 4), 4, (4, 2), 2), number=True),
    Several(
        "large affine",
        lambda x, w, b: x @ w + b,
        lambda x, w, b, u: (u @ w.T, x.T @ u, u.sum(0)),
        normals((4, 3072), (3072, 10), 10),
    ),
]


def _regimes(function: Several, seed: int) -> Iterator[tuple[str, tuple]]:
    rng = np.random.default_rng((seed, crc32(function.name.encode())))
    yield "normal", function.draw(rng)
    for number in range(len(function.draw(rng))):
        scales = np.where(np.arange(4) == number, 1e-6, 1.0)
        yield f"small {number}", tuple(s * part for s, part in zip(scales, function.draw(rng), strict=False))
    yield "float32", tuple(part.astype(np.float32) for part in function.draw(rng))


def _call(function: Several, vjp: Callable) -> Callable:
    return (lambda *x: vjp(*x, 1.0)) if function.number else vjp


def _in_block(vjp: Callable, number: int, change: Callable) -> Callable:
    def edited(*arguments):
        parts = [np.array(part) for part in vjp(*arguments)]
        parts[number] = np.asarray(change(parts[number]), parts[number].dtype)
        return tuple(parts)

    return edited


def _entry(i: int, size: float) -> Callable:
    def change(g):
        g.flat[i] *= 1 + size
        return g

    return change


def right(seed: int = 0, functions: Iterable[Several] = FUNCTIONS) -> Iterator[Case]:
    """Right gradients, also where one argument is a million times smaller than the others."""
    for function in functions:
        for regime, x in _regimes(function, seed):
            yield Case(function.name, function.f, _call(function, function.vjp), x, function.number, regime)


def wrong(seed: int = 0, functions: Iterable[Several] = FUNCTIONS, every: int = 1) -> Iterator[Case]:
    """A mistake in one block of several; one of `every` so many."""
    for function in functions:
        count = seed + crc32(function.name.encode())
        for regime, x in _regimes(function, seed):
            u = np.random.default_rng(seed).uniform(0.5, 1.5, np.shape(function.f(*x)))
            for number, g in enumerate(function.vjp(*x, u)):
                for kind, size, change in _mistakes(g):
                    count += 1
                    shows = not np.array_equal(change(g.copy()), g)  # no factor shows in the zeros of dead units
                    if count % every == 0 and shows and (size > 1e-4 or regime != "float32"):
                        bad = _call(function, _in_block(function.vjp, number, change))
                        yield Case(function.name, function.f, bad, x, function.number, regime, kind, size)


def _mistakes(g) -> Iterator[tuple[str, float, Callable]]:
    alone = SEVERAL if g.size == 1 else None
    yield alone or "sign", 1.0, lambda g: -g
    yield alone or "zero", 1.0, lambda g: 0 * g
    for size in (1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        yield alone or "factor", size, lambda g, c=1 + size: c * g
    if g.size > 2:
        largest = int(np.argmax(np.abs(g)))
        for size in (1.0, 1e-2, 1e-3, 1e-4, 1e-5):
            yield "one entry", size, _entry(largest, size)
        yield "not finite", 1.0, lambda g: np.where(g == g.max(), np.nan, g)
        yield "shape", 1.0, lambda g: g.ravel()[:-1]
