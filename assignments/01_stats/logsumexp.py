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
    raise NotImplementedError
