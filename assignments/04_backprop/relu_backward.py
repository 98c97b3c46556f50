r"""ReLU, backwards: which inputs may learn?

ReLU hands a positive input on unchanged and answers 0 to every other. While a network learns, its backward pass is
told how the loss reacts to ReLU's output, and owes its caller how the loss reacts to ReLU's input. An input that was
cut off cannot have changed anything.

Maths. With y = max(0, x), the chain rule multiplies the slope of the bend by what comes from upstream, entry by
entry:

$$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y}\cdot 1[x > 0]$$

Here 1[x > 0] is 1 where x is positive and 0 elsewhere. At exactly x = 0 the curve has a corner: every slope between 0
and 1 touches it there, and any of them is right.

By hand. x = [-1, 2, 3] and dout = [5, -6, 7] give dx = [0, -6, 7].

Source: Nair & Hinton, Rectified linear units improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np


def relu_backward(dout, cache):
    """Return dloss/dx, given dloss/drelu(x).

    Args:
        dout: float array, any shape. The upstream gradient dloss/drelu(x).
        cache: float array, the shape of dout. The x that relu_forward was given.

    Returns:
        dx: float array, the shape and dtype of x. Where x is exactly 0 any share of dout between 0 and 1 is a valid
        subgradient. The arguments are left as they were.
    """
    raise NotImplementedError
