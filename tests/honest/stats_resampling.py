import numpy as np
from scipy.stats import bootstrap, monte_carlo_test, norm, permutation_test


def f(x):
    rng = np.random.default_rng(0)
    a, b = x[:, 0], x[:, 1]
    interval = bootstrap((a,), np.mean, n_resamples=99, rng=rng).confidence_interval
    shuffled = permutation_test((a, b), lambda a, b: a.mean() - b.mean(), n_resamples=99, rng=rng)
    drawn = monte_carlo_test(a, norm.rvs, np.mean, n_resamples=99)
    return interval.low, interval.high, shuffled.pvalue, 0 <= drawn.pvalue <= 1
