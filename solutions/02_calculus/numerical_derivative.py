r"""The slope of anything that you can compute.

A formula for a slope can be wrong, and so can the code for it. But whoever can compute f can also measure how fast it
changes: take a small step to either side, and see how far f has moved. Every check of a gradient begins with these two
calls.

Maths. f turns numbers into numbers, and h > 0 is a small step. Drawn through the two points of the curve above x - h
and x + h, a straight line (a chord) has the slope

$$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$

which is called the central difference. On a smooth curve its error shrinks like h times h: a tenth of the step, a
hundredth of the error. A chord to one side only, from x to x + h, has an error that shrinks like h.

By hand. f(x) = x^3 at x = 2 has the slope 3 * 2^2 = 12.

    h = 0.5   (2.5^3 - 1.5^3) / 1 = (15.625 - 3.375) / 1   = 12.25
    h = 0.1   (2.1^3 - 1.9^3) / 0.2 = (9.261 - 6.859) / 0.2 = 12.01

The error is exactly h^2 here. One side alone, with h = 0.1, gives (9.261 - 8) / 0.1 = 12.61.

Source: Press, Teukolsky, Vetterling & Flannery, Numerical Recipes (2007), section 5.7, "Numerical derivatives".
"""

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake


@given
def cube(x):
    """Return x^3; its slope is 3 x^2."""
    return x**3


@given
def parabola(x):
    """Return 3 x^2 - 2 x + 1; its slope is 6 x - 2."""
    return 3 * x**2 - 2 * x + 1


@given
def wave(x):
    """Return sin(3 x); its slope is 3 cos(3 x)."""
    return np.sin(3 * x)


@given
def growth(x):
    """Return e^(2 x); its slope is twice itself."""
    return np.exp(2 * x)


@given
def ripple(x):
    """Return sin(2^40 x), a wave that repeats every 6 trillionths, roughly; its slope is 2^40 cos(2^40 x)."""
    return np.sin(2**40 * x)


@given
def ramp(x):
    """Return x where x is positive and 0 elsewhere. At 0 there is a kink: slope 0 to the left, 1 to the right."""
    return np.maximum(x, 0.0)


@exercise(
    points=2,
    difficulty=1,
    returns=["d", "'calls of f beyond two'", "'x is as before'"],
    hints=[
        "Draw x^3 between 1 and 3, and mark the points above 1.5 and 2.5. How far does the line through them rise, and "
        "over what distance?",
        "f is an argument like any other: f(x + h) calls it. You need two values of f, and the distance of the two "
        "points at which they were taken.",
        "Rise over distance: (f at x + h, less f at x - h), divided by 2 * h. Mind the brackets: / 2 * h divides by 2 "
        "and then multiplies by h.",
    ],
    why=(
        "On a smooth curve a chord to both sides is off by something like h², one to a single side by something like "
        "h. So h need not be tiny, and the difference of the two values still has digits left."
    ),
    lesson="Look to both sides",
)
def numerical_derivative(f, x, h=1e-5):
    """Return the slope of f at x, measured by the central difference with step h.

    Args:
        f: function of one argument. It takes a float and returns a float; of an array it takes every entry by itself
            and returns an array of the same shape. It may be slow, so it is called no more than two times,
            whatever the shape of x.
        x: float, or float array of any shape: where the slope is wanted. Whole numbers are welcome and mean the same
            as 2.0 does, in arrays as well.
        h: float, above 0. The step; use the one that is given.

    Returns:
        d: float where x is a number, otherwise float array, the shape of x: (f(x + h) - f(x - h)) / (2 h), entry by
        entry. At a kink nothing special needs to be done: the formula gives the mean of the slopes on the two sides,
        1/2 for max(x, 0) at 0, and this is right. x is left as it was.
    """
    return (f(x + h) - f(x - h)) / (2 * h)


@drive
def measured(numerical_derivative, f, x, h=None):
    """Call the function, and look at what an answer does not show where a case asks for it.

    f is the function, or {"calls of": the function} to count how often it is called; x is the number or array, or
    {"before and after": array} to compare its bits before and after the call.
    """
    called = []
    plain_f = f["calls of"] if isinstance(f, dict) else f
    before = x["before and after"] if isinstance(x, dict) else x
    plain_x = before.copy() if isinstance(before, np.ndarray) else before

    def counted(value):
        called.append(value)
        return plain_f(value)

    d = numerical_derivative(counted, plain_x) if h is None else numerical_derivative(counted, plain_x, h)
    calls = max(len(called) - 2, 0) if isinstance(f, dict) else None
    same = before.tobytes() == plain_x.tobytes() if isinstance(x, dict) else None
    return d, calls, same


@case
def by_hand(rng):
    """The example of the statement, with the large step."""
    return {"f": Named("cube"), "x": 2.0, "h": 0.5}


@case
def a_parabola(rng):
    """Of a parabola the central difference is exact, with any step."""
    return {"f": Named("parabola"), "x": np.round(rng.uniform(-3, 3, 4), 2), "h": 0.25}


@case
def the_usual_step(rng):
    """A wave, with the step that is taken when none is given."""
    return {"f": Named("wave"), "x": np.array([0.21, 0.92, -1.32, 2.65])}


@case
def a_step_that_shows(rng):
    """The same wave with a step so large that the chord is visibly not the tangent: the answer is the chord's slope."""
    return {"f": Named("wave"), "x": np.array([0.21, 0.92, -1.32, 2.65]), "h": 0.125}


@case
def a_table(rng):
    """A table of numbers, shape (3, 2)."""
    return {"f": Named("growth"), "x": np.round(rng.uniform(-1, 1, (3, 2)), 2)}


@case(hidden=True)
def a_larger_table(rng):
    return {"f": Named("cube"), "x": np.round(rng.uniform(1, 2, (2, 2, 3)), 2), "h": 0.125}


@case(edge=True)
def at_a_kink(rng):
    """max(x, 0) at 0, left of it, and so near to it that one of the two points lies on the other side."""
    return {"f": Named("ramp"), "x": np.array([0.0, -1.0, 1.0, 0.125]), "h": 0.25}


@case(edge=True)
def very_fast_waves(rng):
    """A wave that repeats every 6 trillionths: the step that is given is far smaller than usual."""
    return {"f": Named("ripple"), "x": np.array([0.21, 1.0, -2.65]) * 2.0**-40, "h": 2.0**-55}


@case(edge=True)
def a_whole_number(rng):
    """x is the whole number 2, without a point."""
    return {"f": Named("cube"), "x": 2, "h": 0.5}


@case(edge=True)
def an_array_of_whole_numbers(rng):
    """An array of integers."""
    return {"f": Named("cube"), "x": np.array([1, 2, 3]), "h": 0.25}


@case(edge=True)
def two_calls(rng):
    """f is slow, and counted: no more than two calls, for an array as well."""
    return {"f": {"calls of": Named("cube")}, "x": np.array([1.0, 1.5, 2.0]), "h": 0.25}


@case(edge=True)
def x_is_left_alone(rng):
    """The caller's array holds the same numbers after the call, to the last bit."""
    return {"f": Named("cube"), "x": {"before and after": np.array([0.3, 1.1, 1.7])}, "h": 0.1}


@alternative
def divides_by_the_distance_of_the_points(f, x, h=1e-5):
    right, left = x + h, x - h
    return (f(right) - f(left)) / (right - left)


@alternative
def multiplies_by_half_the_rate(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    x += h
    high = f(x.copy())
    x -= 2 * h
    low = f(x)
    return (high - low) * 0.5 / h


@alternative
def asks_for_the_left_point_first(f, x, h=1e-5):
    below, above = (np.asarray(f(x + side * h)) for side in (-1, 1))
    return above / (2 * h) - below / (2 * h)


@alternative
def asks_for_both_points_at_once(f, x, h=1e-5):
    right, left = f(np.array([x + h, x - h]))
    return (right - left) / (2 * h)


@mistake
def takes_one_side(f, x, h=1e-5):
    """The chord goes from x to x + h, so it looks to one side only. With a tenth of the step the error becomes a tenth,
    where symmetry would make it a hundredth: put x in the middle."""
    return (f(x + h) - f(x)) / h


@mistake
def looks_back(f, x, h=1e-5):
    """The chord goes from x - h to x, so it looks back only. With a tenth of the step the error becomes a tenth, where
    symmetry would make it a hundredth: put x in the middle."""
    return (f(x) - f(x - h)) / h


@mistake
def divides_by_one_step(f, x, h=1e-5):
    """Twice the slope. How far apart are the two points at which f was asked?"""
    return (f(x + h) - f(x - h)) / h


@mistake
def takes_half_the_step(f, x, h=1e-5):
    """The two points lie h apart in all, half of it to either side. The formula goes a whole h to each side, so that
    they are 2 h apart."""
    return (f(x + h / 2) - f(x - h / 2)) / h


@mistake
def multiplies_by_the_step(f, x, h=1e-5):
    """Divided by 2, and then multiplied by h: Python goes from left to right through / 2 * h. Brackets hold the
    distance together."""
    return (f(x + h) - f(x - h)) / 2 * h


@mistake
def divides_one_value_only(f, x, h=1e-5):
    """Only the second value of f was divided: / goes before -. Brackets around the difference."""
    return f(x + h) - f(x - h) / (2 * h)


@mistake
def takes_a_tiny_step_of_its_own(f, x, h=1e-5):
    """The step is 1e-12 whatever h is. The two values of f then agree in nearly all of their digits, and their
    difference is mostly rounding. Try several steps and look at the error: it falls, and then it rises again."""
    h = 1e-12
    return (f(x + h) - f(x - h)) / (2 * h)


@mistake
def takes_the_usual_step_always(f, x, h=1e-5):
    """The step is 1e-5 whatever h is. The caller knows at which scale f varies, and says so by h."""
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)


@mistake
def takes_the_wrong_order(f, x, h=1e-5):
    """All slopes have the wrong sign: where f rises to the right, the slope is positive. Which of the two values is
    subtracted?"""
    return (f(x - h) - f(x + h)) / (2 * h)


@mistake
def cuts_the_step_off(f, x, h=1e-5):
    """Right for floats. From an array of whole numbers, x + h was written into another array of whole numbers, which
    has no room for what comes after the point. Print x + h before it is stored, and after."""
    x = np.asarray(x)
    right, left = np.empty_like(x), np.empty_like(x)
    right[...], left[...] = x + h, x - h
    return (f(right) - f(left)) / (2 * h)


@mistake
def asks_for_every_entry(f, x, h=1e-5):
    """The slopes are right, but f is called twice for every entry of x. It takes a whole array in one call, so two
    calls are enough for all."""
    slopes = [(f(value + h) - f(value - h)) / (2 * h) for value in np.ravel(x)]
    return np.array(slopes).reshape(np.shape(x))


@mistake
def asks_in_the_middle_as_well(f, x, h=1e-5):
    """The slopes are right, but f is called a third time, at x itself, and its value there drops out. If f takes an
    hour, that is an hour."""
    middle = f(x)
    return ((f(x + h) - middle) + (middle - f(x - h))) / (2 * h)


@mistake
def cuts_the_slope_off(f, x, h=1e-5):
    """Right for floats. For whole numbers the slope was written into an array made by zeros_like(x), which is one of
    whole numbers, too, and has no room for what comes after the point."""
    d = np.zeros_like(x)
    d[...] = (f(x + h) - f(x - h)) / (2 * h)
    return d


@mistake
def moves_the_callers_x(f, x, h=1e-5):
    """The slopes are right, but += and -= write into the array that was handed over, and x is not what it was. For
    some numbers it comes back to the last digit and for others not; an array of whole numbers refuses."""
    x += h
    high = f(x)
    x -= 2 * h
    low = f(x)
    x += h
    return (high - low) / (2 * h)
