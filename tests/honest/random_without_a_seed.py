import numpy as np


def f(x):
    rng = np.random.default_rng()
    sample = rng.normal(size=(100, 3))
    return sample.shape, bool(np.all(np.isfinite(sample))), bool(np.all(np.random.RandomState().rand(3) < 1))
