"""The per-entry reference: values, error bars, kinks, cost."""

import numpy as np
import pytest

from grader.gradcheck import compare, explain, slopes

RNG = np.random.default_rng(20)
X = RNG.normal(size=(3, 4))
U = RNG.uniform(0.5, 1.5, (3, 4)) * RNG.choice([-1, 1], (3, 4))


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_smooth_slopes_agree_with_calculus_at_every_scale(scale):
    measured = slopes(lambda x: np.sin(x / scale), X * scale, U)

    verdict = compare(U * np.cos(X) / scale, measured)

    assert verdict.right.all()
    assert measured.smooth.all()
    assert np.all(np.abs(measured.value - U * np.cos(X) / scale) <= 3 * measured.bound)


def test_at_a_kink_every_value_between_the_slopes_is_right_and_others_are_wrong():
    x = np.array([0.0, 1.0, -1.0, 1e-9])
    measured = slopes(relu, x, np.ones(4))

    assert measured.smooth.tolist() == [False, True, True, True]
    assert compare(np.array([0.0, 1, 0, 1]), measured).right.all()
    assert compare(np.array([0.5, 1, 0, 1]), measured).right.all()
    assert compare(np.array([1.5, 1, 0, 1]), measured).wrong.tolist() == [True, False, False, False]
    assert compare(np.array([0.0, 1, 0, 0]), measured).worst == (3,)


def test_a_smooth_slope_is_known_to_eight_digits():
    measured = slopes(np.sin, X, U)

    assert (measured.bound <= 1e-8 * np.abs(measured.value)).all()


def test_where_noise_leaves_no_digit_nothing_is_judged():
    measured = slopes(lambda x: np.sum(np.sin(x)) + 1e13, X)

    assert not measured.judged.any()
    assert np.isinf(measured.bound).all()


def test_noise_that_an_offset_hides_is_no_slope_of_zero():
    measured = slopes(lambda x: np.sum(np.sin(x)) + 1e15, X)

    assert not measured.judged.any()


def test_where_a_function_does_not_rise_its_slope_of_zero_is_known():
    measured = slopes(lambda x: np.sum(np.cos(x)), np.zeros(3))

    assert compare(np.zeros(3), measured).right.all()
    assert compare(np.full(3, 1e-3), measured).wrong.all()


@pytest.mark.parametrize("value", [0.0, 3.0])
def test_where_a_function_stands_still_all_around_its_slope_of_zero_is_known(value):
    measured = slopes(lambda x: np.maximum(0.0, x - 1e3).sum() + value, X)

    assert compare(np.zeros(X.shape), measured).verdict == "right"
    assert compare(np.full(X.shape, 1e-3), measured).verdict == "wrong"


@pytest.mark.parametrize("seed", range(5))
def test_noise_of_an_iteration_that_stops_early_makes_no_entry_wrong(seed):
    x = np.random.default_rng(seed).normal(size=12)

    def noisy(z):
        return np.mean(z * z) + 1e-10 * np.modf(1e10 * np.sqrt(np.sum(z * z)))[0]

    assert not compare(x / 6, slopes(noisy, x)).wrong.any()


def test_a_slope_drowned_in_noise_is_not_judged():
    measured = slopes(lambda x: np.sum(np.sin(x)) + 1e22, X)

    assert compare(np.cos(X), measured).verdict == "not judged"


@pytest.mark.parametrize("f", [np.sin, relu, lambda x: np.float32(np.sum(np.sin(x))) + 1e3, np.abs])
def test_never_more_than_12_evaluations_an_entry(f):
    for x in (np.array(0.3), X, np.zeros(2)):
        measured = slopes(f, x, np.ones(np.shape(f(x))))

        assert measured.evaluations <= 12 * x.size


def test_x_is_not_modified_and_the_same_call_gives_the_same_numbers():
    def rude(x):
        x *= 2
        return x.sum()

    x = X.copy()
    first, second = slopes(rude, x), slopes(rude, x)

    assert np.array_equal(x, X)
    assert np.array_equal(first.value, second.value)


def test_a_float32_gradient_is_judged_at_float32_accuracy():
    measured = slopes(np.sin, X.astype(np.float32), U)

    assert compare((U * np.cos(X)).astype(np.float32), measured).verdict == "right"
    assert compare((1.01 * U * np.cos(X)).astype(np.float32), measured).wrong.all()


def test_what_cannot_be_checked_is_said():
    with pytest.raises(TypeError, match="complex"):
        slopes(np.sin, X + 1j, U)
    with pytest.raises(ValueError, match="upstream="):
        slopes(np.sin, X)
    with pytest.raises(ValueError, match="shape"):
        compare(np.ones(3), slopes(np.sin, X, U))


def test_a_right_gradient_has_no_explanation():
    assert explain(U * np.cos(X), slopes(np.sin, X, U), x=X, upstream=U) is None


def test_digits_that_are_lost_in_f_make_no_entry_wrong():
    x = 1e-8 * X  # log 2 hides all of it

    compared = compare(np.tanh(x), slopes(lambda z: np.sum(np.logaddexp(z, -z)) - z.size * np.log(2), x))

    assert not compared.wrong.any()


@pytest.mark.parametrize("seed", range(5))
def test_rounding_inside_f_is_no_kink_and_makes_no_entry_wrong(seed):
    x = 1e-5 * np.random.default_rng(seed).normal(size=(3, 4))
    right = 2 * np.linalg.solve(x @ x.T + np.eye(3), x)

    compared = compare(right, slopes(lambda z: np.linalg.slogdet(z @ z.T + np.eye(3))[1], x))

    assert not compared.wrong.any()


def test_a_slope_that_vanishes_leaves_the_others_known():
    x = np.array([-947.24882246, -977.56341143])

    measured = slopes(np.logaddexp.reduce, x)

    assert measured.smooth.all()
    assert compare(np.exp(x - np.logaddexp.reduce(x)), measured).right.all()


@pytest.mark.parametrize("f", [np.sin, np.tanh, relu])
def test_at_an_infinite_x_nothing_is_judged_and_nothing_warned_of(f):
    measured = slopes(f, np.array([1.0, np.inf]), np.ones(2))

    assert not measured.judged.any()
