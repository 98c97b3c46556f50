import numpy as np
import scipy.sparse as sps
import scipy.sparse.linalg


def f(x):
    a = sps.diags(np.arange(1.0, 31)).tocsr()
    largest = scipy.sparse.linalg.eigsh(a, k=2, v0=np.ones(30), return_eigenvectors=False)
    singular = scipy.sparse.linalg.svds(a, k=2, v0=np.ones(30), return_singular_vectors=False)
    return np.sort(largest).round(8), np.sort(singular).round(8), scipy.sparse.linalg.norm(a)
