"""Some references against witnesses that share no code with them: exact fractions, brute force, decimals, scipy."""

import itertools
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy.special import log_softmax

SHAPES = [(), (1,), (2,), (3, 1), (1, 2), (3, 2), (2, 1, 1), (2, 3, 1), (2, 1, 2), (1, 3, 2), (1, 1, 1), (2, 3, 2)]
LAYERS = [(1, 3), (4, 3), (3, 2, 2), (2, 1, 3, 2)]


@pytest.fixture
def rng():
    return np.random.default_rng(20181)


@pytest.fixture(scope="module")
def answer(library):
    return cache(lambda name: library.exercise(name).reference)


def quarters(rng, *shape):
    """Numbers that floats add and multiply exactly."""
    return rng.integers(-12, 13, shape) / 4


# --- the affine layer ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_affine_forward_is_the_sum_in_exact_fractions(answer, rng, shape):
    size = int(np.prod(shape[1:]))
    x, w, b = quarters(rng, *shape), quarters(rng, size, 2), quarters(rng, 2)

    out, _ = answer("affine_forward")(x, w, b)

    for n, m in np.ndindex(out.shape):
        terms = [Fraction(one) * Fraction(w[d, m]) for d, one in enumerate(x[n].flat)]
        assert Fraction(out[n, m]) == sum(terms) + Fraction(b[m])


@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_affine_backward_is_the_exact_change_of_a_loss_that_is_linear_in_each_argument(answer, rng, shape):
    size = int(np.prod(shape[1:]))
    arguments = [quarters(rng, *shape), quarters(rng, size, 2), quarters(rng, 2)]
    dout = quarters(rng, shape[0], 2)

    gradients = answer("affine_backward")(dout, tuple(arguments))

    for position, gradient in enumerate(gradients):
        assert gradient.shape == arguments[position].shape
        for index in np.ndindex(gradient.shape):
            losses = []
            for step in (1, -1):
                nudged = [array.copy() for array in arguments]
                nudged[position][index] += step
                losses.append(np.sum(dout * answer("affine_forward")(*nudged)[0]))
            assert gradient[index] == (losses[0] - losses[1]) / 2


def test_affine_backward_of_a_doubled_batch_doubles_what_the_examples_share(answer, rng):
    x, w, b, dout = quarters(rng, 3, 2), quarters(rng, 2, 2), quarters(rng, 2), quarters(rng, 3, 2)

    dx, dw, db = answer("affine_backward")(dout, (x, w, b))
    twice = answer("affine_backward")(np.vstack([dout, dout]), (np.vstack([x, x]), w, b))

    np.testing.assert_array_equal(twice[0], np.vstack([dx, dx]))
    np.testing.assert_array_equal(twice[1], 2 * dw)
    np.testing.assert_array_equal(twice[2], 2 * db)


# --- unbroadcast ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_unbroadcast_is_the_adjoint_of_broadcasting(answer, rng, shape):
    grad = quarters(rng, 2, 3, 2)

    g = np.asarray(answer("unbroadcast")(grad, shape))

    assert g.shape == shape
    for index in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[index] = 1
        assert g[index] == np.sum(grad * np.broadcast_to(unit, grad.shape))


def test_unbroadcast_to_the_shape_of_a_bias_is_db(answer, rng):
    dout = quarters(rng, 4, 3)

    _, _, db = answer("affine_backward")(dout, (quarters(rng, 4, 2), quarters(rng, 2, 3), quarters(rng, 3)))

    np.testing.assert_array_equal(answer("unbroadcast")(dout, (3,)), db)


# --- backward_graph ------------------------------------------------------------------------------------------------


def random_steps(rng, inputs, steps):
    """Operations on earlier numbers by position; one number may be used twice."""
    return [
        (str(rng.choice(["*", "+", "-"])), int(rng.integers(inputs + n)), inputs + n - 1 if rng.random() < 0.7 else 0)
        for n in range(steps)
    ]


def with_dual_numbers(inputs, steps, chosen):
    """Value and slope of the last number with respect to input `chosen`, forwards, in exact fractions."""
    numbers = [(Fraction(value), Fraction(n == chosen)) for n, value in enumerate(inputs)]
    for sign, one, other in steps:
        (a, da), (b, db) = numbers[one], numbers[other]
        made = {"*": (a * b, da * b + a * db), "+": (a + b, da + db), "-": (a - b, da - db)}
        numbers.append(made[sign])
    return numbers[-1]


def built(node, inputs, steps):
    """The same computation as nodes."""
    nodes = [node(Fraction(value)) for value in inputs]
    for sign, one, other in steps:
        a, b = nodes[one], nodes[other]
        value = {"*": a.value * b.value, "+": a.value + b.value, "-": a.value - b.value}[sign]
        slopes = {"*": [b.value, a.value], "+": [1, 1], "-": [1, -1]}[sign]
        nodes.append(node(value, [a, b], slopes))
    for one in nodes:
        one.grad = Fraction(0)
    return nodes


@pytest.fixture
def in_fractions(answer):
    """backward_graph's own Node, and the function on fractions: its first slope is 1.0, which would make floats."""
    node = answer("backward_graph").__globals__["Node"]

    class Exact(node):
        def __setattr__(self, name, value):
            super().__setattr__(name, Fraction(value) if name == "grad" else value)

    return Exact


@pytest.mark.parametrize("seed", range(20))
def test_backward_graph_gives_the_exact_slopes_of_dual_numbers(answer, in_fractions, seed):
    rng = np.random.default_rng(seed)
    inputs = [2, -1, 3]
    steps = random_steps(rng, len(inputs), 9)
    nodes = built(in_fractions, inputs, steps)

    answer("backward_graph")(nodes[-1])

    for chosen in range(len(inputs)):
        assert (nodes[-1].value, nodes[chosen].grad) == with_dual_numbers(inputs, steps, chosen)


def test_backward_graph_adds_up_all_paths_without_walking_them(answer, in_fractions):
    nodes = built(in_fractions, [1], [("+", n, n) for n in range(3000)])

    answer("backward_graph")(nodes[-1])

    assert nodes[0].grad == 2**3000


# --- softmax_loss --------------------------------------------------------------------------------------------------


def in_decimals(x, y):
    """Loss and gradient with 60 digits and no trick."""
    with localcontext(prec=60):
        loss, dx = Decimal(0), np.zeros(x.shape)
        for n, row in enumerate(x):
            powers = [Decimal(float(score)).exp() for score in row]
            loss -= (powers[y[n]] / sum(powers)).ln() / len(x)
            for c, power in enumerate(powers):
                dx[n, c] = (power / sum(powers) - (c == y[n])) / len(x)
        return float(loss), dx


@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_softmax_loss_agrees_with_sixty_digits(answer, rng, scale):
    x, y = scale * rng.normal(size=(6, 4)), rng.integers(4, size=6)

    loss, dx = answer("softmax_loss")(x, y)

    expected, gradient = in_decimals(x, y)
    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(dx, gradient, rtol=1e-9, atol=1e-15)


def test_softmax_loss_agrees_with_scipy(answer, rng):
    x, y = 3 * rng.normal(size=(50, 7)), rng.integers(7, size=50)

    loss, _ = answer("softmax_loss")(x, y)

    assert loss == pytest.approx(-log_softmax(x, axis=1)[np.arange(50), y].mean(), rel=1e-13)


def test_softmax_loss_of_equal_scores_is_log_c_and_its_rows_pull_and_push_alike(answer, rng):
    y = rng.integers(10, size=8)

    loss, dx = answer("softmax_loss")(np.full((8, 10), 2.5), y)

    assert loss == pytest.approx(np.log(10), rel=1e-14)
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-16)


def test_softmax_loss_is_a_thousand_where_the_right_class_is_a_thousand_behind(answer):
    loss, dx = answer("softmax_loss")(np.array([[1000.0, 0.0]]), np.array([1]))

    assert loss == 1000
    np.testing.assert_array_equal(dx, [[1, -1]])


def test_softmax_loss_of_a_doubled_batch_is_the_same_and_its_gradient_half(answer, rng):
    x, y = rng.normal(size=(4, 3)), np.array([0, 2, 2, 1])

    loss, dx = answer("softmax_loss")(x, y)
    twice, halves = answer("softmax_loss")(np.vstack([x, x]), np.append(y, y))

    assert twice == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(halves, np.vstack([dx, dx]) / 2, rtol=1e-14)


# --- calibrate_threshold -------------------------------------------------------------------------------------------


def by_brute_force(y, p, cost_fp, cost_fn):
    """Try every threshold there is, in exact fractions; the largest of the cheapest."""
    tried = []
    for threshold in {*p.tolist(), float("inf")}:
        blocked = [score >= threshold for score in p.tolist()]
        fp = sum(b and not fraud for b, fraud in zip(blocked, y.tolist(), strict=True))
        fn = sum(fraud and not b for b, fraud in zip(blocked, y.tolist(), strict=True))
        tried.append((fp * Fraction(cost_fp) + fn * Fraction(cost_fn), -threshold))
    cost, negative = min(tried)
    return -negative, cost


def test_calibrate_threshold_finds_the_largest_of_the_cheapest_among_all(answer):
    scores = (0.1, 0.5, 0.9)
    for number in range(5):
        for p, y in itertools.product(
            itertools.product(scores, repeat=number), itertools.product((0, 1), repeat=number)
        ):
            for costs in ((1.0, 1.0), (1.0, 2.0), (3.0, 1.0)):
                y_true, p_all = np.array(y, dtype=int), np.array(p, dtype=float)

                found = answer("calibrate_threshold")(y_true, p_all, *costs)

                assert found == by_brute_force(y_true, p_all, *costs), (y, p, costs)


def test_calibrate_threshold_needs_no_threshold_between_the_scores(answer, rng):
    p, y = np.round(rng.random(40), 2), rng.integers(2, size=40)

    _, cost = answer("calibrate_threshold")(y, p, 2.0, 3.0)

    for threshold in np.linspace(-0.005, 1.005, 102):
        blocked = p >= threshold
        assert 2 * np.sum(blocked & (y == 0)) + 3 * np.sum(~blocked & (y == 1)) >= cost


def test_calibrate_threshold_sees_prices_only_in_proportion(answer, rng):
    p, y = rng.random(200), rng.integers(2, size=200)

    threshold, cost = answer("calibrate_threshold")(y, p, 1.0, 5.0)

    assert answer("calibrate_threshold")(y, p, 8.0, 40.0) == (threshold, 8 * cost)


def test_calibrate_threshold_never_rises_with_the_price_of_a_missed_fraud(answer, rng):
    p, y = rng.random(200), rng.integers(2, size=200)

    found = [answer("calibrate_threshold")(y, p, 1.0, float(price))[0] for price in range(1, 40)]

    assert all(later <= earlier for earlier, later in itertools.pairwise(found))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cost_fn", [1.0, 4.0, 20.0])
def test_calibrate_threshold_of_calibrated_scores_is_near_the_quotient_of_the_costs(answer, cost_fn, seed):
    number, best = 100_000, 1 / (1 + cost_fn)
    rng = np.random.default_rng(seed)
    p = rng.random(number)
    y = (rng.random(number) < p).astype(int)
    # In units of the two costs together, a threshold d away from the best costs N d^2 / 2 more on average, and chance
    # moves this by sqrt(N d best (1 - best)); the two are equal at this d, about 0.02 for equal costs.
    spread = (4 * best * (1 - best) / number) ** (1 / 3)

    threshold, cost = answer("calibrate_threshold")(y, p, 1.0, cost_fn)

    blocked = p >= best
    assert threshold == pytest.approx(best, abs=3 * spread)
    at_best = np.sum(blocked & (y == 0)) + cost_fn * np.sum(~blocked & (y == 1))
    assert 0 <= at_best - cost <= 3 * (1 + cost_fn) * number * spread**2
