import numpy as np
from numpy.polynomial import Polynomial
from numpy.polynomial.chebyshev import chebfit, chebval
from numpy.polynomial.legendre import leggauss


def f(x):
    p = Polynomial([1, -3, 2])
    return (
        p.roots(),
        p.deriv()(x),
        chebval(x, chebfit([0, 1, 2], [1, 2, 5], 2)),
        leggauss(3),
        np.polyfit([0, 1, 2], [1, 3, 7], 2),
        str(p),
    )
