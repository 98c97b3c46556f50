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
    raise NotImplementedError
