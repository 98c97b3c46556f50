from scipy.spatial.distance import cdist, pdist, squareform


def f(x):
    kinds = ["euclidean", "cityblock", "cosine", "chebyshev", "correlation", "mahalanobis"]
    return squareform(pdist(x)), [cdist(x, x[:2], kind) for kind in kinds[:5]]
