import numpy as np


def f(x):
    return (
        np.where(x > 0, x, -x),
        np.select([x < -1, x > 1], [-1, 1], 0),
        np.clip(x, -1, 1),
        np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v**2]),
        np.choose([0, 1, 0], [[1, 2, 3], [4, 5, 6]]),
        np.take_along_axis(x, np.argmax(x, axis=1)[:, None], axis=1),
        np.digitize(x, [-1, 0, 1]),
    )
