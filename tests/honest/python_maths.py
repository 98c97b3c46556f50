import cmath
import math
from math import comb, dist, fsum, gcd, hypot, inf, isclose, log1p, nan, perm, prod, tau


def f(x):
    return (
        fsum([0.1] * 10),
        comb(5, 2),
        perm(5, 2),
        prod([1, 2, 3]),
        gcd(12, 18),
        hypot(3, 4),
        dist([0, 0], [1, 1]),
        tau,
        isclose(0.1 + 0.2, 0.3),
        log1p(1e-10),
        inf,
        math.isnan(nan),
        math.erf(0.5),
        math.gamma(4.5),
        cmath.sqrt(-1),
        cmath.phase(1j),
        math.isqrt(99),
        math.nextafter(1.0, 2.0),
    )
