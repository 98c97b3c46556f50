from scipy.special import factorial, j0, jn_zeros, roots_hermite, roots_legendre


def f(x):
    nodes, weights = roots_legendre(5)
    return nodes, weights, roots_hermite(3)[0], j0(jn_zeros(0, 2)).round(6) + 0.0, factorial(5, exact=True)
