"""Layers and networks of the course with their right gradients, each derived by hand."""

import numpy as np

from .functions import Function, constants, like, normal, normalise, number, pointwise, positive, sigmoid, softmax

WGRU, HGRU, QGRU = constants(11, (4, 12), (3, 4), (3, 4))
SEQUENCE = constants(12, (4, 2, 3))[0]
KEYS, VALUES = constants(13, (4, 4), (4, 3))
WDENSE, WOUT = constants(14, (4, 6), (6, 2))
FORM = constants(15, (4, 4))[0]
IMAGE = constants(16, (6, 5))[0]
SEGMENTS = np.array([0, 2, 0, 1, 2])
CAUSAL = np.tril(np.ones((4, 4), bool))


def _mish_slope(x):
    t = np.tanh(np.logaddexp(0, x))
    return t + x * (1 - t * t) * sigmoid(x)


def _soft_threshold(x):
    return np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)


POINTWISE = [
    pointwise("mish", lambda x: x * np.tanh(np.logaddexp(0, x)), _mish_slope, scales=(1e-8, 5.0), also=("zero",)),
    pointwise(
        "softsign", lambda x: x / (1 + np.abs(x)), lambda x: (1 + np.abs(x)) ** -2, scales=(1e-8, 1e3), also=("mixed",)
    ),
    pointwise(
        "hard sigmoid",
        lambda x: np.clip(x / 6 + 0.5, 0, 1),
        lambda x: (np.abs(x) < 3) / 6,
        lambda rng: 2 * rng.normal(size=(3, 4)),
        scales=(1e-8,),
        kinks=True,
    ),
    pointwise(
        "relu 6",
        lambda x: np.clip(x, 0, 6),
        lambda x: ((x > 0) & (x < 6)) * 1.0,
        lambda rng: 3 * rng.normal(size=(3, 4)),
        scales=(1e-8,),
        kinks=True,
    ),
    pointwise(
        "selu",
        lambda x: 1.05 * np.where(x > 0, x, 1.67 * np.expm1(np.minimum(x, 0))),
        lambda x: 1.05 * np.where(x > 0, 1, 1.67 * np.exp(np.minimum(x, 0))),
        scales=(1e-8, 10.0),
        kinks=True,
    ),
    pointwise(
        "soft threshold",
        _soft_threshold,
        lambda x: (np.abs(x) > 0.5) * 1.0,
        scales=(1e6,),
        kinks=True,
        snap=lambda x: np.round(2 * x) / 2,
    ),
    pointwise(
        "sharp softplus",
        lambda x: np.logaddexp(0, 50 * x) / 50,
        lambda x: sigmoid(50 * x),
        scales=(1e-4, 1e4),
        also=("zero",),
    ),
    pointwise("smooth abs", lambda x: np.sqrt(x * x + 1e-6), lambda x: x / np.sqrt(x * x + 1e-6), scales=(1e-3, 1e6)),
    pointwise("steep exp", lambda x: np.exp(30 * x), lambda x: 30 * np.exp(30 * x), scales=(1e-8,), single=False),
    pointwise("fast wave", lambda x: np.sin(100 * x), lambda x: 100 * np.cos(100 * x), scales=(1e-8,), single=False),
    pointwise("1 - cos", lambda x: 1 - np.cos(x), np.sin, scales=(1e-3,), single=False),
    pointwise("arctan", np.arctan, lambda x: 1 / (1 + x * x), scales=(1e-8, 1e3), also=("zero", "noisy")),
    pointwise("x log x", lambda x: x * np.log(x), lambda x: np.log(x) + 1, positive(3, 4), scales=(1e-6, 1e6)),
    pointwise("round", np.round, np.zeros_like, scales=(10.0,)),
    pointwise("power of one", lambda x: x**1.5, lambda x: 1.5 * np.sqrt(x), positive(1), scales=(1e-8, 1e6)),
    number("sine of a number", np.sin, lambda x, u: np.cos(x), normal(), scales=(1e-8,)),
]


def _gru(x):
    w, h, q = like(x, WGRU, HGRU, QGRU)
    z, r, n = np.split(x @ w, 3, 1)
    z, r = sigmoid(z), sigmoid(r)
    return (1 - z) * np.tanh(n + r * q) + z * h


def _gru_vjp(x, u):
    w, h, q = like(x, WGRU, HGRU, QGRU)
    z, r, n = np.split(x @ w, 3, 1)
    z, r = sigmoid(z), sigmoid(r)
    n = np.tanh(n + r * q)
    dn = u * (1 - z) * (1 - n * n)
    return np.concatenate([u * (h - n) * z * (1 - z), dn * q * r * (1 - r), dn], 1) @ w.T


def _unrolled(w):
    hidden = [np.zeros((2, 3), w.dtype)]
    for x in like(w, SEQUENCE)[0]:
        hidden.append(np.tanh(x + hidden[-1] @ w))
    return np.stack(hidden[1:])


def _bptt(w, u, forget=False):
    hidden = np.concatenate([np.zeros((1, 2, 3), w.dtype), _unrolled(w)])
    dw, dh = np.zeros_like(w), np.zeros((2, 3), w.dtype)
    for t in reversed(range(4)):
        da = (u[t] + dh) * (1 - hidden[t + 1] ** 2)
        dw += hidden[t].T @ da
        dh = da @ w.T * (not forget)
    return dw


def _self_attention(x):
    return softmax(x @ x.T / 2) @ x


def _self_attention_vjp(x, u, values=True):
    p = softmax(x @ x.T / 2)
    dp = u @ x.T
    ds = p * (dp - (p * dp).sum(1, keepdims=True)) / 2
    return values * (p.T @ u) + (ds + ds.T) @ x


def _causal_weights(x):
    return softmax(np.where(CAUSAL, x @ like(x, KEYS)[0].T / 2, -np.inf))


def _causal_vjp(x, u):
    k, v = like(x, KEYS, VALUES)
    p, dp = _causal_weights(x), u @ v.T
    return p * (dp - (p * dp).sum(1, keepdims=True)) @ k / 2


def _groups(x):
    z = x.reshape(len(x), 2, -1)
    z = z - z.mean(2, keepdims=True)
    return (z / np.sqrt((z * z).mean(2, keepdims=True) + 1e-5)).reshape(x.shape)


def _groups_vjp(x, u):
    split = (len(x), 2, -1)
    return normalise(x.reshape(split), u.reshape(split), 2).reshape(x.shape)


def _squash(x):
    n = np.sqrt((x * x).sum(1, keepdims=True))
    return x * n / (1 + n * n)


def _squash_vjp(x, u):
    n = np.sqrt((x * x).sum(1, keepdims=True))
    bend = (1 - n * n) / (1 + n * n) ** 2
    return u * n / (1 + n * n) + bend * (u * x).sum(1, keepdims=True) * x / n


def _strided(x):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (1, 1))), 3, 1)[:, ::2]
    return windows @ np.array([1.0, -2.0, 0.5], x.dtype)


def _strided_vjp(x, u):
    d = np.zeros((x.shape[0], x.shape[1] + 2), x.dtype)
    for j in range(u.shape[1]):
        d[:, 2 * j : 2 * j + 3] += u[:, j : j + 1] * np.array([1.0, -2.0, 0.5], x.dtype)
    return d[:, 1:-1]


def _kernel_patches(k):
    return np.lib.stride_tricks.sliding_window_view(like(k, IMAGE)[0], (3, 3))


def _sliding_max(x):
    return np.lib.stride_tricks.sliding_window_view(x, 3, 1).max(2)


def _sliding_max_vjp(x, u):
    d = np.zeros_like(x)
    best = np.lib.stride_tricks.sliding_window_view(x, 3, 1).argmax(2)
    for i, j in np.ndindex(u.shape):
        d[i, j + best[i, j]] += u[i, j]
    return d


def _top2(x):
    return np.sort(x, 1)[:, -2:].mean(1)


def _top2_vjp(x, u):
    d = np.zeros_like(x)
    np.put_along_axis(d, np.argsort(x, 1, kind="stable")[:, -2:], u[:, None] / 2, 1)
    return d


def _running_mean(x):
    out, h = np.empty_like(x), np.zeros_like(x[:, 0])
    for t in range(x.shape[1]):
        h = out[:, t] = 0.9 * h + 0.1 * x[:, t]
    return out


def _running_mean_vjp(x, u):
    return _running_mean(u[:, ::-1])[:, ::-1]


def _segment_sum(x):
    out = np.zeros((3, x.shape[1]), x.dtype)
    np.add.at(out, SEGMENTS, x)
    return out


def _between(x):
    low, high = x.min(1, keepdims=True), x.max(1, keepdims=True)
    return (x - low) / (high - low)


def _between_vjp(x, u):
    z, width = _between(x), np.ptp(x, axis=1)[:, None]
    d, rows = u / width, np.arange(len(x))
    d[rows, x.argmax(1)] -= (u * z / width).sum(1)
    d[rows, x.argmin(1)] -= (u * (1 - z) / width).sum(1)
    return d


def _shares(x):
    return x / np.abs(x).sum(1, keepdims=True)


def _shares_vjp(x, u):
    s = np.abs(x).sum(1, keepdims=True)
    return u / s - np.sign(x) * (u * x).sum(1, keepdims=True) / s**2


def _spectrum_vjp(x, u):
    n = x.shape[1]
    wave = np.exp(-2j * np.pi * np.outer(np.arange(n // 2 + 1), np.arange(n)) / n)
    z = x @ wave.T
    return ((u * z.conj() / np.abs(z)) @ wave).real.astype(x.dtype)


def _tanh_net_vjp(x, u):
    w, v = like(x, WDENSE, WOUT)
    return (u @ v.T * (1 - np.tanh(x @ w) ** 2)) @ w.T


def _residual_vjp(x, u):
    w = like(x, FORM)[0]
    return u + (u * (x @ w > 0)) @ w.T


def _gated_vjp(x, u):
    a, s = x[:, :3], sigmoid(x[:, 3:])
    return np.concatenate([u * s, u * a * s * (1 - s)], 1)


def _coupling(x):
    a, b = x[:, :2], x[:, 2:]
    return np.concatenate([a, b * np.exp(np.tanh(a)) + a], 1)


def _coupling_vjp(x, u):
    a, b = x[:, :2], x[:, 2:]
    e, v = np.exp(np.tanh(a)), u[:, 2:]
    return np.concatenate([u[:, :2] + v * (b * e * (1 - np.tanh(a) ** 2) + 1), v * e], 1)


LAYERS = [
    Function("gru step", _gru, _gru_vjp, normal(3, 4), scales=(1e-8, 3.0), also=("zero",)),
    Function("bptt", _unrolled, _bptt, normal(3, 3), scales=(1e-8,)),
    Function(
        "self-attention",
        _self_attention,
        _self_attention_vjp,
        normal(4, 3),
        scales=(1e-8, 3.0),
    ),
    Function(
        "causal attention",
        lambda x: _causal_weights(x) @ like(x, VALUES)[0],
        _causal_vjp,
        normal(4, 4),
        scales=(1e-6, 5.0),
    ),
    Function("group norm", _groups, _groups_vjp, normal(2, 8), scales=(0.1, 1e6), also=("far",)),
    Function("squash", _squash, _squash_vjp, normal(3, 4), scales=(1e-6, 1e3), also=("mixed",)),
    Function(
        "transposed conv",
        lambda x: np.stack([np.convolve(row, [1.0, -2.0, 0.5]) for row in x]).astype(x.dtype),
        lambda x, u: np.stack([np.correlate(row, [1.0, -2.0, 0.5], "valid") for row in u]),
        normal(2, 5),
    ),
    Function("strided conv", _strided, _strided_vjp, normal(2, 7)),
    Function(
        "conv kernel",
        lambda k: np.einsum("ijab,oab->oij", _kernel_patches(k), k),
        lambda k, u: np.einsum("ijab,oij->oab", _kernel_patches(k), u),
        normal(2, 3, 3),
    ),
    Function("sliding max", _sliding_max, _sliding_max_vjp, normal(2, 6), kinks=True),
    Function("top two", _top2, _top2_vjp, normal(3, 5), kinks=True),
    Function(
        "upsample",
        lambda x: np.repeat(np.repeat(x, 2, 0), 2, 1),
        lambda x, u: u.reshape(3, 2, 4, 2).sum((1, 3)),
        normal(3, 4),
    ),
    Function("pad", lambda x: np.pad(x, 1), lambda x, u: u[1:-1, 1:-1], normal(3, 4), also=("zero",)),
    Function(
        "concatenate",
        lambda x: np.concatenate([x, x * x], 1),
        lambda x, u: u[:, :3] + 2 * x * u[:, 3:],
        normal(4, 3),
        scales=(1e-4, 1e4),
        also=("integers",),
    ),
    Function(
        "bilinear form",
        lambda x: np.einsum("ij,jk,ik->i", x, like(x, FORM)[0], x),
        lambda x, u: u[:, None] * (x @ (FORM + FORM.T).astype(x.dtype)),
        normal(3, 4),
        also=("mixed",),
    ),
    Function("running mean", _running_mean, _running_mean_vjp, normal(2, 6), also=("zero",), large=normal(2000, 50)),
    Function("segment sum", _segment_sum, lambda x, u: u[SEGMENTS], normal(5, 3), also=("mixed", "far")),
    Function("diagonal", np.diagonal, lambda x, u: np.diag(u), normal(4, 4)),
    Function("scale to 0..1", _between, _between_vjp, normal(3, 5), scales=(1e-8, 1e6)),
    Function("shares", _shares, _shares_vjp, normal(3, 4)),
    Function("spectrum", lambda x: np.abs(np.fft.rfft(x)), _spectrum_vjp, normal(2, 6)),
    Function(
        "tanh network",
        lambda x: np.tanh(x @ like(x, WDENSE)[0]) @ like(x, WOUT)[0],
        _tanh_net_vjp,
        normal(5, 4),
        scales=(1e-8, 3.0),
        also=("zero", "noisy", "inside"),
    ),
    Function(
        "residual block",
        lambda x: x + np.maximum(x @ like(x, FORM)[0], 0),
        _residual_vjp,
        normal(3, 4),
        kinks=True,
        also=("zero",),
    ),
    Function(
        "gated unit",
        lambda x: x[:, :3] * sigmoid(x[:, 3:]),
        _gated_vjp,
        normal(3, 6),
        scales=(1e-8, 5.0),
    ),
    Function("coupling", _coupling, _coupling_vjp, normal(3, 4), scales=(1e-8, 3.0)),
]

FUNCTIONS = POINTWISE + LAYERS
