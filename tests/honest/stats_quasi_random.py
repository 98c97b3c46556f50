from scipy.stats import qmc


def f(x):
    return (
        qmc.Sobol(2, seed=0).random(4),
        qmc.LatinHypercube(2, seed=0).random(3),
        qmc.Halton(2, scramble=False).random(3),
    )
