r"""Adam: a step of sensible size for every parameter.

In one network some gradients are ten thousand times as large as others, and one learning rate has to serve them all:
too large here, too small there. Adam divides every gradient by the size that it usually has, so that every parameter
moves at about the same pace. It is where most people start today, and the learning rate 0.001 is a fair first guess.

Maths. w is a parameter of any shape; g = dw is its gradient, m the average of past gradients, v that of their squares
(so the root of v is the usual size of g), all of the shape of w, computed entry by entry. m and v are 0 at the start,
and t counts the steps, 0 before the first one. One step with the decay rates beta1 and beta2, each at least 0 and below
1, the learning rate eta and a tiny epsilon:

$$t \leftarrow t + 1 \qquad m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad
v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$

$$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

m and v begin at 0, so at first they are too small. Had g always been the same, each step would leave the share beta1 of
what m lacks: beta1^t g after t steps, so that m would be (1 - beta1^t) g. The division takes that back. m_hat and v_hat
are used in this step and then forgotten; what is stored is m and v.

By hand. w = [1], eta = 0.1, beta1 = 0.5, beta2 = 0.84, and the gradients [4] and [1]; epsilon is too small to matter.

    step 1: m = 2,   v = 2.56,   m_hat = 2 / 0.5 = 4,    v_hat = 2.56 / 0.16 = 16
            w = 1 - 0.1 * 4 / 4 = 0.9
    step 2: m = 1.5, v = 2.3104, m_hat = 1.5 / 0.75 = 2, v_hat = 2.3104 / 0.2944 = 7.848
            w = 0.9 - 0.1 * 2 / 2.801 = 0.8286

The first step has the size eta, whatever the size of the gradient.

The rest is only for reading messages. adam takes one step of one parameter: w and dw are always arrays. To be graded,
it is called several times in a row, with the config that came back last. So in a message dw is a list with the gradient
of every step (or slope_of_valley, which is asked 25 times), next_w['step 2'] is w after the second step, and m, v and
t['step 2'] are what the config holds then. Where w is a dict of several parameters, adam was called for one at a time.

Source: Kingma & Ba, Adam (2015), algorithm 1 and section 3; Stanford CS231n, assignment 2, `adam`.
"""

import numpy as np


def slope_of_valley(w):
    """Return the gradient of (w[0]**2 + 25 * w[1]**2) / 2, a valley that is long in w[0] and narrow in w[1]."""
    return np.array([1.0, 25.0]) * w


def adam(w, dw, config=None):
    """Take one step of Adam.

    Args:
        w: float array, any shape with at least one axis. The parameter before the step.
        dw: float array, the shape and dtype of w. The gradient of the loss at w; entries may be 0.
        config: dict, or None for all defaults. An entry that is absent has its default:
            learning_rate: float, above 0 (1e-3);
            beta1, beta2: floats, at least 0 and below 1 (0.9 and 0.999), the decay rates of m and v;
            epsilon: float, above 0 (1e-8), added to the square root of v_hat, not under it;
            m, v: float arrays, the shape of w (zeros). What the call before has stored;
            t: int, how many steps were taken before this one (0).

    Returns:
        (next_w, config): next_w is a float array, the shape and dtype of w, the parameter after the step. config is a
        dict to hand to the next call: the settings as they were, and the new m and v, without the correction, float
        arrays of the shape and dtype of w, and t, which is 1 more than before. The dict, and m and v in it, may be the
        caller's own, overwritten, or new ones; the dict may hold more entries, such as the defaults. w and dw are left
        as they were. Parameters share nothing: each has a config of its own, with m, v and t of its own.
    """
    raise NotImplementedError
