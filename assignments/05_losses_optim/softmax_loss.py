r"""Softmax loss: how surprised is the network by the right answer?

A network that sorts photographs gives every class a score. Softmax turns the scores of one photograph into
probabilities, and the loss is the surprise at the true class: 0 where it was certain, larger the less it was expected.
Its gradient is the first message of the backward pass, and one of the simplest formulas in machine learning.

Maths. x has shape (N, C), a row of C scores for each of N examples; y_n is the number of the right class.

$$p_{nc} = \frac{e^{x_{nc}}}{\sum_k e^{x_{nk}}} \qquad
L = -\frac{1}{N}\sum_n \log p_{n,y_n} \qquad
\frac{\partial L}{\partial x_{nc}} = \frac{p_{nc} - 1[c = y_n]}{N}$$

Here 1[c = y_n] is 1 for the right class and 0 for the others. The logarithm can be taken before anything is divided:

$$\log p_{nc} = x_{nc} - m_n - \log \sum_k e^{x_{nk} - m_n}$$

for any number m_n. With m_n the largest score of the row, no power of e is larger than 1 and one of them is 1, so that
nothing overflows and the logarithm never meets a 0.

By hand. x = [[1, 2, 3]], y = [0]: the powers are 2.718, 7.389, 20.086, their sum is 30.193, p = [0.090, 0.245, 0.665].
So loss = -log 0.0900 = 2.4076 and dx = [[-0.910, 0.245, 0.665]]. When all scores are 0, the loss is log C.

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.3; Stanford CS231n, `softmax_loss`.
"""

import numpy as np


def softmax_loss(x, y):
    """Return the mean cross-entropy of softmax scores, and its gradient with respect to the scores.

    Args:
        x: float array, shape (N, C). The scores; N is at least 1. They may be as large as 1000 or as small as -1000.
        y: integer array of any integer type, shape (N,). The right classes, from 0 to C - 1.

    Returns:
        (loss, dx): loss is a float, in natural-logarithm units, the mean over the N examples; dx is a float array of
        the shape and dtype of x, dloss/dx. The arguments are left as they were.

    softmax, log_softmax and logsumexp of scipy.special are what you write here; a file that uses them is refused.
    """
    raise NotImplementedError
