"""Losses, likelihoods, linear algebra and iterations of the course with their right gradients, derived by hand."""

import numpy as np
from scipy.linalg import expm, expm_frechet

from .functions import Function, constants, like, normal, number, positive, sigmoid, softmax

POSITIVE, NEGATIVE, TEXTS = constants(21, (3, 4), (3, 4), (3, 4))
COUNTS = np.array([[0.0, 3, 1, 2], [5, 0, 1, 1], [2, 2, 0, 4]])
DATA, SIGNS = constants(22, (6, 4))[0], np.array([1.0, -1, 1, 1, -1, -1])
EMISSIONS = constants(23, (4, 3))[0]
RIGHT_SIDE, MIX = constants(24, (4, 2), (4, 4))
OLD, ADVANTAGE = constants(25, (3, 4), (3, 4))
CENTRES = constants(26, (3, 2))[0]
ONE = np.eye(4)


def lse(z, axis=None):
    """Log of the sum of exponentials."""
    top = z.max(axis, keepdims=True)
    out = top + np.log(np.exp(z - top).sum(axis, keepdims=True))
    return out.squeeze(axis)


def _focal_vjp(x, u):
    p = sigmoid(x)
    return (2 * (1 - p) * np.log(p) - (1 - p) ** 2 / p) * p * (1 - p)


def _dice(x):
    p, t = sigmoid(x), TEXTS > 0
    return 1 - 2 * np.sum(p * t) / (np.sum(p) + np.sum(t))


def _dice_vjp(x, u):
    p, t = sigmoid(x), TEXTS > 0
    total = np.sum(p) + np.sum(t)
    return (-2 * t / total + 2 * np.sum(p * t) / total**2) * p * (1 - p)


def _triplet_margins(x):
    return ((x - POSITIVE) ** 2).sum(1) - ((x - NEGATIVE) ** 2).sum(1) + 1


def _contrast_vjp(x, u):
    (t,) = like(x, TEXTS)
    return (softmax(x @ t.T) - np.eye(3)) @ t / 3


def _mixture_logits(m):
    return -((DATA[:, None, :2] - m) ** 2).sum(2) / 2


def _mixture_vjp(m, u):
    r = softmax(_mixture_logits(m))
    return r.sum(0)[:, None] * m - r.T @ DATA[:, :2]


def _hmm(x):
    a = EMISSIONS[0]
    for b in EMISSIONS[1:]:
        a = lse(a[:, None] + x, 0) + b
    return lse(a)


def _hmm_vjp(x, u):
    steps, a = [], EMISSIONS[0]
    for b in EMISSIONS[1:]:
        steps.append(softmax(a[:, None] + x, 0))
        a = lse(a[:, None] + x, 0) + b
    w, d = softmax(a), np.zeros_like(x)
    for p in reversed(steps):
        d += p * w
        w = p @ w
    return d


def _transport(c):
    """Entropic transport between uniform weights: dual potentials of Sinkhorn's iteration, and the plan."""
    f, g, w = np.zeros(len(c)), np.zeros(c.shape[1]), np.log(np.full(c.shape, 1 / c.size))
    for _ in range(500):
        before = f
        f = -lse(g - c + np.log(1 / c.shape[1]), 1)
        g = -lse(f[:, None] - c + np.log(1 / c.shape[0]), 0)
        if np.max(np.abs(f - before)) < 1e-11:
            break
    return f.mean() + g.mean(), np.exp(f[:, None] + g - c + w)


def _spectral(x):
    v = np.ones(x.shape[1])
    for _ in range(300):
        v = x.T @ (x @ v)
        v = v / np.sqrt(v @ v)
    return np.sqrt(np.sum((x @ v) ** 2)), v


def _spectral_vjp(x, u):
    s, v = _spectral(x)
    return np.outer(x @ v / s, v)


def _far_from_equal(rng):
    x = rng.normal(size=(3, 4))
    x[0] *= 4
    return x


def _fixed_point(x):
    z = np.zeros_like(x)
    for _ in range(500):
        before, z = z, np.tanh(z @ MIX / 6 + x)
        if np.max(np.abs(z - before)) < 1e-10:
            break
    return z


def _fixed_point_vjp(x, u):
    slope = 1 - _fixed_point(x) ** 2
    return np.stack([s * np.linalg.solve(ONE - MIX / 6 @ np.diag(s), row) for s, row in zip(slope, u, strict=True)])


def _cholesky(x):
    return np.linalg.cholesky((x + x.T) / 2 + 4 * ONE)


def _cholesky_vjp(x, u):
    low = _cholesky(x)
    p = np.tril(low.T @ np.tril(u))
    p[np.diag_indices(4)] /= 2
    inverse = np.linalg.inv(low)
    s = inverse.T @ p @ inverse
    return (s + s.T) / 2


def _solve_vjp(x, u):
    a = x + 3 * ONE
    return -np.outer(np.linalg.solve(a.T, u), np.linalg.solve(a, RIGHT_SIDE[:, 0]))


def _nuclear_vjp(x, u):
    left, _, right = np.linalg.svd(x, full_matrices=False)
    return left @ right


def _top_eigenvalue_vjp(x, u):
    v = np.linalg.eigh(x + x.T)[1][:, -1]
    return 2 * np.outer(v, v)


def _entropy_vjp(x, u):
    p = softmax(x)
    logs = np.log(p)
    return -p * (logs - (p * logs).sum(1, keepdims=True))


def _pearson(x):
    a, b = x - x.mean(), TEXTS - TEXTS.mean()
    return np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))


def _pearson_vjp(x, u):
    a, b = x - x.mean(), TEXTS - TEXTS.mean()
    size = np.sqrt(np.sum(a * a))
    return b / (size * np.sqrt(np.sum(b * b))) - _pearson(x) * a / size**2


def _kernel(x):
    return np.exp(-((x[:, None] - x[None]) ** 2).sum(-1) / 2)


def _kernel_vjp(x, u):
    s = (u + u.T) * _kernel(x)
    return s @ x - s.sum(1)[:, None] * x


def _rank_vjp(x, u):
    s = sigmoid(x[None] - x[:, None]) * np.tri(6, 6, -1).T
    return s.sum(0) - s.sum(1)


def _ppo(x):
    r = np.exp(x - OLD)
    return np.mean(np.minimum(r * ADVANTAGE, np.clip(r, 0.8, 1.2) * ADVANTAGE))


def _ppo_vjp(x, u):
    r = np.exp(x - OLD)
    kept = np.where(ADVANTAGE > 0, r < 1.2, r > 0.8)
    return kept * r * ADVANTAGE / 12


def _variation_vjp(x, u):
    s = np.sign(np.diff(x))
    return np.pad(s, ((0, 0), (1, 0))) - np.pad(s, ((0, 0), (0, 1)))


def _transport_1d_vjp(x, u):
    d = np.zeros_like(x)
    order = np.argsort(x, kind="stable")
    d[order] = np.sign(x[order] - np.sort(DATA[:, 0]))
    return d


def _nearest(x):
    return ((x[:, None] - CENTRES) ** 2).sum(2)


def _svm_vjp(w, u):
    on = SIGNS * (DATA @ w) < 1
    return -(on * SIGNS) @ DATA / 6 + 0.2 * w


def _elbo(x):
    m, s = x
    return np.sum(np.exp(2 * s) + m * m - 1 - 2 * s) / 2


NUMBERS = [
    number(
        "log cosh",
        lambda x: np.sum(np.logaddexp(x, -x)) - x.size * np.log(2),
        lambda x, u: np.tanh(x),
        large=normal(250, 400),
        also=("mixed",),
    ),
    number(
        "pinball", lambda x: np.sum(np.maximum(0.9 * x, -0.1 * x)), lambda x, u: np.where(x > 0, 0.9, -0.1), kinks=True
    ),
    number(
        "triplet",
        lambda x: np.sum(np.maximum(_triplet_margins(x), 0)),
        lambda x, u: 2 * (_triplet_margins(x) > 0)[:, None] * (NEGATIVE - POSITIVE),
        scales=(1e-6,),
    ),
    number(
        "contrast",
        lambda x: np.mean(lse(x @ like(x, TEXTS)[0].T, 1) - np.sum(x * like(x, TEXTS)[0], 1)),
        _contrast_vjp,
        scales=(1e-8, 3.0),
    ),
    number("focal", lambda x: -np.sum((1 - sigmoid(x)) ** 2 * np.log(sigmoid(x))), _focal_vjp, scales=(1e-8, 3.0)),
    number("dice", _dice, _dice_vjp, scales=(1e-8, 3.0)),
    number(
        "elbo",
        _elbo,
        lambda x, u: np.stack([x[0], np.exp(2 * x[1]) - 1]),
        normal(2, 5),
        scales=(),
    ),
    number(
        "poisson",
        lambda x: np.mean(np.exp(x) - COUNTS * x),
        lambda x, u: (np.exp(x) - COUNTS) / 12,
        scales=(1e-8, 3.0),
        also=("zero", "noisy"),
    ),
    number("mixture", lambda m: -np.sum(lse(_mixture_logits(m), 1)), _mixture_vjp, normal(3, 2), scales=(1e-6, 10.0)),
    number("hidden markov", _hmm, _hmm_vjp, normal(3, 3), scales=(1e-8, 5.0)),
    number(
        "sinkhorn", lambda c: _transport(c)[0], lambda c, u: _transport(c)[1], positive(3, 4), scales=(), single=False
    ),
    number(
        "spectral norm", lambda x: _spectral(x)[0], _spectral_vjp, _far_from_equal, scales=(1e-6, 1e6), single=False
    ),
    number(
        "determinant",
        lambda x: np.linalg.det(x + 2 * ONE),
        lambda x, u: np.linalg.det(x + 2 * ONE) * np.linalg.inv(x + 2 * ONE).T,
        normal(4, 4),
        scales=(1e-6,),
        single=False,
    ),
    number(
        "nuclear norm",
        lambda x: np.linalg.svd(x, compute_uv=False).sum(),
        _nuclear_vjp,
        normal(3, 5),
        scales=(1e-6, 1e6),
        single=False,
    ),
    number(
        "top eigenvalue",
        lambda x: np.linalg.eigvalsh(x + x.T)[-1],
        _top_eigenvalue_vjp,
        normal(4, 4),
        scales=(1e-6, 1e6),
        single=False,
    ),
    number(
        "trace of a cube", lambda x: np.trace(x @ x @ x), lambda x, u: 3 * (x @ x).T, normal(4, 4), scales=(1e-4, 1e4)
    ),
    number(
        "polynomial",
        lambda x: np.sum(x**4 - 3 * x * x + x),
        lambda x, u: 4 * x**3 - 6 * x + 1,
        scales=(1e-6, 1e3),
        also=("integers", "zero"),
    ),
    number(
        "logistic loss",
        lambda w: np.mean(np.logaddexp(0, -SIGNS * (DATA @ w))),
        lambda w, u: -(SIGNS * sigmoid(-SIGNS * (DATA @ w))) @ DATA / 6,
        normal(4),
        scales=(1e-8, 3.0),
        also=("zero", "noisy"),
    ),
    number(
        "svm",
        lambda w: np.mean(np.maximum(1 - SIGNS * (DATA @ w), 0)) + 0.1 * w @ w,
        _svm_vjp,
        normal(4),
        scales=(1e-6,),
        also=("zero",),
    ),
    number("variation", lambda x: np.abs(np.diff(x)).sum(), _variation_vjp, normal(2, 6), kinks=True),
    number(
        "roughness",
        lambda x: np.sum(np.diff(x) ** 2),
        lambda x, u: 2 * (np.pad(np.diff(x), ((0, 0), (1, 0))) - np.pad(np.diff(x), ((0, 0), (0, 1)))),
        normal(2, 6),
        also=("integers",),
    ),
    number(
        "sorted distance",
        lambda x: np.abs(np.sort(x) - np.sort(DATA[:, 0])).sum(),
        _transport_1d_vjp,
        normal(6),
        scales=(1e6,),
    ),
    number(
        "nearest centre",
        lambda x: _nearest(x).min(1).sum(),
        lambda x, u: 2 * (x - CENTRES[_nearest(x).argmin(1)]),
        normal(5, 2),
        scales=(1e-6, 1e3),
    ),
    number(
        "ranking",
        lambda x: np.sum(np.logaddexp(0, x[None] - x[:, None]) * np.tri(6, 6, -1).T),
        _rank_vjp,
        normal(6),
        scales=(1e-8, 5.0),
        also=("far",),
    ),
    number("ppo", _ppo, _ppo_vjp, scales=()),
    number("entropy", lambda x: -np.sum(softmax(x) * np.log(softmax(x))), _entropy_vjp, scales=(3.0,), also=("far",)),
    number("pearson", _pearson, _pearson_vjp, scales=(1e-6, 1e6), also=("far",)),
    number("square of a number", lambda x: x * x, lambda x, u: 2 * x, normal(), also=("integers",)),
    number("exp of one", lambda x: np.exp(x)[0], lambda x, u: np.exp(x), normal(1), scales=(1e-8, 5.0)),
    number("sum", np.sum, lambda x, u: np.ones_like(x), also=("mixed", "zero", "integers", "far")),
    number("constant", lambda x: 3.0 + 0 * np.sum(x), lambda x, u: np.zeros_like(x)),
]

ARRAYS = [
    Function("fixed point", _fixed_point, _fixed_point_vjp, normal(2, 4), scales=(1e-4,), single=False),
    Function("cholesky", _cholesky, _cholesky_vjp, lambda rng: 0.5 * rng.normal(size=(4, 4)), scales=(), single=False),
    Function(
        "solve",
        lambda x: np.linalg.solve(x + 3 * ONE, RIGHT_SIDE[:, 0]),
        _solve_vjp,
        lambda rng: 0.5 * rng.normal(size=(4, 4)),
        scales=(1e-6,),
        single=False,
    ),
    Function(
        "matrix exponential",
        expm,
        lambda x, u: expm_frechet(x.T, u, compute_expm=False),
        normal(3, 3),
        scales=(1e-6,),
        single=False,
    ),
    Function("kernel", _kernel, _kernel_vjp, normal(4, 3), scales=(0.1,), also=("far",)),
]

FUNCTIONS = NUMBERS + ARRAYS
