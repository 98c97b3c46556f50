from scipy import optimize as opt


def bumps(w):
    return (w[0] ** 2 - 1) ** 2 + 0.1 * w[0]


def f(x):
    return (
        opt.basinhopping(bumps, [1.0], niter=5, seed=0).x.round(4),
        opt.dual_annealing(bumps, [(-2, 2)], seed=0, maxiter=50).x.round(4),
        opt.shgo(bumps, [(-2, 2)]).x.round(4),
        opt.brute(bumps, [(-2, 2)]).round(3),
    )
