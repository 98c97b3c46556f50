import numpy as np
from scipy.optimize import Bounds, LinearConstraint, NonlinearConstraint, minimize


def f(x):
    line = LinearConstraint([[1, 1]], [1], [1])
    circle = NonlinearConstraint(lambda w: w @ w, 0, 4)
    found = minimize(
        lambda w: w @ w, [2.0, 0.0], method="trust-constr", constraints=[line, circle], bounds=Bounds(-3, 3)
    )
    return found.x.round(4), np.isclose(found.fun, 0.5, atol=1e-3)
