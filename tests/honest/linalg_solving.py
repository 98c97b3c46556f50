import numpy as np


def f(x):
    a = x.T @ x + np.eye(3)
    solution, _, rank, singular = np.linalg.lstsq(x, x[:, 0], rcond=None)
    return np.linalg.solve(a, np.ones(3)), np.linalg.inv(a), np.linalg.det(a), solution, int(rank), singular
