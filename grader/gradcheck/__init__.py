"""Numerical gradients that know their own error, and explanations of the gradients that disagree with them."""

from grader.gradcheck.check import check_gradient, check_hessian
from grader.gradcheck.explanation import Explanation, explain
from grader.gradcheck.report import GradientReport
from grader.gradcheck.slopes import Comparison, Slopes, compare, slopes

__all__ = [
    "Comparison",
    "Explanation",
    "GradientReport",
    "Slopes",
    "check_gradient",
    "check_hessian",
    "compare",
    "explain",
    "slopes",
]
