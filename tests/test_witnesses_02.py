"""Topic 02, numerical derivatives and the sigmoid, against witnesses that share no code with it."""

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy import special
from scipy.optimize import approx_fprime, rosen, rosen_der
from sklearn.utils.extmath import softmax

mpmath.mp.dps = 60


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(2)


# --- numerical_derivative --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "x"), [("sin", 0.7), ("exp", -1.3), ("tanh", 0.4), ("log", 2.5), ("sqrt", 3.0), ("cos", 2.0)]
)
def test_the_usual_step_is_good_for_nine_digits(answer, name, x):
    exact = float(mpmath.diff(getattr(mpmath, name), x))

    assert answer("numerical_derivative")(getattr(np, name), x) == pytest.approx(exact, rel=1e-9)


def test_the_slope_of_a_cube_is_off_by_exactly_h_squared_in_fractions(answer):
    x, h = Fraction(7, 4), Fraction(1, 3)

    d = answer("numerical_derivative")(lambda v: v**3, x, h)

    assert d == 3 * x**2 + h**2


def test_the_central_difference_of_a_parabola_is_exact_in_fractions(answer):
    a, b, c, x = Fraction(3), Fraction(-2, 7), Fraction(5), Fraction(11, 13)

    for h in (Fraction(1, 10), Fraction(1), Fraction(50)):
        assert answer("numerical_derivative")(lambda v: a * v**2 + b * v + c, x, h) == 2 * a * x + b


@pytest.mark.parametrize("name", ["sin", "exp", "tanh"])
def test_a_tenth_of_the_step_leaves_a_hundredth_of_the_error(answer, name):
    f, exact = getattr(np, name), float(mpmath.diff(getattr(mpmath, name), 0.6))

    coarse, fine = (abs(answer("numerical_derivative")(f, 0.6, h) - exact) for h in (1e-2, 1e-3))

    assert coarse / fine == pytest.approx(100, rel=1e-3)


def test_at_a_kink_the_answer_is_the_mean_of_the_two_slopes(answer):
    for left, right in [(0.0, 1.0), (-1.0, 1.0), (2.0, 5.0)]:
        d = answer("numerical_derivative")(lambda v, s=(left, right): v * s[int(v > 0)], 0.0, 0.25)
        assert d == (left + right) / 2


def test_an_array_is_differentiated_entry_by_entry_with_two_calls(answer, rng):
    x, calls = rng.normal(size=(3, 2)), []
    kept = x.tobytes()

    d = answer("numerical_derivative")(lambda v: calls.append(1) or np.sin(v), x, 1e-4)

    assert len(calls) == 2
    assert x.tobytes() == kept
    assert d.shape == x.shape
    assert np.allclose(d, [[float(mpmath.cos(v)) for v in row] for row in x], rtol=1e-8)


# --- rel_error -------------------------------------------------------------------------------------------------------


def test_the_relative_error_is_that_of_exact_fractions(answer):
    x, y = [Fraction(3, 2), Fraction(-1, 8), Fraction(0)], [Fraction(7, 4), Fraction(1, 16), Fraction(1, 2**40)]
    floor = Fraction(1, 10**8)

    exact = max(abs(a - b) / max(floor, abs(a) + abs(b)) for a, b in zip(x, y, strict=True))

    assert answer("rel_error")(*(np.array(v, float) for v in (x, y))) == pytest.approx(float(exact), rel=1e-15)


def test_it_is_symmetric_between_0_and_1_and_blind_to_the_common_scale(answer, rng):
    for _ in range(200):
        x, y = rng.normal(size=(2, 5)) * 10.0 ** rng.integers(-3, 4, size=(2, 5))
        e = answer("rel_error")(x, y)

        assert 0 <= e <= 1
        assert e == answer("rel_error")(y, x)
        assert e == pytest.approx(answer("rel_error")(1024 * x, 1024 * y), rel=1e-4)  # the floor counts at 1e-3


def test_equal_arrays_have_the_error_0_and_opposite_ones_the_error_1(answer, rng):
    x = rng.normal(size=(4, 3))
    x[1, 2] = 0.0

    assert answer("rel_error")(x, x.copy()) == 0
    assert answer("rel_error")(np.zeros(3), np.zeros(3)) == 0
    assert answer("rel_error")(x, -x) == 1


def test_for_positive_entries_it_is_the_hyperbolic_tangent_of_half_their_logarithmic_distance(answer, rng):
    x, y = rng.uniform(0.5, 4.0, (2, 50))

    witness = max(abs(mpmath.tanh(mpmath.log(a / b) / 2)) for a, b in zip(x, y, strict=True))

    assert answer("rel_error")(x, y) == pytest.approx(float(witness), rel=1e-14)


@pytest.mark.parametrize(("x", "y"), [((3, 1), (3,)), ((2,), (3,)), ((), (1,)), ((0,), (0,))])
def test_shapes_that_cannot_be_compared_raise(answer, x, y):
    with pytest.raises(ValueError, match="shape"):
        answer("rel_error")(np.ones(x), np.ones(y))


def test_a_nan_is_never_hidden(answer):
    for x in ([np.nan, 1.0], [1.0, np.nan]):
        assert np.isnan(answer("rel_error")(np.array(x), np.ones(2)))
        assert np.isnan(answer("rel_error")(np.ones(2), np.array(x)))


# --- eval_numerical_gradient -----------------------------------------------------------------------------------------


def test_the_gradient_of_a_quadratic_form_is_that_of_linear_algebra(answer, rng):
    a, x = rng.normal(size=(4, 4)), rng.normal(size=4)

    grad = answer("eval_numerical_gradient")(lambda v: v @ a @ v, x.copy())

    assert np.allclose(grad, (a + a.T) @ x, rtol=1e-8)


def test_the_gradient_of_rosenbrocks_valley_is_scipys(answer, rng):
    x = rng.uniform(-1, 2, 5)

    grad = answer("eval_numerical_gradient")(rosen, x.copy())

    assert np.allclose(grad, rosen_der(x), rtol=1e-6)
    assert np.allclose(grad, approx_fprime(x, rosen, 1e-7), rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (2, 1, 3), (2, 2, 2, 2)])
def test_the_gradient_of_a_sum_of_sines_is_the_cosine_in_any_shape(answer, rng, shape):
    x = rng.normal(size=shape)

    grad = answer("eval_numerical_gradient")(lambda v: np.sin(v).sum(), x.copy())

    assert grad.shape == shape
    assert np.allclose(grad, np.vectorize(lambda v: float(mpmath.cos(float(v))))(x), rtol=1e-7)


def test_the_layout_of_x_in_memory_plays_no_part(answer, rng):
    weights, big = rng.normal(size=(3, 4)), rng.normal(size=(8, 6))
    views = [big[:3, :4], big[:4, :3].T, big[::2, 1:4].T, big[7:4:-1, ::-1][:, :4]]

    for x in views:
        kept = big.tobytes()
        grad = answer("eval_numerical_gradient")(lambda v: (weights * v**2).sum(), x)

        assert not x.flags.c_contiguous
        assert np.allclose(grad, 2 * weights * x, rtol=1e-7)
        assert big.tobytes() == kept


def test_it_prints_a_line_for_every_entry_and_only_on_request(answer):
    printed = []
    for verbose in (False, True):
        with redirect_stdout(io.StringIO()) as screen:
            answer("eval_numerical_gradient")(np.sum, np.ones((2, 3)), verbose)
        printed.append(screen.getvalue().count("\n"))

    assert printed == [0, 6]


def test_adding_and_subtracting_the_step_misses_some_floats():
    x = np.array([[0.3, 1.1, 0.7], [2.2, 0.9, 0.17]])

    back = ((x + 0.1) - 2 * 0.1) + 0.1

    assert 0 < (back != x).sum() < x.size
    assert np.allclose(back, x, rtol=1e-15, atol=1e-16)


# --- sigmoid ---------------------------------------------------------------------------------------------------------


def test_it_is_the_logistic_function_in_sixty_digits(answer):
    x = np.concatenate([np.linspace(-700, 700, 57), np.linspace(-45, 45, 61), [1e-9, -1e-9, 0.0]])

    exact = [float(1 / (1 + mpmath.exp(-mpmath.mpf(float(v))))) for v in x]

    assert np.allclose(answer("sigmoid")(x), exact, rtol=1e-14, atol=0)
    assert answer("sigmoid")(np.array(-40.0)) == pytest.approx(4.248354255291589e-18, rel=1e-14)


def test_scipy_and_scikit_learn_agree(answer, rng):
    x = 10 * rng.normal(size=30)

    of_two_classes = softmax(np.column_stack([np.zeros(30), x]))[:, 1]

    assert np.allclose(answer("sigmoid")(x), special.expit(x), rtol=1e-14, atol=0)
    assert np.allclose(answer("sigmoid")(x), of_two_classes, rtol=1e-13, atol=0)


def test_the_two_sides_add_up_to_one_and_it_never_falls(answer):
    x = np.sort(np.concatenate([np.linspace(-1000, 1000, 4001), np.linspace(-40, 40, 4001)]))
    s = answer("sigmoid")(x)

    assert np.allclose(s + answer("sigmoid")(-x), 1, rtol=0, atol=3e-16)
    assert np.all(np.diff(s) >= 0)
    assert (s[0], s[-1]) == (0, 1)


def test_neither_side_overflows_nor_warns(answer):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        s = answer("sigmoid")(np.array([-1e308, -1000.0, 1000.0, 1e308, -np.inf, np.inf]))

    assert s.tolist() == [0, 0, 1, 1, 0, 1]


@pytest.mark.parametrize(("given", "wanted"), [("f4", "f4"), ("f8", "f8"), ("i8", "f8")])
def test_types_are_kept_where_they_can_hold_a_fraction(answer, given, wanted):
    assert answer("sigmoid")(np.arange(-2, 3).astype(given)).dtype == np.dtype(wanted)


def test_its_slope_is_s_times_one_minus_s_by_this_topics_own_tools(answer):
    x = np.linspace(-6, 6, 25)
    s = answer("sigmoid")(x)

    measured = answer("numerical_derivative")(answer("sigmoid"), x)

    assert answer("rel_error")(measured, s * (1 - s)) < 1e-8
