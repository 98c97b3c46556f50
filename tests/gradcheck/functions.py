"""Functions of the course with their right gradients, each derived by hand, and the points where they are awkward."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Function:
    """f(x), its gradient vjp(x, u), and draw(rng) -> x; `number` where f returns one number and vjp ignores u.

    Attributes:
        scales: sizes of x at which it is tried beside 1.
        kinks: whether rounded numbers (`snap`) and 0 are kinks.
        single: whether float32 makes sense.
        also: further regimes: "zero", "mixed" scales, "far" from 0, "noisy", "inside" (float32 within), "integers".
        large: draws about 1e5 entries.
        offset: whether 1e6 may be added to f: not where that hides all of it.
    """

    name: str
    f: Callable
    vjp: Callable
    draw: Callable
    number: bool = False
    scales: tuple = (1e-8, 1e6)
    kinks: bool = False
    single: bool = True
    also: tuple[str, ...] = ()
    large: Callable | None = None
    snap: Callable = np.round
    offset: bool = True


def sigmoid(z):
    """Logistic function, without overflow."""
    return 0.5 * (1 + np.tanh(z / 2))


def softmax(z, axis=-1):
    """Softmax along an axis."""
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def normal(*shape):
    """Draw a standard normal x."""
    return lambda rng: rng.normal(size=shape)


def positive(*shape):
    """Draw x in [0.3, 2.3]."""
    return lambda rng: rng.uniform(0.3, 2.3, shape)


def constants(seed, *shapes):
    """Fixed parameters, the same in every run."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


def like(x, *arrays):
    """The constants in the arithmetic of x, as course code would keep them."""
    return [a.astype(x.dtype) if x.dtype.itemsize < 8 else a for a in arrays]


W, B, T, V = constants(1, (4, 5), (5,), (3, 4), (3, 4))
W2, WH, X0, LABELS = *constants(2, (5, 2), (4, 4), (6, 3)), np.array([0, 3, 1])
WX, WG, H0, C0 = constants(3, (3, 4), (4, 16), (3, 4), (3, 4))
KERNEL, K1 = constants(4, (2, 3, 3), (3,))
P = softmax(constants(5, (3, 4))[0])
AFF = (lambda a: (a + a.T) / (a + a.T).sum())(np.exp(constants(6, (5, 5))[0]) * (1 - np.eye(5)))
MASK = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 1]]) * 2.0
IDX = np.array([0, 2, 2, 1, 0])


def pointwise(name, f, df, draw=None, **options):
    return Function(name, f, lambda x, u: u * df(x), draw or normal(3, 4), **options)


def _gelu_slope(x):
    t = np.tanh(0.7978845608028654 * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * 0.7978845608028654 * (1 + 3 * 0.044715 * x * x)


POINTWISE = [
    pointwise("sigmoid", sigmoid, lambda x: sigmoid(x) * sigmoid(-x), scales=(1e-8, 10.0, 40.0), also=("zero",)),
    pointwise(
        "tanh",
        np.tanh,
        lambda x: 1 - np.tanh(x) ** 2,
        scales=(1e-8, 3.0, 20.0),
        also=("zero", "noisy", "inside"),
        large=normal(250, 400),
    ),
    pointwise(
        "relu",
        lambda x: np.maximum(x, 0),
        lambda x: (x > 0).astype(x.dtype),
        kinks=True,
        also=("zero", "mixed", "far", "inside"),
        large=normal(250, 400),
    ),
    pointwise(
        "leaky relu",
        lambda x: np.where(x > 0, x, 0.1 * x),
        lambda x: np.where(x > 0, 1, 0.1),
        kinks=True,
        also=("mixed",),
    ),
    pointwise(
        "elu",
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda x: np.exp(np.minimum(x, 0)),
        scales=(1e-8, 10.0),
    ),
    pointwise(
        "gelu",
        lambda x: 0.5 * x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x**3))),
        _gelu_slope,
        scales=(1e-8, 3.0),
    ),
    pointwise("softplus", lambda x: np.logaddexp(0, x), sigmoid, scales=(1e-8, 10.0)),
    pointwise(
        "swish",
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) * (1 + x * sigmoid(-x)),
        scales=(1e-8, 10.0),
        also=("zero", "noisy"),
    ),
    pointwise("exp", np.exp, np.exp, scales=(1e-8, 10.0), also=("inside",)),
    pointwise("log", np.log, lambda x: 1 / x, positive(3, 4), scales=(1e-6, 1e6)),
    pointwise(
        "sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x), positive(3, 4), scales=(1e-8, 1e6), large=positive(250, 400)
    ),
    pointwise("reciprocal", lambda x: 1 / x, lambda x: -1 / x**2, positive(3, 4), scales=(1e-4, 1e4)),
    pointwise("abs", np.abs, np.sign, kinks=True, also=("zero", "mixed")),
    pointwise("cube", lambda x: x**3, lambda x: 3 * x * x, scales=(1e-4, 1e4), also=("integers", "noisy")),
    pointwise("clip", lambda x: np.clip(x, -0.8, 0.8), lambda x: (np.abs(x) < 0.8) * 1.0, scales=(1e-8,)),
    pointwise("dropout", lambda x: x * MASK, lambda x: MASK + 0 * x),
    pointwise("expm1 - a", lambda x: np.expm1(x) - x, np.expm1, scales=(3.0,), single=False),
    pointwise("sine", np.sin, np.cos, scales=(1e-8, 10.0), also=("noisy", "inside")),
]


def _affine(x):
    w, b = like(x, W, B)
    return x @ w + b


def normalise(x, u, axis, eps=1e-5):
    n = x.shape[axis]
    xc = x - x.mean(axis, keepdims=True)
    s = np.sqrt((xc * xc).mean(axis, keepdims=True) + eps)
    z = xc / s
    return (u - u.mean(axis, keepdims=True) - z * (u * z).mean(axis, keepdims=True)) / s if n else u


def _norm_layer(axis):
    def f(x):
        xc = x - x.mean(axis, keepdims=True)
        return xc / np.sqrt((xc * xc).mean(axis, keepdims=True) + 1e-5)

    return f


def _softmax_vjp(x, u):
    p = softmax(x)
    return p * (u - (p * u).sum(-1, keepdims=True))


def _unit_vjp(x, u):
    n = np.sqrt((x * x).sum(1, keepdims=True))
    z = x / n
    return (u - z * (u * z).sum(1, keepdims=True)) / n


def _rms_vjp(x, u):
    s = np.sqrt((x * x).mean(1, keepdims=True) + 1e-6)
    return u / s - x * (u * x).mean(1, keepdims=True) / s**3


def _cumprod_vjp(x, u):
    out = np.zeros_like(x)
    for k in range(x.shape[1]):
        for i in range(k + 1):
            others = [j for j in range(k + 1) if j != i]
            out[:, i] += u[:, k] * x[:, others].prod(1)
    return out


def _maxpool(x):
    return x.reshape(2, 2, 3, 2).max((1, 3))


def _maxpool_vjp(x, u):
    w = x.reshape(2, 2, 3, 2).transpose(0, 2, 1, 3).reshape(6, 4)
    d = np.zeros_like(w)
    d[np.arange(6), w.argmax(1)] = u.ravel()
    return d.reshape(2, 3, 2, 2).transpose(0, 2, 1, 3).reshape(4, 6)


def _conv2d(x):
    (k,) = like(x, KERNEL)
    patches = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    return np.einsum("ijab,oab->oij", patches, k)


def _conv2d_vjp(x, u):
    (k,) = like(x, KERNEL)
    d = np.zeros_like(x)
    for o in range(2):
        for i in range(u.shape[1]):
            for j in range(u.shape[2]):
                d[i : i + 3, j : j + 3] += u[o, i, j] * k[o]
    return d


def _conv1d_vjp(x, u):
    (k,) = like(x, K1)
    return np.stack([np.convolve(row, k, "full") for row in u])


def _attention(x):
    k, v = like(x, T, V)
    return softmax(x @ k.T / 2) @ v


def _attention_vjp(x, u):
    k, v = like(x, T, V)
    p = softmax(x @ k.T / 2)
    dp = u @ v.T
    return (p * (dp - (p * dp).sum(1, keepdims=True))) @ k / 2


def _rnn(x):
    w, h = like(x, WH, H0)
    return np.tanh(x + h @ w)


def _lstm(x):
    w, c = like(x, WG, C0)
    i, f, o, g = np.split(x @ w, 4, 1)
    return sigmoid(o) * np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))


def _lstm_vjp(x, u):
    w, c0 = like(x, WG, C0)
    i, f, o, g = np.split(x @ w, 4, 1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c = np.tanh(f * c0 + i * g)
    dc = u * o * (1 - c * c)
    parts = [dc * g * i * (1 - i), dc * c0 * f * (1 - f), u * c * o * (1 - o), dc * i * (1 - g * g)]
    return np.concatenate(parts, 1) @ w.T


def _tsne(y):
    d = ((y[:, None] - y[None]) ** 2).sum(-1)
    q = 1 / (1 + d)
    np.fill_diagonal(q, 0)
    q = q / q.sum()
    off = ~np.eye(len(y), dtype=bool)
    return np.sum(AFF[off] * np.log(AFF[off] / q[off]))


def _tsne_vjp(y, u):
    d = ((y[:, None] - y[None]) ** 2).sum(-1)
    k = 1 / (1 + d)
    np.fill_diagonal(k, 0)
    m = (AFF - k / k.sum()) * k
    return 4 * (np.diag(m.sum(1)) - m) @ y


def _max_vjp(x, u):
    d = np.zeros_like(x)
    d[np.arange(len(x)), x.argmax(1)] = u
    return d


def _sort_vjp(x, u):
    d = np.zeros_like(x)
    np.put_along_axis(d, x.argsort(1, kind="stable"), u, 1)
    return d


def _median_vjp(x, u):
    d = np.zeros_like(x)
    d[np.arange(len(x)), x.argsort(1, kind="stable")[:, x.shape[1] // 2]] = u
    return d


def _take_vjp(x, u):
    d = np.zeros_like(x)
    np.add.at(d, IDX, u)
    return d


def _pairwise(x):
    return ((x[:, None] - x[None]) ** 2).sum(-1)


def _pairwise_vjp(x, u):
    s = u + u.T
    return 2 * (s.sum(1)[:, None] * x - s @ x)


def _mlp(x):
    w2, x0 = like(x, W2, X0)
    return np.maximum(x0 @ x, 0) @ w2


def _mlp_vjp(x, u):
    w2, x0 = like(x, W2, X0)
    return x0.T @ ((u @ w2.T) * (x0 @ x > 0))


def _hinge_margins(x):
    m = x - x[np.arange(3), LABELS][:, None] + 1
    m[np.arange(3), LABELS] = 0
    return m


def _hinge_vjp(x, u):
    on = (_hinge_margins(x) > 0) * 1.0
    on[np.arange(3), LABELS] = -on.sum(1)
    return on / 3


def _xent_vjp(x, u):
    return (softmax(x) - np.eye(4)[LABELS]) / 3


def _cosine(x):
    (t,) = like(x, T)
    return np.sum(x * t) / np.sqrt(np.sum(x * x) * np.sum(t * t))


def _cosine_vjp(x, u):
    (t,) = like(x, T)
    n = np.sqrt(np.sum(x * x))
    return t / (n * np.sqrt(np.sum(t * t))) - _cosine(x) * x / n**2


def number(name, f, vjp, draw=None, **options):
    return Function(name, f, vjp, draw or normal(3, 4), number=True, **options)


ARRAYS = [
    Function(
        "affine",
        _affine,
        lambda x, u: u @ like(x, W)[0].T,
        normal(3, 4),
        also=("zero", "mixed", "far", "inside"),
        large=normal(25000, 4),
    ),
    Function("bias", lambda b: like(b, X0)[0] + b, lambda b, u: u.sum(0), normal(3)),
    Function(
        "weights",
        lambda w: like(w, X0)[0] @ w,
        lambda w, u: like(w, X0)[0].T @ u,
        normal(3, 5),
        also=("mixed",),
        large=normal(3, 33000),
    ),
    Function(
        "softmax",
        softmax,
        _softmax_vjp,
        normal(3, 4),
        scales=(1e-8, 5.0, 1e3),
        also=("zero", "far"),
        large=normal(2500, 40),
    ),
    Function(
        "log softmax",
        lambda x: x - x.max(1, keepdims=True) - np.log(np.exp(x - x.max(1, keepdims=True)).sum(1, keepdims=True)),
        lambda x, u: u - softmax(x) * u.sum(1, keepdims=True),
        normal(3, 4),
        scales=(1e-8, 10.0, 1e3),
        also=("zero", "far"),
    ),
    Function(
        "layer norm",
        _norm_layer(1),
        lambda x, u: normalise(x, u, 1),
        normal(3, 6),
        scales=(1e-8, 0.1, 1e6),
        also=("far", "inside"),
        large=normal(500, 200),
    ),
    Function(
        "batch norm",
        _norm_layer(0),
        lambda x, u: normalise(x, u, 0),
        normal(6, 3),
        scales=(1e-8, 0.1, 1e6),
        also=("far",),
        large=normal(500, 200),
    ),
    Function(
        "rms norm",
        lambda x: x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-6),
        _rms_vjp,
        normal(3, 5),
        scales=(0.1, 1e6),
    ),
    Function(
        "unit rows",
        lambda x: x / np.sqrt((x * x).sum(1, keepdims=True)),
        _unit_vjp,
        normal(3, 5),
        also=("mixed",),
        large=normal(500, 200),
    ),
    Function(
        "cumsum",
        lambda x: np.cumsum(x, 1),
        lambda x, u: np.cumsum(u[:, ::-1], 1)[:, ::-1],
        normal(3, 5),
        also=("mixed", "zero"),
        large=normal(500, 200),
    ),
    Function("cumprod", lambda x: np.cumprod(x, 1), _cumprod_vjp, positive(3, 4), scales=(0.1,)),
    Function("max pool", _maxpool, _maxpool_vjp, normal(4, 6), kinks=True, also=("far", "mixed")),
    Function(
        "average pool",
        lambda x: x.reshape(2, 2, 3, 2).mean((1, 3)),
        lambda x, u: np.repeat(np.repeat(u, 2, 0), 2, 1) / 4,
        normal(4, 6),
    ),
    Function("conv 2d", _conv2d, _conv2d_vjp, normal(5, 6)),
    Function(
        "conv 1d",
        lambda x: np.stack([np.correlate(row, like(x, K1)[0], "valid") for row in x]),
        _conv1d_vjp,
        normal(2, 7),
    ),
    Function("gram", lambda x: x @ x.T, lambda x, u: (u + u.T) @ x, normal(3, 4)),
    Function(
        "inverse",
        lambda x: np.linalg.inv(x + 3 * np.eye(4)),
        lambda x, u: -np.linalg.inv(x + 3 * np.eye(4)).T @ u @ np.linalg.inv(x + 3 * np.eye(4)).T,
        lambda rng: 0.4 * rng.normal(size=(4, 4)),
        scales=(),
        single=False,
    ),
    Function(
        "attention",
        _attention,
        _attention_vjp,
        normal(3, 4),
        scales=(1e-8, 5.0),
        also=("zero",),
        large=normal(25000, 4),
    ),
    Function("rnn step", _rnn, lambda x, u: u * (1 - _rnn(x) ** 2), normal(3, 4), scales=(1e-8,)),
    Function("lstm step", _lstm, _lstm_vjp, normal(3, 4), scales=(1e-8,), also=("zero", "inside")),
    Function(
        "row max", lambda x: x.max(1), _max_vjp, normal(3, 5), kinks=True, also=("mixed",), large=normal(25000, 4)
    ),
    Function("sort", lambda x: np.sort(x, 1), _sort_vjp, normal(3, 5), kinks=True),
    Function("median", lambda x: np.median(x, 1), _median_vjp, normal(3, 5), kinks=True),
    Function("embedding", lambda x: x[IDX], _take_vjp, normal(3, 4), also=("zero", "mixed"), large=normal(25000, 4)),
    Function("squared distances", _pairwise, _pairwise_vjp, normal(4, 3)),
    Function("mlp weights", _mlp, _mlp_vjp, normal(3, 5), kinks=True, also=("zero",)),
    Function("outer", lambda x: np.outer(x, x), lambda x, u: (u + u.T) @ x, normal(5)),
    Function(
        "row variance",
        lambda x: x.var(1),
        lambda x, u: u[:, None] * 2 * (x - x.mean(1, keepdims=True)) / 6,
        normal(3, 6),
    ),
    Function(
        "moments",
        lambda x: (x * x).mean(1) - x.mean(1) ** 2,
        lambda x, u: u[:, None] * 2 * (x - x.mean(1, keepdims=True)) / 6,
        lambda rng: rng.normal(size=(3, 6)) + 100,
        scales=(),
        single=False,
    ),
    Function(
        "log sum exp",
        lambda x: x.max(1) + np.log(np.exp(x - x.max(1, keepdims=True)).sum(1)),
        lambda x, u: u[:, None] * softmax(x),
        normal(3, 4),
        scales=(1e-8, 5.0),
        also=("far",),
    ),
    Function(
        "axes",
        lambda x: np.tanh(x).transpose(2, 0, 1),
        lambda x, u: u.transpose(1, 2, 0) / np.cosh(x) ** 2,
        normal(2, 3, 4),
        scales=(1e-8, 3.0),
    ),
]

NUMBERS = [
    number(
        "mean square",
        lambda x: np.mean((x - T) ** 2),
        lambda x, u: 2 * (x - T) / 12,
        scales=(1e-6, 1e6),
        also=("zero", "noisy"),
    ),
    number(
        "cross entropy",
        lambda x: -np.mean(np.log(softmax(x)[np.arange(3), LABELS])),
        _xent_vjp,
        scales=(1e-8, 5.0, 50.0),
        also=("zero", "noisy", "inside", "far"),
    ),
    number(
        "binary cross entropy",
        lambda x: np.mean(np.logaddexp(0, x) - x * (T > 0)),
        lambda x, u: (sigmoid(x) - (T > 0)) / 12,
        scales=(1e-8, 5.0),
    ),
    number(
        "huber",
        lambda x: np.sum(np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5)),
        lambda x, u: np.clip(x, -1, 1),
        also=("mixed", "zero"),
        large=normal(250, 400),
    ),
    number(
        "norm",
        lambda x: np.sqrt(np.sum(x * x)),
        lambda x, u: x / np.sqrt(np.sum(x * x)),
        also=("mixed",),
        large=normal(250, 400),
    ),
    number(
        "ridge",
        lambda x: np.sum((like(x, X0)[0] @ x - 1) ** 2) / 6 + 0.3 * np.sum(x * x),
        lambda x, u: 2 * like(x, X0)[0].T @ (like(x, X0)[0] @ x - 1) / 6 + 0.6 * x,
        normal(3, 5),
        also=("zero", "integers"),
    ),
    number(
        "lasso",
        lambda x: np.sum((like(x, X0)[0] @ x - 1) ** 2) / 6 + 0.3 * np.sum(np.abs(x)),
        lambda x, u: 2 * like(x, X0)[0].T @ (like(x, X0)[0] @ x - 1) / 6 + 0.3 * np.sign(x),
        normal(3, 5),
        kinks=True,
    ),
    number("hinge", lambda x: np.sum(np.maximum(_hinge_margins(x), 0)) / 3, _hinge_vjp, scales=(1e-8, 1e4)),
    number(
        "log det",
        lambda x: np.linalg.slogdet(x @ x.T + np.eye(3))[1],
        lambda x, u: 2 * np.linalg.solve(x @ x.T + np.eye(3), x),
        scales=(1e3, 1e-5),
        single=False,
    ),
    number(
        "kl",
        lambda x: np.sum(P * (np.log(P) - np.log(softmax(x)))),
        lambda x, u: softmax(x) - P,
        scales=(1e-8, 5.0),
        also=("far",),
    ),
    number("t-sne", _tsne, _tsne_vjp, normal(5, 2), scales=(0.1, 10.0), single=False),
    number("cosine", _cosine, _cosine_vjp, scales=(1e-6, 1e6)),
    number(
        "gaussian nll",
        lambda x: np.sum(0.5 * np.exp(-2 * x) * T**2 + x),
        lambda x, u: 1 - np.exp(-2 * x) * T**2,
        scales=(1e-8,),
    ),
    number("offset", lambda x: np.sum(np.sin(x)) + 1e8, lambda x, u: np.cos(x), scales=(), single=False),
    number(
        "newton root", lambda x: np.sum(_root(x)), lambda x, u: 0.5 / _root(x), positive(3, 4), scales=(), single=False
    ),
]


def _root(x):
    """sqrt(x) by an iteration that stops early: its noise is 1e-9, not the last bit."""
    s = np.ones_like(x)
    while np.max(np.abs(s * s - x)) > 1e-9:
        s = (s + x / s) / 2
    return s


FUNCTIONS = POINTWISE + ARRAYS + NUMBERS
