import scipy.special as sc


def f(x):
    return (
        sc.jv(0, x),
        sc.eval_legendre(3, x),
        sc.comb(10, 3, exact=True),
        sc.zeta(2.0),
        sc.lambertw(1.0),
        sc.digamma(abs(x) + 1),
    )
