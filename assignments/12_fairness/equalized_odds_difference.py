r"""Equalised odds: is the model equally good, and equally wrong, about everybody?

Two groups apply for a loan. Of those who would pay back, the model finds 95 of 100 in one group and 70 of 100 in the
other. Each of the 30 who were turned away could ask: would it have been the same with another address? Equal selection
rates do not answer that; one has to look at people with the same outcome.

Maths. y is the outcome (1 or 0), yhat the prediction, g the group.

$$\text{tpr}_g = P(\hat y = 1 \mid y = 1, g) \qquad \text{fpr}_g = P(\hat y = 1 \mid y = 0, g)$$

$$d = \max\left(\max_g \text{tpr}_g - \min_g \text{tpr}_g,\; \max_g \text{fpr}_g - \min_g \text{fpr}_g\right)$$

The larger of two gaps: between those who should be selected, and between those who should not. d = 0 means that, once
the outcome is known, the group tells nothing more about the prediction. A model that is always right has d = 0 however
the groups differ.

By hand.

    group A: y = [1, 1, 0, 0], yhat = [1, 0, 0, 0]: tpr = 1/2, fpr = 0/2
    group B: y = [1, 0, 0, 0], yhat = [1, 1, 0, 0]: tpr = 1/1, fpr = 1/3

The gaps are 1/2 and 1/3, so d = 0.5.

Source: Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning (2016), section 2; fairlearn,
`fairlearn.metrics.equalized_odds_difference`, whose name and keyword are used here.
"""

import numpy as np


def equalized_odds_difference(y_true, y_pred, *, sensitive_features):
    """Return the larger of the gap between true-positive rates and the gap between false-positive rates.

    Args:
        y_true: integer array of any integer type, shape (N,). The outcomes, 0 or 1; N is at least 1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1.
        sensitive_features: array of strings or of integers, shape (N,). The name of everybody's group; a number is a
            name as well. It is given by its keyword. There may be any number of groups.

    Returns:
        d: float, between 0 and 1. A group without outcomes of 1 has no tpr and is left out of the gap between the tprs,
        while its fpr counts; a group without outcomes of 0 in the same way. A gap of one rate alone, or of none, is 0.
        The arguments are left as they were.
    """
    raise NotImplementedError
