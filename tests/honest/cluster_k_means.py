import numpy as np
from scipy.cluster.vq import kmeans, kmeans2, vq, whiten


def f(x):
    centres, spread = kmeans(whiten(x), 2, seed=0)
    labels, _ = vq(whiten(x), centres)
    return spread, np.bincount(labels), kmeans2(x, 2, seed=0, minit="++")[1]
