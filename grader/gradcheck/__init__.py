"""Numerical gradients that know their own error, and explanations of the gradients that disagree with them."""

from grader.gradcheck.check import check_gradient as check_gradient
from grader.gradcheck.check import check_hessian as check_hessian
from grader.gradcheck.explanation import Explanation as Explanation
from grader.gradcheck.explanation import explain as explain
from grader.gradcheck.report import GradientReport as GradientReport
from grader.gradcheck.slopes import Comparison as Comparison
from grader.gradcheck.slopes import Slopes as Slopes
from grader.gradcheck.slopes import compare as compare
from grader.gradcheck.slopes import slopes as slopes
