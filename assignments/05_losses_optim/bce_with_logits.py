r"""Binary cross-entropy, straight from the logits.

Spam or not, fraud or not, ill or not: half of all classifiers answer a single question with a single score. Its loss is
the surprise at the truth: minus the logarithm of the probability that the truth was given. The textbook computes the
probability first and its logarithm afterwards; where the model is sure and wrong, that probability is 0 in a computer,
and the loss infinite.

Maths. z and t have the same shape: scores (logits), and targets from 0 to 1. With the sigmoid p = 1 / (1 + e^{-z}) the
loss is the mean over all n entries of -t log p - (1 - t) log(1 - p). Now log p = -log(1 + e^{-z}), and the logarithm of
1 - p = e^{-z} / (1 + e^{-z}) is -z - log(1 + e^{-z}), which gives the first of two forms:

$$L = \frac{1}{n}\sum_i \left( \log(1 + e^{-z_i}) + (1 - t_i)\, z_i \right)
= \frac{1}{n}\sum_i \left( \max(z_i, 0) - z_i t_i + \log(1 + e^{-|z_i|}) \right)$$

Where z is at least 0 the two forms are the same. Where z is below 0, take e^{-z} out: log(1 + e^{-z}) =
log(e^{-z} (e^z + 1)) = -z + log(1 + e^z), and |z| is -z. At z = -1000 the first form needs e^1000, which is too large
for a float; the second takes e to no power above 0, whatever the sign of z. The slope is simple:

$$\frac{\partial L}{\partial z_i} = \frac{p_i - t_i}{n}$$

p has two forms as well, one for each sign of z: multiply numerator and denominator by e^z.

By hand. z = [0], t = [1]: p = 1/2, L = log 2 = 0.6931, dz = [-0.5]. z = [-1000], t = [1]: L = 1000 and dz = [-1].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 3.10 and 6.2.2.2.
"""

import numpy as np


def bce_with_logits(z, t):
    """Return the mean binary cross-entropy of logits, and its gradient with respect to the logits.

    Args:
        z: float array, any shape with at least one entry. The logits; they may be as large as 1e4 or as small as -1e4.
        t: float or integer array, the shape of z. The targets, from 0 to 1; not only 0 and 1.

    Returns:
        (loss, dz): loss is a float, Python's or NumPy's, in natural-logarithm units, the mean over all entries; dz is a
        float array of the shape and dtype of z, dloss/dz. A warning of NumPy costs nothing as long as the numbers are
        right. The arguments are left as they were.

    expit and log_expit of scipy.special do half of what you write here; a file that uses them is refused. All of NumPy
    may be used, np.logaddexp as well.
    """
    raise NotImplementedError
