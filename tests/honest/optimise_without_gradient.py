import numpy as np
from scipy.optimize import minimize


def f(x):
    found = [
        minimize(lambda w: np.sum((x @ w - x[:, 0]) ** 2), np.zeros(3), method=method).x
        for method in ("Nelder-Mead", "Powell", "COBYLA")
    ]
    return [w.round(3) + 0.0 for w in found]
