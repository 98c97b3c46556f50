r"""Softmax: scores become probabilities.

A network gives every class a score, any number at all. A hospital that asks "how likely is each?" needs numbers that
are positive and add up to 1. Softmax turns the one into the other and keeps the order: a higher score is a higher
probability.

Maths. x is an array of scores along one of its axes, and every slice along this axis is a matter of its own:

$$p_i = \frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}$$

for any number m: e^{-m} is a factor above and below the fraction bar alike. The choice of m decides whether the
computer can follow. e^1000 is more than a float can hold, and if all powers are 0, the quotient is 0 / 0. With the
largest score of the slice for m, no power is larger than 1, and one of them is 1.

By hand. x = [1, 2, 3]: the powers are 2.718, 7.389 and 20.086, their sum is 30.193, so p = [0.0900, 0.2447, 0.6652].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 4.1 and 6.2.2.3.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=3,
    difficulty=2,
    returns="p",
    needs=["logsumexp"],
    banned=["scipy.special.softmax", "scipy.special.log_softmax", "scipy.special.logsumexp"],
    hints=[
        "Compute softmax of [1, 2, 3] and of [101, 102, 103] by hand, or rather, do not: what happens to the quotient?",
        "Subtract from every slice its own largest score, with x.max(axis=axis, keepdims=True). keepdims leaves an "
        "axis of length 1, so that every slice meets its own number.",
        "Take the powers of what is left, once, and give them a name. Each is divided by the sum of its own slice: sum "
        "takes axis and keepdims as max does.",
    ],
    why=(
        "Only differences between scores matter, so every slice may be moved until its largest power is exactly 1; "
        "then nothing overflows, and no sum to divide by is ever below 1."
    ),
    lesson="From scores to probabilities",
)
def softmax(x, axis=-1):
    """Return the softmax of x along an axis.

    Args:
        x: float array, any shape with at least one axis, none of length 0. The scores; they may be as large as 1e4 or
            as small as -1e4, also beside each other. Minus infinity is the score of a class that is ruled out; at least
            one score of every slice is finite.
        axis: int. The axis along which probabilities add up to 1; the last one by default.

    Returns:
        p: float array, the shape and dtype of x; 0 where x is minus infinity. The argument is left as it was.

    softmax, log_softmax and logsumexp of scipy.special are what you write here; a file that uses them is refused.
    """
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([1.0, 2.0, 3.0])}


@case
def a_batch(rng):
    """Four rows of three scores."""
    return {"x": np.round(2 * rng.normal(size=(4, 3)), 2)}


@case
def down_the_columns(rng):
    """The scores that belong together stand in columns."""
    return {"x": np.round(2 * rng.normal(size=(3, 4)), 2), "axis": 0}


@case
def two_scores(rng):
    """Two scores whose difference goes from -6 to 6: 25 pairs."""
    difference = np.linspace(-6.0, 6.0, 25)
    return {"x": np.stack([np.zeros(25), difference], axis=1)}


@case(hidden=True)
def in_the_middle(rng):
    return {"x": np.round(rng.normal(size=(2, 4, 3)), 2), "axis": 1}


@case(edge=True)
def a_large_score(rng):
    """exp(1000) is too large for a float."""
    return {"x": np.array([[1000.0, 0.0], [1.0, 2.0]])}


@case(edge=True)
def very_negative_scores(rng):
    """All powers are too small for a float, but the classes are equally likely."""
    return {"x": np.array([-1000.0, -1000.0])}


@case(edge=True)
def rows_far_apart(rng):
    """One row of large scores and one of small ones; each is a matter of its own."""
    return {"x": np.array([[900.0, 899.0], [-900.0, -901.0]])}


@case(edge=True)
def large_beside_small(rng):
    """Scores near 1000 and of -1000 in one slice, so that their mean is near 0."""
    return {"x": np.array([1000.0, 999.0, -1000.0, -1000.0])}


@case(edge=True)
def a_single_class(rng):
    """Where there is one class, it is certain."""
    return {"x": np.array([[3.0], [-2.0]])}


@case(edge=True)
def a_class_is_ruled_out(rng):
    """Minus infinity among the scores: that class gets exactly 0, and the others share the rest, however low."""
    return {"x": np.array([[0.5, -np.inf, 1.5], [-np.inf, -np.inf, 2.0], [-9999.0, -1e4, -np.inf]]), "axis": 1}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": np.round(rng.normal(size=(2, 3)), 2).astype(np.float32)}


@picture(case="two_scores")
def the_s_of_two_scores(axes, arguments, answer):
    """The probability of the second class against the difference of the two scores: an S through one half, which is the
    sigmoid."""
    axes.plot(arguments["x"][:, 1], answer[:, 1])
    axes.axhline(0.5, color="black", linewidth=0.8)
    axes.set(xlabel="second score minus first", ylabel="probability of the second", ylim=(-0.05, 1.05))


@alternative
def divides_each_difference(x, axis=-1):
    # 1 / p_i = sum_j e^(x_j - x_i), every difference taken against the score itself, in logarithms.
    log_sum = np.logaddexp.reduce(x, axis=axis, keepdims=True)
    return np.exp(x - log_sum)


@alternative
def goes_slice_by_slice(x, axis=-1):
    moved = np.moveaxis(x, axis, -1)
    p = np.empty_like(moved)
    for index in np.ndindex(moved.shape[:-1]):
        top = max(moved[index])
        powers = [np.exp(score - top) for score in moved[index]]
        p[index] = np.array(powers) / sum(powers)
    return np.moveaxis(p, -1, axis)


@alternative
def turns_the_array_on_its_side(x, axis=-1):
    # With the classes along the first axis, one largest score and one sum per column need no keepdims.
    standing = x.swapaxes(0, axis)
    powers = np.exp(standing - np.amax(standing, axis=0))
    return (powers / np.add.reduce(powers)).swapaxes(0, axis)


def _softmax(x, axis, shift):
    with np.errstate(all="ignore"):
        powers = np.exp(x - shift)
        return powers / powers.sum(axis=axis, keepdims=True)


@mistake
def exponentiates_raw_scores(x, axis=-1):
    """Right for small scores. exp(1000) is not a number that a float can hold. Adding one number to all scores of a
    slice changes nothing: which number helps?"""
    return _softmax(x, axis, np.zeros((), x.dtype))


@mistake
def never_shifts_upwards(x, axis=-1):
    """Right for large scores. Where all are very negative, nothing was subtracted, and all powers are 0: the quotient
    is 0 / 0. The largest score helps even if it is below 0."""
    return _softmax(x, axis, np.maximum(x.max(axis=axis, keepdims=True), np.zeros((), x.dtype)))


@mistake
def shifts_everything_by_one_number(x, axis=-1):
    """The largest score of the whole array was subtracted everywhere. In a slice that lies far below it all powers are
    0. Every slice has a largest score of its own."""
    return _softmax(x, axis, x.max())


@mistake
def shifts_by_the_mean(x, axis=-1):
    """The mean of the scores was subtracted. That keeps scores small which lie together, but one that stands far above
    the mean still overflows. Which number makes sure that no power is larger than 1?"""
    powers = np.exp(x - x.mean(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake
def clips_the_scores(x, axis=-1):
    """Scores were cut off where they are very large or very small, so that exp copes with them. But then they are other
    scores: 1000 and 999 have become equal. Move all of them by one number instead."""
    powers = np.exp(np.clip(x, -700, 700))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake
def shares_among_all(x, axis=-1):
    """The whole array adds up to 1, where each slice should. With four examples, how many distributions are there, and
    how many sums?"""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum()


@mistake
def adds_up_to_one_in_all(x, axis=-1):
    """The whole array adds up to 1. Every slice along the axis should, by itself."""
    powers = np.exp(x - x.max())
    return powers / powers.sum()


@mistake
def takes_the_other_axis(x, axis=-1):
    """The last axis was taken, whatever axis says. Look at the second argument."""
    return _softmax(x, -1, x.max(axis=-1, keepdims=True))


@mistake
def forgets_to_divide(x, axis=-1):
    """These are the powers, and their largest is 1. To be probabilities they have to be divided by their sum."""
    return np.exp(x - x.max(axis=axis, keepdims=True))


@mistake
def divides_the_scores(x, axis=-1):
    """The scores themselves were divided by their sum. Scores can be negative and probabilities cannot: e to the power
    of a score is always positive."""
    return x / x.sum(axis=axis, keepdims=True)


@mistake
def always_takes_axis_one(x, axis=-1):
    """Axis 1 was taken, whatever axis says. A list of three scores has no axis 1, and an array with three axes may have
    its classes elsewhere: hand on the argument axis."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake
def loses_the_axis(x, axis=-1):
    """The largest scores and the sums have lost their axis, so that they no longer stand beside the slices that they
    belong to: four numbers, one for each row, do not fit rows of three, and where they do fit they meet the wrong ones.
    Which argument of max and sum keeps the axis?"""
    powers = np.exp(x - x.max(axis=axis))
    return powers / powers.sum(axis=axis)


@mistake
def answers_with_logarithms(x, axis=-1):
    """These are the logarithms of the probabilities. They are useful for a loss; here the probabilities themselves are
    asked for."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@mistake
def answers_in_double_precision(x, axis=-1):
    """The numbers are right, but float32 comes back as float64, twice as large in memory. Something in between was made
    without asking x for its type."""
    powers = np.exp(x.astype(float) - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake
def shifts_the_callers_scores(x, axis=-1):
    """Right, but the largest score was subtracted from x itself, and the caller will need the scores again. x -=
    something writes into the array that was handed over."""
    x -= x.max(axis=axis, keepdims=True)
    powers = np.exp(x)
    return powers / powers.sum(axis=axis, keepdims=True)
