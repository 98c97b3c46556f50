r"""Demographic parity: how far apart are the groups that are selected most and least?

A bank's model grants loans to 75 of 100 applicants from one part of town and to 25 of 100 from another. Before asking
why, you want one number for it that can be watched from week to week, like a loss.

Maths. yhat_n is 1 where person n is selected and 0 elsewhere, g_n is the group. The selection rate of a group is a
share among its members, and the difference is between the largest rate and the smallest:

$$d = \max_g P(\hat y = 1 \mid g) - \min_g P(\hat y = 1 \mid g)$$

d is 0 when all groups are selected equally often, which is called demographic parity, and at the most 1. The outcomes
y play no part: this is its strength, since outcomes may be unknown or unjust, and its weakness, since a coin has d = 0
as well.

By hand. yhat = [1, 1, 1, 0, 1, 0, 0, 0], the first four of group "A", the others of "B": the rates are 3/4 and 1/4, so
d = 0.5.

Source: Barocas, Hardt & Narayanan, Fairness and Machine Learning (2023), chapter 3, "Independence"; fairlearn,
`fairlearn.metrics.demographic_parity_difference`, whose name and keyword are used here.
"""

import numpy as np


def demographic_parity_difference(y_true, y_pred, *, sensitive_features):
    """Return the largest difference between the selection rates of two groups.

    Args:
        y_true: integer array, shape (N,). The outcomes, which play no part. They may be unknown yet, and then are -1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1; N is at least 1.
        sensitive_features: array of strings or of integers, shape (N,). The name of everybody's group; a number is a
            name as well. It is given by its keyword. There may be any number of groups, each with at least one member.

    Returns:
        d: float, between 0 and 1. With a single group it is 0. The arguments are left as they were.
    """
    raise NotImplementedError
