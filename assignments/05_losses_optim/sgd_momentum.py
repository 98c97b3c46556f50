r"""SGD with momentum: a ball instead of a walker.

Gradient descent takes every step by today's slope alone, so in a long narrow valley it zigzags between the walls and
hardly moves along the floor. Momentum gives it a memory: what pushes to and fro cancels, what keeps pushing one way
adds up, and the same network trains in a fraction of the steps.

Maths. w is a parameter of any shape. The gradient g = dw of the loss at w has the same shape, and so has the memory,
the velocity v, which is 0 at the start. With the learning rate eta and the momentum mu, at least 0 and below 1:

$$v \leftarrow \mu\, v - \eta\, g \qquad w \leftarrow w + v$$

The arrow means: the left side becomes what the right side is now. The velocity is renewed first, and the new one moves
w. Where the slope stays g for a long time, v tends to -eta g / (1 - mu): with mu = 0.9, ten times a plain step. With
mu = 0 this is gradient descent.

By hand. w = [1], learning rate 0.1, momentum 0.5, and the gradients [2], [1] and [0], one after the other:

    step 1: v = 0.5 *  0   - 0.1 * 2 = -0.2, w = 1   - 0.2 = 0.8
    step 2: v = 0.5 * -0.2 - 0.1 * 1 = -0.2, w = 0.8 - 0.2 = 0.6
    step 3: v = 0.5 * -0.2 - 0.1 * 0 = -0.1, w = 0.6 - 0.1 = 0.5

In step 3 the ground is level, and the ball rolls on.

The rest is only for reading messages. sgd_momentum takes one step of one parameter: w and dw are always arrays. To be
graded, it is called several times in a row, with the config that came back last. So in a message dw is a list with the
gradient of every step (or slope_of_valley, which is asked 25 times), next_w['step 2'] is w after the second step, and
velocity['step 2'] the velocity in the config then. Where w is a dict of several parameters, sgd_momentum was called for
one at a time.

Source: Polyak (1964); Sutskever, Martens, Dahl & Hinton, On the importance of initialization and momentum in deep
learning (2013), section 2; Stanford CS231n, assignment 2, `sgd_momentum`.
"""

import numpy as np


def slope_of_valley(w):
    """Return the gradient of (w[0]**2 + 25 * w[1]**2) / 2, a valley that is long in w[0] and narrow in w[1]."""
    return np.array([1.0, 25.0]) * w


def sgd_momentum(w, dw, config=None):
    """Take one step of gradient descent with momentum.

    Args:
        w: float array, any shape with at least one axis. The parameter before the step.
        dw: float array, the shape and dtype of w. The gradient of the loss at w.
        config: dict, or None for all defaults. An entry that is absent has its default:
            learning_rate: float, above 0 (1e-2);
            momentum: float, at least 0 and below 1 (0.9);
            velocity: float array, the shape of w (zeros). What the call before has stored.

    Returns:
        (next_w, config): next_w is a float array, the shape and dtype of w, the parameter after the step. config is a
        dict to hand to the next call: the settings as they were, and under 'velocity' the new velocity, a float array
        of the shape and dtype of w. The dict, and the velocity in it, may be the caller's own, overwritten, or new
        ones; the dict may hold more entries, such as the defaults. w and dw are left as they were. Parameters share
        nothing: each has a config of its own.
    """
    raise NotImplementedError
