r"""One-hot: a label becomes a row of zeros and a one.

A classifier of handwritten digits answers with ten numbers for every picture, and the truth is a single one: "it is a
7". To subtract the two, the truth has to look like the answer: ten numbers, of which the one in place 7 is 1.

Maths. y has shape (N,) and holds class numbers from 0 to C - 1, where C is num_classes. The answer has shape (N, C):

$$Y_{nc} = 1[y_n = c]$$

1[...] is an indicator: 1 where the statement in the brackets is true, 0 where it is not. Every row has one 1, so it
adds up to 1, and it is also a probability distribution that is certain.

By hand. y = [2, 0] with num_classes = 3 gives [[0, 0, 1], [1, 0, 0]].

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.2, where it is called the 1-of-K scheme;
VanderPlas, Python Data Science Handbook (2016), chapter 2, on broadcasting and fancy indexing.
"""

import numpy as np


def one_hot(y, num_classes):
    """Return the indicator row of every label.

    Args:
        y: integer array of any integer type, shape (N,). Labels from 0 to num_classes - 1; N may be 0.
        num_classes: int, at least 1. The number of classes. Some may have no label in y.

    Returns:
        Y: float64 array, shape (N, num_classes). The argument is left as it was.
    """
    raise NotImplementedError
