"""Numerical gradients that know their own error, and explanations of the gradients that disagree with them."""

from grader.gradcheck.comparison import Comparison, compare
from grader.gradcheck.evidence import Explanation
from grader.gradcheck.explanation import explain
from grader.gradcheck.slopes import Slopes, slopes

__all__ = ["Comparison", "Explanation", "Slopes", "compare", "explain", "slopes"]
