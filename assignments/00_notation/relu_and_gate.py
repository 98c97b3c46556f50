r"""ReLU and gate: two lines of a famous example.

In the article that this course follows, the whole of backpropagation is shown on two lines of NumPy: the activation
that cuts off what is negative, and the gradient that is let through only where something was let through before.
Formula and code say the same; here you translate the one into the other.

Maths. x and grad are arrays of the same shape, and so are both answers, entry by entry:

$$\text{relu} = \max(x, 0) \qquad\qquad \text{gated} = \text{grad} \cdot 1[x > 0]$$

1[x > 0] is an indicator: 1 where the statement in the brackets is true, 0 where it is not. In NumPy a comparison such
as x > 0 is an array of True and False, and in a product True counts as 1 and False as 0. At exactly x = 0 the
activation has a corner, and every share of grad from none to all of it is right there.

By hand. x = [-2, 0, 3] and grad = [5, 7, -1] give relu = [0, 0, 3] and gated = [0, 0, -1]; in the middle anything from
0 to 7 would be right.

Source: Chen, Learning Math for Machine Learning (2018), the example of ReLU; Nair & Hinton, Rectified linear units
improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np


def relu_and_gate(x, grad):
    """Return max(x, 0), and grad where x is positive.

    Args:
        x: float array, any shape. It may hold infinite numbers.
        grad: float array, the shape of x. How the loss reacts to each entry of relu.

    Returns:
        (relu, gated): float arrays, the shape and dtype of x. gated is 0 where x is negative; where x is exactly 0 any
        share of grad between none and all of it is right. The arguments are left as they were.
    """
    raise NotImplementedError
