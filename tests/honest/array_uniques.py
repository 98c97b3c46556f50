import numpy as np


def f(x):
    values, first, back, counts = np.unique([3, 1, 3, 2], return_index=True, return_inverse=True, return_counts=True)
    return values, first, back, counts, np.unique(np.sign(x), axis=0), np.union1d([1, 2], [2, 3]), np.isin([1, 2], [2])
