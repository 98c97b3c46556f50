from math import cos

from scipy.optimize import brentq, fsolve, minimize_scalar, newton, root, root_scalar


def f(x):
    return (
        brentq(lambda t: cos(t) - t, 0, 1),
        newton(lambda t: t**2 - 2, 1.0),
        fsolve(lambda t: t**2 - 2, [1.0]),
        root(lambda t: [t[0] - 1, t[1] + 1], [0.0, 0.0], method="broyden1").x.round(5),
        root_scalar(lambda t: t - 3, bracket=[0, 5]).root,
        minimize_scalar(lambda t: (t - 2) ** 2, bounds=(0, 5), method="bounded").x,
    )
