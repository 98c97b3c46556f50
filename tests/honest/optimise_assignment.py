import numpy as np
from scipy.optimize import approx_fprime, check_grad, linear_sum_assignment


def f(x):
    rows, columns = linear_sum_assignment(x)
    slope = approx_fprime(np.ones(3), lambda w: float(np.sum(w**2)))
    return rows, columns, slope.round(5), check_grad(lambda w: w[0] ** 2, lambda w: 2 * w, np.ones(1)) < 1e-5
