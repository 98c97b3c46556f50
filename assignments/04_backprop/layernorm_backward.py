r"""Layer norm, backwards: the same three ways, along the other axis.

Layer norm is batch norm turned on its side, and so is its gradient, with one trap: gamma now varies along the axis
that was averaged. A line copied from batch norm that has only its axis changed passes every test in which all gammas
are equal, which is how every network begins.

Maths. One example at a time, d counts the D features. With mu the mean, sigma^2 the variance of the example and
s = sqrt(sigma^2 + eps), the forward pass was

$$\hat x_d = \frac{x_d - \mu}{s}, \qquad y_d = \gamma_d \hat x_d + \beta_d$$

gamma_d and beta_d are shared by the N examples, so their gradients add up over n, as in batch norm. For x, go back one
step at a time. First through the scale, to what x_hat is told:

$$g_d = \frac{\partial L}{\partial y_d}\, \gamma_d$$

Then through the normalisation, with mean(...) for an average over the D features of this example:

$$\frac{\partial L}{\partial x_d} = \frac{1}{s}\left(g_d - \text{mean}(g) - \hat x_d\, \text{mean}(g\,\hat x)\right)$$

By hand. One example, x = [1, 1, 3, 3] and eps = 0: the mean is 2, s is 1, x_hat = [-1, -1, 1, 1]. With
gamma = [1, 1, 1, 2] and dout = [5, -1, -3, 1.5] we have g = [5, -1, -3, 3], mean(g) = 1 and mean(g x_hat) = -1, so
dx = g - 1 + x_hat = [3, -3, -3, 3]. dgamma = dout * x_hat = [-5, 1, -3, 1.5], and dbeta = dout.

Source: Ba, Kiros & Hinton, Layer normalization (2016), section 3; the gradient follows by the chain rule as for batch
norm.
"""

import numpy as np


def layernorm_backward(dout, cache):
    """Return the gradients with respect to x, gamma and beta of a layer norm.

    Args:
        dout: float array, shape (N, D). The upstream gradient dloss/dout.
        cache: (x_hat, gamma, std), shapes (N, D), (D,), (N, 1), as layernorm_forward returns it: the normalised x,
            the scale, and std = sqrt(var + eps), where var is the variance of each row, divided by D.

    Returns:
        (dx, dgamma, dbeta): float arrays, shapes (N, D), (D,), (D,), of the dtype of dout. The mean and the variance
        of an example depend on x, and dx counts that. The arguments are left as they were.
    """
    raise NotImplementedError
