import numpy as np


def f(x):
    return (
        np.stack([x, x], axis=1).shape,
        np.split(x, 2),
        np.pad(x, 1, mode="reflect"),
        np.tile(x[0], 2),
        np.roll(x, 1, axis=0),
        np.broadcast_to(x[0], (2, 3)),
        np.swapaxes(x[None], 0, 2).shape,
        np.r_[1:4, 7],
        np.c_[x[:, 0], x[:, 1]],
        np.meshgrid([1, 2], [3, 4]),
    )
