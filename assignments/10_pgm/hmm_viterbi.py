r"""Viterbi: the one hidden path that explains best what was seen.

A phone hears an hour of sound and has to write one sentence, not a probability for each moment. Choosing the best word
of every moment gives sentences that nobody would say; Viterbi's algorithm finds the best whole path among more paths
than can ever be listed, with work that grows only with the length. Mobile telephones use it to decode what the air has
damaged.

Maths. The model is that of hmm_forward: K states, V symbols, T steps, log_pi of shape (K,), log_A of shape (K, K) with
a row for each state that is left, log_B of shape (K, V). A path z_1, ..., z_T has, together with the symbols o_t, the
log probability

$$\log p(z, o) = \log \pi_{z_1} + \log B_{z_1 o_1} +
\sum_{t=2}^{T} \left( \log A_{z_{t-1} z_t} + \log B_{z_t o_t} \right)$$

The best path to state j at step t comes from some state i, and up to there it was the best path to i. So

$$\delta_1(j) = \log \pi_j + \log B_{j o_1} \qquad
\delta_t(j) = \max_i \left( \delta_{t-1}(i) + \log A_{ij} \right) + \log B_{j o_t}$$

psi_t(j), the back-pointer, remembers which i was the best. The last state of the best path is the j with the largest
delta_T(j), and the state before a state z_t is psi_t(z_t).

By hand. The patient of hmm_forward: pi = [0.6, 0.4], A = [[0.7, 0.3], [0.4, 0.6]], B = [[0.5, 0.4, 0.1], [0.1, 0.3,
0.6]], o = [0, 1, 2]. In probabilities, for they are easier on paper:

    day 1:  0.6 * 0.5 = 0.3                       0.4 * 0.1 = 0.04
    day 2:  max(0.3 * 0.7, 0.04 * 0.4) * 0.4      max(0.3 * 0.3, 0.04 * 0.6) * 0.3
            = 0.084, from 0                       = 0.027, from 0
    day 3:  max(0.084 * 0.7, 0.027 * 0.4) * 0.1   max(0.084 * 0.3, 0.027 * 0.6) * 0.6
            = 0.00588, from 0                     = 0.01512, from 0

The largest of day 3 is 0.01512, for state 1. Walking back from it gives path = [0, 0, 1], logp = log 0.01512 = -4.1917.

Source: Viterbi (1967); Rabiner, A tutorial on hidden Markov models (1989), section III.B.
"""

import numpy as np


def hmm_viterbi(log_pi, log_A, log_B, obs):
    """Return the most probable path of hidden states, and its log probability.

    Args:
        log_pi: float array, shape (K,). Natural logarithms of the probabilities of the first state.
        log_A: float array, shape (K, K). log_A[i, j] is the logarithm of the probability that j follows i.
        log_B: float array, shape (K, V). log_B[j, v] is the logarithm of the probability to see v in state j.
        obs: integer array of any integer type, shape (T,). The symbols that were seen, from 0 to V - 1; T is at least
            1, and may be a thousand.

        Entries of the three tables may be minus infinity, the logarithm of 0; at least one path is possible.

    Returns:
        (path, logp): path is an integer array and not a list, shape (T,), the states from the first step to the last.
        Of several paths that are equally probable it is the one with the smallest last state, among these the one with
        the smallest state before it, and so on to the front. logp is a float, the logarithm of the probability of this
        path and obs together. The arguments are left as they were.
    """
    raise NotImplementedError
