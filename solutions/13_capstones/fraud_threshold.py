r"""Capstone: which of them should be stopped?

The article's second question, from end to end. In your hands are cases of which one in ten is of the kind that must not
be missed: fraud, or here, as real data, malignant tumours among benign ones. Missing one costs twenty times as much as
a false alarm. Fit a model, find the threshold, and decide about new cases; then see what the decisions have cost.

Maths. X has shape (N, 3), y holds 1 for the rare kind and 0 for the others. Three steps:

$$\tilde x = \text{scaled by the data that were fitted to} \qquad
p = \sigma(\theta \cdot (1, \tilde x)) \qquad
\text{stop when } p \ge t$$

theta is fitted by logistic regression on (X_fit, y_fit), with a column of ones in front. The threshold t is the
cheapest one on (X_cal, y_cal), cases that theta has not been fitted to. The total cost on new cases is c_fp times the
false alarms plus c_fn times the missed ones.

By hand. With c_fp = 1 and c_fn = 20 and probabilities that keep their word, the threshold would be 1/21, about 0.048;
at the usual 0.5 almost everything that matters is missed.

Source: Elkan, The foundations of cost-sensitive learning (2001); Chen, Learning Math for Machine Learning (2018).
"""

import numpy as np

from assignments import apply_scaler, calibrate_threshold, fit_scaler, logistic_newton, sigmoid
from grader.authoring import AtMost, alternative, case, data, drive, exercise, mistake, picture

COST = "(sum(stopped * (1 - y_new)) + 20 * sum((1 - stopped) * y_new)) / cost_at_half"
ENOUGH, GOOD = AtMost(COST, 0.5), AtMost(COST, 0.45)


@exercise(
    points=8,
    difficulty=3,
    returns="stopped",
    needs=["platt_fit", "reliability_curve"],
    hints=[
        "Draw three boxes: fit, calibrate, decide. Which data go into which box, and what comes out of it?",
        "np.hstack([np.ones((len(Z), 1)), Z]) puts the column of ones in front, for scaled Z. The scaler is fitted to "
        "X_fit and applied to all three.",
        "The scores of X_cal and y_cal go into calibrate_threshold, together with the two costs. It gives the "
        "threshold and what it costs; the rest is a comparison.",
    ],
    why=(
        "Counting asks nothing of the probabilities but their order, so a model may exaggerate without harm. What "
        "must not change is the ruler: all data are scaled by those that the model was fitted to."
    ),
    lesson="Stopping the rare kind",
)
def fraud_threshold(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """Decide which of the new cases to stop.

    Args:
        X_fit: float array, shape (N, 3). Cases to fit the model to.
        y_fit: integer array, shape (N,), 1 for the rare kind.
        X_cal: float array, shape (M, 3). Cases to find the threshold on.
        y_cal: integer array, shape (M,).
        X_new: float array, shape (K, 3). Cases to decide about.
        cost_fp: float above 0, what a false alarm costs.
        cost_fn: float above 0, what a missed case costs.

    Returns:
        stopped: bool or integer array, shape (K,), True or 1 where the case is stopped. The arguments are left as they
        were.

    It is played on twelve random partitions of 397 cases, 40 of them of the rare kind. All decisions together
    have to cost at most half of what the threshold 0.5 costs with a plain logistic regression; in the edge case at most
    45 per cent of it.
    """
    state = fit_scaler(X_fit)

    def with_ones(X):
        return np.hstack([np.ones((len(X), 1)), apply_scaler(state, X)])

    theta = logistic_newton(with_ones(X_fit), y_fit)
    threshold, _ = calibrate_threshold(y_cal, sigmoid(with_ones(X_cal) @ theta), cost_fp, cost_fn)
    return sigmoid(with_ones(X_new) @ theta) >= threshold


@drive
def on_partitions(fraud_threshold, X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """Play the function on several partitions of the cases: all arrays have one axis more, over the partitions."""
    import numpy as np

    stopped = []
    for n in range(len(X_fit)):
        boxes = [part[n].copy() for part in (X_fit, y_fit, X_cal, y_cal, X_new)]
        stopped.append(np.asarray(fraud_threshold(*boxes, cost_fp, cost_fn)).astype(int))
        print(f"partition {n + 1} of {len(X_fit)}: {stopped[-1].sum()} of {stopped[-1].size} stopped")
    return np.stack(stopped)


def partitions(number, count=12):
    """Fixed partitions of the cases, a third of each kind in every box, and what the threshold 0.5 costs on them."""
    tumours = data("tumours")
    X, y = tumours["features"], tumours["rare"].astype(int)
    rng, boxes = np.random.default_rng(number), ([], [], [])
    for _ in range(count):
        kinds = [rng.permutation(np.flatnonzero(y == kind)) for kind in (0, 1)]
        thirds = [np.array_split(order[: 3 * (len(order) // 3)], 3) for order in kinds]
        for box, places in zip(boxes, zip(*thirds, strict=True), strict=True):
            box.append(np.concatenate(places))
    fit, cal, new = (np.stack(box) for box in boxes)
    parts = {"X_fit": X[fit], "y_fit": y[fit], "X_cal": X[cal], "y_cal": y[cal], "X_new": X[new]}
    at_half = np.stack([decides_at_a_half(*(part[n] for part in parts.values()), 1.0, 20.0) for n in range(count)])
    cost = float(np.sum(at_half * (1 - y[new])) + 20 * np.sum((1 - at_half) * y[new]))
    return {**parts, "cost_fp": 1.0, "cost_fn": 20.0, "y_new": y[new], "cost_at_half": cost}


@case(checks=[ENOUGH], seconds=30)
def twelve_partitions(rng):
    """Twelve partitions into three boxes: at most half of the cost at the threshold 0.5."""
    return partitions(5)


@case(checks=[ENOUGH], seconds=30)
def twelve_others(rng):
    """Twelve other partitions."""
    return partitions(10)


@case(hidden=True, checks=[ENOUGH], seconds=30)
def twelve_more(rng):
    return partitions(13)


@case(edge=True, checks=[GOOD], seconds=30)
def at_forty_five_per_cent(rng):
    """At most 45 per cent of the cost at the threshold 0.5."""
    return partitions(10)


@picture(case="twelve_partitions")
def how_many_are_stopped(axes, arguments, answer):
    """For every partition how many of the 132 new cases were stopped; 13 of them are of the rare kind, at the line."""
    axes.barh(np.arange(len(answer)), answer.sum(axis=1), color="0.8", edgecolor="0.4")
    axes.axvline(13, color="black", linewidth=1)
    axes.set(xlabel="cases stopped", ylabel="partition", yticks=np.arange(len(answer)))


def _probabilities(X_fit, y_fit, *others):
    """The probabilities of a logistic regression for other cases."""
    state = fit_scaler(X_fit)
    tables = [np.hstack([np.ones((len(X), 1)), apply_scaler(state, X)]) for X in (X_fit, *others)]
    theta = logistic_newton(tables[0], y_fit)
    return [sigmoid(table @ theta) for table in tables[1:]]


@alternative
def trusts_the_formula(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    # On all data that have outcomes, with the threshold that is right for probabilities that keep their word.
    X, y = np.vstack([X_fit, X_cal]), np.concatenate([y_fit, y_cal])
    return (_probabilities(X, y, X_new)[0] >= cost_fp / (cost_fp + cost_fn)).astype(int)


@alternative
def counts_by_itself(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    old, new = _probabilities(X_fit, y_fit, X_cal, X_new)
    candidates = sorted(set(old.tolist()), reverse=True)
    alarms = [np.sum((old >= t) & (y_cal == 0)) for t in candidates]
    missed = [np.sum((old < t) & (y_cal == 1)) for t in candidates]
    best = np.argmin(cost_fp * np.array(alarms) + cost_fn * np.array(missed))
    return new >= candidates[int(best)]


@mistake
def decides_at_a_half(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """The threshold is 0.5. That is the right one where both errors cost the same; here one costs twenty times as
    much."""
    return _probabilities(X_fit, y_fit, X_new)[0] >= 0.5


@mistake
def stops_everybody(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """Everybody is stopped: nothing is missed, and every case that is not of the rare kind is a false alarm. What does
    that cost?"""
    return np.ones(len(X_new), bool)


@mistake
def stops_nobody(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """Nobody is stopped. Nine answers in ten are right, and all that matters is missed. Probabilities are no decisions:
    turned into whole numbers, those below 1 are 0."""
    return np.zeros(len(X_new), bool)


@mistake
def exchanges_the_costs(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """The two costs were exchanged on the way to calibrate_threshold: a false alarm was made twenty times as dear as a
    missed case."""
    old, new = _probabilities(X_fit, y_fit, X_cal, X_new)
    return new >= calibrate_threshold(y_cal, old, cost_fn, cost_fp)[0]


@mistake
def lets_the_suspicious_through(X_fit, y_fit, X_cal, y_cal, X_new, cost_fp, cost_fn):
    """Those below the threshold were stopped, and those above let through. Which of them are suspicious?"""
    old, new = _probabilities(X_fit, y_fit, X_cal, X_new)
    return new < calibrate_threshold(y_cal, old, cost_fp, cost_fn)[0]
