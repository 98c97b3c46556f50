r"""Nearest neighbours: ask those who are most alike.

A new customer has just signed up: will she stay? Look for the k old customers who are most like her, and let them vote.
There is no training and no formula to believe in, and often it is hard to beat. It is a good first answer on new data:
what a cleverer method cannot do better than this, it has not learned.

Maths. X_train has shape (M, D), an old example in each row, y_train has shape (M,) and holds their labels; X has shape
(N, D), a new example in each row. How far apart two examples are is the length of their difference:

$$d_{ij} = \sqrt{\sum_c (x_{ic} - t_{jc})^2}$$

with x row i of X and t row j of X_train. For each i the k training examples with the smallest d_ij vote with their
labels, and the label with most votes wins. Two rules make the answer unique:

    of two training examples equally far away, the one that stands earlier in X_train counts as nearer
    of two labels with equally many votes, the smaller one wins

The root is not needed to tell who is nearer, and the squares under it can be multiplied out:

$$d_{ij}^2 = \sum_c x_{ic}^2 + \sum_c t_{jc}^2 - 2 \sum_c x_{ic} t_{jc}$$

The last sum is an entry of the matrix product X X_train^T, so that N x M x D differences never have to be written down.

By hand. X_train = [[0], [1], [4], [6]] with labels [2, 2, 5, 5], X = [[2.75]]: the distances are 2.75, 1.75, 1.25 and
3.25. k = 1 asks the third and says 5. k = 2 asks the second as well, one vote each: the smaller label, 2. k = 3 asks
the first as well, and 2 wins by two votes to one. k = 4 asks all, two votes each: 2 again.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 2.3.2; Stanford CS231n,
assignment 1, KNearestNeighbor.
"""

import numpy as np


def knn_predict(X_train, y_train, X, k=1):
    """Return the label that the k nearest training examples vote for, for every row of X.

    Args:
        X_train: array of floats or integers of any type, shape (M, D), M >= 1. The training examples.
        y_train: integer array, shape (M,). Their labels: any whole numbers, negative and very large ones as well.
        X: array of the dtype of X_train, shape (N, D). N may be 0.
        k: int, from 1 to M. How many neighbours vote.

    Returns:
        labels: integer array, shape (N,), also where N is 0. Neighbours are near by Euclidean distance. Of two training
        examples equally far away, the one that stands earlier in X_train counts as nearer; where labels have equally
        many votes, the smallest of them wins. The arguments are left as they were.

    Rounding decides nothing: wherever the cases have distances that are not equal, they differ by far more than a
    rounding error, and equal ones are distances between whole numbers, which come out equal whatever the formula.
    Pixels of type uint8 count as numbers: 3 - 5 is -2.

    Memory and time: no array of N x M x D numbers in between. An edge case has N = 400, M = 1000 and D = 1000, where
    such an array would take 3.2 GB; the limits are 512 MiB and 20 seconds. A loop over the rows of X keeps to both.
    """
    raise NotImplementedError
