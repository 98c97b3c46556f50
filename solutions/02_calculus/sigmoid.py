r"""Sigmoid: a score becomes a probability.

A score can be any number, and a probability lies between 0 and 1. The sigmoid leads from one to the other: it is how
logistic regression says "97 % spam", and the gate of every LSTM. Written down as in a textbook, it overflows as soon as
a score is large; with two formulas for the two sides, it never does.

Maths. x is an array of any shape, and entry by entry

$$s(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}}$$

The second form is the first one with numerator and denominator multiplied by e^x. In floating-point arithmetic they
differ: e^1000 is too large for a float, and e^-1000 is 0, which does no harm. For each sign of x one of the two forms
needs no power of e that is larger than 1. The two sides belong together, s(-x) = 1 - s(x), and the slope is s (1 - s).

By hand. s(0) = 1 / 2. With e^2 = 7.389: s(2) = 1 / (1 + 1 / 7.389) = 0.8808 and s(-2) = 1 / (1 + 7.389) = 0.1192. At
x = -40 it is 4.248e-18, a small number and not 0; at x = -1000 no float is small enough, and it is 0.

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.2; Stanford CS231n, `sigmoid` in
cs231n/rnn_layers.py.
"""

import numpy as np

from grader.authoring import alternative, case, drive, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["s", "'x is as before'"],
    banned=["scipy.special.expit", "scipy.stats.logistic"],
    hints=[
        "Print np.exp(-x) for x = 1000 and x = -1000. Which of the two warns, and what does the other form of the "
        "formula need there?",
        "Each form is harmless on one side. np.where(condition, a, b) computes both a and b everywhere before it "
        "chooses, so the power of e itself has to be harmless: which power serves both sides?",
        "Take e to the power of -|x|, which is never larger than 1. It is e^-x where x is positive and e^x where x is "
        "negative. So the denominator is the same on both sides; only the numerator has to be chosen.",
    ],
    why=(
        "A power of e that is never above 1 cannot overflow, and may underflow without harm. And a small answer keeps "
        "its digits if it is computed itself, not as what is left of 1."
    ),
    lesson="A function that is worth the trouble: sigmoid",
)
def sigmoid(x):
    """Return 1 / (1 + e^-x), entry by entry, without overflow on either side.

    Args:
        x: float array of any shape, also (), with entries of any size. Whole numbers of any type are welcome, and 2
            means the same as 2.0 does.

    Returns:
        s: float array, the shape of x, entries from 0 to 1; float32 for float32, and float64 for float64 and whole
        numbers. Small answers keep their digits: s(-40) is 4.248e-18. Where x is NaN (not a number), s is NaN. No power
        may overflow, not even one whose result is thrown away: the function is called under np.errstate(over="raise"),
        where NumPy stops with a FloatingPointError instead of warning. x is left as it was.

    scipy.special.expit and scipy.stats.logistic are what you write here; a file that uses them is refused.
    """
    e = np.exp(-1.0 * np.abs(x))  # not -np.abs(x): the negative of an unsigned number wraps around
    return np.where(x < 0, e, 1) / (1 + e)


@drive
def under_strict_arithmetic(sigmoid, x):
    """Call the function where an overflow raises.

    x is the array, or {"before and after": array} to compare its bits before and after the call.
    """
    before = x["before and after"] if isinstance(x, dict) else x
    plain = before.copy()
    # Invalid operations may pass: np.logaddexp(0, nan) is one, and inf / inf has overflowed before.
    with np.errstate(over="raise"):
        s = sigmoid(plain)
    return s, plain.tobytes() == before.tobytes() if isinstance(x, dict) else None


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([0.0, 2.0, -2.0])}


@case
def both_signs(rng):
    """A table of scores of both signs."""
    return {"x": rng.choice([-1.0, 1.0], (3, 4)) * np.round(rng.uniform(0.2, 5.0, (3, 4)), 2)}


@case
def sure_of_itself(rng):
    """Scores from 10 to 25, and as far below 0."""
    return {"x": np.array([10.25, -12.5, 21.5, -24.75])}


@case(hidden=True)
def three_axes(rng):
    return {"x": rng.choice([-1.0, 1.0], (2, 3, 2)) * np.round(rng.uniform(0.2, 5.0, (2, 3, 2)), 2)}


@case(edge=True)
def far_to_the_left(rng):
    """Scores near -1000: the answer is 0."""
    return {"x": np.array([-1000.0, -800.0])}


@case(edge=True)
def far_to_the_right(rng):
    """Scores near 1000: the answer is 1."""
    return {"x": np.array([1000.0, 800.0])}


@case(edge=True)
def small_answers(rng):
    """Scores near -40, where s is about 1e-18 and has digits like any other number."""
    return {"x": np.array([-40.0, -34.5, -44.25])}


@case(edge=True)
def a_single_number(rng):
    """An array of shape ()."""
    return {"x": np.array(-1.25)}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    return {"x": np.array([0.5, -1.25, 3.0], dtype=np.float32)}


@case(edge=True)
def whole_numbers(rng):
    """An array of integers."""
    return {"x": np.array([0, 1, -3])}


@case(edge=True)
def whole_numbers_of_one_byte(rng):
    """Scores of type uint8, for which the negative of 2 is 254."""
    return {"x": np.array([0, 2, 40], dtype=np.uint8)}


@case(edge=True)
def hardly_possible(rng):
    """Scores near -600, where s is about 1e-261 and has its digits still."""
    return {"x": np.array([-600.0, -603.5])}


@case(edge=True)
def not_a_number(rng):
    """A NaN among the scores stays NaN, and the others are as usual."""
    return {"x": np.array([np.nan, 1.5, -0.5])}


@case(edge=True)
def x_is_left_alone(rng):
    """The caller's array holds the same numbers after the call."""
    return {"x": {"before and after": np.array([0.75, -1.5, 2.25])}}


@alternative
def computes_each_side_where_it_is_harmless(x):
    z = np.asarray(x, dtype=x.dtype if x.dtype.kind == "f" else float)
    s = np.full_like(z, np.nan)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return s


@alternative
def goes_by_the_logarithm(x):
    return np.exp(-np.logaddexp(0, -1.0 * x))


@alternative
def holds_the_exponent_down(x):
    positive = 1 / (1 + np.exp(np.minimum(-1.0 * x, 0)))
    powers = np.exp(np.minimum(1.0 * x, 0))
    return np.where(x > 0, positive, powers / (1 + powers))


@alternative
def goes_entry_by_entry(x):
    s = [1 / (1 + np.exp(-v)) if v > 0 else np.exp(v) / (1 + np.exp(v)) for v in np.ravel(1.0 * x)]
    return np.array(s).reshape(x.shape)


@mistake
def overflows_on_the_left(x):
    """Right for small scores. Far to the left e^-x is the power of a large number, too large for a float. There is an
    equal form for that side: multiply numerator and denominator by e^x."""
    return 1 / (1 + np.exp(-x))


@mistake
def overflows_on_the_right(x):
    """Right for small scores. Far to the right e^x is too large for a float, and the quotient of two such numbers is
    none. There is an equal form for that side: divide numerator and denominator by e^x."""
    return np.exp(x) / (1 + np.exp(x))


@mistake
def computes_both_forms_everywhere(x):
    """The right form is chosen on each side, but np.where gets both arrays ready before it chooses, so that each form
    is also computed on the side where it overflows. Choose before the power of e is taken."""
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


@mistake
def clips_the_score(x):
    """Scores were cut off at -30 and 30. That keeps away the overflow and invents an answer: s(-40) is ten thousand
    times smaller than s(-30), and here they are equal."""
    e = np.exp(-np.abs(np.clip(x, -30, 30)))
    return np.where(x < 0, e, np.ones_like(e)) / (1 + e)


@mistake
def subtracts_from_one(x):
    """On the left the answer was computed as 1 - s(-x). That is true, but s(-x) is so near to 1 that the difference has
    few digits left, and from -37 on it is 0. The second form divides two small numbers instead."""
    e = np.exp(-1.0 * np.abs(x))
    right = 1 / (1 + e)
    return np.where(x < 0, 1 - right, right)


@mistake
def goes_by_the_tangent(x):
    """(1 + tanh(x / 2)) / 2 is the same function, and nothing overflows. But on the left tanh is so near to -1 that the
    sum has few digits left, and from -38 on it is 0. Small answers need a formula that does not cancel."""
    return (1 + np.tanh(x / 2)) / 2


@mistake
def turns_the_sign_round(x):
    """This falls where it should rise: large scores become small probabilities. Look at the sign in the exponent, and
    at which side gets which form."""
    e = np.exp(-1.0 * np.abs(x))
    return np.where(x < 0, np.ones_like(e), e) / (1 + e)


@mistake
def forgets_the_sign(x):
    """Negative scores get the answer of positive ones: with -|x| in the exponent, 1 / (1 + e^-|x|) is right for one
    side only. What stands in the numerator on the other?"""
    return 1 / (1 + np.exp(-np.abs(x)))


@mistake
def stretches_to_both_signs(x):
    """Answers from -1 to 1, which is the hyperbolic tangent of x / 2, a relative. A probability is not negative."""
    return np.tanh(x / 2)


@mistake
def writes_into_arrays_like_x(x):
    """Right for floats. np.zeros_like(x) has the type of x: for whole numbers it has no room for e^-1 = 0.37. And a NaN
    is neither >= 0 nor < 0, so that no mask finds it and the zero stays: NaN becomes a 1, and nobody hears of it."""
    z, top = np.zeros_like(x), np.ones_like(x)
    z[x >= 0] = np.exp(-x[x >= 0])
    z[x < 0] = np.exp(x[x < 0])
    top[x < 0] = z[x < 0]
    return top / (1 + z)


@mistake
def answers_in_double_precision(x):
    """The numbers are right, but float32 comes back as float64, twice as large in memory. Something in between was
    made without asking x for its type."""
    e = np.exp(-np.abs(np.asarray(x, dtype=float)))
    return np.where(x < 0, e, 1.0) / (1 + e)


@mistake
def writes_into_the_callers_scores(x):
    """The numbers are right, but they were written into x, and the caller's scores are gone. Whose array is it?"""
    s = x if x.dtype.kind == "f" else x.astype(float)
    negative = x < 0
    e = np.exp(-1.0 * np.abs(x))
    s[...] = 1 / (1 + e)
    s[negative] *= e[negative]
    return s
