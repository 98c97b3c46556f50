r"""The cheapest threshold: at which score should a payment be blocked?

A model gives every payment a score between 0 and 1, and from some score on a payment is blocked. Block too many and
honest customers stand at the till with a card that does not work; block too few and the frauds go through. If you know
what each of the two errors costs, the past payments tell you where to draw the line.

Maths. y_n is 1 for a fraud and 0 for an honest payment, p_n is its score. With the rule "block when p >= t", the
threshold t makes two kinds of error:

    FP(t) = number of n with y_n = 0 and p_n >= t      honest, but blocked (false positives)
    FN(t) = number of n with y_n = 1 and p_n < t       frauds that go through (false negatives)

$$\mathrm{cost}(t) = c_{fp}\cdot FP(t) + c_{fn}\cdot FN(t)$$

Between two neighbouring scores nothing changes, so only thresholds that are scores themselves need to be tried, and
t = infinity, which blocks nobody. The smallest score blocks everybody.

By hand. y = [0, 1], p = [0.2, 0.3], c_fp = 1, c_fn = 20.

    t = inf   blocks nobody        one fraud goes through    cost 20
    t = 0.3   blocks the second    no error                  cost 0
    t = 0.2   blocks both          one honest blocked        cost 1

So the threshold is 0.3 and the cost 0.

Source: Elkan, The foundations of cost-sensitive learning (2001); Fawcett, An introduction to ROC analysis (2006), on
the efficient generation of ROC curves.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=5,
    difficulty=3,
    returns=["threshold", "cost"],
    needs=["roc_auc", "bayes_posterior"],
    hints=[
        "Do it for five payments on paper: write the scores in order, and walk the threshold down from infinity. "
        "What changes when it passes one payment?",
        "First make it right, with a loop over the candidates. To make it fast, sort once: how many honest payments "
        "have a score of at least t is then a matter of looking up a place in a sorted list.",
        "Sort the scores of the honest payments and those of the frauds, each for itself. np.searchsorted tells for "
        "all thresholds at once how many scores lie below each. With the candidates from the largest to the smallest, "
        "np.argmin finds the first of several equal costs, which is the one you want.",
    ],
    why=(
        "Each payment that the threshold passes on its way down changes the cost by a fixed amount, up by c_fp or "
        "down by c_fn. So one walk along the sorted scores meets every cost there is."
    ),
    lesson="Counting, by hand",
)
def calibrate_threshold(y_true, p, cost_fp, cost_fn):
    """Return the threshold that costs least on these payments, and what it costs.

    Args:
        y_true: integer array, shape (N,). 1 for a fraud, 0 for an honest payment. N may be 0.
        p: float array, shape (N,). The scores; the larger, the more suspicious. Scores may be equal.
        cost_fp: float, above 0. What it costs to block one honest payment.
        cost_fn: float, above 0. What it costs to let one fraud through.

    Returns:
        (threshold, cost): two floats. Payments with p >= threshold are blocked. The candidates are every distinct score
        and +inf (block nobody); where several cost the same, the answer is the largest of them, which blocks the
        fewest people. cost is the total over all N payments, not the mean. A few sorted passes are enough; with 80 000
        payments there is no time to go through all of them for each candidate. The arguments are left as they were.
    """
    thresholds = np.append(np.unique(p), np.inf)[::-1]
    honest, frauds = np.sort(p[y_true == 0]), np.sort(p[y_true == 1])
    false_positives = honest.size - np.searchsorted(honest, thresholds, side="left")
    false_negatives = np.searchsorted(frauds, thresholds, side="left")
    costs = cost_fp * false_positives + cost_fn * false_negatives
    best = np.argmin(costs)
    return float(thresholds[best]), float(costs[best])


def payments(rng, number):
    """Labels, and scores with three decimals that overlap; no score ends in 0, so that none lies on a round number."""
    y = (np.arange(number) % 3 == 0).astype(int)
    steps = rng.choice(np.arange(1, 70), number, replace=False)
    return y, (10 * (steps + 25 * y) + rng.integers(1, 10, number)) / 1000


# Where ties are not wanted, a cost of 7.25 makes them impossible: 29 honest payments would have to weigh 4 frauds.
@case
def by_hand(rng):
    """The example of the statement."""
    return {"y_true": np.array([0, 1]), "p": np.array([0.2, 0.3]), "cost_fp": 1.0, "cost_fn": 20.0}


@case
def a_costly_fraud(rng):
    """Twelve payments; a fraud costs as much as 7.25 angry customers."""
    y, p = payments(rng, 12)
    return {"y_true": y, "p": p, "cost_fp": 1.0, "cost_fn": 7.25}


@case
def a_costly_block(rng):
    """Twelve payments; now it is the angry customer who costs more."""
    y, p = payments(rng, 12)
    return {"y_true": y, "p": p, "cost_fp": 7.25, "cost_fn": 1.0}


@case
def an_unlucky_model(rng):
    """The honest payment has the higher score, and blocking it is expensive: the cheapest is to block nobody."""
    return {"y_true": np.array([1, 0]), "p": np.array([0.4, 0.9]), "cost_fp": 3.0, "cost_fn": 1.0}


@case(hidden=True)
def fifteen_payments(rng):
    y, p = payments(rng, 15)
    return {"y_true": y, "p": p, "cost_fp": 2.0, "cost_fn": 14.5}


@case(edge=True)
def all_are_honest(rng):
    """No fraud at all: the best is to block nobody."""
    return {"y_true": np.array([0, 0, 0]), "p": np.array([0.1, 0.7, 1.0]), "cost_fp": 1.0, "cost_fn": 20.0}


@case(edge=True)
def all_are_frauds(rng):
    """Frauds only: the best is to block everybody."""
    return {"y_true": np.array([1, 1, 1]), "p": np.array([0.15, 0.72, 0.38]), "cost_fp": 1.0, "cost_fn": 20.0}


@case(edge=True)
def equal_costs(rng):
    """Thresholds 0.8 and 0.4 both cost 1; the larger one is wanted."""
    y, p = np.array([0, 1, 0, 1, 0]), np.array([0.1, 0.4, 0.6, 0.8, 0.3])
    return {"y_true": y, "p": p, "cost_fp": 1.0, "cost_fn": 1.0}


@case(edge=True)
def equal_scores(rng):
    """Three payments have the score 0.6: they are blocked together or not at all."""
    y, p = np.array([0, 1, 0, 1, 0, 1]), np.array([0.2, 0.6, 0.6, 0.9, 0.6, 0.35])
    return {"y_true": y, "p": p, "cost_fp": 2.0, "cost_fn": 3.5}


@case(edge=True)
def rare_frauds(rng):
    """Frauds are rare, so all scores are below 0.002, and so is the best threshold."""
    y = np.array([0, 0, 1, 0, 0, 1, 0, 0])
    p = np.array([0.0002, 0.0005, 0.0011, 0.0001, 0.0007, 0.0016, 0.0013, 0.0003])
    return {"y_true": y, "p": p, "cost_fp": 1.0, "cost_fn": 20.0}


@case(edge=True)
def no_payments(rng):
    """Nothing to learn from: only +inf is left, and it costs nothing."""
    return {"y_true": np.zeros(0, dtype=int), "p": np.zeros(0), "cost_fp": 1.0, "cost_fn": 20.0}


@case(edge=True, seconds=2)
def eighty_thousand_payments(rng):
    """80 000 payments, each with a score of its own."""
    p = np.round(((rng.permutation(80_000) + 0.5) / 80_000) ** 3, 12)
    return {"y_true": (rng.random(80_000) < p).astype(int), "p": p, "cost_fp": 1.0, "cost_fn": 20.0}


@picture(case="a_costly_fraud")
def answer_on_the_staircase(axes, arguments, answer):
    """The staircase is the cost of every threshold, and the cross is your answer. Is it on the staircase, on the lowest
    step, and at the step's right end, which blocks the fewest?"""
    y, p = arguments["y_true"], arguments["p"]
    steps = np.append(np.unique(p), 1.05)
    fp = [np.sum((p >= t) & (y == 0)) for t in steps]
    fn = [np.sum((p < t) & (y == 1)) for t in steps]
    paid = arguments["cost_fp"] * np.array(fp) + arguments["cost_fn"] * np.array(fn)
    axes.step(np.append(0, steps), np.append(paid[0], paid), where="pre")
    axes.plot(min(answer[0], 1.05), answer[1], "x", color="#D55E00", markersize=12, markeredgewidth=3)
    axes.set(xlabel="threshold (at the right end: block nobody)", ylabel="cost", xlim=(0, 1.1))
    axes.set(ylim=(0, 1.15 * paid.max()))


@alternative
def walks_the_threshold_down(y_true, p, cost_fp, cost_fn):
    cost = best_cost = float(cost_fn * np.sum(y_true == 1))
    threshold = np.inf
    order = sorted(range(len(p)), key=lambda n: -p[n])
    for place, n in enumerate(order):
        cost += cost_fp if y_true[n] == 0 else -cost_fn
        last_of_its_score = place + 1 == len(order) or p[order[place + 1]] != p[n]
        if last_of_its_score and cost < best_cost:
            threshold, best_cost = p[n], cost
    return threshold, best_cost


@alternative
def counts_from_above_with_running_sums(y_true, p, cost_fp, cost_fn):
    scores, group = np.unique(-p, return_inverse=True)
    blocked = np.append(0, np.cumsum(np.bincount(group, weights=y_true == 0, minlength=len(scores))))
    caught = np.append(0, np.cumsum(np.bincount(group, weights=y_true == 1, minlength=len(scores))))
    costs = cost_fp * blocked + cost_fn * (caught[-1] - caught)
    best = int(np.argmin(costs))
    return float(np.append(np.inf, -scores)[best]), float(costs[best])


def _counts(y_true, p, thresholds):
    """False positives and false negatives at each of the thresholds."""
    honest, frauds = np.sort(p[y_true == 0]), np.sort(p[y_true == 1])
    return honest.size - np.searchsorted(honest, thresholds), np.searchsorted(frauds, thresholds)


def _first_best(thresholds, costs):
    best = np.argmin(costs)
    return float(thresholds[best]), float(costs[best])


@mistake
def always_takes_one_half(y_true, p, cost_fp, cost_fn):
    """This is the cost at the threshold 0.5, whatever the prices are. Is missing a fraud as bad as annoying a
    customer?"""
    fp, fn = _counts(y_true, p, 0.5)
    return 0.5, float(cost_fp * fp + cost_fn * fn)


@mistake
def asks_for_the_fewest_errors(y_true, p, cost_fp, cost_fn):
    """This threshold makes the fewest errors, so it has the best accuracy. Accuracy has never heard of your prices, nor
    has F1: a payment blocked and a fraud missed count the same."""
    thresholds = np.append(np.unique(p), np.inf)[::-1]
    fp, fn = _counts(y_true, p, thresholds)
    best = np.argmin(fp + fn)
    return float(thresholds[best]), float(cost_fp * fp[best] + cost_fn * fn[best])


@mistake
def tries_a_hundred_round_numbers(y_true, p, cost_fp, cost_fn):
    """The candidates are 0, 0.01, 0.02 and so on. Rare events live at tiny probabilities, where all that matters may
    happen between two of these. The scores themselves are the only places where anything changes."""
    thresholds = np.linspace(0, 1, 101)
    fp, fn = _counts(y_true, p, thresholds)
    return _first_best(thresholds, cost_fp * fp + cost_fn * fn)


@mistake
def always_blocks_somebody(y_true, p, cost_fp, cost_fn):
    """Right, unless the cheapest is to block nobody: the scores are the only candidates here, and the largest score
    still blocks one payment. Sometimes the best action is none."""
    thresholds = np.unique(p)[::-1]
    fp, fn = _counts(y_true, p, thresholds)
    return _first_best(thresholds, cost_fp * fp + cost_fn * fn)


@mistake
def lets_the_threshold_itself_through(y_true, p, cost_fp, cost_fn):
    """A payment is blocked here when p > threshold. The rule is p >= threshold: on which side of the gate is a payment
    whose score is the threshold itself?"""
    thresholds = np.append(np.unique(p), np.inf)[::-1]
    honest, frauds = np.sort(p[y_true == 0]), np.sort(p[y_true == 1])
    fp = honest.size - np.searchsorted(honest, thresholds, side="right")
    fn = np.searchsorted(frauds, thresholds, side="right")
    return _first_best(thresholds, cost_fp * fp + cost_fn * fn)


@mistake
def takes_the_smallest_of_equal_costs(y_true, p, cost_fp, cost_fn):
    """Right, except where several thresholds cost the same. Among them the statement asks for the largest, which blocks
    the fewest people. np.argmin stops at the first: in which order do your candidates come?"""
    thresholds = np.append(np.unique(p), np.inf)
    fp, fn = _counts(y_true, p, thresholds)
    return _first_best(thresholds, cost_fp * fp + cost_fn * fn)


@mistake
def parts_payments_of_equal_score(y_true, p, cost_fp, cost_fn):
    """The running sums are right, but they are also read in the middle of a group of equal scores. No threshold can
    block one payment and let through another with the same score."""
    order = np.argsort(-p, kind="stable")
    fp = np.append(0, np.cumsum(y_true[order] == 0))
    fn = np.sum(y_true == 1) - np.append(0, np.cumsum(y_true[order] == 1))
    return _first_best(np.append(np.inf, p[order]), cost_fp * fp + cost_fn * fn)


@mistake
def exchanges_the_two_prices(y_true, p, cost_fp, cost_fn):
    """The price of a missed fraud was paid for every honest payment blocked, and the other way round. Say both in
    words: a false positive, who was wronged?"""
    thresholds = np.append(np.unique(p), np.inf)[::-1]
    fp, fn = _counts(y_true, p, thresholds)
    return _first_best(thresholds, cost_fp * fn + cost_fn * fp)
