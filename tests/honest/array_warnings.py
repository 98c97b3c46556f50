import warnings

import numpy as np


def f(x):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = np.array([1.0, 0.0]) / np.array([0.0, 0.0])
    with np.errstate(divide="raise"):
        try:
            np.log(0.0 * x)
        except FloatingPointError as fault:
            return answer, sorted({w.category.__name__ for w in caught}), str(fault)
