r"""Layer norm, forwards: put every example on one scale.

Batch norm needs a batch: it compares examples with each other, and behaves differently at test time. A translator that
reads one sentence at a time has no batch, so it normalises the features of each example among themselves. Every
transformer does this, two times in each block.

Maths. x has N rows, one for each example, and D columns, one for each feature. All sums run over the D features, so
there is one mean and one variance for each example:

$$\mu_n = \frac{1}{D}\sum_d x_{nd}, \qquad \sigma_n^2 = \frac{1}{D}\sum_d (x_{nd} - \mu_n)^2$$

$$\hat x_{nd} = \frac{x_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \epsilon}}, \qquad y_{nd} = \gamma_d\, \hat x_{nd} + \beta_d$$

gamma and beta still belong to the features. Nothing is remembered from other batches, and there is no mode: training
and testing do the same.

By hand. x = [[1, 3], [10, 14]]: the first row has mean 2 and standard deviation 1, the second 12 and 2, and both turn
into about [-1, 1]. With gamma = [1, 2] and beta = [0, 10] both rows of y are about [-1, 12].

Source: Ba, Kiros & Hinton, Layer normalization (2016), section 3. CS231n, assignment 2, has the same function.
"""

import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    """Normalise every example over its features, then scale and shift the features.

    Args:
        x: float array, shape (N, D). N examples with D features.
        gamma: float array, shape (D,). The scale of every feature.
        beta: float array, shape (D,). The shift of every feature.
        ln_param: dict; it may hold eps, a float, 0 or above, that is added to the variance under the root; 1e-5 where
            absent.

    Returns:
        (out, cache): out is a float array, shape (N, D), of the dtype of x. The variance of each row is divided by D
        (not D - 1). cache is yours: keep in it what a backward pass will need. layernorm_backward is written for
        (x_hat, gamma, std) with shapes (N, D), (D,), (N, 1): the normalised x before gamma and beta, gamma as it came
        in, and std = sqrt(var + eps). The arguments, the dict too, are left as they were.
    """
    raise NotImplementedError
