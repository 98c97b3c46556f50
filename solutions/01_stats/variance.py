r"""Variance: how far from the average is usual?

Two machines fill bottles with 500 ml on average. One is off by a drop, the other by a glass, and the average cannot
tell them apart. The variance can: it is the average squared distance from the mean.

Maths. x holds n numbers, mean is their average, and v is one number, in the square of the unit of x:

$$\text{mean} = \frac{1}{n}\sum_i x_i \qquad v = \frac{1}{n - \text{ddof}} \sum_i (x_i - \text{mean})^2$$

ddof stands for delta degrees of freedom. With ddof = 0 this is the variance of just these n numbers. With ddof = 1 it
is the usual estimate of the variance of what they were drawn from: the mean has been computed from the same numbers and
lies closer to them than the true one does, and dividing by n - 1 makes up for it.

The deviations x_i - mean always add up to 0. Their squares do not.

By hand. x = [1, 2, 3]: the mean is 2, the deviations are -1, 0, 1, the squares 1, 0, 1. So v = 2/3 = 0.6667 with
ddof = 0, and v = 2/2 = 1 with ddof = 1.

Source: Freedman, Pisani & Purves, Statistics, chapter 4; Chan, Golub & LeVeque, Algorithms for computing the sample
variance (1983).
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns="v",
    banned=["numpy.var", "numpy.std", "numpy.cov", "numpy.ndarray.var", "numpy.ndarray.std", "statistics"],
    hints=[
        "Do [1, 2, 3] on paper, in the order of the formula: first the mean, then the three deviations, then their "
        "squares. Which of these steps can NumPy do for all numbers at once?",
        "x - x.mean() is the array of deviations. Square it, add up the squares, and only then divide: by what? Look "
        "at ddof once more.",
        "The formula that takes the mean of x**2 and subtracts the square of the mean is the same on paper. On a "
        "computer both are huge when x is far from 0, and the few digits in which they differ are not kept. "
        "Subtract first, square afterwards.",
    ],
    why=(
        "Spread does not depend on where zero lies. So subtract while the numbers still have all their digits: the "
        "squares of small deviations keep what the squares of huge numbers lose."
    ),
    lesson="Spread: subtract, then square",
)
def variance(x, ddof=0):
    """Return the sum of the squared deviations from the mean, divided by n - ddof.

    Args:
        x: float or integer array, shape (n,). The numbers may be huge next to their differences, as are readings of a
            counter that has run for years. They may have an integer type in which their squares have no room, nor
            their sum: NumPy's own x.sum() and x.mean() take care of that.
        ddof: int, 0 or more. How much smaller than n the divisor is.

    Returns:
        v: float, in the square of the unit of x; NaN where n - ddof is 0 or less, since so few numbers cannot tell.
        The argument x is left as it was.

    np.var, np.std and np.cov, x.var() and x.std(), and Python's module statistics do in one call what you write here; a
    file that uses them is refused.
    """
    n = len(x)
    if n - ddof <= 0:
        return float("nan")
    deviations = x - x.mean()
    return (deviations**2).sum() / (n - ddof)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([1.0, 2.0, 3.0])}


@case
def by_hand_with_ddof_one(rng):
    """The same three numbers, divided by 2."""
    return {"x": np.array([1.0, 2.0, 3.0]), "ddof": 1}


@case
def bottles(rng):
    """Eight bottles, in millilitres."""
    return {"x": np.round(rng.normal(500.0, 4.0, 8), 2), "ddof": 0}


@case
def five_numbers_of_both_signs(rng):
    """Five numbers, ddof = 1."""
    return {"x": np.round(3 * rng.normal(size=5), 2), "ddof": 1}


@case(hidden=True)
def two_degrees_of_freedom_less(rng):
    return {"x": np.round(rng.uniform(-9.0, 9.0, 7), 2), "ddof": 2}


# These are 2**27 and its neighbours. Their squares are near 2**54, where floats lie 2 and 4 apart: every formula that
# subtracts squares from squares answers exactly 0.
@case(edge=True)
def a_counter_that_has_run_for_years(rng):
    """Three readings near 134 million, one apart; the variance is that of [1, 2, 3]."""
    return {"x": np.array([134217729.0, 134217727.0, 134217728.0])}


@case(edge=True)
def whole_numbers(rng):
    """Integers; the variance is none."""
    return {"x": np.array([4, -1, 7, 0]), "ddof": 1}


@case(edge=True)
def pixels_of_one_byte(rng):
    """Three pixels of type uint8, which holds 0 to 255 and no squares of these."""
    return {"x": np.array([252, 20, 255], dtype=np.uint8)}


@case(edge=True)
def all_the_same(rng):
    """Nothing deviates."""
    return {"x": np.full(4, 2.5), "ddof": 1}


@case(edge=True)
def a_single_number(rng):
    """One number, ddof = 0: it is its own mean."""
    return {"x": np.array([7.25])}


@case(edge=True)
def a_single_number_and_ddof_one(rng):
    """One number says nothing about the spread of what it was drawn from: NaN."""
    return {"x": np.array([7.25]), "ddof": 1}


@case(edge=True)
def no_numbers(rng):
    """An empty array: NaN."""
    return {"x": np.zeros(0)}


@case(edge=True)
def as_many_numbers_as_ddof(rng):
    """Two numbers that differ, ddof = 2: NaN, and not infinity."""
    return {"x": np.array([1.5, 4.0]), "ddof": 2}


@case(edge=True)
def fewer_numbers_than_ddof(rng):
    """Two numbers, ddof = 3: NaN. No variance is below 0."""
    return {"x": np.array([1.5, 4.0]), "ddof": 3}


@alternative
def adds_up_in_a_loop(x, ddof=0):
    if len(x) <= ddof:
        return float("nan")
    mean = sum(float(value) for value in x) / len(x)
    total = 0.0
    for value in x:
        total += (float(value) - mean) ** 2
    return total / (len(x) - ddof)


@alternative
def updates_with_each_number(x, ddof=0):
    # Welford (1962): mean and sum of squares after one more number, from those before.
    mean, squares = 0.0, 0.0
    for count, value in enumerate(x.astype(float), start=1):
        step = value - mean
        mean += step / count
        squares += step * (value - mean)
    return squares / (len(x) - ddof) if len(x) > ddof else np.nan


@alternative
def compares_all_pairs(x, ddof=0):
    n, values = len(x), x.astype(float)
    differences = values[:, None] - values
    return np.float64((differences**2).sum() / 2) / (n * (n - ddof)) if n > ddof else np.nan


@alternative
def measures_from_the_first_number(x, ddof=0):
    if len(x) - ddof < 1:
        return np.array(np.nan)
    shifted = x.astype(float) - float(x[0])
    return (shifted @ shifted - shifted.sum() ** 2 / len(x)) / (len(x) - ddof)


def _or_nan(total, divisor):
    return total / divisor if divisor > 0 else float("nan")


@mistake
def subtracts_squares_from_squares(x, ddof=0):
    """Right on paper, and for numbers near 0. Here two huge numbers that are nearly equal were subtracted, and the
    digits in which they differ had already been rounded away. Make the numbers small before you square them."""
    n, values = len(x), x.astype(float)
    return _or_nan((values**2).sum() - n * values.mean() ** 2 if n else 0.0, n - ddof)


@mistake
def squares_in_the_type_of_x(x, ddof=0):
    """Right for floats near 0. But 252 squared does not fit into one byte, and the square of a number with ten digits
    does not fit into a float: digits are lost before anything is subtracted. Subtract the mean first."""
    n = len(x)
    if n - ddof <= 0:
        return float("nan")
    return (float(np.mean(x**2)) - float(np.mean(x)) ** 2) * n / (n - ddof)


@mistake
def divides_whatever_the_divisor_is(x, ddof=0):
    """Right where there are enough numbers. Where n - ddof is 0 or less the division was done all the same; 0 / 0 gives
    NaN by itself, but any other number divided by 0 is infinite, and a divisor below 0 turns the sign."""
    return ((x - x.mean()) ** 2).sum() / np.float64(len(x) - ddof) if len(x) else np.nan


@mistake
def ignores_ddof(x, ddof=0):
    """The sum was divided by n, whatever ddof is. With three numbers it matters whether you divide by 3 or by 2."""
    return _or_nan(((x - x.mean()) ** 2).sum() if len(x) else 0.0, len(x))


@mistake
def always_divides_by_one_less(x, ddof=0):
    """The sum was divided by n - 1, whatever ddof is. By how much the divisor is smaller than n is for the caller to
    say."""
    return _or_nan(((x - x.mean()) ** 2).sum() if len(x) else 0.0, len(x) - 1)


@mistake
def adds_ddof(x, ddof=0):
    """The sum was divided by n + ddof. With ddof = 1 the answer should become larger than with 0; does yours?"""
    return _or_nan(((x - x.mean()) ** 2).sum() if len(x) else 0.0, len(x) + ddof)


@mistake
def takes_the_mean_with_ddof(x, ddof=0):
    """ddof has gone into the mean as well. The mean of n numbers is their sum divided by n, always; only the average of
    the squared deviations has the other divisor."""
    n = len(x)
    if n - ddof <= 0:
        return float("nan")
    mean = x.sum() / (n - ddof)
    return ((x - mean) ** 2).sum() / (n - ddof)


@mistake
def squares_the_sum(x, ddof=0):
    """The answer is 0 for all numbers, up to rounding, as it is if the deviations are added up before they are squared,
    or are not squared at all: they cancel. Print their sum. Which comes first in the formula, the square or the sum?"""
    return _or_nan((x - x.mean()).sum() ** 2 if len(x) else 0.0, len(x) - ddof)


@mistake
def takes_absolute_deviations(x, ddof=0):
    """This is the average distance from the mean, also a measure of spread. The variance is the average of the squares,
    so that a deviation that is twice as large counts four times."""
    return _or_nan(np.abs(x - x.mean()).sum() if len(x) else 0.0, len(x) - ddof)


@mistake
def takes_the_square_root(x, ddof=0):
    """This is the standard deviation, which has the unit of x. The variance is its square."""
    return _or_nan(((x - x.mean()) ** 2).sum() if len(x) else 0.0, len(x) - ddof) ** 0.5


@mistake
def forgets_to_divide(x, ddof=0):
    """The squares were added up, but not averaged: twice as many bottles would have twice the variance."""
    return ((x - x.mean()) ** 2).sum() if len(x) - ddof > 0 else float("nan")


@mistake
def subtracts_in_place(x, ddof=0):
    """The mean was subtracted from x itself, so the caller's numbers are no longer what they were, and whole numbers
    cannot be changed in this way at all. x -= something writes into the array that was handed over."""
    if len(x) - ddof <= 0:
        return float("nan")
    x -= x.mean()
    return (x**2).sum() / (len(x) - ddof)
