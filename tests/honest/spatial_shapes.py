import scipy.spatial


def f(x):
    a, b, gap = scipy.spatial.procrustes(x, x @ [[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    return a, gap < 1e-9, scipy.spatial.distance.jensenshannon([0.5, 0.5], [0.9, 0.1])
