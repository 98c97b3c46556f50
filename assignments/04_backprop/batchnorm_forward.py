r"""Batch norm, forwards: put every feature on one scale.

Deep inside a network one feature may live near 1000 and its neighbour near 0.001, and both drift with every step of
training, so that the next layer never sees the same thing twice. Batch norm moves every feature of a batch to mean 0
and standard deviation 1, and then lets the network choose the mean and the scale that it prefers.

Maths. x has N rows, one for each example, and D columns, one for each feature. All sums run over the N examples, so
there is one mean and one variance for each feature:

$$\mu_d = \frac{1}{N}\sum_n x_{nd}, \qquad \sigma_d^2 = \frac{1}{N}\sum_n (x_{nd} - \mu_d)^2$$

$$\hat x_{nd} = \frac{x_{nd} - \mu_d}{\sqrt{\sigma_d^2 + \epsilon}}, \qquad y_{nd} = \gamma_d\, \hat x_{nd} + \beta_d$$

The small number eps keeps the root away from 0 when a feature never varies.

At test time a single example may arrive, and there is no batch to compare it with. So training keeps running averages
of the means and variances that it saw, and test mode puts those in place of mu and sigma^2:

$$\text{running} \leftarrow m \cdot \text{running} + (1 - m) \cdot \text{batch} \qquad (m\text{: momentum})$$

By hand. x = [[1], [3]], gamma = [1], beta = [0] have mean 2 and variance 1, so y is about [[-1], [1]]. With momentum
0.9 the running mean goes from 0 to 0.9 * 0 + 0.1 * 2 = 0.2, and the running variance from 0 to 0.1.

Source: Ioffe & Szegedy, Batch normalization (2015), section 3. The running averages are updated as in Stanford's
CS231n, assignment 2.
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise every feature over the batch, then scale and shift it.

    Args:
        x: float array, shape (N, D). N examples with D features.
        gamma: float array, shape (D,). The scale of every feature.
        beta: float array, shape (D,). The shift of every feature.
        bn_param: dict with
            mode: 'train' or 'test', always there;
            eps: float, 0 or above, added to the variance under the root; 1e-5 where absent;
            momentum: float, 0 to 1, the share of the running average that survives; 0.9 where absent;
            running_mean, running_var: float arrays, shape (D,), of the dtype of x; zeros where absent.

    Returns:
        (out, cache): out is a float array, shape (N, D), of the dtype of x. In train mode the variance of the batch
        is divided by N (not N - 1). cache is yours: keep in it what a backward pass will need. batchnorm_backward is
        written for (x_hat, gamma, std) with shapes (N, D), (D,), (D,): the normalised x before gamma and beta, gamma
        as it came in, and std = sqrt(var + eps).

        In train mode running_mean and running_var in bn_param are brought up to date, the same variance in the
        second, and keep their dtype; in test mode they stay as they were. x, gamma and beta are left as they were.

    Raises:
        ValueError: mode is neither 'train' nor 'test'.
    """
    raise NotImplementedError
