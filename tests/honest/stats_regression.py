from scipy import stats


def f(x):
    line = stats.linregress(x[:, 0], x[:, 1])
    robust = stats.theilslopes(x[:, 1], x[:, 0])
    return line.slope, line.intercept, line.pvalue, robust[0], stats.boxcox(abs(x[:, 0]) + 1)[1]
