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

from grader.authoring import Holds, alternative, case, exercise, mistake


@exercise(
    points=8,
    difficulty=4,
    returns=["m_new", "P_new", "loglik"],
    needs=["solve_triangular", "gaussian_logpdf"],
    hints=[
        "Do the example on paper, and then once more without the measurement. What does the passing of time do to the "
        "variance, and what does a look do to it?",
        "Write the two halves after each other: first m and P of the prediction; if y is None, that is the answer. "
        "Everything below uses the predicted ones, and never the old m and P.",
        "K solves K S = P H^T. S is symmetric, so the transpose of K solves S K^T = H P, which np.linalg.solve does. "
        "For the log of the determinant there is np.linalg.slogdet; a determinant of thirty small numbers is too small "
        "for a float, and its logarithm is not.",
    ],
    why=(
        "The new error mixes the error of the prediction with that of the gauge, and K makes the mixture smallest. As "
        "the sum of what both leave, P keeps the gauge's part even where 1 - K is lost in rounding."
    ),
    lesson="Kalman: when what is hidden is a number",
)
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
    m, P = F @ m, F @ P @ F.T + Q
    if y is None:
        return m, P, 0.0
    surprise = y - H @ m
    S = H @ P @ H.T + R
    K = np.linalg.solve(S, H @ P).T
    kept = np.eye(len(m)) - K @ H
    _, log_det = np.linalg.slogdet(S)
    loglik = -0.5 * (surprise @ np.linalg.solve(S, surprise) + log_det + len(y) * np.log(2 * np.pi))
    return m + K @ surprise, kept @ P @ kept.T + K @ R @ K.T, loglik


def covariance(rng, n):
    """Return a random covariance with two decimals, well away from singular."""
    root = np.round(rng.uniform(-0.6, 0.6, (n, n)), 1) + np.diag(rng.choice([1.0, 1.2], n))
    return np.round(root @ root.T, 2)


def world(rng, n, d):
    """Return random arguments: n hidden numbers, d measured ones."""
    return {
        "m": np.round(rng.normal(size=n), 2),
        "P": covariance(rng, n),
        "y": np.round(2 * rng.normal(size=d), 2),
        "F": np.round(rng.uniform(-1.2, 1.2, (n, n)), 2),
        "H": np.round(rng.uniform(-1.5, 1.5, (d, n)), 2),
        "Q": covariance(rng, n),
        "R": covariance(rng, d),
    }


def numbers(m, P, y, F, H, Q, R):
    """Return the arguments of a world in which all is one number."""
    vectors = {"m": np.array([m]), "y": None if y is None else np.array([y])}
    return {"m": vectors["m"], "P": np.array([[P]]), "y": vectors["y"]} | {
        name: np.array([[value]]) for name, value in [("F", F), ("H", H), ("Q", Q), ("R", R)]
    }


SYMMETRIC = Holds("P_new == transpose(P_new)")


@case
def by_hand(rng):
    """The example of the statement."""
    return numbers(0.0, 1.0, 3.0, 1.0, 1.0, 1.0, 2.0)


@case
def one_number_that_grows(rng):
    """One number again, but it doubles with each step, and the gauge shows half of it."""
    return numbers(1.5, 0.5, 2.0, 2.0, 0.5, 0.25, 0.75)


@case(checks=[SYMMETRIC])
def position_and_velocity(rng):
    """A car: its position grows by its velocity, and only the position is measured."""
    return {
        "m": np.array([1.0, 2.0]),
        "P": np.array([[0.5, 0.1], [0.1, 0.8]]),
        "y": np.array([3.7]),
        "F": np.array([[1.0, 1.0], [0.0, 1.0]]),
        "H": np.array([[1.0, 0.0]]),
        "Q": np.array([[0.02, 0.03], [0.03, 0.06]]),
        "R": np.array([[0.4]]),
    }


@case(checks=[SYMMETRIC])
def three_hidden_and_two_measured(rng):
    """Three hidden numbers and two gauges whose errors hang together."""
    return world(rng, 3, 2)


@case(hidden=True, checks=[SYMMETRIC])
def two_hidden_and_three_measured(rng):
    return world(rng, 2, 3)


@case(edge=True)
def nothing_was_measured(rng):
    """y is None: time has passed, and that is all."""
    return {**world(rng, 2, 1), "y": None}


@case(edge=True)
def a_constant(rng):
    """Nothing moves, F is 1 and Q is 0: only the second half of the step has something to do."""
    return numbers(2.0, 0.5, 1.0, 1.0, 1.0, 0.0, 1.5)


@case(edge=True)
def nothing_was_known(rng):
    """A variance of 2^40, about 1e12, before the look, and a gauge with 2^-20, about 1e-6: afterwards it is the
    gauge's, and not 0."""
    return numbers(0.0, 2.0**40, 3.5, 1.0, 1.0, 0.0, 2.0**-20)  # powers of 2: all shorter forms lose the same


@case(edge=True)
def thirty_gauges(rng):
    """One length, thirty gauges that are good to a thousandth of a millimetre, all in metres."""
    return {
        "m": np.array([0.25]),
        "P": np.array([[1e-12]]),
        "y": 0.25 + np.round(rng.normal(size=30), 2) * 1e-6,
        "F": np.array([[1.0]]),
        "H": np.ones((30, 1)),
        "Q": np.array([[1e-12]]),
        "R": 2e-12 * np.eye(30),
    }


@alternative
def conditions_the_joint_normal(m, P, y, F, H, Q, R):
    # State and measurement are jointly normal; the Cholesky factor of the measurement's part gives all three.
    m, P = np.dot(F, m), np.linalg.multi_dot([F, P, F.T]) + Q
    if y is None:
        return m, P, 0.0
    factor = np.linalg.cholesky(H @ P @ H.T + R)
    z = np.linalg.solve(factor, y - H @ m)
    gain = np.linalg.solve(factor.T, np.linalg.solve(factor, H @ P)).T
    rest = np.eye(len(P)) - gain @ H
    loglik = -np.log(np.diagonal(factor)).sum() - 0.5 * (z**2 + np.log(2 * np.pi)).sum()
    return m + gain @ (y - H @ m), rest.dot(P).dot(rest.T) + gain.dot(R).dot(gain.T), float(loglik)


@alternative
def adds_precisions(m, P, y, F, H, Q, R):
    ahead = F @ m
    before = F @ P @ np.transpose(F) + Q
    if y is None:
        return ahead, before, 0.0
    seen = H.T @ np.linalg.inv(R)
    after = np.linalg.inv(np.linalg.inv(before) + seen @ H)
    after = (after + after.T) / 2
    values, vectors = np.linalg.eigh(H @ before @ H.T + R)
    away = vectors.T @ (y - H @ ahead)
    loglik = -0.5 * np.sum(away**2 / values + np.log(values) + np.log(2 * np.pi))
    return ahead + after @ seen @ (y - H @ ahead), after, loglik


@alternative
def takes_one_measurement_after_the_other(m, P, y, F, H, Q, R):
    # In coordinates in which the errors of the gauges are independent, each is a step with d = 1.
    m, P = F @ m, F @ P @ F.T + Q
    if y is None:
        return m, P, 0.0
    variances, turn = np.linalg.eigh(R)
    loglik = 0.0
    for r, value, h in zip(variances, turn.T @ y, turn.T @ H, strict=True):
        s = h @ P @ h + r
        k = P @ h / s
        off = value - h @ m
        loglik -= 0.5 * (off**2 / s + np.log(2 * np.pi * s))
        rest = np.identity(m.size) - np.outer(k, h)
        m, P = m + k * off, rest @ P @ rest.T + r * np.outer(k, k)
    return m, P, loglik


def look(m, P, y, H, R, S=None, short=False, log_det=None, constant=True):
    """Return mean, covariance and log likelihood after a look; mistakes are made by what is handed in."""
    right = H @ P @ H.T + R
    S = right if S is None else S
    surprise = y - H @ m
    K = np.linalg.solve(right, H @ P).T
    rest = np.eye(len(m)) - K @ H
    after = rest @ P if short else rest @ P @ rest.T + K @ R @ K.T
    size = np.linalg.slogdet(S)[1] if log_det is None else log_det(S)
    loglik = -0.5 * (surprise @ np.linalg.solve(S, surprise) + size + constant * len(y) * np.log(2 * np.pi))
    return m + K @ surprise, after, loglik


@mistake
def looks_before_time_passes(m, P, y, F, H, Q, R):
    """The measurement was used before the state was moved on, and the prediction came last. y was measured at the end
    of the step: time passes before you look."""
    loglik = 0.0
    if y is not None:
        m, P, loglik = look(m, P, y, H, R)
    return F @ m, F @ P @ F.T + Q, loglik


@mistake
def adds_the_noise_of_the_world_after_the_look(m, P, y, F, H, Q, R):
    """Q came to the covariance at the end, after the measurement. When does the world become less certain: while time
    passes, or after you have looked? K and S have to know of it."""
    m, P = F @ m, F @ P @ F.T
    if y is None:
        return m, P + Q, 0.0
    m, P, loglik = look(m, P, y, H, R)
    return m, P + Q, loglik


@mistake
def subtracts_nearly_equal_numbers(m, P, y, F, H, Q, R):
    """Right, unless the gauge is far better than the prediction. Then P_new is the small difference of two numbers that
    are equal to all digits, in I - K H or in P less a square, and what is left of the variance is 0 or noise. The
    statement has a longer form of P_new, and says why."""
    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, short=True)


@mistake
def takes_a_missing_measurement_for_zero(m, P, y, F, H, Q, R):
    """Where y is None, the filter was corrected as if 0 had been measured. Silence is no measurement of zero."""
    m, P = F @ m, F @ P @ F.T + Q
    return look(m, P, np.zeros(len(H)) if y is None else y, H, R)


@mistake
def stops_the_clock_without_a_measurement(m, P, y, F, H, Q, R):
    """Where y is None, m and P came back as they were. Nobody looked, but time has passed all the same."""
    if y is None:
        return m.copy(), P.copy(), 0.0
    return look(F @ m, F @ P @ F.T + Q, y, H, R)


@mistake
def forgets_to_move_the_covariance(m, P, y, F, H, Q, R):
    """The mean was moved by F, and the covariance only became larger by Q. What F does to a vector it does to a
    covariance from both sides."""
    m, P = F @ m, P + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R)


@mistake
def forgets_a_transpose(m, P, y, F, H, Q, R):
    """The covariance was moved as F P F. With one number nothing shows; with two, the F on the right has to be turned
    round, or P is not even symmetric."""
    m, P = F @ m, F @ P @ F + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R)


@mistake
def is_surprised_by_the_noise_of_the_gauge_alone(m, P, y, F, H, Q, R):
    """m_new and P_new are right. For the density of y only the noise of the gauge was counted. y is uncertain for two
    reasons, and S holds both."""
    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, S=R)


@mistake
def forgets_the_constant(m, P, y, F, H, Q, R):
    """m_new and P_new are right. In the log likelihood the term with 2 pi is missing, or does not grow with the number
    of measurements; without it the density does not integrate to 1."""
    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, constant=False)


@mistake
def forgets_the_determinant(m, P, y, F, H, Q, R):
    """m_new and P_new are right. In the log likelihood the term with the determinant of S is missing: a wide normal
    density has to be lower than a narrow one."""
    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, log_det=lambda S: 0.0)


@mistake
def multiplies_many_small_variances(m, P, y, F, H, Q, R):
    """Right, unless S is large with small entries: then its determinant is 0 in a float, and the logarithm minus
    infinity. The log of a product is a sum of logs; take it before the number is lost."""

    def log_of_the_determinant(S):
        with np.errstate(divide="ignore"):
            return np.log(np.linalg.det(S))

    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, log_det=log_of_the_determinant)


@mistake
def loses_small_numbers_twice(m, P, y, F, H, Q, R):
    """Right, unless numbers are far apart or many. P_new subtracts what is nearly equal, for which the statement has a
    longer form; and the determinant of a large S with small entries is 0 in a float, before its logarithm is taken."""

    def log_of_the_determinant(S):
        with np.errstate(divide="ignore"):
            return np.log(np.linalg.det(S))

    m, P = F @ m, F @ P @ F.T + Q
    return (m, P, 0.0) if y is None else look(m, P, y, H, R, short=True, log_det=log_of_the_determinant)


@mistake
def forgets_the_noise_that_the_look_brings(m, P, y, F, H, Q, R):
    """P_new is (I - K H) P (I - K H)^T, and the noise of the gauge is missing. The new mean contains K times a noisy
    measurement, which makes it less certain."""
    m, P = F @ m, F @ P @ F.T + Q
    if y is None:
        return m, P, 0.0
    K = np.linalg.solve(H @ P @ H.T + R, H @ P).T
    m_new, P_new, loglik = look(m, P, y, H, R)
    return m_new, P_new - K @ R @ K.T, loglik
