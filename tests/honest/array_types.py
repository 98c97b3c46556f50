import numpy as np


def f(x):
    return (
        x.astype(np.float32),
        x.astype(int),
        np.finfo(np.float64).eps,
        np.iinfo(np.int8).max,
        np.result_type(np.int8, np.float32).name,
        np.can_cast("i8", "f4"),
        x.astype(complex),
        np.int8(5) + np.int8(6),
        np.uint8(200) // 3,
        np.array([True, False]),
    )
