import numpy as np


def f(x):
    rng = np.random.default_rng(0)
    names = [
        "beta",
        "binomial",
        "exponential",
        "gamma",
        "laplace",
        "logistic",
        "poisson",
        "uniform",
        "vonmises",
        "zipf",
    ]
    words = {"beta": (1, 2), "binomial": (9, 0.5), "gamma": (2,), "vonmises": (0, 1), "zipf": (3,)}
    found = {name: getattr(rng, name)(*words.get(name, ())) for name in names}
    rows = x.copy()
    rng.shuffle(rows)
    return found, rows, rng.multinomial(5, [0.2, 0.8]), rng.choice(x, 2, axis=0)
