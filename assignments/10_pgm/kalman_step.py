r"""One step of the Kalman filter: time passes, you look, and you know how sure you are.

A drone knows roughly where it is, a wind blows, and every tenth of a second a noisy satellite position comes in, or
does not. The filter weighs what it believed against what it sees, by how far each can be trusted. It flew to the moon,
and the same few lines run in every telephone.

Maths. n hidden numbers, d measured ones. Before the step the hidden state is believed to be normal with mean m, shape
(n,), and covariance P, shape (n, n). Time passes: F, shape (n, n), moves the state, and the world adds noise of
covariance Q, shape (n, n).

$$m^- = F m \qquad P^- = F P F^T + Q$$

You look: H, shape (d, n), says what the gauges see of the state, and they add noise of covariance R, shape (d, d).
The measurement y, shape (d,), is expected to be H m^-, give or take the covariance S:

$$S = H P^- H^T + R \qquad K = P^- H^T S^{-1} \qquad m_{new} = m^- + K\,(y - H m^-)$$

$$P_{new} = (I - K H)\, P^- (I - K H)^T + K R K^T$$

With this K the last line is equal to (I - K H) P^-, on paper. In floats the shorter form subtracts numbers that may be
nearly equal; the longer one, due to Joseph, adds what cannot be negative. The log likelihood of the step is the log
density of y before it was seen:

$$\log N(y;\, H m^-, S) = -\frac{1}{2} \left( (y - H m^-)^T S^{-1} (y - H m^-) + \log \det S + d \log 2\pi \right)$$

By hand. n = d = 1, m = 0, P = 1, F = 1, Q = 1, H = 1, R = 2, y = 3. Time passes: m^- = 0, P^- = 2. S = 4, K = 1/2, so
m_new = 1.5 and P_new = 0.5 * 2 * 0.5 + 0.5 * 2 * 0.5 = 1. The log likelihood is -(9/4 + log 4 + 1.8379) / 2 = -2.7371.

Source: Kalman (1960); Bishop, Pattern Recognition and Machine Learning (2006), section 13.3.1; Bucy & Joseph,
Filtering for Stochastic Processes with Applications to Guidance (1968), for the long form.
"""

import numpy as np


def kalman_step(m, P, y, F, H, Q, R):
    """Predict the state one step ahead, then correct it by a measurement.

    Args:
        m: float array, shape (n,). The mean of the state before the step.
        P: float array, shape (n, n), symmetric and positive semi-definite. Its covariance.
        y: float array, shape (d,), what was measured at the end of the step; or None if nothing was measured.
        F: float array, shape (n, n). Moves the state through one step.
        H: float array, shape (d, n). What the gauges see of a state. d may be smaller or larger than n.
        Q: float array, shape (n, n), symmetric and positive semi-definite. The covariance of the noise of the world.
        R: float array, shape (d, d), symmetric and positive definite. The covariance of the noise of the gauges.

    Returns:
        (m_new, P_new, loglik): m_new is a float array, shape (n,), and P_new a float array, shape (n, n), symmetric:
        mean and covariance of the state after the step, given y. loglik is a float, the natural logarithm of the
        density of y as predicted. If y is None, m_new and P_new are the prediction and loglik is 0.0.

        P_new has to be right also where the gauge is better than the prediction by any factor, such as a variance of
        1e12 before and 1e-6 after; and loglik also where the determinant of S is too small for a float. The arguments
        are left as they were.
    """
    raise NotImplementedError
