r"""Relative error: do two gradients agree?

You have a gradient from a formula and another one that was measured. They differ by 0.001, and whether that is much
depends: between slopes near 1000 it is nothing, between slopes near 0.001 it is everything. And of a million entries a
single wrong one is enough to spoil what is learnt, so the worst entry is the one to look at.

Maths. x and y have the same shape, and i runs over all their entries:

$$e = \max_i \frac{|x_i - y_i|}{\max(10^{-8},\ |x_i| + |y_i|)}$$

The sum of the two sizes treats x and y alike. e is 0 where all entries are equal, and never larger than 1; at 1 an
entry has the wrong sign, or is 0 in one of the two. The 10^-8 keeps two zeros from becoming 0/0, and counts numbers far
below it as zeros.

By hand. x = [1, 2], y = [1, 2.2]: the errors are 0 / 2 = 0 and 0.2 / 4.2 = 0.0476, so e = 0.0476.

Source: Stanford CS231n, `rel_error` in the assignments, and course notes, Neural Networks Part 3, "Gradient checks".
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=2,
    difficulty=1,
    returns="e",
    hints=[
        "Do it for [1, 2] and [1, 2.2] on paper, one entry at a time. Which numbers go into the fraction of the second "
        "entry, and which of the two fractions is the answer?",
        "np.abs takes the size of every entry. np.maximum(a, b) takes the larger of two numbers at every entry, np.max "
        "the largest of one array.",
        "The fraction is np.abs(x - y) over np.maximum(1e-8, np.abs(x) + np.abs(y)), and np.max of it is the answer. "
        "Before that, compare np.shape(x) and np.shape(y): NumPy would stretch a column and a row to a table.",
    ],
    why=(
        "Measured against the entries' own sizes, an error has no unit: scale both gradients alike and it stays the "
        "same, unless the 1e-8 steps in. And |x - y| is never above |x| + |y|, so 1 is the worst."
    ),
    lesson="Do they agree?",
)
def rel_error(x, y):
    """Return the largest relative error between two arrays.

    Args:
        x: float array of any shape, or a float.
        y: float array of the same shape, or a float.

    Returns:
        e: float, from 0 to 1: the maximum over all entries of |x - y| / max(1e-8, |x| + |y|). Two zeros have the error
        0. If an entry is NaN (not a number) in x or in y, e is NaN: such a gradient must not pass for right. The
        arguments are left as they were.

    Raises:
        ValueError: x and y have different shapes, such as (3, 1) and (3,), or they have no entries at all.
    """
    if np.shape(x) != np.shape(y) or np.size(x) == 0:
        raise ValueError(f"x has shape {np.shape(x)}, y has shape {np.shape(y)}: nothing to compare entry by entry")
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))


def nearly(rng, x):
    """Numbers like x, a few per cent off, in both directions."""
    return np.round(x * (1 + rng.choice([-1, 1], x.shape) * rng.uniform(0.02, 0.05, x.shape)), 3)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([1.0, 2.0]), "y": np.array([1.0, 2.2])}


@case
def the_larger_one_first(rng):
    """The same two arrays the other way round: the answer is the same."""
    return {"x": np.array([1.0, 2.2]), "y": np.array([1.0, 2.0])}


@case
def a_table(rng):
    """Two tables of numbers of both signs, a few per cent apart."""
    x = rng.choice([-1.0, 1.0], (3, 4)) * np.round(rng.uniform(0.5, 5.0, (3, 4)), 2)
    return {"x": x, "y": nearly(rng, x)}


@case
def one_of_a_thousand(rng):
    """A thousand entries of which one is wrong, a small one: 2.5 in place of 1.25."""
    x = np.round(rng.uniform(100.0, 900.0, 1000), 2)
    x[617] = 1.25
    y = x.copy()
    y[617] = 2.5
    return {"x": x, "y": y}


@case
def a_wrong_sign(rng):
    """One entry has the wrong sign, which is an error of 1, the largest there is."""
    return {"x": np.array([0.5, -2.0, 3.0]), "y": np.array([0.51, 2.1, 3.0])}


@case(hidden=True)
def three_axes(rng):
    x = rng.choice([-1.0, 1.0], (2, 3, 2)) * np.round(rng.uniform(0.5, 5.0, (2, 3, 2)), 2)
    return {"x": x, "y": nearly(rng, x)}


@case(edge=True)
def zeros_on_both_sides(rng):
    """Where both are 0 they agree."""
    return {"x": np.array([0.0, 2.0, 0.0]), "y": np.array([0.0, 2.1, 0.0])}


@case(edge=True)
def far_below_the_threshold(rng):
    """3e-9 and 1e-9 add up to less than 1e-8, so that 1e-8 takes the place of their sum."""
    return {"x": np.array([3e-9, 0.0]), "y": np.array([1e-9, 1e-9])}


@case(edge=True)
def two_numbers(rng):
    """Two floats in place of arrays."""
    return {"x": 3.0, "y": 3.3}


@case(edge=True)
def not_a_number(rng):
    """A NaN among the entries."""
    return {"x": np.array([1.0, np.nan, 2.0]), "y": np.array([1.1, 0.5, 2.0])}


@case(edge=True)
def a_column_and_a_row(rng):
    """Shapes (3, 1) and (3,), which NumPy would stretch to (3, 3): ValueError."""
    return {"x": np.array([[1.0], [2.0], [3.0]]), "y": np.array([1.0, 2.0, 3.0])}


@case(edge=True)
def two_rows_and_one(rng):
    """Shapes (2, 3) and (1, 3), which have as many axes, and which NumPy would stretch to (2, 3): ValueError."""
    return {"x": np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 4.0]]), "y": np.array([[1.0, 2.0, 3.0]])}


@case(edge=True)
def nothing_to_compare(rng):
    """Arrays without entries: ValueError."""
    return {"x": np.zeros((0, 3)), "y": np.zeros((0, 3))}


@alternative
def goes_through_the_entries(x, y):
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape:
        raise ValueError("different shapes")
    errors = [abs(a - b) / max(1e-8, abs(a) + abs(b)) for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    return np.max(errors)


@alternative
def compares_means_of_sizes(x, y):
    if np.shape(x) != np.shape(y):
        raise ValueError("different shapes")
    mean = (np.abs(x) + np.abs(y)) / 2
    return np.sort(np.ravel(np.abs(x - y) / 2 / np.where(mean < 5e-9, 5e-9, mean)))[::-1].max()


@alternative
def takes_the_larger_less_the_smaller(x, y):
    if np.shape(x) != np.shape(y):
        raise ValueError("different shapes")
    distance = np.maximum(x, y) - np.minimum(x, y)
    return np.max(distance * (1 / np.clip(np.abs(x) + np.abs(y), 1e-8, None)))


def _checked(x, y):
    if np.shape(x) != np.shape(y) or np.size(x) == 0:
        raise ValueError("different shapes, or no entries")


@mistake
def takes_the_mean(x, y):
    """The errors were averaged. One wrong entry among a thousand then looks like an error of a thousandth of its size,
    and is not noticed."""
    _checked(x, y)
    return np.mean(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


@mistake
def divides_by_x_alone(x, y):
    """The error was compared with the size of x alone. Exchanging the two arguments should not change the verdict; and
    what if x is 0 where y is not?"""
    _checked(x, y)
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x)))


@mistake
def divides_by_the_larger(x, y):
    """The error was compared with the larger of the two sizes, where the formula has their sum. That is about twice as
    much, and for a wrong sign it can be 2."""
    _checked(x, y)
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.maximum(np.abs(x), np.abs(y))))


@mistake
def forgets_the_sign_of_the_difference(x, y):
    """The difference was taken with its sign, so that an entry where y is the larger one has a negative error, which is
    never the largest. An error of -0.3 is not small."""
    _checked(x, y)
    return np.max((x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


@mistake
def takes_the_size_of_the_sum(x, y):
    """The denominator is |x + y|. Where the two have different signs they cancel, and the error grows beyond 1. The
    formula adds their sizes."""
    _checked(x, y)
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x + y)))


@mistake
def compares_the_largest_with_the_largest(x, y):
    """The largest difference was divided by the largest size, but these may belong to different entries: a small entry
    that is all wrong hides behind a large one. Divide entry by entry, and take the maximum last."""
    _checked(x, y)
    return np.max(np.abs(x - y)) / np.max(np.maximum(1e-8, np.abs(x) + np.abs(y)))


@mistake
def divides_zero_by_zero(x, y):
    """Nothing keeps the denominator away from 0. Where both entries are 0, which is perfect agreement, 0 / 0 is not a
    number."""
    _checked(x, y)
    return np.max(np.abs(x - y) / (np.abs(x) + np.abs(y)))


@mistake
def adds_the_threshold(x, y):
    """1e-8 was added to the denominator. For usual numbers that cannot be seen; for tiny ones the formula takes the
    larger of the two, not both."""
    _checked(x, y)
    return np.max(np.abs(x - y) / (1e-8 + np.abs(x) + np.abs(y)))


@mistake
def passes_over_what_is_not_a_number(x, y):
    """Entries that are NaN were left out. A gradient that is not even a number would pass for right."""
    _checked(x, y)
    return np.nanmax(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


@mistake
def counts_axes_only(x, y):
    """Right where the shapes agree or the numbers of axes differ. But shapes such as (2, 3) and (1, 3) have two axes
    each and are different all the same: NumPy stretches the single row, and it is compared with both."""
    if np.ndim(x) != np.ndim(y) or np.size(x) == 0:
        raise ValueError("different shapes")
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


@mistake
def lets_shapes_stretch(x, y):
    """Right where the shapes agree. But a column of shape (3, 1) and a row of shape (3,) were compared each with each,
    as a table of nine differences. Different shapes are a mistake of the caller, and the function should say so."""
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))
