r"""Binary cross-entropy, straight from the logits.

Spam or not, fraud or not, ill or not: half of all classifiers answer a single question with a single score. Its loss is
the surprise at the truth: minus the logarithm of the probability that the truth was given. The textbook computes the
probability first and its logarithm afterwards; where the model is sure and wrong, that probability is 0 in a computer,
and the loss infinite.

Maths. z and t have the same shape: scores (logits), and targets from 0 to 1. With the sigmoid p = 1 / (1 + e^{-z}) the
loss is the mean over all n entries of -t log p - (1 - t) log(1 - p). Now log p = -log(1 + e^{-z}), and the logarithm of
1 - p = e^{-z} / (1 + e^{-z}) is -z - log(1 + e^{-z}), which gives the first of two forms:

$$L = \frac{1}{n}\sum_i \left( \log(1 + e^{-z_i}) + (1 - t_i)\, z_i \right)
= \frac{1}{n}\sum_i \left( \max(z_i, 0) - z_i t_i + \log(1 + e^{-|z_i|}) \right)$$

Where z is at least 0 the two forms are the same. Where z is below 0, take e^{-z} out: log(1 + e^{-z}) =
log(e^{-z} (e^z + 1)) = -z + log(1 + e^z), and |z| is -z. At z = -1000 the first form needs e^1000, which is too large
for a float; the second takes e to no power above 0, whatever the sign of z. The slope is simple:

$$\frac{\partial L}{\partial z_i} = \frac{p_i - t_i}{n}$$

p has two forms as well, one for each sign of z: multiply numerator and denominator by e^z.

By hand. z = [0], t = [1]: p = 1/2, L = log 2 = 0.6931, dz = [-0.5]. z = [-1000], t = [1]: L = 1000 and dz = [-1].

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 3.10 and 6.2.2.2.
"""

import numpy as np

from grader.authoring import Consistent, Gradient, alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["loss", "dz"],
    needs=["sigmoid", "softmax_loss"],
    checks=[Gradient(part="dz", wrt="z"), Consistent(part="dz", wrt="z")],
    banned=["scipy.special.expit", "scipy.special.log_expit"],
    hints=[
        "Put z = 0 into both forms of the loss, and then z = -1000 with t = 1. Which power of e does each take?",
        "np.log1p(v) is log(1 + v), and precise for small v. np.abs(z) and np.maximum(z, 0) are all that the second "
        "form needs.",
        "For dz compute the sigmoid without overflow: let e be the power of -|z|; then p is 1 / (1 + e) where z is at "
        "least 0 and e / (1 + e) where it is below.",
    ],
    why=(
        "A network can be so sure that p, as a float, is 0 or 1 and no longer tells how sure. The score still does: "
        "computed from it, a sure and wrong answer has a finite loss and a slope that is not 0."
    ),
    lesson="Two classes: one score is enough",
)
def bce_with_logits(z, t):
    """Return the mean binary cross-entropy of logits, and its gradient with respect to the logits.

    Args:
        z: float array, any shape with at least one entry. The logits; they may be as large as 1e4 or as small as -1e4.
        t: float or integer array, the shape of z. The targets, from 0 to 1; not only 0 and 1.

    Returns:
        (loss, dz): loss is a float, Python's or NumPy's, in natural-logarithm units, the mean over all entries; dz is a
        float array of the shape and dtype of z, dloss/dz. A warning of NumPy costs nothing as long as the numbers are
        right. The arguments are left as they were.

    expit and log_expit of scipy.special do half of what you write here; a file that uses them is refused. All of NumPy
    may be used, np.logaddexp as well.
    """
    e = np.exp(-np.abs(z))
    loss = np.mean(np.maximum(z, 0) - z * t + np.log1p(e))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return loss, ((p - t) / z.size).astype(z.dtype)


@case
def by_hand(rng):
    """The first example of the statement."""
    return {"z": np.array([0.0]), "t": np.array([1.0])}


@case
def a_batch(rng):
    """Six examples, right and wrong, sure and unsure."""
    return {"z": np.round(2 * rng.normal(size=6), 2), "t": np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])}


@case
def soft_targets(rng):
    """Targets between 0 and 1, in a table."""
    return {"z": np.round(rng.normal(size=(3, 2)), 2), "t": np.array([[0.9, 0.1], [0.5, 0.25], [0.0, 1.0]])}


@case(hidden=True)
def another_table(rng):
    return {"z": np.round(2 * rng.normal(size=(2, 4)), 2), "t": np.round(rng.uniform(size=(2, 4)), 2)}


@case(edge=True)
def sure_and_wrong(rng):
    """A logit of -1000 where the truth is 1: the loss is 1000."""
    return {"z": np.array([-1000.0]), "t": np.array([1.0])}


@case(edge=True)
def sure_and_wrong_on_the_other_side(rng):
    """A logit of 1000 where the truth is 0."""
    return {"z": np.array([1000.0, 800.0]), "t": np.array([0.0, 0.0])}


@case(edge=True)
def sure_and_right(rng):
    """Logits of 1000 and -1000 where they belong: the loss is 0."""
    return {"z": np.array([1000.0, -1000.0]), "t": np.array([1.0, 0.0])}


@case(edge=True)
def sure_of_a_share(rng):
    """The network is sure, and a quarter of the people disagrees: 250 for the first, 750 for the second."""
    return {"z": np.array([1000.0, -1000.0]), "t": np.array([0.75, 0.75])}


@case(edge=True)
def targets_of_whole_numbers(rng):
    """Targets of an integer type."""
    return {"z": np.round(2 * rng.normal(size=4), 2), "t": np.array([1, 0, 0, 1])}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so dz is float32."""
    t = np.array([1.0, 0.0, 0.5], dtype=np.float32)
    return {"z": np.round(rng.normal(size=3), 2).astype(np.float32), "t": t}


@case(edge=True)
def whole_numbers_beside_single_precision(rng):
    """Targets of an integer type and float32 scores, as they come from a data set and a network: dz is float32."""
    return {"z": np.round(2 * rng.normal(size=3), 2).astype(np.float32), "t": np.array([0, 1, 1])}


@picture(case="a_batch")
def pulls(axes, arguments, answer):
    """For every example its logit and how hard the loss pulls at it (minus dz): to the right where the truth is 1, to
    the left where it is 0, and the harder the more it was mistaken."""
    z, pull = arguments["z"], -answer[1]
    axes.axvline(0, color="black", linewidth=0.8)
    for row, (start, step, truth) in enumerate(zip(z, pull, arguments["t"], strict=True)):
        axes.plot([start], [row], "o" if truth else "s", color="#0072B2")
        axes.annotate("", (start + 6 * step, row), (start, row), arrowprops={"arrowstyle": "->", "color": "#D55E00"})
        axes.text(start, row + 0.2, f"{step:+.3f}", ha="center")
    axes.set(xlabel="logit", ylabel="example (round: truth 1)", yticks=range(len(z)), ylim=(-0.5, len(z)))


@alternative
def adds_logarithms_of_sums(z, t):
    zero = np.zeros((), z.dtype)
    loss = np.mean(t * np.logaddexp(zero, -z) + (1 - t) * np.logaddexp(zero, z))
    p = np.exp(-np.logaddexp(zero, -z))
    return float(loss), (p - t.astype(z.dtype)) / z.dtype.type(z.size)


@alternative
def goes_number_by_number(z, t):
    import math

    total, dz = 0.0, np.zeros_like(z)
    for index in np.ndindex(z.shape):
        score, target = float(z[index]), float(t[index])
        if score >= 0:
            e = math.exp(-score)
            total += math.log1p(e) + (1 - target) * score
            dz[index] = (1 / (1 + e) - target) / z.size
        else:
            e = math.exp(score)
            total += math.log1p(e) - target * score
            dz[index] = (e / (1 + e) - target) / z.size
    return total / z.size, dz


@alternative
def goes_by_the_hyperbolic_tangent(z, t):
    # For dz: 1 / (1 + e^-z) = (1 + tanh(z / 2)) / 2.
    e = np.exp(-np.abs(z))
    loss = (np.log1p(e) + np.where(z > 0, (1 - t) * z, -t * z)).sum() / z.size
    return loss, ((np.tanh(z / 2) + 1) / 2 - t.astype(z.dtype)) / z.size


@alternative
def takes_softmax_of_two_classes(z, t):
    # "No" has the score 0 and "yes" the score z.
    both = np.stack([np.zeros_like(z), z])
    shifted = both - both.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    targets = np.stack([1 - t, t]).astype(z.dtype)
    return -(targets * log_p).sum(axis=0).mean(), (np.exp(log_p) - targets)[1] / z.size


def _probability(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def _loss(z, t):
    return np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))


@mistake
def takes_the_log_of_a_lost_probability(z, t):
    """Right, unless a probability is too small for a float, or its distance from 1: by the time the logarithm is taken
    it is 0. The logarithm of a power of e is known without computing the power."""
    p = _probability(z)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), (p - t) / z.size


@mistake
def clips_the_probability(z, t):
    """Cutting p off at 1e-12 keeps the logarithm finite and answers another question: a logit of -1000 then costs 27.6
    and not 1000, and all who are very wrong look alike."""
    p = np.clip(_probability(z), 1e-12, 1 - 1e-12).astype(z.dtype)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), (_probability(z) - t) / z.size


@mistake
def exponentiates_raw_logits(z, t):
    """Right for small logits. The power e^-z overflows where z is very negative. The second form of the loss takes no
    power above 0."""
    e = np.exp(-z)
    return np.mean(np.log(1 + e) + (1 - t) * z), (1 / (1 + e) - t) / z.size


@mistake
def clips_the_probability_later(z, t):
    """Cutting p off at 1e-15 keeps the logarithm finite and answers another question: a logit of -1000 then costs 34.5
    and not 1000, and all who are very wrong look alike."""
    p = np.clip(_probability(z), 1e-15, 1 - 1e-15).astype(z.dtype)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), (_probability(z) - t) / z.size


@mistake
def clips_the_probability_earlier(z, t):
    """Cutting p off at 1e-7 keeps the logarithm finite and answers another question: a logit of -1000 then costs 16.1
    and not 1000, and all who are very wrong look alike."""
    p = np.clip(_probability(z), 1e-7, 1 - 1e-7).astype(z.dtype)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), (p - t) / z.size


@mistake
def adds_something_small_to_the_probability(z, t):
    """A small number was added inside the logarithms, so that they are finite. Far out it decides the answer: at
    z = -1000 the surprise is 1000, and not the logarithm of that small number. The exact formula needs none."""
    p = _probability(z)
    return -np.mean(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12)), (p - t) / z.size


@mistake
def overflows_on_the_right(z, t):
    """Right for small scores, and far to the left. Far to the right e^z is too large for a float: log(1 + e^1000) is
    known without computing the power. Which part of it can be taken out of the logarithm?"""
    return np.mean(np.log(1 + np.exp(z)) - z * t), (_probability(z) - t) / z.size


@mistake
def loses_the_slope_far_to_the_right(z, t):
    """The loss is right. In dz the sigmoid is e^z / (1 + e^z), and far to the right that is infinity over infinity.
    There is an equal form for that side: divide numerator and denominator by e^z."""
    return np.mean(_loss(z, t)), (np.exp(z) / (1 + np.exp(z)) - t) / z.size


@mistake
def forgets_the_mean_in_the_loss(z, t):
    """The loss is a sum over the entries and dz belongs to a mean. The two have to agree on whether they average, and
    the statement says that they do."""
    return np.sum(_loss(z, t)), (_probability(z) - t) / z.size


@mistake
def forgets_the_mean_in_dz(z, t):
    """dz is n times too large: the loss is a mean over all entries, and its gradient was not divided."""
    return np.mean(_loss(z, t)), _probability(z) - t


@mistake
def forgets_the_mean(z, t):
    """Loss and gradient are sums. The statement asks for means over all entries."""
    return np.sum(_loss(z, t)), _probability(z) - t


@mistake
def averages_over_the_rows_only(z, t):
    """The mean was taken over the first axis, and the other entries of a row were added. The statement asks for the
    mean over all entries."""
    return np.sum(_loss(z, t)) / len(z), (_probability(z) - t) / len(z)


@mistake
def divides_dz_by_the_rows_alone(z, t):
    """The loss is right. dz was divided by len(z), which is the number of rows. In a table of four rows and three
    columns n is 12, in the loss and in the slope."""
    return np.mean(_loss(z, t)), (_probability(z) - t) / len(z)


@mistake
def turns_the_sign_round(z, t):
    """dz has the opposite sign. Where the truth is 1, a higher logit makes the loss smaller: is that slope positive?"""
    return np.mean(_loss(z, t)), (t - _probability(z)) / z.size


@mistake
def multiplies_by_the_slope_of_the_sigmoid(z, t):
    """dz was multiplied by p (1 - p), the slope of the sigmoid. That slope is in p - t already: it cancels against the
    one of the logarithm."""
    p = _probability(z)
    return np.mean(_loss(z, t)), (p - t) * p * (1 - p) / z.size


@mistake
def looks_at_one_class_only(z, t):
    """Only -t log p was counted, so whatever the model says where the truth is 0 costs nothing. The other class has a
    term of its own."""
    p = _probability(z)
    return np.mean(t * (_loss(z, np.ones_like(t)))), -t * (1 - p) / z.size


@mistake
def asks_whether_t_is_one(z, t):
    """Right for targets of 0 and 1. Targets in between were taken for a no. The formula weighs both surprises, by t and
    by 1 - t."""
    hard = (t == 1).astype(z.dtype)
    return np.mean(_loss(z, hard)), (_probability(z) - hard) / z.size


@mistake
def rounds_the_targets(z, t):
    """Right for targets of 0 and 1. Targets in between were rounded to a yes or a no. The formula weighs both
    surprises, by t and by 1 - t."""
    hard = (t > 0.5).astype(z.dtype)
    return np.mean(_loss(z, hard)), (_probability(z) - hard) / z.size


@mistake
def stops_at_the_probability(z, t):
    """The loss is right. dz is the slope with respect to the probability p, (p - t) / (p (1 - p)). From p back to z the
    chain rule multiplies by the slope of the sigmoid."""
    p = _probability(z)
    return np.mean(_loss(z, t)), (p - t) / (p * (1 - p)) / z.size


@mistake
def takes_the_sigmoid_twice(z, t):
    """The sigmoid was applied to its own answer, as if z were to become a probability twice. z is the score, before any
    sigmoid: with a score of 0 the probability is 0.5, and here 0.62."""
    p = _probability(_probability(z))
    return np.mean(_loss(_probability(z), t)), (p - t) / z.size


@mistake
def writes_into_the_callers_scores(z, t):
    """Right, but dz was written into z, and the caller's scores are gone. Whose array is it?"""
    loss = np.mean(_loss(z, t))
    z[...] = (_probability(z) - t) / z.size
    return loss, z


@mistake
def answers_in_double_precision(z, t):
    """The numbers are right, but for float32 scores dz comes back as float64. Something in between was made without
    asking z for its type."""
    return np.mean(_loss(z, t)), (_probability(z.astype(float)) - t) / z.size
