from scipy.stats import describe, entropy, gaussian_kde, iqr, mode, rankdata, sem, skew, trim_mean, zscore


def f(x):
    told = describe(x)
    return (
        told.mean,
        told.variance,
        entropy([0.5, 0.5]),
        gaussian_kde(x[:, 0])([0.0]),
        iqr(x),
        mode([1, 1, 2]).mode,
        rankdata([3, 1, 1]),
        sem(x),
        skew(x),
        trim_mean(x, 0.1),
        zscore(x),
    )
