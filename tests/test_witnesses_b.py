"""Batch norm, layer norm, dropout and the two-layer network against witnesses that share no code with them."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy import stats


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def slope(f, at, upstream, step=1e-5):
    """Central differences of sum(f(x) * upstream), entry by entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[index] = step
        found[index] = np.sum((f(at + nudge) - f(at - nudge)) * upstream) / (2 * step)
    return found


def layer(rng, n, d):
    """x, gamma, beta and an upstream gradient for a normalising layer."""
    return rng.normal(2.0, 3.0, (n, d)), rng.uniform(0.5, 2.0, d), rng.normal(size=d), rng.normal(size=(n, d))


# --- batch norm ----------------------------------------------------------------------------------------------------


def test_batch_norm_without_eps_is_the_z_score_of_every_column(answer, rng):
    x, gamma, beta, _ = layer(rng, 7, 3)

    out, (x_hat, _, std) = answer("batchnorm_forward")(x, gamma, beta, {"mode": "train", "eps": 0.0})

    assert np.allclose(x_hat, stats.zscore(x, axis=0, ddof=0), rtol=1e-12)
    assert np.allclose(out, stats.zscore(x, axis=0) * gamma + beta, rtol=1e-12)
    assert np.allclose(std, [np.sqrt(np.mean([(v - np.mean(c)) ** 2 for v in c])) for c in x.T], rtol=1e-12)


def test_batch_norm_leaves_columns_with_mean_beta_and_deviation_gamma(answer, rng):
    x, gamma, beta, _ = layer(rng, 50, 4)

    out, _ = answer("batchnorm_forward")(x, gamma, beta, {"mode": "train", "eps": 1e-12})

    assert np.allclose(out.mean(axis=0), beta)
    assert np.allclose(out.std(axis=0), gamma)


def test_running_averages_of_one_batch_repeated_tend_to_its_statistics(answer, rng):
    x, gamma, beta, _ = layer(rng, 6, 3)
    bn_param = {"mode": "train"}

    for _ in range(300):
        answer("batchnorm_forward")(x, gamma, beta, bn_param)

    assert np.allclose(bn_param["running_mean"], np.average(x, axis=0))
    assert np.allclose(bn_param["running_var"], stats.moment(x, 2, axis=0))


def test_running_averages_move_by_a_tenth_in_exact_fractions(answer):
    values = [Fraction(1), Fraction(3), Fraction(8)]
    mean = sum(values) / 3
    var = sum((v - mean) ** 2 for v in values) / 3
    bn_param = {"mode": "train", "running_mean": np.array([10.0]), "running_var": np.array([5.0])}

    answer("batchnorm_forward")(np.array([[1.0], [3.0], [8.0]]), np.ones(1), np.zeros(1), bn_param)

    assert bn_param["running_mean"][0] == pytest.approx(float(Fraction(9, 10) * 10 + mean / 10), rel=1e-15)
    assert bn_param["running_var"][0] == pytest.approx(float(Fraction(9, 10) * 5 + var / 10), rel=1e-15)


def test_test_mode_gives_an_example_the_same_answer_in_every_batch(answer, rng):
    x, gamma, beta, _ = layer(rng, 5, 3)
    bn_param = {"mode": "test", "running_mean": rng.normal(size=3), "running_var": rng.uniform(1, 2, 3)}
    kept = {name: np.copy(value) for name, value in bn_param.items()}

    together, _ = answer("batchnorm_forward")(x, gamma, beta, bn_param)
    alone = [answer("batchnorm_forward")(x[n : n + 1], gamma, beta, bn_param)[0][0] for n in range(5)]

    assert np.array_equal(together, alone)
    assert all(np.array_equal(bn_param[name], value) for name, value in kept.items())


def test_batch_norm_refuses_a_mode_that_does_not_exist(answer, rng):
    x, gamma, beta, _ = layer(rng, 2, 2)

    with pytest.raises(ValueError, match="valid"):
        answer("batchnorm_forward")(x, gamma, beta, {"mode": "valid"})


def test_batch_norm_gradients_are_those_of_the_z_score(answer, rng):
    x, gamma, beta, dout = layer(rng, 5, 3)
    _, kept = answer("batchnorm_forward")(x, gamma, beta, {"mode": "train", "eps": 0.0})

    dx, dgamma, dbeta = answer("batchnorm_backward")(dout, kept)

    z = stats.zscore(x, axis=0)
    assert np.allclose(dx, slope(lambda v: stats.zscore(v, axis=0) * gamma + beta, x, dout), atol=1e-7)
    assert np.allclose(dgamma, slope(lambda v: z * v + beta, gamma, dout))
    assert np.allclose(dbeta, slope(lambda v: z * gamma + v, beta, dout))


def test_columns_of_the_batch_norm_gradient_add_to_zero_and_are_orthogonal_to_x_hat(answer, rng):
    x, gamma, beta, dout = layer(rng, 8, 3)
    _, kept = answer("batchnorm_forward")(x, gamma, beta, {"mode": "train", "eps": 0.0})

    dx, _, _ = answer("batchnorm_backward")(dout, kept)

    assert np.allclose(dx.sum(axis=0), 0)
    assert np.allclose((dx * kept[0]).sum(axis=0), 0)


def test_a_uniform_upstream_gradient_hides_the_variance_path(answer, rng):
    x, gamma, beta, _ = layer(rng, 8, 3)
    _, kept = answer("batchnorm_forward")(x, gamma, beta, {"mode": "train", "eps": 0.0})
    ones = np.ones_like(x)

    right, _, _ = answer("batchnorm_backward")(ones, kept)
    without_variance = kept[1] / kept[2] * (ones - ones.mean(axis=0))

    assert np.allclose(right, 0)
    assert np.allclose(without_variance, 0)


# --- layer norm ----------------------------------------------------------------------------------------------------


def test_layer_norm_without_eps_is_the_z_score_of_every_row(answer, rng):
    x, gamma, beta, _ = layer(rng, 4, 6)

    out, (x_hat, _, std) = answer("layernorm_forward")(x, gamma, beta, {"eps": 0.0})

    assert np.allclose(x_hat, stats.zscore(x, axis=1, ddof=0), rtol=1e-12)
    assert np.allclose(out, stats.zscore(x, axis=1) * gamma + beta, rtol=1e-12)
    assert np.allclose(std[:, 0], [stats.tstd(row, ddof=0) for row in x], rtol=1e-12)


def test_a_row_of_layer_norm_depends_on_no_other_row(answer, rng):
    x, gamma, beta, _ = layer(rng, 4, 3)
    other = x.copy()
    other[2] = rng.normal(size=3)

    before, _ = answer("layernorm_forward")(x, gamma, beta, {})
    after, _ = answer("layernorm_forward")(other, gamma, beta, {})

    assert [np.array_equal(one, two) for one, two in zip(before, after, strict=True)] == [True, True, False, True]


def test_layer_norm_is_batch_norm_of_the_transposed_batch(answer, rng):
    x, _, _, _ = layer(rng, 4, 6)

    rows, _ = answer("layernorm_forward")(x, np.ones(6), np.zeros(6), {"eps": 0.1})
    columns, _ = answer("batchnorm_forward")(x.T, np.ones(4), np.zeros(4), {"mode": "train", "eps": 0.1})

    assert np.allclose(rows, columns.T, rtol=1e-13)


def test_layer_norm_gradients_are_those_of_the_z_score(answer, rng):
    x, gamma, beta, dout = layer(rng, 3, 5)
    _, kept = answer("layernorm_forward")(x, gamma, beta, {"eps": 0.0})

    dx, dgamma, dbeta = answer("layernorm_backward")(dout, kept)

    z = stats.zscore(x, axis=1)
    assert np.allclose(dx, slope(lambda v: stats.zscore(v, axis=1) * gamma + beta, x, dout), atol=1e-7)
    assert np.allclose(dgamma, slope(lambda v: z * v + beta, gamma, dout))
    assert np.allclose(dbeta, slope(lambda v: z * gamma + v, beta, dout))


def test_equal_gammas_hide_a_gamma_that_is_multiplied_last(answer, rng):
    x, _, beta, dout = layer(rng, 3, 5)

    def difference(gamma):
        _, (x_hat, gamma, std) = answer("layernorm_forward")(x, gamma, beta, {})
        mean, along = np.average(dout, axis=1)[:, None], np.average(dout * x_hat, axis=1)[:, None]
        last = gamma / std * (dout - mean - x_hat * along)
        return np.abs(last - answer("layernorm_backward")(dout, (x_hat, gamma, std))[0]).max()

    assert difference(np.full(5, 3.0)) < 1e-12
    assert difference(np.array([1.0, 2.0, 3.0, 4.0, 5.0])) > 0.1


# --- dropout -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.25, 0.5, 0.9])
def test_dropout_keeps_as_many_entries_as_a_binomial_count_would(answer, p):
    x = np.ones((200, 100))

    out, (_, mask) = answer("dropout_forward")(x, {"p": p, "mode": "train", "seed": 1})

    kept = int((mask > 0).sum())
    assert set(np.unique(mask)) == {0.0, 1 / p}
    assert stats.binomtest(kept, x.size, p).pvalue > 1e-6
    assert np.array_equal(out, mask)


def test_the_average_of_many_dropouts_is_the_input(answer, rng):
    x = rng.normal(size=(3, 4))
    draws = [answer("dropout_forward")(x, {"p": 0.4, "mode": "train", "seed": seed})[0] for seed in range(4000)]

    error = np.abs(np.mean(draws, axis=0) - x)

    assert np.all(error < 5 * np.abs(x) * np.sqrt(0.6 / 0.4 / 4000))


def test_a_seed_fixes_the_mask_and_another_seed_changes_it(answer):
    x = np.ones((20, 20))
    masks = [answer("dropout_forward")(x, {"p": 0.5, "mode": "train", "seed": s})[1][1] for s in (3, 3, 4)]

    assert np.array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0], masks[2])


def test_without_a_seed_dropout_draws_anew(answer):
    x = np.ones((20, 20))
    first, second = (answer("dropout_forward")(x, {"p": 0.5, "mode": "train"})[0] for _ in range(2))

    assert not np.array_equal(first, second)


def test_dropout_gradient_is_the_measured_slope_and_zero_where_dropped(answer, rng):
    x, dout, dropout_param = rng.normal(size=(4, 5)), rng.normal(size=(4, 5)), {"p": 0.3, "mode": "train", "seed": 2}
    x[0] = 0.0
    _, kept = answer("dropout_forward")(x, dropout_param)

    dx = answer("dropout_backward")(dout, kept)

    assert np.allclose(dx, slope(lambda v: answer("dropout_forward")(v, dropout_param)[0], x, dout))
    assert np.array_equal(dx == 0, kept[1] == 0)


def test_dropout_does_nothing_in_test_mode(answer, rng):
    x, dout = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

    out, kept = answer("dropout_forward")(x, {"p": 0.1, "mode": "test"})

    assert np.array_equal(out, x)
    assert kept[1] is None
    assert np.array_equal(answer("dropout_backward")(dout, kept), dout)


# --- the two-layer network -----------------------------------------------------------------------------------------


def test_the_step_of_the_statement_in_exact_fractions(answer):
    x, y, w1, w2 = [[1], [-2], [3]], [[1], [3], [5]], [[1, -1]], [[2], [1]]
    rate = Fraction(1, 10)

    def loss(a, b):
        hidden = [[max(Fraction(0), row[0] * w) for w in a[0]] for row in x]
        return sum(
            (sum(h * v[0] for h, v in zip(row, b, strict=True)) - t[0]) ** 2 for row, t in zip(hidden, y, strict=True)
        )

    def derivative(f):  # exact for a piecewise quadratic that has no corner within the step
        return (f(Fraction(1, 100)) - f(Fraction(-1, 100))) / Fraction(2, 100)

    dw1 = [derivative(lambda e, j=j: loss([[w + e * (i == j) for i, w in enumerate(w1[0])]], w2)) for j in range(2)]
    dw2 = [derivative(lambda e, j=j: loss(w1, [[v[0] + e * (i == j)] for i, v in enumerate(w2)])) for j in range(2)]
    arguments = [np.array(value, float) for value in (x, y, w1, w2)]

    found, w1_new, w2_new = answer("two_layer_step")(*arguments, 0.1)

    assert found == loss(w1, w2) == 3
    assert np.allclose(w1_new, [[float(w - rate * d) for w, d in zip(w1[0], dw1, strict=True)]], rtol=1e-14)
    assert np.allclose(w2_new, [[float(v[0] - rate * d)] for v, d in zip(w2, dw2, strict=True)], rtol=1e-14)


def test_both_steps_follow_the_measured_slopes(answer, rng):
    x, y, w1, w2 = (rng.normal(size=shape) for shape in [(5, 3), (5, 2), (3, 4), (4, 2)])

    def loss(a, b):
        total = 0.0
        for row, wanted in zip(x, y, strict=True):
            hidden = [max(0.0, float(row @ column)) for column in a.T]
            total += sum(
                (sum(h * v for h, v in zip(hidden, column, strict=True)) - t) ** 2
                for column, t in zip(b.T, wanted, strict=True)
            )
        return total

    found, w1_new, w2_new = answer("two_layer_step")(x, y, w1, w2, 0.5)

    assert found == pytest.approx(loss(w1, w2), rel=1e-13)
    assert np.allclose((w1 - w1_new) / 0.5, slope(lambda a: loss(a, w2), w1, 1.0), rtol=1e-6)
    assert np.allclose((w2 - w2_new) / 0.5, slope(lambda b: loss(w1, b), w2, 1.0), rtol=1e-6)


def test_nothing_moves_where_nothing_is_left_to_learn(answer):
    x, w1, w2 = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, -1.0], [1.0, 2.0]]), np.array([[2.0], [1.0]])
    y = np.array([[9.0], [4.0]])

    loss, w1_new, w2_new = answer("two_layer_step")(x, y, w1, w2, 0.1)

    assert loss == 0
    assert np.array_equal(w1_new, w1)
    assert np.array_equal(w2_new, w2)


def test_50_steps_at_the_sizes_of_the_tutorial_bring_the_loss_below_a_thousandth(answer):
    rng = np.random.default_rng(0)
    x, y, w1, w2 = (rng.normal(size=shape) for shape in [(64, 1000), (64, 10), (1000, 100), (100, 10)])
    losses = []

    for _ in range(50):
        loss, w1, w2 = answer("two_layer_step")(x, y, w1, w2, 1e-6)
        losses.append(loss)

    assert losses[-1] < 1e-3 * losses[0]
