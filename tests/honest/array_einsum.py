import numpy as np


def f(x):
    path, _ = np.einsum_path("ij,kj,kl->il", x, x, x)
    return (
        np.einsum("ij,ij->i", x, x),
        np.einsum("ij,kj->ik", x, x, optimize=True),
        np.tensordot(x, x, axes=([0], [0])),
        np.kron(x[:1], x[:1]),
        np.outer(x[0], x[1]),
        np.cross(x[0], x[1]),
        np.vdot(x, x),
        len(path),
    )
