r"""ReLU, forwards: let the positive pass.

A neuron of a network that looks for cats answers "how much of an ear is here?", and less than nothing makes no sense
as an answer. ReLU, the rectified linear unit, turns every negative number into 0 and leaves the others as they are.
Without such a bend between them, two layers of a network would be no more than one.

Maths. For every entry of x, whatever its shape,

$$y = \max(0, x)$$

By hand. x = [-1, 0, 2] gives y = [0, 0, 2].

The backward pass will have to know where x was positive, and the output no longer tells by how much x was negative.
So the forward pass hands its input on, in what is called a cache.

Source: Nair & Hinton, Rectified linear units improve restricted Boltzmann machines (2010), section 3.
"""

import numpy as np


def relu_forward(x):
    """Return max(0, x) entry by entry, and the cache for the backward pass.

    Args:
        x: float array, any shape. An entry may be infinite: inf stays inf, -inf becomes 0.

    Returns:
        (out, cache): out is a float array, the shape and dtype of x; cache is x, unchanged.
        The argument is left as it was.
    """
    raise NotImplementedError
