"""Mistakes that hide: behind a larger argument, at the one upstream gradient or the one point that is looked at."""

import numpy as np
import pytest

from grader.gradcheck import check_gradient

RNG = np.random.default_rng(31)
X = RNG.normal(size=(3, 4))
U = RNG.uniform(0.5, 1.5, (3, 4)) * RNG.choice([-1, 1], (3, 4))


@pytest.mark.parametrize(("factor", "verdict"), [(2.0, "right"), (1.0, "wrong")])
def test_a_small_gradient_is_judged_beside_a_huge_one(factor, verdict):
    report = check_gradient(
        lambda a, b: np.array([np.sum(np.sin(a)), np.sum(b * b) * 1e-10]),
        lambda a, b, u: (u[0] * np.cos(a), u[1] * factor * b * 1e-10),
        (X, X),
    )

    assert report.verdict == verdict


@pytest.mark.parametrize(("largest", "verdict"), [(1e3, "right"), (1.6, "wrong")])
def test_a_gradient_clipped_above_the_upstream_gradient_that_is_given_is_found(largest, verdict):
    report = check_gradient(np.sin, lambda x, u: np.clip(u, -largest, largest) * np.cos(x), X, upstream=U)

    assert report.verdict == verdict


@pytest.mark.parametrize(("kept", "verdict"), [(False, "right"), (True, "wrong")])
def test_a_gradient_that_stays_the_same_at_other_points_is_found(kept, verdict):
    first = X.copy()

    report = check_gradient(lambda x: np.sum(x**2), lambda x: 2 * (first if kept else x), X)

    assert report.verdict == verdict
