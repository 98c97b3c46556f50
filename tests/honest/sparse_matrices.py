import numpy as np
from scipy import sparse


def f(x):
    a = sparse.csr_matrix(np.where(x > 0, x, 0))
    b = sparse.coo_matrix(([1.0, 2.0], ([0, 1], [1, 2])), shape=(3, 3))
    return (a @ b).toarray(), a.T.tocsc().indices, sparse.eye(3).toarray(), a.nnz, sparse.kron(b, b).sum()
