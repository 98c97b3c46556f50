import numpy as np


def f(x):
    with np.printoptions(precision=2, suppress=True):
        text = str(x)
    return (
        text,
        repr(x),
        np.array2string(x, formatter={"float": "{:+.1f}".format}),
        np.array_str(x[0], precision=1),
        f"{x[0, 0]:.3e}",
        str(np.float32(0.1)),
        repr(np.float64(1e-9)),
    )
