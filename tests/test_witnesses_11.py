"""Convolution, pooling, capsules and attention against witnesses that share no code with them."""

from collections.abc import Callable
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy import ndimage, signal, special


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def slope(f, at, upstream, step=1e-6):
    """Central differences of sum(f(x) * upstream), entry by entry."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[index] = step
        found[index] = np.sum((f(at + nudge) - f(at - nudge)) * upstream) / (2 * step)
    return found


# --- convolution ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 2), (2, 1), (3, 1)])
def test_a_convolution_is_scipys_correlation_of_every_channel_added_up(answer, rng, stride, pad):
    x, w, b = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)

    out, (x_kept, w_kept, b_kept, kept) = answer("conv_forward_naive")(x, w, b, {"stride": stride, "pad": pad})

    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for n, f in np.ndindex(2, 4):
        full = sum(signal.correlate2d(padded[n, c], w[f, c], mode="valid") for c in range(3))
        assert np.allclose(out[n, f], full[::stride, ::stride] + b[f], rtol=1e-12)
    assert x_kept is x
    assert w_kept is w
    assert b_kept is b
    assert kept == {"stride": stride, "pad": pad}


def test_a_filter_of_one_pixel_is_a_matrix_for_every_pixel(answer, rng):
    x, w, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 1, 1)), rng.normal(size=6)

    out, _ = answer("conv_forward_naive")(x, w, b, {"stride": 1, "pad": 0})

    pixels = np.moveaxis(x, 1, -1).reshape(-1, 3)
    assert np.allclose(np.moveaxis(out, 1, -1).reshape(-1, 6), pixels @ w[:, :, 0, 0].T + b)


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 0), (2, 2)])
def test_the_gradients_of_a_convolution_are_its_slopes(answer, rng, stride, pad):
    x, w, b = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)
    param = {"stride": stride, "pad": pad}
    forward = answer("conv_forward_naive")
    out, kept = forward(x, w, b, param)
    dout = rng.normal(size=out.shape)

    dx, dw, db = answer("conv_backward_naive")(dout, kept)

    assert np.allclose(dx, slope(lambda v: forward(v, w, b, param)[0], x, dout), atol=1e-7)
    assert np.allclose(dw, slope(lambda v: forward(x, v, b, param)[0], w, dout), atol=1e-7)
    assert np.allclose(db, slope(lambda v: forward(x, w, v, param)[0], b, dout), atol=1e-7)


# --- pooling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("height", "width", "stride"), [(2, 2, 2), (3, 3, 2), (2, 3, 1), (1, 1, 1)])
def test_pooling_is_scipys_maximum_filter_where_windows_stand(answer, rng, height, width, stride):
    x = rng.normal(size=(2, 3, 7, 8)) - 5

    param = {"pool_height": height, "pool_width": width, "stride": stride}
    out, _ = answer("max_pool_forward_naive")(x, param)

    begins = [0, 0, *_corner(height, width)]
    largest = ndimage.maximum_filter(x, size=(1, 1, height, width), origin=begins, mode="constant", cval=-99)
    rows, columns = 1 + (7 - height) // stride, 1 + (8 - width) // stride
    assert out.shape == (2, 3, rows, columns)
    assert np.array_equal(out, largest[:, :, ::stride, ::stride][:, :, :rows, :columns])


def _corner(*sizes):
    """The origin that lets a filter of scipy's begin at each pixel instead of standing around it."""
    return [-(size // 2) for size in sizes]


def test_the_gradient_of_pooling_is_its_slope_and_conserves_what_came_from_above(answer, rng):
    x = rng.permutation(84).reshape(2, 1, 6, 7) * 0.1
    param = {"pool_height": 3, "pool_width": 3, "stride": 2}
    forward = answer("max_pool_forward_naive")
    out, kept = forward(x, param)
    dout = rng.normal(size=out.shape)

    dx = answer("max_pool_backward_naive")(dout, kept)

    assert np.allclose(dx, slope(lambda v: forward(v, param)[0], x, dout), atol=1e-7)
    assert np.isclose(dx.sum(), dout.sum())


# --- capsules ------------------------------------------------------------------------------------------------------


def test_squash_agrees_with_fifty_digits(answer):
    with mpmath.workdps(50):
        for s in ([3.0, 4.0], [1e-6, -2e-6], [1e50, 1e49], [0.1, 0.2]):
            n = mpmath.sqrt(sum(mpmath.mpf(v) ** 2 for v in s))
            exact = [float(n / (1 + n**2) * mpmath.mpf(v)) for v in s]
            assert np.allclose(answer("squash")(np.array(s)), exact, rtol=1e-14, atol=0)


def test_a_squashed_vector_keeps_its_direction_and_grows_with_its_length(answer, rng):
    s = rng.normal(size=7) * np.logspace(-3, 3, 50)[:, None]

    v = answer("squash")(s)

    lengths = np.linalg.norm(v, axis=1)
    assert (np.diff(lengths) > 0).all()
    assert (lengths < 1).all()
    assert np.allclose(v / lengths[:, None], s / np.linalg.norm(s, axis=1)[:, None])


def test_the_gradient_of_squash_agrees_with_the_derivative_of_fifty_digits(answer):
    with mpmath.workdps(50):
        for s in ([0.6, 0.8, 0.1], [3.0, -4.0, 2.0], [1e30, 2e30, -1e29]):
            dv = [0.7, -1.1, 0.9]

            def loss(t, k, s=s, dv=dv):
                moved = [mpmath.mpf(v) + (t if i == k else 0) for i, v in enumerate(s)]
                n = mpmath.sqrt(sum(v**2 for v in moved))
                return sum(mpmath.mpf(g) * n / (1 + n**2) * v for g, v in zip(dv, moved, strict=True))

            h = mpmath.mpf(10) ** -15 * max(map(abs, s))
            exact = [float((loss(h, k) - loss(-h, k)) / (2 * h)) for k in range(3)]
            found = answer("squash_backward")(np.array(dv), (np.array(s), -1))
            assert np.allclose(found, exact, rtol=1e-9, atol=0)


def test_routing_agrees_with_the_procedure_of_the_paper_written_out(answer, rng):
    u_hat = rng.normal(size=(2, 4, 3, 5))

    v, c = answer("dynamic_routing")(u_hat, 3)

    for example in range(2):
        b = np.zeros((4, 3))
        for step in range(3):
            shares = special.softmax(b, axis=1)
            said = np.zeros((3, 5))
            for j in range(3):
                s = sum(shares[i, j] * u_hat[example, i, j] for i in range(4))
                said[j] = (s @ s) / (1 + s @ s) * s / np.sqrt(s @ s)
            if step < 2:
                b += np.array([[u_hat[example, i, j] @ said[j] for j in range(3)] for i in range(4)])
        assert np.allclose(v[example], said)
        assert np.allclose(c[example], shares)


def test_routing_does_not_care_for_the_order_of_capsules(answer, rng):
    u_hat, lower, higher = rng.normal(size=(1, 5, 4, 3)), rng.permutation(5), rng.permutation(4)

    v, c = answer("dynamic_routing")(u_hat)
    moved_v, moved_c = answer("dynamic_routing")(u_hat[:, lower][:, :, higher])

    assert np.allclose(moved_v, v[:, higher])
    assert np.allclose(moved_c, c[:, lower][:, :, higher])


def test_capsules_that_agree_are_heard(answer, rng):
    u_hat = 0.1 * rng.normal(size=(1, 6, 2, 3))
    u_hat[0, :, 0] += np.array([1.0, 1.0, -1.0])

    _, c = answer("dynamic_routing")(u_hat, 4)

    assert (c[0, :, 0] > 0.8).all()


# --- attention -----------------------------------------------------------------------------------------------------


def test_attention_is_scipys_softmax_of_scaled_products(answer, rng):
    q, k, v = rng.normal(size=(2, 3, 4, 8)), rng.normal(size=(2, 3, 5, 8)), rng.normal(size=(2, 3, 5, 6))

    out, weights = answer("scaled_dot_product_attention")(q, k, v)

    shares = special.softmax(np.einsum("abnd,abmd->abnm", q, k) / 8**0.5, axis=-1)
    assert np.allclose(weights, shares)
    assert np.allclose(out, np.einsum("abnm,abme->abne", shares, v))


def test_masked_keys_might_as_well_not_be_there(answer, rng):
    q, k, v = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
    mask = np.array([True, False, True, True, False])
    k[~mask], v[~mask] = np.nan, np.inf

    out, weights = answer("scaled_dot_product_attention")(q, k, v, np.tile(mask, (3, 1)))
    alone, shares = answer("scaled_dot_product_attention")(q, k[mask], v[mask])

    assert np.allclose(out, alone)
    assert np.allclose(weights[:, mask], shares)
    assert not weights[:, ~mask].any()


def test_attention_does_not_care_for_the_order_of_keys_with_their_values(answer, rng):
    q, k, v, order = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2)), rng.permutation(5)

    out, weights = answer("scaled_dot_product_attention")(q, k, v)
    moved, moved_weights = answer("scaled_dot_product_attention")(q, k[order], v[order])

    assert np.allclose(out, moved)
    assert np.allclose(weights[:, order], moved_weights)
