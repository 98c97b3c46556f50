r"""Integrated gradients: which input made the model say so?

A model gives your loan application a high risk. Is it your income, or your postcode? The gradient at your application
may be 0 for both, because the model is so sure that nothing small changes its mind. So walk to your application from
somebody neutral, and note on the way which input moved the model, and by how much.

Maths. f makes one number of x, an array of d inputs; x' is the baseline, the neutral starting point. On the straight
road from x' to x, the part alpha of which is behind us, the attribution of input i is

$$a_i = (x_i - x'_i) \int_0^1 \frac{\partial f}{\partial x_i}\bigl(x' + \alpha (x - x')\bigr)\, d\alpha$$

slope times way, added up along the road. The integral is a mean, taken here by the midpoint rule: cut the road into K
steps of the same length (`steps` in the code) and ask in the middle of each,

$$a_i = (x_i - x'_i) \cdot \frac{1}{K} \sum_{k=1}^{K}
\frac{\partial f}{\partial x_i}\Bigl(x' + \frac{k - 1/2}{K} (x - x')\Bigr)$$

The attributions add up to what has to be explained, f(x) - f(x'): exactly for the integral, nearly for the sum. This is
called completeness, and it is how you can check your answer.

By hand. f(x) = x_0 x_1, whose gradient is [x_1, x_0], at x = [2, 3] with the baseline [0, 0] and K = 2. The middles are
at alpha = 1/4 and 3/4:

    [0.5, 0.75]: gradient [0.75, 0.5]
    [1.5, 2.25]: gradient [2.25, 1.5]

The mean is [1.5, 1], times [2, 3] gives [3, 3]. The sum is 6 = f(x) - f(x'), and the two inputs share it equally.

Source: Sundararajan, Taly & Yan, Axiomatic Attribution for Deep Networks (2017), sections 3 and 5.
"""

import numpy as np


def product_slope(x):
    """Return the gradient of f(x) = x_0 x_1, shape (2,)."""
    return np.array([x[1], x[0]])


def bowl_slope(x):
    """Return the gradient of f(x) = x_0^2 + 3 x_0 x_1 - 2 x_2, shape (4,); f does not look at x_3."""
    return np.array([2 * x[0] + 3 * x[1], 3 * x[0], -2.0, 0.0])


def cubes_slope(x):
    """Return the gradient of f(x) = 1 * x_0^3 + 2 * x_1^3 + 3 * x_2^3 + ..., the shape of x."""
    return 3 * np.arange(1, len(x) + 1) * x**2


def neuron_slope(x):
    """Return the gradient of f(x) = s(2 x_0 + 2 x_1 - x_2), shape (3,), where s is the sigmoid, 1 / (1 + e^-z)."""
    s = 1 / (1 + np.exp(-(2 * x[0] + 2 * x[1] - x[2])))
    return s * (1 - s) * np.array([2.0, 2.0, -1.0])


def full_slope(x):
    """Return the gradient of f(x) = min(x_0, 1), shape (1,): the slope is 1 up to 1 and 0 from there on."""
    return np.where(x < 1, 1.0, 0.0)


def integrated_gradients(grad_f, x, baseline, steps=50):
    """Return how much each input contributed to f(x) - f(baseline), along the straight road between the two.

    Args:
        grad_f: function of a float array of shape (d,) that returns the gradient of f there, a float array of shape
            (d,). It takes one point at a time and leaves it alone.
        x: float array, shape (d,). The point to be explained.
        baseline: float array, shape (d,). Where the road begins, any point; it may be x itself.
        steps: int, at least 1. Into how many steps of equal length the road is cut; grad_f is asked in the middle of
            each.

    Returns:
        attr: float array, shape (d,), in the unit of f. Of two rules that are equally good in theory the midpoint rule
        is asked for. The arguments are left as they were.
    """
    raise NotImplementedError
