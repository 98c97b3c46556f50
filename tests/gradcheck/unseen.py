"""Functions that the checker was not made with, until they were looked at once: `unseen2` has newer ones.

How it does on such functions is how it does in the world, as long as nobody looks at which of them fail while changing
the checker; a failure there goes into `battery` by another function of its kind.
"""

import numpy as np
from scipy.special import digamma, gammaln, i0e, i1e, log_ndtr, ndtr

from .functions import Function, constants, normal, number, pointwise, positive, sigmoid, softmax

TARGET, SCORES, GAME = constants(31, (5,), (8, 3), (3, 4))
RIGHT_CLASS = np.array([0, 2, 1, 1, 0, 2, 2, 0])
PLACES = np.linspace(0, 2, 5)
GRID = constants(32, (9, 9))[0]
LATTICE = constants(33, (4, 3))[0]
BLUR = np.exp(-((np.arange(5)[:, None] - np.arange(5)) ** 2) / 2)


def _lennard_jones(x):
    r2 = ((x[:, None] - x[None]) ** 2).sum(-1) + np.eye(len(x))
    return np.sum(np.triu(r2**-6 - r2**-3, 1))


def _lennard_jones_slope(x, u):
    d = x[:, None] - x[None]
    r2 = (d**2).sum(-1) + np.eye(len(x))
    return np.sum((2 * (3 * r2**-4 - 6 * r2**-7) * (1 - np.eye(len(x))))[..., None] * d, 1)


def _spread_points(rng):
    return np.array([[0.0, 0], [1.3, 0], [0, 1.3], [1.3, 1.3]]) + 0.1 * rng.normal(size=(4, 2))


def _lorenz(x, steps=20, h=0.01):
    a, b, c = x
    for _ in range(steps):
        a, b, c = a + h * 10 * (b - a), b + h * (a * (28 - c) - b), c + h * (a * b - 8 / 3 * c)
    return np.array([a, b, c])


def _lorenz_vjp(x, u, steps=20, h=0.01):
    path = [x]
    for _ in range(steps - 1):
        path.append(_lorenz(path[-1], 1))
    for a, b, c in reversed(path):
        step = np.array([[-10, 10, 0], [28 - c, -1, -a], [b, a, -8 / 3]])
        u = u + h * step.T @ u
    return u


def _gaussian_process(x):
    k = _covariance(x)
    return TARGET @ np.linalg.solve(k, TARGET) / 2 + np.linalg.slogdet(k)[1] / 2


def _covariance(x):
    return np.exp(x[0] - (PLACES[:, None] - PLACES) ** 2 * np.exp(-2 * x[1]) / 2) + np.exp(x[2]) * np.eye(5)


def _gaussian_process_slope(x, u):
    d2 = (PLACES[:, None] - PLACES) ** 2 * np.exp(-2 * x[1])
    smooth = np.exp(x[0] - d2 / 2)
    inverse = np.linalg.inv(_covariance(x))
    a = inverse @ TARGET
    return np.array(
        [np.sum((inverse - np.outer(a, a)) * k) / 2 for k in (smooth, smooth * d2, np.exp(x[2]) * np.eye(5))]
    )


def _resonator(x):
    y = np.zeros_like(x)
    for t in range(len(x)):
        y[t] = x[t] + 1.2 * (y[t - 1] if t else 0) - 0.8 * (y[t - 2] if t > 1 else 0)
    return y


def _warp(p):
    i = np.floor(p).astype(int)
    a, b = (p - i).T
    c = [GRID[i[:, 0] + k, i[:, 1] + m] for k in (0, 1) for m in (0, 1)]
    return (1 - a) * (1 - b) * c[0] + (1 - a) * b * c[1] + a * (1 - b) * c[2] + a * b * c[3]


def _warp_vjp(p, u):
    i = np.floor(p).astype(int)
    a, b = (p - i).T
    c = [GRID[i[:, 0] + k, i[:, 1] + m] for k in (0, 1) for m in (0, 1)]
    da = (1 - b) * (c[2] - c[0]) + b * (c[3] - c[1])
    db = (1 - a) * (c[1] - c[0]) + a * (c[3] - c[2])
    return np.stack([u * da, u * db], 1)


def _temperature_slope(t, u):
    p = softmax(SCORES / t)
    expected = (p * SCORES).sum(1)
    return np.mean(expected - SCORES[np.arange(8), RIGHT_CLASS], keepdims=True) * -1 / t**2


def _nll(z):
    return -np.mean(np.log(softmax(z)[np.arange(8), RIGHT_CLASS]))


def _margins(x):
    rest = np.where(np.eye(4, dtype=bool)[[0, 3, 1]], -np.inf, x)
    return rest, rest.max(1) - x[np.arange(3), [0, 3, 1]]


def _margins_vjp(x, u):
    d = np.zeros_like(x)
    d[np.arange(3), _margins(x)[0].argmax(1)] = u
    d[np.arange(3), [0, 3, 1]] -= u
    return d


def _max_plus_vjp(x, u):
    best = (x[:, :, None] + LATTICE).argmax(1)
    d = np.zeros_like(x)
    for i, k in np.ndindex(u.shape):
        d[i, best[i, k]] += u[i, k]
    return d


def _sphere(x):
    a, b, c, d = x.T
    s = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * np.arcsin(np.sqrt(s))


def _sphere_vjp(x, u):
    a, b, c, d = x.T
    s = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    w = u / np.sqrt(s * (1 - s))
    wide = np.sin((d - b) / 2) ** 2
    over = np.cos(a) * np.cos(c) * np.sin(d - b) / 2
    up = np.sin(c - a) / 2
    return np.stack(
        [w * (-up - np.sin(a) * np.cos(c) * wide), -w * over, w * (up - np.cos(a) * np.sin(c) * wide), w * over], 1
    )


def _places_on_sphere(rng):
    return np.stack(
        [rng.uniform(-1, -0.2, 3), rng.normal(size=3) / 3, rng.uniform(0.2, 1, 3), rng.normal(size=3) / 3], 1
    )


def _rotate(q):
    w, x, y, z = q / np.sqrt(q @ q)
    return np.array([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)])


def _rotate_vjp(q, u):
    n = np.sqrt(q @ q)
    w, x, y, z = q / n
    g = 2 * np.array(
        [
            z * u[1] - y * u[2],
            y * u[1] + z * u[2],
            -2 * y * u[0] + x * u[1] - w * u[2],
            -2 * z * u[0] + w * u[1] + x * u[2],
        ]
    )
    return (g - (g @ q) * q / n**2) / n


def _rosenbrock_slope(x, u):
    g = np.zeros_like(x)
    g[:-1] = -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    g[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return g


def _ackley(x):
    r = np.sqrt(np.mean(x * x))
    return -20 * np.exp(-0.2 * r) - np.exp(np.mean(np.cos(2 * np.pi * x))) + 20 + np.e


def _ackley_slope(x, u):
    r = np.sqrt(np.mean(x * x))
    wave = np.exp(np.mean(np.cos(2 * np.pi * x))) * 2 * np.pi * np.sin(2 * np.pi * x)
    return (4 * np.exp(-0.2 * r) * x / r + wave) / x.size


def _similarity(x):
    z = x / np.sqrt((x * x).sum(1, keepdims=True))
    return z @ z.T


def _similarity_vjp(x, u):
    n = np.sqrt((x * x).sum(1, keepdims=True))
    z = x / n
    dz = (u + u.T) @ z
    return (dz - z * (dz * z).sum(1, keepdims=True)) / n


def _tf_idf(x):
    z = np.log1p(x)
    return z / z.sum(1, keepdims=True)


def _tf_idf_vjp(x, u):
    z = np.log1p(x)
    s = z.sum(1, keepdims=True)
    return (u / s - (u * z).sum(1, keepdims=True) / s**2) / (1 + x)


def _logistic_map(x):
    for _ in range(5):
        x = 3.6 * x * (1 - x)
    return x


def _logistic_map_slope(x):
    slope = np.ones_like(x)
    for _ in range(5):
        slope, x = slope * 3.6 * (1 - 2 * x), 3.6 * x * (1 - x)
    return slope


def _between_0_and_1(rng):
    return rng.uniform(0.05, 0.95, (3, 4))


POINTWISE = [
    pointwise(
        "erf gelu",
        lambda x: x * ndtr(x),
        lambda x: ndtr(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi),
        scales=(1e-8, 3.0),
    ),
    pointwise(
        "log of a tail", log_ndtr, lambda x: np.exp(-x * x / 2 - log_ndtr(x)) / np.sqrt(2 * np.pi), scales=(1e-8, 8.0)
    ),
    pointwise("log gamma", gammaln, digamma, positive(3, 4), scales=(1e-4, 1e4), single=False),
    pointwise(
        "chebyshev",
        lambda x: np.cos(8 * np.arccos(2 * x - 1)),
        lambda x: 8 * np.sin(8 * np.arccos(2 * x - 1)) / np.sqrt(x - x * x),
        _between_0_and_1,
        scales=(),
    ),
    pointwise("logistic map", _logistic_map, _logistic_map_slope, _between_0_and_1, scales=(1e-6,), also=("noisy",)),
    pointwise(
        "switch",
        lambda x: sigmoid(1e3 * x),
        lambda x: 1e3 * sigmoid(1e3 * x) * sigmoid(-1e3 * x),
        scales=(1e-3, 1e-6),
        single=False,
    ),
    pointwise(
        "pseudo huber",
        lambda x: np.sqrt(1 + x * x) - 1,
        lambda x: x / np.sqrt(1 + x * x),
        scales=(1e-2, 1e6),
        also=("mixed",),
    ),
    pointwise(
        "triangle wave",
        lambda x: np.abs(x - 2 * np.round(x / 2)),
        lambda x: np.sign(x - 2 * np.round(x / 2)),
        scales=(1e-6, 10.0),
        kinks=True,
    ),
    pointwise(
        "tent",
        lambda x: np.maximum(1 - np.abs(x), 0),
        lambda x: -np.sign(x) * (np.abs(x) < 1),
        scales=(1e-6,),
        kinks=True,
    ),
    pointwise(
        "tiny square",
        lambda x: 1e-30 * x * x,
        lambda x: 2e-30 * x,
        scales=(1e-6, 1e6),
        single=False,
        offset=False,
    ),
    pointwise("huge square", lambda x: 1e30 * x * x, lambda x: 2e30 * x, scales=(1e-6, 1e6), single=False),
    pointwise(
        "degrees",
        lambda x: np.cos(np.pi / 180 * x),
        lambda x: -np.pi / 180 * np.sin(np.pi / 180 * x),
        lambda rng: rng.uniform(0, 360, (3, 4)),
        scales=(),
    ),
]

OTHERS = [
    number("lennard-jones", _lennard_jones, _lennard_jones_slope, _spread_points, scales=(1e2,), single=False),
    number(
        "rosenbrock",
        lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
        _rosenbrock_slope,
        normal(6),
        scales=(1e-6, 1e2),
        also=("zero", "integers"),
    ),
    number("ackley", _ackley, _ackley_slope, normal(5), scales=(0.1, 10.0)),
    number(
        "gaussian process",
        _gaussian_process,
        _gaussian_process_slope,
        lambda rng: 0.3 * rng.normal(size=3),
        scales=(),
        single=False,
    ),
    number("temperature", lambda t: _nll(SCORES / t), _temperature_slope, positive(1), scales=(1e2,)),
    number(
        "student t",
        lambda x: 2 * np.sum(np.log1p(x * x / 3)),
        lambda x, u: 4 * x / (3 + x * x),
        scales=(1e-3, 1e4),
        also=("mixed",),
        large=normal(250, 400),
    ),
    number(
        "von mises",
        lambda x: np.sum(np.log(i0e(x)) + np.abs(x)),
        lambda x, u: i1e(x) / i0e(x),
        positive(3, 4),
        scales=(0.1, 1e3),
        single=False,
    ),
    number(
        "dirichlet",
        lambda x: gammaln(x.sum()) - gammaln(x).sum(),
        lambda x, u: digamma(x.sum()) - digamma(x),
        positive(6),
        scales=(1e2,),
        single=False,
    ),
    number(
        "geometric mean",
        lambda x: np.exp(np.mean(np.log(x))),
        lambda x, u: np.exp(np.mean(np.log(x))) / x / x.size,
        positive(6),
        scales=(1e-8, 1e6),
    ),
    number(
        "harmonic mean",
        lambda x: x.size / np.sum(1 / x),
        lambda x, u: x.size / np.sum(1 / x) ** 2 / x**2,
        positive(3, 4),
        scales=(1e-6, 1e6),
    ),
    number(
        "cubic norm",
        lambda x: np.sum(np.abs(x) ** 3) ** (1 / 3),
        lambda x, u: np.sign(x) * x * x * np.sum(np.abs(x) ** 3) ** (-2 / 3),
        scales=(1e-4, 1e4),
        also=("mixed",),
    ),
    number(
        "orthogonality",
        lambda x: np.sum((x @ x.T - np.eye(3)) ** 2),
        lambda x, u: 4 * (x @ x.T - np.eye(3)) @ x,
        normal(3, 5),
        scales=(1e-6, 1e3),
    ),
    number(
        "trace of inverse",
        lambda x: np.trace(np.linalg.inv(x + 4 * np.eye(4))),
        lambda x, u: -np.linalg.matrix_power(np.linalg.inv(x + 4 * np.eye(4)), 2).T,
        normal(4, 4),
        scales=(1e-6,),
        single=False,
    ),
    number(
        "game",
        lambda x: softmax(x[:3]) @ GAME @ softmax(x[3:]),
        lambda x, u: np.concatenate(
            [
                softmax(x[:3]) * (GAME @ softmax(x[3:]) - softmax(x[:3]) @ GAME @ softmax(x[3:])),
                softmax(x[3:]) * (softmax(x[:3]) @ GAME - softmax(x[:3]) @ GAME @ softmax(x[3:])),
            ]
        ),
        normal(7),
        scales=(1e-6, 3.0),
    ),
    Function(
        "lorenz",
        _lorenz,
        _lorenz_vjp,
        lambda rng: np.array([1.0, 1, 20]) + rng.normal(size=3),
        scales=(0.1,),
        single=False,
    ),
    Function(
        "resonator",
        _resonator,
        lambda x, u: _resonator(u[::-1])[::-1],
        normal(12),
        also=("zero", "mixed"),
        single=False,
    ),
    Function("warp", _warp, _warp_vjp, lambda rng: rng.uniform(1, 7, (4, 2)), scales=(), kinks=True, single=False),
    Function("margins", lambda x: _margins(x)[1], _margins_vjp, normal(3, 4), kinks=True),
    Function(
        "max plus",
        lambda x: (x[:, :, None] + LATTICE).max(1),
        _max_plus_vjp,
        normal(3, 4),
        scales=(1e-8, 1e3),
        also=("zero",),
    ),
    Function("distance on a sphere", _sphere, _sphere_vjp, _places_on_sphere, scales=(0.1,), single=False),
    Function("rotation", _rotate, _rotate_vjp, normal(4), scales=(1e-6, 1e6), single=False),
    Function("similarity", _similarity, _similarity_vjp, normal(4, 3), scales=(1e-6, 1e6), also=("mixed",)),
    Function("tf idf", _tf_idf, _tf_idf_vjp, positive(3, 4), scales=(1e-4, 1e4)),
    Function("blur", lambda x: BLUR @ x @ BLUR, lambda x, u: BLUR @ u @ BLUR, normal(5, 5), also=("zero", "far")),
    Function(
        "angle",
        lambda x: np.arctan2(x[:, 0], x[:, 1]),
        lambda x, u: (u / (x * x).sum(1))[:, None] * np.stack([x[:, 1], -x[:, 0]], 1),
        normal(5, 2),
        scales=(1e-8, 1e6),
    ),
    Function(
        "leave one out",
        lambda x: x.sum(0) - x,
        lambda x, u: u.sum(0) - u,
        normal(5, 3),
        also=("mixed", "far"),
        large=normal(5000, 20),
    ),
    Function(
        "soft position",
        lambda x: softmax(x) @ np.arange(4.0),
        lambda x, u: u[:, None] * softmax(x) * (np.arange(4.0) - (softmax(x) @ np.arange(4.0))[:, None]),
        normal(3, 4),
        scales=(1e-6, 5.0),
        also=("far",),
    ),
]

FUNCTIONS = POINTWISE + OTHERS
