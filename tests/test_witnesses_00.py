"""Gates, indicators and sums over index sets against witnesses that share no code with them."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy import ndimage, sparse
from sklearn.preprocessing import OneHotEncoder


@pytest.fixture(scope="module")
def answer(library) -> Callable[[str], Callable]:
    """The reference of an exercise, by its name."""
    return cache(lambda name: library.exercise(name).reference)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_gate_is_the_slope_of_the_activation_times_what_comes_from_upstream(answer, rng):
    x, grad = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))

    relu, gated = answer("relu_and_gate")(x, grad)

    assert np.array_equal(relu, (np.abs(x) + x) / 2)
    step = 1e-6
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        up, down = (np.sum(answer("relu_and_gate")(x + s * nudge, grad)[0] * grad) for s in (1, -1))
        assert np.isclose(gated[index], (up - down) / (2 * step), atol=1e-8)


def test_one_hot_rows_are_those_of_scikit_learn(answer, rng):
    y = rng.integers(6, size=40)

    encoder = OneHotEncoder(categories=[range(6)], sparse_output=False)
    assert np.array_equal(answer("one_hot")(y, 6), encoder.fit_transform(y[:, None]))


def test_one_hot_rows_add_up_to_one_and_point_at_their_label(answer, rng):
    y = rng.integers(5, size=30).astype(np.uint8)

    found = answer("one_hot")(y, 9)

    assert np.array_equal(found.sum(axis=1), np.ones(30))
    assert np.array_equal(found.argmax(axis=1), y)


def test_sums_over_segments_are_those_of_scipy(answer, rng):
    values, ids = rng.normal(size=50), rng.integers(7, size=50)

    found = answer("segment_sum")(values, ids, 9)

    assert np.allclose(found, ndimage.sum_labels(values, ids, range(9)))
    rows = rng.normal(size=(50, 3))
    table = sparse.csr_matrix((np.ones(50), (ids, np.arange(50))), shape=(9, 50))
    assert np.allclose(answer("segment_sum")(rows, ids, 9), table @ rows)


def test_sums_over_segments_of_fractions_are_exact(answer):
    values, ids = np.array([0.5, 0.25, 4.0, -8.0, 0.125]), np.array([2, 0, 2, 0, 2])

    exact: Counter = Counter()
    for value, k in zip(values, ids, strict=True):
        exact[int(k)] += Fraction(float(value))

    assert answer("segment_sum")(values, ids, 4).tolist() == [float(exact[k]) for k in range(4)]
