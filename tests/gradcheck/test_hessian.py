"""Hessians and Hessian-vector products, held against the gradient."""

import numpy as np
import pytest

from grader.gradcheck import check_hessian

X = np.random.default_rng(50).normal(size=5)
MIX = np.random.default_rng(51).normal(size=(5, 5))


def gradient(x):
    """Of sum(x^4) / 4 + x.MIX.x / 2."""
    return x**3 + (MIX + MIX.T) @ x / 2


def hessian(x):
    return np.diag(3 * x * x) + (MIX + MIX.T) / 2


def test_a_right_hessian_is_right():
    report = check_hessian(gradient, hessian, X)

    assert report.verdict == "right"
    assert report.evaluations <= 6


def test_a_right_product_with_a_vector_is_right():
    assert check_hessian(gradient, lambda x, v: hessian(x) @ v, X, product=True).verdict == "right"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (lambda x: 2 * hessian(x), "factor"),
        (lambda x: -hessian(x), "sign"),
        (lambda x: np.diag(np.diag(hessian(x))), "diagonal only"),
        (lambda x: hessian(x) - np.diag(3 * x * x) + np.diag(3 * X * X * 1.01), None),
        (lambda x: np.zeros((5, 5)), "zero"),
    ],
    ids=["factor", "sign", "diagonal", "formula", "zero"],
)
def test_a_wrong_hessian_is_wrong_and_its_mistake_named(wrong, kind):
    report = check_hessian(gradient, wrong, X)

    assert report.verdict == "wrong"
    assert kind is None or report.explanation.kind == kind


def test_a_hessian_without_its_mixed_part_is_wrong():
    assert check_hessian(gradient, lambda x: np.diag(3 * x * x), X).verdict == "wrong"


def test_a_hessian_that_is_right_only_in_its_symmetric_part_is_wrong():
    twist = np.triu(np.ones((5, 5)), 1)

    assert check_hessian(gradient, lambda x: hessian(x) + twist - twist.T, X).verdict == "wrong"


def test_a_wrong_product_is_wrong():
    report = check_hessian(gradient, lambda x, v: np.diag(hessian(x)) * v, X, product=True)

    assert report.verdict == "wrong"
    assert report.explanation.kind == "diagonal only"


def test_a_hessian_of_a_matrix_has_four_axes():
    x = np.random.default_rng(52).normal(size=(2, 3))

    def slope(x):
        return np.sin(x) * x.sum()

    def curvature(x):
        both = np.sin(x)[:, :, None, None] * np.ones((1, 1, 2, 3))
        both[np.arange(2)[:, None], np.arange(3), np.arange(2)[:, None], np.arange(3)] += np.cos(x) * x.sum()
        return both

    assert check_hessian(slope, curvature, x).verdict == "right"
    assert check_hessian(slope, lambda x: curvature(x).transpose(2, 3, 0, 1), x).verdict == "wrong"


@pytest.mark.parametrize("shape", [(5,), (25,), (5, 4), (5, 5, 1)], ids=str)
def test_a_hessian_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"\(5, 5\)"):
        check_hessian(gradient, lambda x: np.ones(shape), X)
