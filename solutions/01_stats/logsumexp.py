r"""Log-sum-exp: add numbers that are too small to write down.

The probability of a sentence of a hundred words is something like e^-700, and that of a page is 0, says the computer:
the smallest float is about e^-745. So programs keep the logarithms. One thing becomes awkward with them, adding two
probabilities, and this function does it. You will meet it in every classifier.

Maths. x holds logarithms, and y is the logarithm of the sum of the numbers that they stand for. For one list of n
logarithms:

$$y = \log \sum_i e^{x_i} = m + \log \sum_i e^{x_i - m}$$

The second form is right for every number m, since e^m is a factor of all terms. With m = max(x) the largest power is
e^0 = 1: none overflows, and the logarithm gets a number from 1 to n.

Infinities mean something, too. Minus infinity is the logarithm of 0, so a list of nothing else has the sum 0 and
y = minus infinity. If plus infinity is in the list, y is plus infinity. There m = max(x) is no help, because infinity
minus infinity is no number.

By hand. x = [0, 0] stands for 1 and 1, so y = log 2 = 0.6931. x = [1000, 1000] is the same, e^1000 times larger: y =
1000.6931.

Source: Blanchard, Higham & Higham, Accurately computing the log-sum-exp and softmax functions (2021).
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns="y",
    banned=["scipy.special.logsumexp"],
    hints=[
        "What is exp(1000) on your computer, and exp(-1000)? Take the sum e^1000 + e^1001 and put e^1001 in front of a "
        "bracket: what is left inside?",
        "Subtract the largest x, exp, sum, log, and add the largest x again. Along an axis every slice has a largest x "
        "of its own; keepdims=True in np.max and np.sum keeps the shapes together until the end.",
        "Where the largest x is infinite, subtract 0 instead: np.isfinite and np.where do it for all slices at once. "
        "In the end, if keepdims is False, take away the axis that was summed over and no other: np.squeeze has an "
        "argument axis.",
    ],
    why=(
        "Taking the largest power out of the sum leaves one term that is exactly 1 and none above it, so the sum can "
        "neither overflow nor vanish; only infinities, which cannot be taken out, need their own rule."
    ),
    lesson="Numbers too small to write down",
)
def logsumexp(x, axis=None, keepdims=False):
    """Return the logarithm of the sum of exp(x) along an axis.

    Args:
        x: float array, any shape. Logarithms; they may be as large as 10 000 or as small as -10 000, and plus or minus
            infinity, but not NaN. There is at least one number in every sum.
        axis: int, the axis to sum over, counted from the end if it is negative; or None, to sum over all entries.
        keepdims: bool. If True, the axes that were summed over stay, with length 1.

    Returns:
        y: float array, of the dtype of x; the shape of x without the axis, or with length 1 there if keepdims is True.
        A single number if axis is None and keepdims False. Minus infinity where all that was summed is minus infinity,
        plus infinity where one of it is plus infinity. The argument x is left as it was.

    scipy.special.logsumexp is what you write here; a file that uses it is refused.
    """
    largest = x.max(axis=axis, keepdims=True)
    m = np.where(np.isfinite(largest), largest, 0.0)
    with np.errstate(divide="ignore"):  # log(0) is minus infinity, and rightly so
        y = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)


@case
def by_hand(rng):
    """The first example of the statement."""
    return {"x": np.array([0.0, 0.0])}


@case
def a_table_as_a_whole(rng):
    """All entries of a table into one number."""
    return {"x": np.round(rng.normal(size=(3, 4)), 2)}


@case
def down_the_columns(rng):
    """One sum for each of four columns."""
    return {"x": np.round(2 * rng.normal(size=(3, 4)), 2), "axis": 0}


@case
def along_the_rows_as_a_column(rng):
    """One sum for each of three rows, and the axis stays."""
    return {"x": np.round(2 * rng.normal(size=(3, 4)), 2), "axis": 1, "keepdims": True}


@case
def the_last_of_three_axes(rng):
    """axis = -1 of an array with three axes."""
    return {"x": np.round(rng.normal(size=(2, 3, 4)), 2), "axis": -1}


@case(hidden=True)
def the_middle_of_three_axes(rng):
    return {"x": np.round(rng.normal(size=(2, 5, 3)), 2), "axis": 1, "keepdims": False}


@case(edge=True)
def far_too_large(rng):
    """The second example of the statement: exp(1000) is too large for a float."""
    return {"x": np.array([1000.0, 1000.0])}


@case(edge=True)
def far_too_small(rng):
    """Powers near e^-10000 are 0 as floats, but their logarithms are ordinary numbers."""
    return {"x": np.array([-10000.0, -10001.0, -9999.5])}


@case(edge=True)
def rows_far_apart(rng):
    """A row near 0 and a row near -2000; each row is a matter of its own."""
    return {"x": np.array([[0.0, 1.0], [-2000.0, -2001.0]]), "axis": 1}


@case(edge=True)
def one_far_above_the_other(rng):
    """0 and 5000 in one list: next to e^5000, 1 is nothing."""
    return {"x": np.array([0.0, 5000.0])}


@case(edge=True)
def a_row_of_zeros(rng):
    """The logarithms of 0 and 0, and of 0 and 1: minus infinity, and 0."""
    return {"x": np.array([[-np.inf, -np.inf], [-np.inf, 0.0]]), "axis": 1}


@case(edge=True)
def plus_infinity(rng):
    """Plus infinity and a number: the sum is infinite."""
    return {"x": np.array([np.inf, 3.0])}


@case(edge=True)
def a_column_alone(rng):
    """A table of one column: summing over its rows leaves the axis of columns, shape (1,)."""
    return {"x": np.round(rng.normal(size=(3, 1)), 2), "axis": 0}


@case(edge=True)
def all_axes_stay(rng):
    """axis None and keepdims True: shape (1, 1)."""
    return {"x": np.round(rng.normal(size=(2, 3)), 2), "axis": None, "keepdims": True}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": np.round(rng.normal(size=(2, 3)), 2).astype(np.float32), "axis": 0}


@alternative
def adds_two_at_a_time(x, axis=None, keepdims=False):
    return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)


@alternative
def goes_slice_by_slice(x, axis=None, keepdims=False):
    import math

    def one(values):
        top = max(values)
        return top if math.isinf(top) else top + math.log(math.fsum(math.exp(value - top) for value in values))

    if axis is None:
        y = np.array(one(x.ravel().tolist()), dtype=x.dtype)
        return y.reshape((1,) * x.ndim) if keepdims else y
    moved = np.moveaxis(x, axis, -1)
    y = np.empty(moved.shape[:-1], dtype=x.dtype)
    for index in np.ndindex(y.shape):
        y[index] = one(moved[index].tolist())
    return np.expand_dims(y, axis) if keepdims else y


@alternative
def takes_the_largest_out_of_the_sum(x, axis=None, keepdims=False):
    # One of the terms is exactly 1, and log1p(rest) is log(1 + rest).
    ordered = np.sort(x, axis=axis)
    if axis is None:
        ordered, axis_here = ordered.ravel(), 0
    else:
        axis_here = axis
    length = ordered.shape[axis_here]
    top = np.take(ordered, [length - 1], axis=axis_here)
    others = np.take(ordered, range(length - 1), axis=axis_here)
    with np.errstate(invalid="ignore"):
        rest = np.where(np.isinf(top), 0, np.exp(others - top)).sum(axis=axis_here, keepdims=True)
    y = (top + np.log1p(rest)).astype(x.dtype)
    if axis is None:
        return y.reshape((1,) * x.ndim) if keepdims else y[0]
    return y if keepdims else np.squeeze(y, axis=axis)


def _sum_of_powers(x, shift, axis, keepdims):
    """log sum exp(x - shift), rightly, with the axis kept or not."""
    y = np.log(np.exp(x - shift).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)


def _anchor(x, axis=None):
    largest = x.max(axis=axis, keepdims=True)
    return np.where(np.isfinite(largest), largest, 0.0)


@mistake
def exponentiates_the_raw_numbers(x, axis=None, keepdims=False):
    """Right for small numbers. exp(1000) is too large for a float, and exp(-10000) is 0. Can you put a factor in front
    of the sum first?"""
    return np.log(np.exp(x).sum(axis=axis, keepdims=keepdims))


@mistake
def clips_what_is_too_large(x, axis=None, keepdims=False):
    """The numbers were clipped, so that exp copes with them. But then they are other numbers: 1000 and 2000 get the
    same answer. Move all of them by one number instead, and move the result back."""
    return np.log(np.exp(np.clip(x, -700, 700)).sum(axis=axis, keepdims=keepdims))


@mistake
def shifts_all_slices_by_one_number(x, axis=None, keepdims=False):
    """The largest number of the whole array was subtracted everywhere. In a row that lies far below it all powers
    become 0. Every slice needs a largest number of its own."""
    m = _anchor(x)
    return m.ravel()[0] + _sum_of_powers(x, m, axis, keepdims)


@mistake
def shifts_by_the_smallest(x, axis=None, keepdims=False):
    """What was subtracted is not the largest number of its slice, but perhaps the smallest, or the mean. Where another
    one lies far above it, a power is too large for a float all the same."""
    smallest = x.min(axis=axis, keepdims=True)
    m = np.where(np.isfinite(smallest), smallest, 0.0)
    y = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)


@mistake
def shifts_by_infinity(x, axis=None, keepdims=False):
    """Right, unless the largest number of a slice is infinite. What is infinity minus infinity? Such a slice needs
    another number to be subtracted, or none."""
    m = x.max(axis=axis, keepdims=True)
    y = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)


@mistake
def loses_the_axis_too_early(x, axis=None, keepdims=False):
    """The largest numbers have lost their axis, so that they no longer stand beside the slices that they belong to: a
    row of three rows' maxima does not fit a table with four columns. Keep the axis until the end."""
    m = x.max(axis=axis, keepdims=keepdims)
    return m + np.log(np.exp(x - m).sum(axis=axis, keepdims=keepdims))


@mistake
def forgets_to_shift_back(x, axis=None, keepdims=False):
    """The largest number was subtracted, and not added again. On paper: what happens to y when all x grow by 5?"""
    return _sum_of_powers(x, _anchor(x, axis), axis, keepdims)


@mistake
def returns_the_largest(x, axis=None, keepdims=False):
    """This is the largest x. The answer is near to it when one number stands out, but [0, 0] stands for 1 + 1."""
    return x.max(axis=axis, keepdims=keepdims)


@mistake
def takes_the_mean(x, axis=None, keepdims=False):
    """The powers were averaged. The answer is the logarithm of their sum: [0, 0] stands for 1 + 1."""
    m = _anchor(x, axis)
    y = m + np.log(np.exp(x - m).mean(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)


@mistake
def adds_the_logarithms(x, axis=None, keepdims=False):
    """The logarithms were added up. The sum of logarithms is the logarithm of a product; here the numbers that they
    stand for are added."""
    return x.sum(axis=axis, keepdims=keepdims)


@mistake
def ignores_the_axis(x, axis=None, keepdims=False):
    """Everything was added into one number, whatever axis says. How many sums does a table with four columns have along
    axis 0?"""
    m = _anchor(x)
    return m.ravel()[0] + _sum_of_powers(x, m, None, keepdims)


@mistake
def ignores_keepdims(x, axis=None, keepdims=False):
    """The axis is gone, although keepdims is True. Compare the shape of your answer with the one that is asked for."""
    m = _anchor(x, axis)
    return (m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))).squeeze(axis=axis)


@mistake
def always_keeps_the_axis(x, axis=None, keepdims=False):
    """The axis has stayed, with length 1, although keepdims is False. It was useful on the way; take it away in the
    end."""
    m = _anchor(x, axis)
    return m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))


@mistake
def squeezes_other_axes_as_well(x, axis=None, keepdims=False):
    """Right, unless another axis has length 1: that one is gone as well. Say which axis should be taken away."""
    m = _anchor(x, axis)
    y = m + np.log(np.exp(x - m).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze()


@mistake
def shifts_the_callers_numbers(x, axis=None, keepdims=False):
    """Right, but the largest number was subtracted from x itself, and the caller's numbers are no longer what they
    were. x -= something writes into the array that was handed over."""
    m = _anchor(x, axis)
    x -= m
    y = m + np.log(np.exp(x).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis=axis)
