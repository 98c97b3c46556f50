import numpy as np


def f(x):
    order = np.argsort(x[:, 0], kind="stable")
    return (
        order,
        np.sort(x, axis=None),
        np.partition(x[:, 1], 2)[2],
        np.lexsort((x[:, 1], np.sign(x[:, 0]))),
        np.searchsorted(np.sort(x[:, 0]), 0.0),
        np.argpartition(x[:, 2], 1)[:1],
        sorted(x[:, 0].tolist(), key=abs),
    )
