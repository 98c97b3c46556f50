import numpy as np


def f(x):
    np.random.seed(3)
    return (
        np.random.rand(2),
        np.random.randn(2),
        np.random.randint(0, 10, 3),
        np.random.choice(5, 3, replace=False),
        np.random.permutation(4),
        np.random.multivariate_normal([0, 0], np.eye(2)),
        np.random.dirichlet([1, 2, 3]),
    )
