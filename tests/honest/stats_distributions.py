from scipy import stats


def f(x):
    return (
        stats.norm.pdf(x),
        stats.norm(1, 2).cdf(x),
        stats.t.ppf(0.975, df=4),
        stats.binom.pmf([0, 1, 2], 5, 0.3),
        stats.gamma.rvs(2, size=3, random_state=0),
        stats.multivariate_normal([0, 0, 0]).logpdf(x),
        stats.norm.fit(x),
    )
