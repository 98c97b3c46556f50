r"""Gibbs sampling: let every spin ask its neighbours, and toss a coin.

Thirty people each say yes or no, and friends like to agree. How often does a given one say yes? There are 2^30 states,
too many to add up. Gibbs sampling draws instead: one person after the other forgets their answer and draws it anew,
given what all others say at that moment. Whoever watches for long enough sees every state as often as it should occur.

Maths. There are n spins s_i, each -1 or +1. h_i pulls spin i up (or down, if it is negative), and J_ij = J_ji pulls i
and j to the same side (or, if negative, to different sides); J_ii = 0. In the Ising model a state has the probability

$$p(s) \propto \exp\left( \frac{1}{2} \sum_{i,j} J_{ij} s_i s_j + \sum_i h_i s_i \right)$$

where the 1/2 lets each pair count once. Spin i stands in one part of the exponent, s_i a_i with the field
a_i = sum_j J_ij s_j + h_i. So the odds of +1 against -1, with all others held fast, are e^a_i : e^-a_i, and

$$P(s_i = +1 \mid \text{all others}) = \frac{e^{a_i}}{e^{a_i} + e^{-a_i}} = \frac{1}{1 + e^{-2 a_i}}$$

A sweep draws every spin once, i = 0, 1, ..., n - 1 in this order. Each spin looks at the others as they are at that
moment: at those before it as they have been drawn in this sweep, at those after it as they still are.

By hand. J = [[0, -0.9], [-0.9, 0]], h = [0.6, 0.2], s = [-1, 1]. Spin 0 has the field -0.9 + 0.6 = -0.3 and becomes
+1 with probability 1 / (1 + e^0.6) = 0.3543. If it does, spin 1 has the field -0.9 + 0.2 = -0.7 and is +1 with
probability 0.1978; if not, the field is 0.9 + 0.2 = 1.1 and the probability 0.9002. Over many such sweeps, all from
this s, spin 1 is +1 in a share of 0.3543 * 0.1978 + 0.6457 * 0.9002 = 0.6513, and the two spins are equal in a share of
0.3543 * 0.1978 + 0.6457 * 0.0998 = 0.1345.

Source: Geman & Geman, Stochastic relaxation, Gibbs distributions, and the Bayesian restoration of images (1984);
MacKay, Information Theory, Inference, and Learning Algorithms (2003), chapters 29 and 31; Bishop, Pattern Recognition
and Machine Learning (2006), section 11.3.
"""

import math
import operator
import numpy as np


def gibbs_sweep(J, h, s, rng):
    """Draw every spin once, in the order of their numbers, given all others as they are at that moment.

    Args:
        J: float array, shape (n, n), symmetric, with zeros on its diagonal. The couplings.
        h: float array, shape (n,). The fields from outside. J and h may lead to fields of a thousand and more.
        s: integer array, shape (n,), each entry -1 or +1. The state before the sweep; n is at least 1.
        rng: np.random.Generator. Every random number comes from it, and none from np.random or from a generator of
            your own: so whoever calls decides whether the same numbers are drawn again.

    Returns:
        s_new: array of whole numbers or floats, shape (n,), each entry -1 or +1. The state after the sweep. The same
        J, h and s and a generator in the same state give the same answer. In which way, and how many numbers, you draw
        from rng is your affair: the shares in many sweeps are compared. The arguments are left as they were, s among
        them.
    """
    raise NotImplementedError
