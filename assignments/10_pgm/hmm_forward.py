r"""The forward algorithm: how well does a model explain what was seen, whatever was hidden?

A watch hears how somebody breathes and never sees the stages of sleep that the breath comes from; one and the same
night can be explained by more courses of stages than there are atoms. To compare two models of sleep, the
probabilities of all of them have to be added up. The forward algorithm does it with one small table for each step.

Maths. K hidden states, V symbols, T steps. pi_i is the probability of beginning in state i, A_ij that of j after i, and
B_jv that of seeing the symbol v in state j. o_1, ..., o_T are the symbols that were seen. alpha_t(j) is the
probability of having seen o_1 to o_t and being in state j at step t:

$$\alpha_1(j) = \pi_j B_{j o_1} \qquad \alpha_t(j) = \sum_i \alpha_{t-1}(i)\, A_{ij}\, B_{j o_t} \qquad
p(o) = \sum_j \alpha_T(j)$$

The alternatives of yesterday add, the steps of one path multiply. After some hundred steps these products are smaller
than any float, so everything here is a logarithm, what comes in and what goes out. log_pi has shape (K,), log_A has
shape (K, K) with a row for each state that is left, log_B has shape (K, V), and log_alpha has shape (T, K).

$$\log \alpha_t(j) = \log \sum_i e^{\log \alpha_{t-1}(i) + \log A_{ij}} + \log B_{j o_t}$$

What is impossible has probability 0 and the logarithm minus infinity.

By hand. A patient is healthy (0) or has a fever (1), and feels normal (0), cold (1) or dizzy (2). pi = [0.6, 0.4], A =
[[0.7, 0.3], [0.4, 0.6]], B = [[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]; the diary says o = [0, 1, 2].

    alpha_1 = [0.6 * 0.5, 0.4 * 0.1] = [0.3, 0.04]
    alpha_2 = [(0.3 * 0.7 + 0.04 * 0.4) * 0.4, (0.3 * 0.3 + 0.04 * 0.6) * 0.3] = [0.0904, 0.0342]
    alpha_3 = [0.007696, 0.028584], in the same way

So p(o) = 0.03628, and log p(o) = -3.3165.

Source: Rabiner, A tutorial on hidden Markov models (1989), section III.A; Bishop, Pattern Recognition and Machine
Learning (2006), section 13.2.2.
"""

import numpy as np


def hmm_forward(log_pi, log_A, log_B, obs):
    """Return the forward numbers of a hidden Markov model and the log likelihood of what was seen.

    Args:
        log_pi: float array, shape (K,). Natural logarithms of the probabilities of the first state.
        log_A: float array, shape (K, K). log_A[i, j] is the logarithm of the probability that j follows i.
        log_B: float array, shape (K, V). log_B[j, v] is the logarithm of the probability to see v in state j.
        obs: integer array of any integer type, shape (T,). The symbols that were seen, from 0 to V - 1; T is at least
            1, and may be a thousand.

        Entries of the three tables may be minus infinity, the logarithm of 0.

    Returns:
        (log_alpha, loglik): log_alpha is a float array, shape (T, K); log_alpha[t, j] is the logarithm of the
        probability of seeing obs[0], ..., obs[t] and being in state j at step t. loglik is a float, the logarithm of
        the probability of all of obs. What is impossible is minus infinity, never NaN, and that holds for loglik as
        well. The arguments are left as they were.
    """
    raise NotImplementedError
