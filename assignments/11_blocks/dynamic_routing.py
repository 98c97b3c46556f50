r"""Dynamic routing: who listens to whom?

A mouth, a nose and two eyes each predict how a face would have to lie. If their predictions agree, there is a face; if
they do not, it was a coincidence. Routing by agreement lets every lower capsule send its vote to the higher capsules
that others agree with it about, and max pooling's loudest-takes-all is not needed.

Maths. u_hat has shape (B, I, J, D): for each of B examples, what each of I lower capsules predicts of each of J higher
ones, a vector of D numbers. b has shape (B, I, J) and begins with zeros. One pass:

$$c_{ij} = \frac{e^{b_{ij}}}{\sum_k e^{b_{ik}}} \qquad
s_j = \sum_i c_{ij}\, \hat u_{ij} \qquad
v_j = \frac{\|s_j\|}{1 + \|s_j\|^2}\, s_j \qquad
b_{ij} \leftarrow b_{ij} + \hat u_{ij} \cdot v_j$$

The shares c_ij of a lower capsule i add up to 1 over the higher capsules j: it has one vote and splits it. v_j is s_j
squashed. After the last pass b need not be updated any more: what is returned are the v of the last pass and the c that
this v was made with.

By hand. Two lower capsules, one higher, num_iters = 1: with J = 1 every share is 1. u_hat = [[3, 0]] and [[0, 4]] give
s = [3, 4], and v = [0.5769, 0.7692].

Source: Sabour, Frosst & Hinton, Dynamic routing between capsules (2017), procedure 1.
"""

import numpy as np


def squash(s):
    """Return every vector along the last axis of s, its length n shortened to n**2 / (1 + n**2)."""
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    return n / (1 + n**2) * s


def dynamic_routing(u_hat, num_iters=3):
    """Return the higher capsules' vectors after routing by agreement, and the shares that they were made with.

    Args:
        u_hat: float array, shape (B, I, J, D). The predictions of every lower capsule i for every higher capsule j.
        num_iters: int, at least 1. The number of passes.

    Returns:
        (v, c): float arrays of shape (B, J, D) and (B, I, J) and of u_hat's dtype. Every row c[b, i] adds up to 1. The
        argument is left as it was. squash is given above; it is the one of the exercise of that name.
    """
    raise NotImplementedError
