r"""Dropout, forwards: train with half of the team at home.

A large network learns its training photos by heart: one neuron comes to rely on the mistake of one other neuron.
Dropout sends a random part of the neurons home at every training step, so that nobody can be relied on too much, and
the network does better on photos that it has never seen.

Maths. Every entry of x tosses its own coin and is kept with probability p. What is kept is divided by p, so that the
average over many tosses is what it was:

$$m = \begin{cases} 1/p & \text{with probability } p \\ 0 & \text{with probability } 1 - p \end{cases}, \qquad
y = x \cdot m, \qquad E[y] = p \cdot \frac{x}{p} + (1 - p) \cdot 0 = x$$

Since the average is right already in training, test mode has nothing to do: y = x. This form is called inverted
dropout.

By hand. With p = 0.25 and x full of 10s, about three entries in four become 0 and the others 40: the mean stays about
10.

Beware: here p is the probability of KEEPING an entry, as in CS231n since 2018. PyTorch's p and that of earlier CS231n
years is the probability of dropping it.

Source: Srivastava et al., Dropout (2014), sections 4 and 10; CS231n, assignment 2.
"""

import numpy as np


def dropout_forward(x, dropout_param):
    """Drop entries of x at random and scale up the others; in test mode, do nothing.

    Args:
        x: float array, any shape.
        dropout_param: dict with
            p: float, above 0 and at most 1, the probability of KEEPING an entry;
            mode: 'train' or 'test';
            seed: int, 0 or above, may be absent. With a seed, the same call gives the same answer every time, whatever
                else was drawn in between. Any random generator will do that is given this seed.

    Returns:
        (out, cache): out is a float array, the shape and dtype of x. cache is (dropout_param, mask): the dict as it
        came in, and in train mode the mask by which x was multiplied, a float array of the shape and dtype of x whose
        entries are 0 or 1/p. In test mode out equals x and mask is None. The arguments are left as they were.
    """
    raise NotImplementedError
