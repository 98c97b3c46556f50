r"""Softmax loss: how surprised is the network by the right answer?

A network that sorts photographs gives every class a score. Softmax turns the scores of one photograph into
probabilities, and the loss is the surprise at the true class: 0 where it was certain, larger the less it was expected.
Its gradient is the first message of the backward pass, and one of the simplest formulas in machine learning.

Maths. x has shape (N, C), a row of C scores for each of N examples; y_n is the number of the right class.

$$p_{nc} = \frac{e^{x_{nc}}}{\sum_k e^{x_{nk}}} \qquad
L = -\frac{1}{N}\sum_n \log p_{n,y_n} \qquad
\frac{\partial L}{\partial x_{nc}} = \frac{p_{nc} - 1[c = y_n]}{N}$$

Here 1[c = y_n] is 1 for the right class and 0 for the others. The logarithm can be taken before anything is divided:

$$\log p_{nc} = x_{nc} - m_n - \log \sum_k e^{x_{nk} - m_n}$$

for any number m_n. With m_n the largest score of the row, no power of e is larger than 1 and one of them is 1, so that
nothing overflows and the logarithm never meets a 0.

By hand. x = [[1, 2, 3]], y = [0]: the powers are 2.718, 7.389, 20.086, their sum is 30.193, p = [0.090, 0.245, 0.665].
So loss = -log 0.0900 = 2.4076 and dx = [[-0.910, 0.245, 0.665]]. When all scores are 0, the loss is log C.

Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2.2.3; Stanford CS231n, `softmax_loss`.
"""

import numpy as np

from grader.authoring import Consistent, Gradient, alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["loss", "dx"],
    needs=["softmax", "gather_rows"],
    checks=[Gradient(part="dx", wrt="x"), Consistent(part="dx", wrt="x")],
    banned=["scipy.special.softmax", "scipy.special.log_softmax", "scipy.special.logsumexp"],
    hints=[
        "Begin with a single row. Which number of p does the loss look at? And what is exp(1000) on your computer?",
        "Subtract from every row its largest score: p does not change. Then write the log of the quotient as a "
        "difference, so that the log is taken of the sum alone. An array of row numbers together with y picks one "
        "entry of each row.",
        "log_p is the shifted scores minus the log of the row sums of their exp (keepdims=True keeps the sums a "
        "column). The loss is minus the mean of log_p at (row n, column y_n). dx is exp(log_p), less 1 at these same "
        "places, all divided by N.",
    ],
    why=(
        "The logarithm undoes the power before a float can lose it, so even a hopeless answer has a finite loss; and "
        "what is left of the slope is the answer less the truth, over N."
    ),
    lesson="The slope",
)
def softmax_loss(x, y):
    """Return the mean cross-entropy of softmax scores, and its gradient with respect to the scores.

    Args:
        x: float array, shape (N, C). The scores; N is at least 1. They may be as large as 1000 or as small as -1000.
        y: integer array of any integer type, shape (N,). The right classes, from 0 to C - 1.

    Returns:
        (loss, dx): loss is a float, in natural-logarithm units, the mean over the N examples; dx is a float array of
        the shape and dtype of x, dloss/dx. The arguments are left as they were.

    softmax, log_softmax and logsumexp of scipy.special are what you write here; a file that uses them is refused.
    """
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    loss = -log_p[rows, y].mean()
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return loss, dx / len(x)


@case
def by_hand(rng):
    """The example of the statement: a single row."""
    return {"x": np.array([[1.0, 2.0, 3.0]]), "y": np.array([0])}


@case
def all_scores_zero(rng):
    """Where nothing is known yet, the loss is log C; here C is 4."""
    return {"x": np.zeros((2, 4)), "y": np.array([3, 1])}


@case
def a_batch(rng):
    """Five examples, three classes; some classes are right more than once."""
    return {"x": np.round(rng.normal(size=(5, 3)), 2), "y": np.array([2, 0, 2, 1, 0])}


@case(hidden=True)
def two_classes(rng):
    return {"x": np.round(2 * rng.normal(size=(4, 2)), 2), "y": np.array([1, 1, 0, 1])}


@case(edge=True)
def a_large_score(rng):
    """The network is sure, and wrong: exp(1000) is too large for a float, but the loss is 1000."""
    return {"x": np.array([[1000.0, 0.0]]), "y": np.array([1])}


@case(edge=True)
def very_negative_scores(rng):
    """All powers of e are too small for a float, but the classes are equally likely: the loss is log 2."""
    return {"x": np.array([[-1000.0, -1000.0]]), "y": np.array([0])}


@case(edge=True)
def rows_far_apart(rng):
    """One row of large scores and one of small ones; each row is a matter of its own."""
    return {"x": np.array([[900.0, 899.0], [-900.0, -901.0]]), "y": np.array([0, 1])}


@case(edge=True)
def labels_of_four_bytes(rng):
    """Labels of type int32."""
    return {"x": np.round(rng.normal(size=(3, 3)), 2), "y": np.array([1, 2, 0], dtype=np.int32)}


@case(edge=True)
def labels_of_one_byte(rng):
    """Labels of type uint8, which cannot be negative."""
    return {"x": np.round(rng.normal(size=(3, 4)), 2), "y": np.array([3, 0, 1], dtype=np.uint8)}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so dx is float32."""
    return {"x": np.round(rng.normal(size=(3, 3)), 2).astype(np.float32), "y": np.array([0, 2, 1])}


@alternative
def goes_row_by_row(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for n, scores in enumerate(x):
        powers = [np.exp(s - max(scores)) for s in scores]
        loss += max(scores) + np.log(sum(powers)) - scores[y[n]]
        for c, power in enumerate(powers):
            dx[n, c] = (power / sum(powers) - (c == y[n])) / len(x)
    return loss / len(x), dx


@alternative
def compares_each_class_with_the_right_one(x, y):
    # 1 / p_y = sum_k exp(x_k - x_y), so loss = log-sum-exp of the differences, without softmax ever being formed.
    behind = x - np.take_along_axis(x, y[:, None].astype(int), axis=1)
    loss = np.logaddexp.reduce(behind, axis=1)
    right = np.arange(x.shape[1]) == y[:, None]
    return loss.mean(), (np.exp(behind - loss[:, None]) - right.astype(x.dtype)) / x.dtype.type(len(x))


@alternative
def writes_the_labels_as_rows_of_ones_and_zeros(x, y):
    ones = np.eye(x.shape[1], dtype=x.dtype)[y]
    top = np.max(x, axis=1, keepdims=True)
    log_sum = top + np.log(np.sum(np.exp(x - top), axis=1, keepdims=True))
    return float(np.sum(ones * (log_sum - x)) / len(x)), (np.exp(x - log_sum) - ones) / len(x)


@mistake
def forgets_the_mean_in_dx(x, y):
    """dx is N times too large: the loss is a mean, but its gradient is that of a sum. Write every example of the batch
    twice: the mean loss stays the same, so each example moves it half as much."""
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx


@mistake
def forgets_the_mean_in_the_loss(x, y):
    """The loss is a sum over the examples and dx belongs to a mean. The two have to agree on whether they average, and
    the statement says that they do."""
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].sum(), dx / len(x)


@mistake
def forgets_the_right_class(x, y):
    """dx is p / N, also at the right class. There a higher score makes the loss smaller, so the slope has to be
    negative: which term of the formula sees to that?"""
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(x)), y].mean(), np.exp(log_p) / len(x)


@mistake
def takes_the_log_of_a_lost_probability(x, y):
    """Right, unless a probability is too small for a float: then it is 0, and its logarithm minus infinity. The log of
    e to the power of something is known without computing the power; take it before the number is lost."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    return loss, p / len(x)


@mistake
def exponentiates_the_raw_scores(x, y):
    """Right for small scores. exp(1000) is not a number that a float can hold, and exp(-1000) is 0. Adding one number
    to all scores of a row does not change p: which number helps?"""
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)


@mistake
def shifts_all_rows_by_one_number(x, y):
    """The largest score of the whole batch was subtracted everywhere. In a row that lies far below it all powers of e
    become 0. Every row has a largest score of its own."""
    shifted = x - x.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)


@mistake
def subtracts_from_whole_columns(x, y):
    """The 1 was subtracted from every row of each column in y. There should be one subtraction in each row, at its own
    label: a : in the index means all rows, where each row should meet its y."""
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dx = np.exp(log_p)
    dx[:, y] -= 1
    return -log_p[np.arange(len(x)), y].mean(), dx / len(x)


@mistake
def shifts_the_callers_scores(x, y):
    """Right, but the largest score was subtracted from x itself, and the caller's scores are no longer what they were.
    x -= something writes into the array that was handed over."""
    x -= x.max(axis=1, keepdims=True)
    log_p = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)
