import numpy as np
import scipy.linalg as la


def f(x):
    a = x.T @ x + np.eye(3)
    lower = la.cholesky(a, lower=True)
    p, low, up = la.lu(a)
    t, _ = la.schur(a)
    return (
        lower,
        la.cho_solve((lower, True), np.ones(3)),
        p,
        low,
        up,
        np.sort(np.diag(t)),
        la.null_space(np.ones((1, 3))).shape,
    )
