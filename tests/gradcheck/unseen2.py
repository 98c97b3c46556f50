"""A second set of functions that the checker was not made with, written when nothing was to be changed any more.

The first set, `unseen`, has been looked at since, so its figures say less about the world than those of this one.
"""

import numpy as np
from scipy.special import digamma, erf, gammaln

from .functions import Function, constants, normal, number, pointwise, positive, sigmoid, softmax

FORM, SHIFT, GOAL, CENTRES = constants(41, (6, 6), (6,), (3, 4), (4, 3))
ROWS, NOISE, TAPS, AXIS = constants(42, (7, 4), (3, 4), (4,), (3,))
SIGNS, TILE, COUNTS = np.sign(constants(43, (7,))[0]), constants(44, (2, 2))[0], np.array([0.0, 3, 1, 5, 2, 0])


def _between(low, high, *shape):
    return lambda rng: rng.uniform(low, high, shape)


def _nuclear_slope(x, u):
    left, _, right = np.linalg.svd(x, full_matrices=False)
    return left @ right


def _softmin(x):
    return -np.log(np.exp(-((x[:, None] - CENTRES) ** 2).sum(-1)).sum(1))


def _softmin_vjp(x, u):
    p = softmax(-((x[:, None] - CENTRES) ** 2).sum(-1))
    return u[:, None] * 2 * (x - p @ CENTRES)


def _coulomb(x):
    return np.sum(np.triu(1 / np.sqrt(((x[:, None] - x) ** 2).sum(-1) + np.eye(len(x))), 1))


def _coulomb_slope(x, u):
    d = x[:, None] - x
    r = np.sqrt((d * d).sum(-1) + np.eye(len(x)))
    return -np.sum(d * ((1 - np.eye(len(x))) / r**3)[..., None], 1)


def _corners(rng):
    return np.array([[0.0, 0], [1, 0], [0, 1], [2, 2]]) + 0.1 * rng.normal(size=(4, 2))


def _pendulum(x, steps=10, h=0.05):
    a, v = x
    for _ in range(steps):
        v = v - h * np.sin(a)
        a = a + h * v
    return np.array([a, v])


def _pendulum_vjp(x, u, steps=10, h=0.05):
    path = [x]
    for _ in range(steps - 1):
        path.append(_pendulum(path[-1], 1))
    da, dv = u
    for a, _ in reversed(path):
        dv = dv + h * da
        da = da - h * np.cos(a) * dv
    return np.array([da, dv])


def _leaky_sum(x):
    h, out = np.zeros(len(x)), []
    for column in x.T:
        z = sigmoid(column)
        h = z * h + (1 - z) * column
        out.append(h)
    return np.stack(out, 1)


def _leaky_sum_vjp(x, u):
    before = np.concatenate([np.zeros((len(x), 1)), _leaky_sum(x)[:, :-1]], 1)
    d, dh = np.zeros_like(x), np.zeros(len(x))
    for t in reversed(range(x.shape[1])):
        z, dh = sigmoid(x[:, t]), dh + u[:, t]
        d[:, t] = dh * (z * (1 - z) * (before[:, t] - x[:, t]) + 1 - z)
        dh = dh * z
    return d


def _running_max_vjp(x, u):
    d = np.zeros_like(x)
    for i, j in np.ndindex(x.shape):
        d[i, x[i, : j + 1].argmax()] += u[i, j]
    return d


def _polar(x):
    return np.stack([x[:, 0] * np.cos(x[:, 1]), x[:, 0] * np.sin(x[:, 1])], 1)


def _polar_vjp(x, u):
    c, s = np.cos(x[:, 1]), np.sin(x[:, 1])
    return np.stack([u[:, 0] * c + u[:, 1] * s, x[:, 0] * (u[:, 1] * c - u[:, 0] * s)], 1)


def _logistic_slope(w, u):
    return -ROWS.T @ (SIGNS * sigmoid(-SIGNS * (ROWS @ w))) / 7


def _himmelblau_slope(x, u):
    a, b = x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7
    return np.array([4 * x[0] * a + 2 * b, 2 * a + 4 * x[1] * b])


def _gumbel_vjp(x, u):
    p = softmax((x + NOISE) / 0.5, 0)
    return p * (u - (p * u).sum(0)) / 0.5


def _diff_vjp(x, u):
    return np.pad(u, ((0, 0), (1, 0))) - np.pad(u, ((0, 0), (0, 1)))


def _distances(x):
    return np.abs(x[:, None] - x).sum(-1)


def _distances_vjp(x, u):
    return np.sum((u + u.T)[..., None] * np.sign(x[:, None] - x), 1)


POINTWISE = [
    pointwise("bent identity", lambda x: (np.sqrt(x * x + 1) - 1) / 2 + x, lambda x: x / np.sqrt(x * x + 1) / 2 + 1),
    pointwise("gaussian bump", lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x), scales=(1e-3, 3.0)),
    pointwise("sinc", lambda x: np.sin(x) / x, lambda x: (x * np.cos(x) - np.sin(x)) / x**2, positive(3, 4), scales=()),
    pointwise("logit", lambda x: np.log(x / (1 - x)), lambda x: 1 / (x - x * x), _between(0.05, 0.95, 3, 4), scales=()),
    pointwise("cube root", np.cbrt, lambda x: 1 / (3 * np.cbrt(x) ** 2), positive(3, 4), scales=(1e-6, 1e6)),
    pointwise("arcsinh", np.arcsinh, lambda x: 1 / np.sqrt(1 + x * x), also=("mixed", "zero")),
    pointwise("squared relu", lambda x: np.maximum(x, 0) ** 2, lambda x: 2 * np.maximum(x, 0), scales=(1e-4, 1e4)),
    pointwise(
        "hat",
        lambda x: np.maximum(0, 1 - np.abs(x - 0.5)),
        lambda x: -np.sign(x - 0.5) * (np.abs(x - 0.5) < 1),
        scales=(),
        kinks=True,
        snap=lambda x: np.round(x - 0.5) + 0.5,
    ),
    pointwise("two leaks", lambda x: np.where(x > 0, 2 * x, x / 2), lambda x: np.where(x > 0, 2, 0.5), kinks=True),
    pointwise("soft hill", lambda x: x * np.exp(-np.abs(x)), lambda x: (1 - np.abs(x)) * np.exp(-np.abs(x)), scales=()),
    pointwise("erf", erf, lambda x: 2 / np.sqrt(np.pi) * np.exp(-x * x), scales=(1e-8, 3.0), single=False),
    pointwise("x exp x", lambda x: x * np.exp(x), lambda x: (1 + x) * np.exp(x), scales=(1e-6, 5.0)),
    pointwise("tangent", np.tan, lambda x: 1 + np.tan(x) ** 2, _between(-1.2, 1.2, 3, 4), scales=(1e-8,)),
    pointwise("x to the x", lambda x: x**x, lambda x: x**x * (np.log(x) + 1), positive(3, 4), scales=(1e-4, 5.0)),
]

NUMBERS = [
    number(
        "himmelblau",
        lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
        _himmelblau_slope,
        normal(2),
        scales=(1e-6, 1e3),
    ),
    number(
        "rastrigin",
        lambda x: np.sum(x * x - 10 * np.cos(2 * np.pi * x) + 10),
        lambda x, u: 2 * x + 20 * np.pi * np.sin(2 * np.pi * x),
        normal(6),
        scales=(1e-2, 10.0),
    ),
    number(
        "negative binomial",
        lambda r: np.sum(gammaln(COUNTS + r) - gammaln(r)) + np.sum(r * np.log(0.3)),
        lambda r, u: digamma(COUNTS + r) - digamma(r) + np.log(0.3),
        positive(6),
        scales=(10.0,),
        single=False,
    ),
    number(
        "quadratic form",
        lambda x: x @ FORM @ x / 2 - SHIFT @ x,
        lambda x, u: (FORM + FORM.T) @ x / 2 - SHIFT,
        normal(6),
        scales=(1e-6, 1e6),
    ),
    number(
        "distance to a goal",
        lambda x: np.sqrt(np.sum((x - GOAL) ** 2)),
        lambda x, u: (x - GOAL) / np.sqrt(np.sum((x - GOAL) ** 2)),
        scales=(1e-4, 1e4),
        also=("far",),
    ),
    number(
        "log of a sum of squares",
        lambda x: np.log(np.sum(x * x)),
        lambda x, u: 2 * x / np.sum(x * x),
        also=("mixed",),
        large=normal(250, 400),
    ),
    number(
        "signed logistic",
        lambda w: np.mean(np.logaddexp(0, -SIGNS * (ROWS @ w))),
        _logistic_slope,
        normal(4),
        scales=(1e-6, 5.0),
    ),
    number("sum of singular values", lambda x: np.linalg.svd(x)[1].sum(), _nuclear_slope, single=False),
    number(
        "smooth maximum",
        lambda x: x.max() + np.log(np.mean(np.exp(5 * (x - x.max())))) / 5,
        lambda x, u: softmax(5 * x.ravel()).reshape(x.shape),
        scales=(1e-6, 3.0),
    ),
    number(
        "elastic net",
        lambda x: np.sum(np.abs(x)) / 2 + np.sum(x * x) / 4,
        lambda x, u: np.sign(x) / 2 + x / 2,
        scales=(1e-3, 1e3),
        kinks=True,
    ),
    number("coulomb", _coulomb, _coulomb_slope, _corners, scales=(1e3,), single=False),
]

ARRAYS = [
    Function("softmin of distances", _softmin, _softmin_vjp, normal(5, 3), scales=(1e-4,), single=False),
    Function("all differences", lambda x: x[:, None] - x, lambda x, u: u.sum(1) - u.sum(0), normal(6), also=("far",)),
    Function(
        "filter",
        lambda x: np.convolve(x, TAPS),
        lambda x, u: np.correlate(u, TAPS, "valid"),
        normal(9),
        also=("mixed",),
        single=False,
    ),
    Function("centre", lambda x: x - x.mean(0), lambda x, u: u - u.mean(0), normal(4, 3), large=normal(500, 200)),
    Function("relaxed choice", lambda x: softmax((x + NOISE) / 0.5, 0), _gumbel_vjp, normal(3, 4), scales=(1e-6, 2.0)),
    Function(
        "log ratios",
        lambda x: np.log(x) - np.log(x).mean(1, keepdims=True),
        lambda x, u: (u - u.mean(1, keepdims=True)) / x,
        positive(3, 4),
        scales=(1e-6, 1e6),
    ),
    Function("polar", _polar, _polar_vjp, normal(4, 2), scales=(1e-6, 10.0)),
    Function("cross product", lambda x: np.cross(x, AXIS), lambda x, u: np.cross(AXIS, u), normal(4, 3)),
    Function("matrix square", lambda x: x @ x, lambda x, u: u @ x.T + x.T @ u, normal(4, 4), also=("zero",)),
    Function(
        "kronecker",
        lambda x: np.kron(x, TILE),
        lambda x, u: np.einsum("iajb,ab->ij", u.reshape(3, 2, 2, 2), TILE),
        normal(3, 2),
    ),
    Function("running max", lambda x: np.maximum.accumulate(x, 1), _running_max_vjp, normal(3, 5)),
    Function("differences", lambda x: np.diff(x, axis=1), _diff_vjp, normal(3, 5), also=("far", "mixed")),
    Function("pendulum", _pendulum, _pendulum_vjp, normal(2), scales=(1e-6, 5.0)),
    Function("gated sum", _leaky_sum, _leaky_sum_vjp, normal(3, 5), scales=(1e-6, 5.0)),
    Function("city distances", _distances, _distances_vjp, normal(4, 3)),
]

FUNCTIONS = POINTWISE + NUMBERS + ARRAYS
