r"""Capstone: the article's network, on handwritten digits.

A post office reads codes that people wrote by hand. Here are small pictures of digits, and everything that you need to
read them you have written yourself: the layers, the loss, the scaling and the optimiser. Put them together, and your
own network reads digits that it has never seen.

Maths. X has shape (N, 64), a row of 8 x 8 pixels for each digit, whole numbers from 0 to 16; y holds the digits. The
network has one hidden layer of H units:

$$h = \max(0, \tilde x W_1 + b_1) \qquad \text{scores} = h W_2 + b_2 \qquad L = \text{softmax loss}(\text{scores}, y)$$

where x~ is x measured by a scaler that was fitted to the training data. With H = 0 there is no hidden layer: the scores
are x~ W + b, a linear model, and something to be better than. Training goes through the data `epochs` times, each time
in a new random order, in batches of 32 or so, and takes a step of momentum for every array after every batch.

What works: weights drawn from a normal distribution with deviation sqrt(2 / D), D the number of inputs of the layer
(He et al., 2015), biases 0, a learning rate of 0.05, momentum 0.9.

By hand. There is nothing to compute by hand here. What can be checked: before the first step the loss should be near
log 10 = 2.3, and a batch of eight should be learned by heart within a second.

Source: Chen, Learning Math for Machine Learning (2018), the example network; Goodfellow, Bengio & Courville, Deep
Learning (2016), section 6.1 and 8.3.
"""

import numpy as np
from assignments import (
    affine_backward,
    affine_forward,
    apply_scaler,
    fit_scaler,
    relu_backward,
    relu_forward,
    sgd_momentum,
    softmax_loss,
)


def digits_network(X_train, y_train, X_test, hidden, epochs, seed):
    """Train a network on digits and read others with it.

    Args:
        X_train: integer array, shape (N, 64), pixels from 0 to 16.
        y_train: integer array, shape (N,), the digits 0 to 9.
        X_test: integer array, shape (M, 64). The digits to read.
        hidden: int. The number of hidden units; 0 for a linear model.
        epochs: int. How often to go through the training data.
        seed: int. Of the random numbers, np.random.default_rng(seed).

    Returns:
        labels: integer array, shape (M,), the digits that were read. What is printed is shown while it trains. The
        arguments are left as they were.

    It is trained with three seeds and 64 hidden units, and once with none. Of all digits at least 96 per cent have
    to be read rightly on average (97.5 per cent in the edge case), and more than by the linear model.

    Time: 60 seconds of computing for all four trainings. Layers that work on whole arrays need a few, also if they go
    through the examples of a batch one by one. Layers that add up number by number are right, and too slow here.
    """
    raise NotImplementedError
