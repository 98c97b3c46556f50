"""Momentum, Adam and the line search against witnesses that share no code with them."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy import optimize, signal
from sklearn.neural_network import MLPRegressor
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def walk(step, w, gradients, config):
    """w after every step, and the config in the end; a gradient may be a function of w."""
    path = []
    for gradient in gradients:
        w, config = step(w, gradient(w) if callable(gradient) else gradient, config)
        path.append(w)
    return np.array(path), config


# --- momentum ------------------------------------------------------------------------------------------------------


def test_momentum_is_what_fractions_say(answer):
    rate, mu, w, v = Fraction(1, 8), Fraction(3, 4), Fraction(5, 2), Fraction(0)
    gradients = [Fraction(n, 4) for n in (7, -3, 0, 10, 1)]

    path, config = walk(
        answer("sgd_momentum"),
        np.array([float(w)]),
        [np.array([float(g)]) for g in gradients],
        {"learning_rate": float(rate), "momentum": float(mu)},
    )

    for step, gradient in enumerate(gradients):
        v = mu * v - rate * gradient
        w = w + v
        assert path[step][0] == float(w)  # every number is a short binary fraction, so nothing is rounded
    assert config["velocity"][0] == float(v)


def test_the_velocity_is_a_recursive_filter_of_the_gradients(answer, rng):
    gradients, rate, mu = rng.normal(size=(40, 3)), 0.05, 0.9

    path, config = walk(answer("sgd_momentum"), np.ones(3), gradients, {"learning_rate": rate, "momentum": mu})

    velocities = signal.lfilter([-rate], [1, -mu], gradients, axis=0)
    assert np.allclose(path, 1 + np.cumsum(velocities, axis=0), rtol=1e-12)
    assert np.allclose(config["velocity"], velocities[-1], rtol=1e-12)


@pytest.mark.parametrize("curvature", [0.3, 4.0, 25.0])
def test_momentum_in_a_bowl_is_the_power_of_a_matrix(answer, curvature):
    rate, mu, steps = 0.03, 0.8, 30
    matrix = np.array([[mu, -rate * curvature], [mu, 1 - rate * curvature]])  # (v, w) after a step from (v, w)

    path, config = walk(
        answer("sgd_momentum"),
        np.array([2.0]),
        [lambda w: curvature * w] * steps,
        {"learning_rate": rate, "momentum": mu},
    )

    v, w = np.linalg.matrix_power(matrix, steps) @ [0, 2.0]
    assert np.allclose([config["velocity"][0], path[-1][0]], [v, w], rtol=1e-9)


def test_under_a_constant_gradient_the_velocity_is_a_geometric_sum(answer):
    path, config = walk(answer("sgd_momentum"), np.zeros(1), [np.array([2.0])] * 60, {"momentum": 0.9})

    assert np.isclose(config["velocity"][0], -0.01 * 2.0 * (1 - 0.9**60) / (1 - 0.9), rtol=1e-12)
    assert np.isclose(path[0][0], -0.02)


def test_momentum_is_that_of_scikit_learn(answer, rng):
    w, gradients = rng.normal(size=(2, 3)), rng.normal(size=(10, 2, 3))
    theirs = w.copy()
    optimizer = SGDOptimizer([theirs], learning_rate_init=0.02, momentum=0.7, nesterov=False)

    path, config = walk(answer("sgd_momentum"), w, gradients, {"learning_rate": 0.02, "momentum": 0.7})
    for gradient in gradients:
        optimizer.update_params([theirs], [gradient])

    assert np.allclose(path[-1], theirs, rtol=1e-12)
    assert np.allclose(config["velocity"], optimizer.velocities[0], rtol=1e-12)


# --- Adam ----------------------------------------------------------------------------------------------------------


def test_the_corrected_averages_are_averages_with_weights_that_shrink(answer, rng):
    gradients, b1, b2, rate = rng.normal(size=(12, 4)), 0.8, 0.95, 0.1

    path, config = walk(
        answer("adam"), np.zeros(4), gradients, {"learning_rate": rate, "beta1": b1, "beta2": b2, "epsilon": 1e-30}
    )

    expected = np.zeros(4)
    for t in range(1, 13):
        age = np.arange(t)[::-1]
        m_hat = np.average(gradients[:t], axis=0, weights=b1**age)
        v_hat = np.average(gradients[:t] ** 2, axis=0, weights=b2**age)
        expected = expected - rate * m_hat / np.sqrt(v_hat)
        assert np.allclose(path[t - 1], expected, rtol=1e-10, atol=1e-13)
    assert config["t"] == 12


def test_adam_stores_the_averages_without_the_correction(answer, rng):
    gradients = rng.normal(size=(7, 3))

    _, config = walk(answer("adam"), np.zeros(3), gradients, None)

    assert np.allclose(config["m"], signal.lfilter([0.1], [1, -0.9], gradients, axis=0)[-1], rtol=1e-12)
    assert np.allclose(config["v"], signal.lfilter([0.001], [1, -0.999], gradients**2, axis=0)[-1], rtol=1e-11)


@pytest.mark.parametrize("gradients", [[3.0, -1.0, 0.5], [4e-8, 1e-8, -2e-8]], ids=["usual", "tiny"])
def test_adam_is_what_forty_digits_say(answer, gradients):
    path, _ = walk(answer("adam"), np.array([0.5]), [np.array([g]) for g in gradients], {"learning_rate": 0.1})

    with mpmath.workdps(40):
        rate, b1, b2, eps = (mpmath.mpf(s) for s in ("0.1", "0.9", "0.999", "1e-8"))
        w, m, v = mpmath.mpf("0.5"), mpmath.mpf(0), mpmath.mpf(0)
        for t, g in enumerate(gradients, 1):
            m, v = b1 * m + (1 - b1) * mpmath.mpf(g), b2 * v + (1 - b2) * mpmath.mpf(g) ** 2
            w -= rate * (m / (1 - b1**t)) / (mpmath.sqrt(v / (1 - b2**t)) + eps)
            assert math.isclose(path[t - 1][0], float(w), rel_tol=1e-12)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_adams_first_step_has_the_size_of_the_learning_rate(answer, scale):
    w, _ = answer("adam")(np.zeros(3), scale * np.array([1.0, -20.0, 300.0]), None)

    assert np.allclose(w, [-1e-3, 1e-3, -1e-3], rtol=1e-4)


def test_adam_goes_on_from_what_it_has_stored(answer, rng):
    gradients, w = rng.normal(size=(9, 2)), np.array([1.0, -1.0])
    step = answer("adam")
    whole, _ = walk(step, w, gradients, None)

    first, config = walk(step, w, gradients[:5], None)
    rest, _ = walk(step, first[-1], gradients[5:], {key: config[key] for key in ("m", "v", "t")})

    assert config["t"] == 5
    assert np.array_equal(np.concatenate([first, rest]), whole)


def test_adam_is_that_of_scikit_learn_where_epsilon_does_not_matter(answer, rng):
    w, gradients = rng.normal(size=(3, 2)), rng.normal(size=(15, 3, 2))
    theirs = w.copy()
    optimizer = AdamOptimizer([theirs], learning_rate_init=0.02, beta_1=0.8, beta_2=0.97, epsilon=1e-30)
    config = {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.97, "epsilon": 1e-30}

    path, config = walk(answer("adam"), w, gradients, config)
    for gradient in gradients:
        optimizer.update_params([theirs], [gradient])

    assert np.allclose(path[-1], theirs, rtol=1e-12)
    assert np.allclose(config["m"], optimizer.ms[0])
    assert np.allclose(config["v"], optimizer.vs[0])


def test_the_defaults_of_adam_are_those_of_scikit_learn():
    usual = MLPRegressor()

    assert (usual.learning_rate_init, usual.beta_1, usual.beta_2, usual.epsilon) == (1e-3, 0.9, 0.999, 1e-8)
    assert usual.momentum == 0.9


# --- line search ---------------------------------------------------------------------------------------------------


def quadratic(rng, size):
    """A positive definite matrix, the function of it, a point with its gradient, and a direction that goes down."""
    root = rng.normal(size=(size, size))
    a = root @ root.T + np.eye(size)
    x = rng.normal(size=size)
    d = -(a @ x) + 0.3 * rng.normal(size=size)
    return a, (lambda z: float(z @ a @ z) / 2), a @ x, x, d


@pytest.mark.parametrize("seed", range(20))
def test_on_a_quadratic_the_condition_bounds_alpha_in_closed_form(answer, seed):
    # f(x + alpha d) = f(x) + alpha s + alpha^2 (d A d) / 2, so the condition says alpha <= 2 (1 - c) (-s) / (d A d).
    a, f, grad, x, d = quadratic(np.random.default_rng(seed), 4)
    c, rho, alpha0 = 0.3, 0.7, 5.0
    bound = 2 * (1 - c) * -(grad @ d) / (d @ a @ d)

    alpha = answer("backtracking_line_search")(f, grad, x, d, alpha0, c, rho)

    shortened = max(0, math.ceil(math.log(bound / alpha0) / math.log(rho)))
    assert math.isclose(alpha, alpha0 * rho**shortened, rel_tol=1e-12)
    assert alpha <= bound
    assert alpha == alpha0 or alpha / rho > bound


@pytest.mark.parametrize("start", [[-1.2, 1.0], [0.0, 0.0], [2.0, -3.0]])
def test_the_step_that_scipy_takes_is_accepted_at_once(answer, start):
    x = np.array(start)
    grad = optimize.rosen_der(x)
    theirs = optimize.line_search(optimize.rosen, optimize.rosen_der, x, -grad, gfk=grad, c1=1e-4)[0]

    assert answer("backtracking_line_search")(optimize.rosen, grad, x, -grad, alpha0=theirs) == theirs


@pytest.mark.parametrize("c", [1e-4, 0.1, 0.4])
def test_alpha_is_the_largest_of_all_trials_that_fulfil_the_condition(answer, c):
    x = np.array([-1.2, 1.0])
    grad = optimize.rosen_der(x)
    trials = [0.5**k for k in range(50)]
    good = [t for t in trials if optimize.rosen(x - t * grad) <= optimize.rosen(x) - c * t * grad @ grad]

    assert answer("backtracking_line_search")(optimize.rosen, grad, x, -grad, c=c) == max(good)


def test_descent_with_the_line_search_finds_the_minimum_that_scipy_finds(answer, rng):
    _, f, _, x, _ = quadratic(rng, 3)
    a = np.array([[f(u + v) - f(u) - f(v) for u in np.eye(3)] for v in np.eye(3)])

    for _ in range(300):
        grad = a @ x
        x = x - answer("backtracking_line_search")(f, grad, x, -grad, c=0.3) * grad

    assert np.allclose(x, optimize.minimize(f, np.ones(3)).x, atol=1e-5)


@pytest.mark.parametrize(
    ("d", "max_iter", "allowed"), [(-1.0, 3, 4), (-1.0, 50, 51), (1.0, 50, 51)], ids=["few", "many", "uphill"]
)
def test_f_is_called_once_for_each_trial_and_once_at_x(answer, d, max_iter, allowed):
    asked = []

    def spike(x):
        asked.append(x)
        return float(abs(x[0]) if x[0] > 0.999999999 else 10.0)

    alpha = answer("backtracking_line_search")(spike, np.ones(1), np.ones(1), np.array([d]), max_iter=max_iter)

    assert len(asked) <= allowed
    assert (alpha == 0.0) == (d > 0 or max_iter == 3)


@pytest.mark.parametrize("exercise", ["sgd_momentum", "adam", "backtracking_line_search"])
def test_the_gradients_that_are_given_belong_to_their_functions(library, exercise):
    own = library.exercise(exercise)
    names = own.reference.__globals__

    if exercise != "backtracking_line_search":
        w = np.array([0.7, -1.3])
        slope = optimize.approx_fprime(w, lambda z: (z[0] ** 2 + 25 * z[1] ** 2) / 2)
        assert np.allclose(names["slope_of_valley"](w), slope, rtol=1e-5)
        return
    for case in own.cases:
        made = case.make(np.random.default_rng(0))
        f = made["f"]["f"] if isinstance(made["f"], dict) else made["f"]
        assert np.allclose(made["grad"], optimize.approx_fprime(made["x"], names[f.name]), rtol=1e-4, atol=1e-5)


def test_no_trial_of_a_case_hangs_on_rounding(library):
    own = library.exercise("backtracking_line_search")

    for case in own.cases:
        made = case.make(np.random.default_rng(0))
        if case.name in ("exactly_on_the_line", "level_ground", "straight_up"):
            continue
        f = own.reference.__globals__[(made["f"]["f"] if isinstance(made["f"], dict) else made["f"]).name]
        slope, start = made["grad"] @ made["d"], f(made["x"])
        for k in range(12):
            alpha = made.get("alpha0", 1.0) * made.get("rho", 0.5) ** k
            there, line = f(made["x"] + alpha * made["d"]), start + made.get("c", 1e-4) * alpha * slope
            assert not abs(there - line) < 1e-4 * max(1, abs(start))
            if there <= line:
                break
