import numpy as np
from scipy.optimize import curve_fit, least_squares, nnls


def f(x):
    t = np.linspace(0, 1, 20)
    y = 2 * np.exp(-1.5 * t)
    fit, covariance = curve_fit(lambda t, a, b: a * np.exp(-b * t), t, y)
    found = least_squares(lambda w: w[0] * np.exp(-w[1] * t) - y, [1, 1], loss="soft_l1")
    return fit.round(6), covariance.shape, found.x.round(6), nnls(abs(x), abs(x[:, 0]))[0].round(6)
