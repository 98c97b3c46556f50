r"""Hbeta: who are my neighbours, and how many are they?

t-SNE draws a map of customers so that neighbours stay neighbours. But who is a neighbour? Not everybody within a fixed
distance: in a crowd that would be hundreds, and at the edge nobody. So each point gives every other one a share of its
attention, which falls with the distance, and a knob says how fast. This function computes the shares, and their
entropy: how many neighbours that is, in the end.

Maths. D has shape (n-1,): the squared distances from one point to the n-1 others. beta >= 0 is the knob. The shares P
have the shape of D and sum to 1; H is their entropy, in nats, that is, with the natural logarithm:

$$P_j = \frac{e^{-\beta D_j}}{\sum_k e^{-\beta D_k}} \qquad
H = -\sum_j P_j \log P_j = \log \sum_k e^{-\beta D_k} + \beta \sum_j D_j P_j$$

The second form of H comes from putting log P_j = -beta D_j - log(sum) into the first. e^H is called the perplexity: if
m neighbours have equal shares, it is m. A larger beta means fewer neighbours.

A point may be far away from everybody. If D is near 100,000, every e^-D is 0 as a float, and 0 / 0 is no number. But
only the differences between the distances matter: the shares stay the same when any number is subtracted from all D.

By hand. D = [1, 2, 4] and beta = 0.5: the powers are 0.6065, 0.3679, 0.1353, their sum is 1.1097, so P = [0.547, 0.331,
0.122]. H = log 1.1097 + 0.5 * (0.547 + 0.663 + 0.488) = 0.104 + 0.849 = 0.953, and e^0.953 = 2.59 neighbours.

Source: van der Maaten & Hinton, Visualizing data using t-SNE (2008), section 2; the name is that of the function in
van der Maaten's published code.
"""

import numpy as np


def Hbeta(D, beta):
    """Return the entropy of the shares that one point gives to the others, and the shares.

    Args:
        D: float array, shape (n-1,), n at least 3. Squared distances, 0 or more, from one point to each of the others:
            the point itself has been left out already. A 0 is another point at the same place, a neighbour like the
            rest. The distances may be around 100,000, or the nearest near and the others thousands away.
        beta: float, 0 or more. At 0 the distance does not count, and all shares are equal.

    Returns:
        (H, P): H is a float, the entropy in nats, between 0 and log(n-1). P is a float array, shape (n-1,), in the
        order of D; it sums to 1. Shares that are too small for a float are 0, and add nothing to H. The arguments are
        left as they were.

    softmax, log_softmax and logsumexp of scipy.special do half of what you write here; a file that uses them is
    refused.
    """
    raise NotImplementedError
