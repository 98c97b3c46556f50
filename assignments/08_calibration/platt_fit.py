r"""Platt scaling: an S that makes scores keep their word.

A support vector machine says 2.3, a boosted forest says 0.97, and neither is a probability. Platt's idea: bend the
scores by a sigmoid with two free numbers, and choose these on past cases whose outcome is known. The order of the
scores stays, and afterwards they can be held against reality.

Maths. scores holds N numbers s_n and y N zeros and ones, of which N_1 are ones and N_0 zeros. The probability is p =
sigmoid(a s + b), and a and b minimise the cross-entropy against softened targets t:

$$L(a, b) = -\sum_n \left( t_n \log p_n + (1 - t_n) \log (1 - p_n) \right) \qquad
t_n = \frac{N_1 + 1}{N_1 + 2} \text{ for a one},\quad t_n = \frac{1}{N_0 + 2} \text{ for a zero}$$

The targets are not 1 and 0, since after ten cases nobody should be certain; with more cases they come closer. They also
keep a finite when a threshold parts the ones from the zeros. At the minimum both slopes are 0:

$$\sum_n (p_n - t_n)\, s_n = 0 \qquad \sum_n (p_n - t_n) = 0$$

L is convex, so there is one minimum. Newton's method finds it in a few steps: with the gradient g and the matrix H of
second derivatives, whose entries are the sums of p (1 - p) times s^2, s and 1, the step is -H^{-1} g; where it makes L
larger, it is halved.

By hand. scores = [0, 2], y = [0, 1]: the targets are 1/3 and 2/3. With two points both can be met: sigmoid(b) = 1/3
gives b = -log 2 = -0.6931, and 2 a + b = log 2 gives a = 0.6931.

Source: Platt, Probabilistic outputs for support vector machines (1999), section 2.2; Lin, Lin & Weng, A note on Platt's
probabilistic outputs (2007), on Newton's method for it.
"""

import numpy as np


def platt_fit(scores, y):
    """Return the a and b of Platt's sigmoid.

    Args:
        scores: float array, shape (N,), at least two of them different. They may be as large as 1e6 or differ by as
            little as 1e-4.
        y: integer array, shape (N,), of zeros and ones, at least one of each.

    Returns:
        (a, b): two floats, the minimum of L in the statement, to eight digits or so. They are finite for all such
        scores, also where a threshold parts the ones from the zeros. The arguments are left as they were.
    """
    raise NotImplementedError
