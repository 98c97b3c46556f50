import numpy as np


def f(x):
    return np.log(np.zeros(2)), np.mean([]), np.array([1e308]) * 10
