r"""Batch norm, backwards: three ways from x to the loss.

Change one example of a batch, and its neighbours change too: the mean of the batch has moved, and its spread. A
backward pass that forgets those two ways still gives a gradient of the right shape, and training with it goes wrong so
quietly that people have looked for the fault for weeks.

Maths. One feature at a time, n counts the N examples. With mu the mean, sigma^2 the variance of the batch and
s = sqrt(sigma^2 + eps), the forward pass was

$$\hat x_n = \frac{x_n - \mu}{s}, \qquad y_n = \gamma \hat x_n + \beta$$

gamma and beta touch every example, so what comes from upstream is added up over n:

$$\frac{\partial L}{\partial \gamma} = \sum_n \frac{\partial L}{\partial y_n}\, \hat x_n, \qquad
\frac{\partial L}{\partial \beta} = \sum_n \frac{\partial L}{\partial y_n}$$

x_n reaches the loss directly, through mu and through s. The lesson of this topic follows the three ways one by one.
With d_n for the upstream gradient and mean(...) for an average over the N examples, together they are

$$\frac{\partial L}{\partial x_n} =
\frac{\gamma}{s}\left(d_n - \text{mean}(d) - \hat x_n\, \text{mean}(d\,\hat x)\right)$$

By hand. x = [1, 1, 3, 3] as one column, gamma = 2, eps = 0: the mean is 2, s is 1, x_hat = [-1, -1, 1, 1]. With
dout = [5, -1, -3, 3] we have mean(d) = 1 and mean(d x_hat) = -1, so dx = 2 * (d - 1 + x_hat) = [6, -6, -6, 6],
dgamma = -4 and dbeta = 4.

Source: Ioffe & Szegedy, Batch normalization (2015), section 3, gives the chain in six steps; put together they are
the formula above.
"""

import numpy as np


def batchnorm_backward(dout, cache):
    """Return the gradients with respect to x, gamma and beta of a batch norm in train mode.

    Args:
        dout: float array, shape (N, D). The upstream gradient dloss/dout.
        cache: (x_hat, gamma, std), shapes (N, D), (D,), (D,), as batchnorm_forward returns it in train mode: the
            normalised x, the scale, and std = sqrt(var + eps), where var is the variance of the batch, divided by N.

    Returns:
        (dx, dgamma, dbeta): float arrays, shapes (N, D), (D,), (D,), of the dtype of dout. The mean and the variance
        of the batch depend on x, and dx counts that. The arguments are left as they were.
    """
    raise NotImplementedError
