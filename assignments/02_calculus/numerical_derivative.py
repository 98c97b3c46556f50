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


def cube(x):
    """Return x^3; its slope is 3 x^2."""
    return x**3


def parabola(x):
    """Return 3 x^2 - 2 x + 1; its slope is 6 x - 2."""
    return 3 * x**2 - 2 * x + 1


def wave(x):
    """Return sin(3 x); its slope is 3 cos(3 x)."""
    return np.sin(3 * x)


def growth(x):
    """Return e^(2 x); its slope is twice itself."""
    return np.exp(2 * x)


def ripple(x):
    """Return sin(2^40 x), a wave that repeats every 6 trillionths, roughly; its slope is 2^40 cos(2^40 x)."""
    return np.sin(2**40 * x)


def ramp(x):
    """Return x where x is positive and 0 elsewhere. At 0 there is a kink: slope 0 to the left, 1 to the right."""
    return np.maximum(x, 0.0)


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
    raise NotImplementedError
