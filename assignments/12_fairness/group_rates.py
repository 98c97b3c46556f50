r"""One row for every group: who is selected, who is found, who is wronged?

A model that reads skin photographs is right in 92 of 100 cases, and the hospital is content. Split by skin tone, it is
right in 96 of 100 for most people and in 60 of 100 for the others. An average hides whoever is few, so the first step
of every question about fairness is to stop averaging.

Maths. Each of N people has an outcome y_n (1 or 0), a prediction yhat_n (1: selected, 0: not) and a group g_n. For
every group g that occurs, count within the group alone; P(A | B) is the share of A among those for whom B holds:

$$\text{selection rate} = P(\hat y = 1 \mid g) \qquad \text{accuracy} = P(\hat y = y \mid g)$$

$$\text{tpr} = P(\hat y = 1 \mid y = 1, g) \qquad \text{fpr} = P(\hat y = 1 \mid y = 0, g)$$

The true-positive rate tpr says how many were found of those who should have been, the false-positive rate fpr how many
were selected of those who should not have been. n is the size of the group.

By hand. y = [1, 1, 0, 0, 1, 0], yhat = [1, 0, 1, 0, 1, 0]; the first four are of group "A", the last two of "B".

    A: n = 4, selection rate 2/4, tpr 1/2, fpr 1/2, accuracy 2/4
    B: n = 2, selection rate 1/2, tpr 1/1, fpr 0/1, accuracy 2/2

Both groups are selected equally often, and for A the model is no better than a coin.

Source: Barocas, Hardt & Narayanan, Fairness and Machine Learning (2023), chapter 3; fairlearn, `MetricFrame`.
"""

import numpy as np


def group_rates(y_true, y_pred, groups):
    """Return size, selection rate, tpr, fpr and accuracy of every group.

    Args:
        y_true: integer array of any integer type, shape (N,). The outcomes, 0 or 1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1.
        groups: array of strings or of integers, shape (N,). The name of everybody's group. A number is a name like any
            other: it may be negative or large, and numbers in between may be missing.

    Returns:
        rates: dict from the name of each group that occurs (a string or an integer) to a dict with the keys "n" (the
        number of its members, an integer), "selection_rate", "tpr", "fpr" and "accuracy" (floats, fractions between 0
        and 1). A group without outcomes of 1 has no tpr, and its tpr is nan; a group without outcomes of 0 has fpr
        nan. For N = 0 the dict is empty. The order of the groups plays no part. The arguments are left as they were.
    """
    raise NotImplementedError
