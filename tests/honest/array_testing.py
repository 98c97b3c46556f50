import numpy as np


def f(x):
    np.testing.assert_allclose(x, x + 1e-12, atol=1e-9)
    try:
        np.testing.assert_array_equal(x, x + 1)
    except AssertionError as fault:
        return "Arrays are not equal" in str(fault)
