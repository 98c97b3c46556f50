"""Wrong formulas: what people really write when they differentiate the functions of the battery by hand.

No general rule names most of them; a checker has to find them all, and better says nothing than something wrong.
"""

from collections.abc import Callable

import numpy as np

from . import functions as f
from . import losses, networks
from .functions import sigmoid, softmax


def _attention_without_scale(x, u):
    p = softmax(x @ f.T.T / 2)
    dp = u @ f.V.T
    return (p * (dp - (p * dp).sum(1, keepdims=True))) @ f.T


def _attention_without_softmax(x, u):
    return (softmax(x @ f.T.T / 2) * (u @ f.V.T)) @ f.T / 2


def _lstm_without_cell(x, u):
    i, r, o, g = np.split(x @ f.WG, 4, 1)
    i, r, o, g = sigmoid(i), sigmoid(r), sigmoid(o), np.tanh(g)
    c = np.tanh(r * f.C0 + i * g)
    parts = [0 * u, 0 * u, u * c * o * (1 - o), u * o * (1 - c * c) * i * (1 - g * g)]
    return np.concatenate(parts, 1) @ f.WG.T


def _turned_kernel(x, u):
    d = np.zeros_like(x)
    for o in range(2):
        for i, j in np.ndindex(u.shape[1:]):
            d[i : i + 3, j : j + 3] += u[o, i, j] * f.KERNEL[o, ::-1, ::-1]
    return d


def _half_the_pairs(y, u):
    d = y[:, None] - y[None]
    k = (1 - np.eye(len(y))) / (1 + (d**2).sum(-1))
    m = (f.AFF - k / k.sum()) * k
    return 4 * np.sum(np.triu(m)[..., None] * d, 1)


def _cofactors_untransposed(x, u):
    a = x + 2 * np.eye(4)
    return np.linalg.det(a) * np.linalg.inv(a)


def _inverse(x):
    return np.linalg.inv(x + 3 * np.eye(4))


SLIPS: dict[str, list[tuple[str, str, Callable]]] = {
    "log softmax": [("the sum over u", "formula", lambda x, u: u - softmax(x))],
    "layer norm": [("mean and variance paths", "formula", lambda x, u: u / np.sqrt(x.var(1, keepdims=True) + 1e-5))],
    "batch norm": [("mean and variance paths", "formula", lambda x, u: u / np.sqrt(x.var(0, keepdims=True) + 1e-5))],
    "rms norm": [("the path of the norm", "formula", lambda x, u: u / np.sqrt((x * x).mean(1, keepdims=True) + 1e-6))],
    "unit rows": [("the path of the norm", "formula", lambda x, u: u / np.sqrt((x * x).sum(1, keepdims=True)))],
    "cross entropy": [("the label", "formula", lambda x, u: softmax(x) / 3)],
    "ridge": [
        ("the penalty", "missing term", lambda x, u: 2 * f.X0.T @ (f.X0 @ x - 1) / 6),
        ("the data", "formula", lambda x, u: 0.6 * x),
    ],
    "log det": [("the inverse", "formula", lambda x, u: 2 * (x @ x.T + np.eye(3)) @ x)],
    "inverse": [
        ("both transposes", "formula", lambda x, u: -_inverse(x) @ u @ _inverse(x)),
        ("one of the two inverses", "formula", lambda x, u: -_inverse(x).T @ u),
    ],
    "attention": [
        ("the scale", "factor", _attention_without_scale),
        ("the sum in softmax's slope", "formula", _attention_without_softmax),
    ],
    "lstm step": [("input and forget gates", "formula", _lstm_without_cell)],
    "rnn step": [("the slope of tanh", "formula", lambda x, u: u * (x + f.H0 @ f.WH))],
    "conv 2d": [("which way the kernel turns", "formula", _turned_kernel)],
    "t-sne": [("that pairs count twice", "formula", _half_the_pairs)],
    "cosine": [
        ("the norm of x", "formula", lambda x, u: f.T / np.sqrt(np.sum(x * x) * np.sum(f.T * f.T))),
    ],
    "gaussian nll": [("the log of the width", "missing term", lambda x, u: -np.exp(-2 * x) * f.T**2)],
    "sigmoid": [("that s is known already", "formula", lambda x, u: u * x * (1 - x))],
    "swish": [("the product rule", "formula", lambda x, u: u * sigmoid(x))],
    "gelu": [("the outer slope", "formula", lambda x, u: u * 0.5 * (1 + np.tanh(0.8 * x)))],
    "cumprod": [("earlier factors", "formula", lambda x, u: u * np.cumprod(x, 1) / x)],
    "squared distances": [("that each pair comes twice", "formula", lambda x, u: 2 * (u.sum(1)[:, None] * x - u @ x))],
    "gram": [("the second factor", "formula", lambda x, u: u @ x)],
    "moments": [("the square of the mean", "formula", lambda x, u: u[:, None] * 2 * x / 6)],
    "bptt": [("the path through time", "formula", lambda w, u: networks._bptt(w, u, True))],
    "self-attention": [("the values", "formula", lambda x, u: networks._self_attention_vjp(x, u, False))],
    "gated unit": [
        ("the gate's slope", "formula", lambda x, u: np.concatenate([u * sigmoid(x[:, 3:])] * 2, 1)),
    ],
    "squash": [("the path of the length", "formula", lambda x, u: u * np.sqrt((x * x).sum(1, keepdims=True)) / 2)],
    "determinant": [("the transpose", "transpose", _cofactors_untransposed)],
    "entropy": [("the mean", "formula", lambda x, u: -softmax(x) * (np.log(softmax(x)) + 1))],
    "trace of a cube": [("the transpose", "transpose", lambda x, u: 3 * x @ x)],
    "matrix exponential": [("that matrices do not commute", "formula", lambda x, u: u @ losses.expm(x).T)],
    "svm": [("the penalty", "missing term", lambda w, u: losses._svm_vjp(w, u) - 0.2 * w)],
}  # fmt: skip
