r"""Dropout, backwards: who was at home does not learn.

In the forward pass some neurons were sent home. They had no part in the answer, so they get no part of the blame, and
those that were there get theirs with the same factor with which they spoke.

Maths. The forward pass was y = x * m, entry by entry, with a mask m that holds 0 or 1/p and does not depend on x. The
chain rule multiplies the slope by what comes from upstream, entry by entry:

$$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot m$$

In test mode y = x, and the gradient goes through as it came.

By hand. With p = 0.5 and the mask [0, 2, 0, 2], dout = [1, 2, -3, -4] gives dx = [0, 4, 0, -8].

Source: Srivastava et al., Dropout (2014), section 5; CS231n, assignment 2.
"""

import numpy as np


def dropout_backward(dout, cache):
    """Return dloss/dx, given dloss/ddropout(x).

    Args:
        dout: float array, any shape. The upstream gradient.
        cache: (dropout_param, mask), as dropout_forward returns it. dropout_param is the dict with p, mode and maybe a
            seed. In train mode mask is a float array, the shape of dout, with entries 0 or 1/p: the numbers by which x
            was multiplied. In test mode it is None.

    Returns:
        dx: float array, the shape and dtype of dout. The arguments are left as they were.
    """
    raise NotImplementedError
