r"""Hinge loss: right is not enough, be right by a margin.

An airport scanner that gives "harmless" a score of 2.01 and "weapon" one of 2.00 has answered rightly and nobody would
want to rely on it. The hinge loss of support vector machines asks that the right class be ahead of every other by at
least 1, and counts how much is missing. Beyond that it is content, where the softmax loss never is.

Maths. x has shape (N, C), a row of scores for each of N examples; y_n is the number of the right class. The margin that
class j violates is

$$m_{nj} = \max(0,\; x_{nj} - x_{n,y_n} + 1) \quad (j \ne y_n) \qquad\qquad
L = \frac{1}{N} \sum_n \sum_{j \ne y_n} m_{nj}$$

For the slope, look at one example. A wrong class with m > 0 raises L by 1/N for each unit of its score. The right class
takes part in every violated margin, and a higher score makes all of these smaller at once:

$$\frac{\partial L}{\partial x_{nj}} = \frac{1[m_{nj} > 0]}{N} \quad (j \ne y_n) \qquad
\frac{\partial L}{\partial x_{n,y_n}} = -\frac{1}{N} \sum_{j \ne y_n} 1[m_{nj} > 0]$$

Where a margin is met exactly, the loss has a kink, and any share between none and all of that slope is right.

By hand. x = [[3, 1, 2.5]], y = [0]: class 1 is behind by 2 and violates nothing, class 2 is behind by 0.5 and violates
0.5. So loss = 0.5 and dx = [[-1, 0, 1]]. When all scores are equal, the loss is C - 1.

Source: Weston & Watkins, Support vector machines for multi-class pattern recognition (1999), section 3; Stanford
CS231n, course notes, Linear Classification.
"""

import numpy as np

from grader.authoring import Consistent, Gradient, Holds, alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["loss", "dx"],
    needs=["softmax_loss", "relu_backward"],
    checks=[Gradient(part="dx", wrt="x"), Consistent(part="dx", wrt="x")],
    hints=[
        "Take a single row. Write down the margins of the wrong classes and cross out those that are not violated. How "
        "does the loss change if the right score grows by a little?",
        "np.arange(N) together with y picks the right score of each row; [:, None] makes a column of them, so that it "
        "can be subtracted from whole rows. The right class must not compete against itself: set its margin to 0.",
        "dx begins with 1 where a margin is violated. The entry of the right class is minus the sum of its row. Then "
        "everything is divided by N.",
    ],
    why=(
        "The loss is made of straight pieces, so its slope asks only which margins are violated and never by how "
        "much; where all are more than met it is 0, and the example has no say any more."
    ),
    lesson="Another loss: be ahead by 1",
)
def svm_loss(x, y):
    """Return the mean multiclass hinge loss, and its gradient with respect to the scores.

    Args:
        x: float array, shape (N, C). The scores; N and C are at least 1.
        y: integer array of any integer type, shape (N,). The right classes, from 0 to C - 1.

    Returns:
        (loss, dx): loss is a float, the mean over the N examples; dx is a float array of the shape and dtype of x,
        dloss/dx. Where a margin is met exactly (a wrong score is 1 below the right one), any share of its slope is
        right, as long as the right class gets the same with the other sign, so that every row adds up to 0. The
        arguments are left as they were.
    """
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


def scores(rng, y, classes):
    """Scores with one decimal; the right ones end in odd tenths and the others in even ones, so no margin is met."""
    x = 2 * rng.integers(-10, 11, (len(y), classes))
    x[np.arange(len(y)), y] += 1
    return x / 10


@case
def by_hand(rng):
    """The example of the statement."""
    return {"x": np.array([[3.0, 1.0, 2.5]]), "y": np.array([0])}


@case
def a_batch(rng):
    """Five examples, four classes; margins of both kinds."""
    y = np.array([2, 0, 3, 1, 0])
    return {"x": scores(rng, y, 4), "y": y}


@case
def all_scores_equal(rng):
    """Where nothing is known yet, every wrong class violates its margin by 1: the loss is C - 1."""
    return {"x": np.full((2, 4), 0.5), "y": np.array([3, 1])}


@case(hidden=True)
def another_batch(rng):
    y = np.array([1, 1, 2, 0])
    return {"x": scores(rng, y, 3), "y": y}


@case(edge=True)
def content(rng):
    """The right classes are ahead by more than 1: the loss is 0, and so is its slope."""
    return {"x": np.array([[5.0, 1.0, 2.0], [-3.0, 4.0, 0.0]]), "y": np.array([0, 1])}


@case(edge=True, checks=[Holds("sum(dx, axis=1) == 0 * y")])
def exactly_at_the_margin(rng):
    """In the first two rows a wrong score is exactly 1 below the right one, and another violates its margin."""
    x = np.array([[2.0, 1.0, 0.5, 3.0], [0.25, 1.5, 0.5, 1.25], [0.0, 1.5, 1.75, -1.0]])
    return {"x": x, "y": np.array([0, 1, 1])}


@case(edge=True)
def large_scores(rng):
    """Scores of about 1000; nothing is exponentiated here."""
    return {"x": np.array([[1000.0, 1002.5], [-1000.0, 1000.0]]), "y": np.array([0, 1])}


@case(edge=True)
def a_single_class(rng):
    """One class only: it has no competitor, so nothing can be missing."""
    return {"x": np.array([[0.7], [-1.3]]), "y": np.array([0, 0])}


@case(edge=True)
def labels_of_one_byte(rng):
    """Labels of type uint8."""
    y = np.array([2, 0, 1], dtype=np.uint8)
    return {"x": scores(rng, y, 3), "y": y}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so dx is float32."""
    y = np.array([0, 2, 1])
    return {"x": scores(rng, y, 3).astype(np.float32), "y": y}


@alternative
def goes_pair_by_pair(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(x.shape[0]):
        for j in range(x.shape[1]):
            missing = x[n, j] - x[n, y[n]] + 1
            if j != y[n] and missing > 0:
                loss += missing
                dx[n, j] += 1
                dx[n, y[n]] -= 1
    return loss / x.shape[0], dx / x.shape[0]


@alternative
def counts_the_right_class_and_takes_it_off(x, y):
    # The right class violates its own margin by exactly 1 in every row.
    right = np.take_along_axis(x, y[:, None].astype(int), axis=1)
    margins = (x - right + 1).clip(min=0)
    ones = np.eye(x.shape[1], dtype=x.dtype)[y]
    violated = (margins > 0).astype(x.dtype) * (1 - ones)
    loss = float(margins.sum(axis=1).mean()) - 1
    return loss, (violated - violated.sum(axis=1, keepdims=True) * ones) / x.dtype.type(len(y))


@alternative
def lets_a_met_margin_count(x, y):
    rows = np.arange(y.size)
    margins = x - x[rows, y].reshape(-1, 1) + 1
    margins[rows, y] = -1
    open_ = (margins >= 0).astype(x.dtype)
    open_[rows, y] -= open_.sum(axis=1)
    return np.where(margins > 0, margins, 0).sum() / y.size, open_ / y.size


@alternative
def halves_a_met_margin(x, y):
    # As long as no margin is crossed the loss is linear in x: the product of slope and scores, and a 1 per violation.
    ones = np.eye(x.shape[1], dtype=x.dtype)[y]
    margins = x - np.sum(ones * x, axis=1, keepdims=True) + 1 - ones
    near = np.heaviside(margins, 0.5).astype(x.dtype) * (1 - ones)
    dx = (near - ones * np.sum(near, axis=1, keepdims=True)) / len(x)
    return np.vdot(dx, x) + np.sum(near) / len(x), dx


def _hinge(x, y, delta=1.0):
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + np.array(delta, x.dtype))
    margins[rows, y] = 0
    violated = (margins > 0).astype(x.dtype)
    return rows, margins, violated


@mistake
def lets_the_right_class_compete(x, y):
    """The loss is too large by 1: the right class was counted among its own competitors, and it is never ahead of
    itself by a margin."""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x) + 1, dx / len(x)


@mistake
def lets_the_right_class_compete_in_dx_as_well(x, y):
    """The right class was counted among its own competitors: the loss is too large by 1, and in dx the right class is
    pulled once too often. Is it ever ahead of itself?"""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1) - 1
    return margins.sum() / len(x) + 1, dx / len(x)


@mistake
def counts_the_right_class_once(x, y):
    """In dx the right class gets -1/N wherever anything is violated. One unit more of the right score mends all
    violated margins of its row at once: how many are there?"""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -(dx.sum(axis=1) > 0).astype(x.dtype)
    return margins.sum() / len(x), dx / len(x)


@mistake
def forgets_the_right_class(x, y):
    """In dx the right class has slope 0. It takes part in every margin of its row, with a minus: raising it lowers the
    loss."""
    _, margins, dx = _hinge(x, y)
    return margins.sum() / len(x), dx / len(x)


@mistake
def forgets_the_mean_in_dx(x, y):
    """dx is N times too large: the loss is a mean over the examples, and its gradient was not divided. Write every
    example of the batch twice: what should happen to the loss?"""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx


@mistake
def forgets_the_mean(x, y):
    """Loss and gradient are sums over the examples. The statement asks for means; otherwise a larger batch would be a
    larger step."""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum(), dx


@mistake
def asks_for_no_margin(x, y):
    """A class that is behind by anything at all was let off. The right class has to be ahead by at least 1: look at the
    + 1 in the formula."""
    rows, margins, dx = _hinge(x, y, delta=0.0)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake
def squares_the_margins(x, y):
    """The margins were squared. That is a loss of its own, with another slope; here each counts by what it is."""
    rows, margins, _ = _hinge(x, y)
    dx = 2 * margins
    dx[rows, y] = -dx.sum(axis=1)
    return (margins**2).sum() / len(x), dx / len(x)


@mistake
def averages_over_the_classes_too(x, y):
    """Everything was divided by the number of classes as well. The margins of an example add up; only the examples are
    averaged."""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.mean(), dx / x.size


@mistake
def forgets_the_mean_in_the_loss(x, y):
    """The loss is a sum over the examples and dx belongs to a mean. The two have to agree on whether they average, and
    the statement says that they do."""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum(), dx / len(x)


@mistake
def always_pulls_the_right_class(x, y):
    """In dx the right class gets -1/N in every row, also in rows where nothing is violated. What does such a row gain
    from a higher score?"""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -1
    return margins.sum() / len(x), dx / len(x)


@mistake
def takes_the_margin_for_its_slope(x, y):
    """The loss is right. dx holds the margins themselves where it should hold the slope of max(0, m), which is 1
    however much a margin is violated."""
    rows, margins, _ = _hinge(x, y)
    dx = margins.copy()
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake
def counts_the_worst_class_alone(x, y):
    """Of every row you took the largest margin. That is a hinge loss, too (Crammer & Singer's), but this one adds up
    the margins of all wrong classes."""
    rows, margins, _ = _hinge(x, y)
    worst = np.zeros_like(margins)
    worst[rows, margins.argmax(axis=1)] = margins.max(axis=1)
    dx = (worst > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return worst.sum() / len(x), dx / len(x)


@mistake
def turns_the_difference_round(x, y):
    """The right score was asked to be behind: a class violates its margin here when the right one leads. Say in words
    when the loss should be 0, and look at the sign of the difference."""
    rows, margins, dx = _hinge(-x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), -dx / len(x)


@mistake
def forgives_whole_columns(x, y):
    """For every label in y the margins of a whole column were set to 0, in all rows. Each row forgives its own right
    class and no other: a : in the index means all rows, where each row should meet its y."""
    rows, margins, dx = _hinge(x, y)
    margins[:, y] = dx[:, y] = 0
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake
def counts_a_met_margin_on_one_side(x, y):
    """Right, except where a margin is met exactly. There the right class is pulled for a class that is not pushed, so
    the row does not add up to 0: is there a > in one place and a >= in the other?"""
    rows, margins, dx = _hinge(x, y)
    met = x - x[rows, y][:, None] + 1 == 0
    dx[rows, y] = -(dx + met).sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake
def subtracts_from_the_callers_scores(x, y):
    """Right, but the right scores were subtracted from x itself, and the caller's scores are no longer what they were.
    x -= something writes into the array that was handed over."""
    x -= x[np.arange(len(x)), y][:, None]
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


@mistake
def answers_in_double_precision(x, y):
    """The numbers are right, but for float32 scores dx comes back as float64. np.zeros(shape) makes float64;
    np.zeros_like(x) asks x for its type."""
    rows, margins, dx = _hinge(x, y)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx.astype(float) / len(x)
