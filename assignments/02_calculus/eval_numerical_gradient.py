r"""The numerical gradient: one nudge at a time.

Your network has a loss and thousands of weights, and you have derived by hand how the loss reacts to each of them. To
see whether that is right, nudge one weight, look at the loss, put the weight back, and go on to the next. It is slow,
and it is what every derivation is checked against.

Maths. x is an array of any shape, f(x) a single number. An index i is a tuple with a number for each axis of x: (0,) in
a list, (2, 1) in a table, () in an array of shape (). Let e_i be the array of the shape of x that is 1 at index i and 0
elsewhere; then x + h e_i is x with one entry nudged. The gradient has the shape of x, and its entry i is

$$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\, e_i) - f(x - h\, e_i)}{2h}$$

the central difference along that entry alone, while all others rest. The sign with the round d's means this slope, and
the wavy sign means "about equal".

By hand. f(x) = x_0^2 + x_1^2 at x = [1, 2], with h = 0.5:

    entry 0: (f([1.5, 2]) - f([0.5, 2])) / 1 = (6.25 - 4.25) / 1 = 2
    entry 1: (f([1, 2.5]) - f([1, 1.5])) / 1 = (7.25 - 3.25) / 1 = 4

So the gradient is [2, 4], which is 2x.

Source: Stanford CS231n, `eval_numerical_gradient` in cs231n/gradient_check.py, and course notes, Optimization,
"Computing the gradient".
"""

import numpy as np


def squares(x):
    """Return the sum of all x_i^2; its gradient is 2 x."""
    return np.sum(x**2)


def waves(x):
    """Return the sum of all sin(2 x_i); its gradient is 2 cos(2 x)."""
    return np.sum(np.sin(2 * x))


def tangle(x):
    """Return (sum of all x_i) times (sum of all x_i^2), in which every slope depends on all entries."""
    return np.sum(x) * np.sum(x**2)


def by_place(x):
    """Return 1 * first entry^3 + 2 * second entry^3 + ..., row by row; no two places are alike."""
    return float(sum((n + 1) * value**3 for n, value in enumerate(np.ravel(x))))


def ramps(x):
    """Return the sum of all max(x_i, 0), which has a kink wherever an entry is 0."""
    return np.sum(np.maximum(x, 0.0))


def valley(x):
    """Return 2^20 x_0^2 + x_1^4: steep along the first entry, flat along the second."""
    return 2.0**20 * x[0] ** 2 + x[1] ** 4


def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    """Return the gradient of f at x, measured by central differences of step h, one entry after the other.

    Args:
        f: function of one array of the shape of x that returns a single number, a float. It leaves its argument alone.
        x: float64 array of any shape, also (), and in any layout: it may be a transpose, or every other column of
            another array. You may write into it.
        verbose: bool. If it is true, every index is printed with its slope, in any form; if not, nothing is printed.
        h: float, above 0. The step; use the one that is given.

    Returns:
        grad: float64 array, the shape of x. At a kink nothing special needs to be done: the formula gives the mean of
        the slopes on the two sides, and this is right. While f is asked, x may be nudged in place or a copy may be;
        after the call the caller's x holds the same numbers as before, to the last bit.
    """
    raise NotImplementedError
