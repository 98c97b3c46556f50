import numpy as np
from scipy import optimize


def loss(w):
    return (w[0] - 1) ** 2 + (w[1] + 2) ** 2 + w[0] ** 4


def slope(w):
    return np.array([2 * (w[0] - 1) + 4 * w[0] ** 3, 2 * (w[1] + 2)])


def f(x):
    names = ["CG", "BFGS", "L-BFGS-B", "TNC", "SLSQP"]
    return {name: optimize.minimize(loss, [0.0, 0.0], jac=slope, method=name).x.round(4) for name in names}
