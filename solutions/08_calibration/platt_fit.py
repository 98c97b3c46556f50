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

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns=["a", "b"],
    needs=["logistic_newton", "bce_with_logits"],
    hints=[
        "Compute the targets first. How many different numbers are there, and what are they for nine ones and one "
        "zero?",
        "The two slopes of the statement are the gradient. Newton's step needs a 2 x 2 matrix: np.linalg.solve(H, g) "
        "is fine. Begin at a = 0 and at the b that gives the mean of the targets.",
        "Scores of 10000 or of 0.0001 are easier if you fit to (s - mean) / deviation and convert a and b back "
        "afterwards. For the loss use the form that does not overflow, with log(1 + e^-|z|); halve a step until it "
        "does not make the loss larger, and stop when the steps have become tiny.",
    ],
    why=(
        "Shifting or stretching the scores changes a and b and no probability, so you may fit where the numbers are "
        "friendly; and since L never bends downwards, it is lowest where both slopes are 0."
    ),
    lesson="Repairing with one number",
)
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
    centre, spread = scores.mean(), scores.std()
    s = (scores - centre) / spread
    ones = (y == 1).sum()
    t = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (len(y) - ones + 2))
    table = np.stack([s, np.ones_like(s)], axis=1)
    theta = np.array([0.0, np.log(t.mean() / (1 - t.mean()))])

    def loss(theta):
        z = table @ theta
        return np.sum(np.logaddexp(0, z) - t * z)

    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(table @ theta, -700, 700)))
        gradient = table.T @ (p - t)
        step = np.linalg.solve((table.T * (p * (1 - p))) @ table + 1e-12 * np.eye(2), gradient)
        while loss(theta - step) > loss(theta) and np.abs(step).max() > 1e-12:
            step = step / 2
        theta = theta - step
        if np.abs(step).max() < 1e-12:
            break
    a = theta[0] / spread
    return float(a), float(theta[1] - a * centre)


def outcomes(rng, number, slope=1.0, shift=0.0):
    """Scores with two decimals, and outcomes that follow a sigmoid of them."""
    scores = np.round(2 * rng.normal(size=number) + shift, 2)
    y = (rng.random(number) < 1 / (1 + np.exp(-slope * (scores - shift)))).astype(int)
    y[:2] = 0, 1
    return {"scores": scores, "y": y}


@case
def by_hand(rng):
    """The example of the statement."""
    return {"scores": np.array([0.0, 2.0]), "y": np.array([0, 1])}


@case
def forty_cases(rng):
    """Scores around 2, as many ones as zeros or so."""
    return outcomes(rng, 40, shift=2.0)


@case
def few_ones(rng):
    """Three ones among twenty, with scores that overlap."""
    scores = np.round(np.concatenate([rng.normal(-1.0, 1.0, 17), [0.2, 1.4, 2.1]]), 2)
    return {"scores": scores, "y": np.repeat([0, 1], [17, 3])}


@case
def all_scores_too_high(rng):
    """The scores lie around 5; what is neither likely nor unlikely has the score 5."""
    return outcomes(rng, 30, shift=5.0)


@case(hidden=True)
def other_cases(rng):
    return outcomes(rng, 25, slope=0.6, shift=-1.0)


@case(edge=True)
def parted_by_a_threshold(rng):
    """All ones have higher scores than all zeros: with hard targets a would run away."""
    return {"scores": np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 3.0]), "y": np.array([0, 0, 0, 1, 1, 1])}


@case(edge=True)
def large_scores(rng):
    """Scores of about 10000, with a of about 0.0001."""
    made = outcomes(rng, 30, shift=2.0)
    return {"scores": 10000.0 * made["scores"], "y": made["y"]}


@case(edge=True)
def small_scores(rng):
    """Scores that differ by about 0.0001."""
    made = outcomes(rng, 30)
    return {"scores": 0.0001 * made["scores"] + 0.5, "y": made["y"]}


@case(edge=True)
def scores_of_the_wrong_sign(rng):
    """The higher the score, the rarer a one: a is negative."""
    made = outcomes(rng, 30, shift=2.0)
    return {"scores": -made["scores"], "y": made["y"]}


@picture(case="forty_cases")
def the_fitted_s(axes, arguments, answer):
    """The fitted sigmoid, and the cases as dots at 0 and 1. Where dots of both kinds lie above each other, it passes
    through the middle."""
    s = np.linspace(arguments["scores"].min(), arguments["scores"].max(), 100)
    axes.plot(s, 1 / (1 + np.exp(-(answer[0] * s + answer[1]))))
    axes.plot(arguments["scores"], arguments["y"], "|", color="black", markersize=12)
    axes.set(xlabel="score", ylabel="probability", title=f"a = {answer[0]:.3f}, b = {answer[1]:.3f}")


@alternative
def finds_the_root_of_the_gradient(scores, y):
    from scipy.optimize import root

    ones = int((y == 1).sum())
    t = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (len(y) - ones + 2))
    centre, spread = np.median(scores), np.ptp(scores)
    s = (scores - centre) / spread

    def slopes(theta):
        miss = np.exp(-np.logaddexp(0, -(theta[0] * s + theta[1]))) - t
        return np.array([np.sum(miss * s), np.sum(miss)])

    def curvature(theta):
        p = np.exp(-np.logaddexp(0, -(theta[0] * s + theta[1])))
        w = p * (1 - p)
        return np.array([[np.sum(w * s * s), np.sum(w * s)], [np.sum(w * s), np.sum(w)]])

    found = root(slopes, np.zeros(2), jac=curvature, tol=1e-14)
    a = found.x[0] / spread
    return a, found.x[1] - a * centre


@alternative
def weighs_least_squares_anew(scores, y):
    # Iteratively reweighted least squares: Newton's method in the clothes of a weighted regression.
    n1 = np.count_nonzero(y)
    t = np.where(y > 0, 1 - 1 / (n1 + 2), 1 / (y.size - n1 + 2))
    low, high = scores.min(), scores.max()
    x = (2 * scores - low - high) / (high - low)
    a, b = 0.0, 0.0
    for _ in range(200):
        p = 0.5 * (1 + np.tanh((a * x + b) / 2))
        w = np.maximum(p * (1 - p), 1e-300)
        target = a * x + b + (t - p) / w
        mean_x, mean_t = np.average(x, weights=w), np.average(target, weights=w)
        new_a = np.sum(w * (x - mean_x) * (target - mean_t)) / np.sum(w * (x - mean_x) ** 2)
        a, b = a + 0.7 * (new_a - a), b + 0.7 * (mean_t - new_a * mean_x - b)
    scale = 2 / (high - low)
    return float(a * scale), float(b - a * (low + high) / (high - low))


def _fit(scores, t, steps=300, slope_only=False):
    """Newton's method on standardised scores."""
    centre, spread = (0.0, np.sqrt(np.mean(scores**2))) if slope_only else (scores.mean(), scores.std())
    s = (scores - centre) / spread
    theta = np.zeros(2)
    for _ in range(steps):
        z = theta[0] * s + theta[1]
        p = np.exp(-np.logaddexp(0, -z))
        w = p * (1 - p)
        if slope_only:
            step = np.array([np.sum((p - t) * s) / (np.sum(w * s * s) + 1e-12), 0.0])
        else:
            H = np.array([[np.sum(w * s * s), np.sum(w * s)], [np.sum(w * s), np.sum(w)]])
            step = np.linalg.solve(H + 1e-12 * np.eye(2), [np.sum((p - t) * s), np.sum(p - t)])
        theta = theta - step * min(1.0, 1.0 / np.abs(step).max())
        if np.abs(step).max() < 1e-13:
            break
    a = theta[0] / spread
    return float(a), float(theta[1] - a * centre)


def _targets(y):
    n1 = (y == 1).sum()
    return np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (len(y) - n1 + 2))


@mistake
def bets_everything(scores, y):
    """The targets are 1 and 0. Where a threshold parts the ones from the zeros, a then grows without end; and after ten
    cases nobody should be certain. Look at the targets of the statement."""
    return _fit(scores, y.astype(float), steps=40)


@mistake
def exchanges_the_counts(scores, y):
    """In the targets the number of ones stands where the number of zeros belongs, and the other way round. It shows
    where one class is rare."""
    n1 = (y == 1).sum()
    n0 = len(y) - n1
    return _fit(scores, np.where(y == 1, (n0 + 1) / (n0 + 2), 1 / (n1 + 2)))


@mistake
def fits_the_slope_alone(scores, y):
    """b is 0: only a was fitted. What if all scores are too high by the same amount?"""
    return _fit(scores, _targets(y), slope_only=True)


@mistake
def walks_in_fixed_steps(scores, y):
    """Plain gradient descent with a fixed step: right where scores are of size 1, and lost where they are in the
    thousands. Bring the scores to a common size first, or use the curvature as Newton does."""
    t, a, b = _targets(y), 0.0, 0.0
    for _ in range(20000):
        p = np.exp(-np.logaddexp(0, -(a * scores + b)))
        a, b = a - 0.02 * np.mean((p - t) * scores) * 10, b - 0.02 * np.mean(p - t) * 10
    return float(a), float(b)


@mistake
def turns_the_sign_of_a(scores, y):
    """a has the opposite sign. In Platt's paper the exponent is +(A s + B); here p is the sigmoid of a s + b, so that
    informative scores have a positive a."""
    a, b = _fit(scores, _targets(y))
    return -a, -b


@mistake
def smooths_the_ones_only(scores, y):
    """The target of the zeros is 0. They are softened as well: after a few cases that did not happen, something may
    still be possible."""
    n1 = (y == 1).sum()
    return _fit(scores, np.where(y == 1, (n1 + 1) / (n1 + 2), 0.0))


@mistake
def answers_for_other_scores(scores, y):
    """a and b belong to scores that were centred and divided by their deviation, and not to those that were given.
    Convert them back."""
    s = (scores - scores.mean()) / scores.std()
    return _fit(s, _targets(y))
