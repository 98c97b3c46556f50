import numpy as np
import scipy.optimize as so


def f(x):
    names = ["Newton-CG", "trust-ncg", "trust-krylov", "trust-exact", "dogleg"]
    start = np.array([-1.2, 1.0])
    return [
        so.minimize(so.rosen, start, jac=so.rosen_der, hess=so.rosen_hess, method=name).x.round(4) for name in names
    ]
