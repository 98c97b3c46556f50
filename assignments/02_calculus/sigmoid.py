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
    raise NotImplementedError
