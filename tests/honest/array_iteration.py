import numpy as np


def f(x):
    total = 0.0
    for (i, j), value in np.ndenumerate(x):
        total += (i + 1) * (j + 1) * value
    with np.nditer(x, flags=["multi_index"]) as steps:
        places = [steps.multi_index for _ in steps]
    doubled = np.vectorize(lambda v: max(v, 0.0) * 2)(x)
    return (
        total,
        places[-1],
        doubled,
        np.apply_along_axis(np.ptp, 0, x),
        np.fromiter((v * v for v in x.flat), float),
        np.frompyfunc(abs, 1, 1)(x).astype(float),
    )
