import numpy as np
import numpy.ma as ma


def f(x):
    hidden = ma.masked_less(x, 0)
    return (
        hidden.mean(axis=0).filled(-1.0),
        ma.masked_invalid([1.0, np.nan]).sum(),
        hidden.count(),
        np.ma.median(hidden),
        hidden.filled(0),
    )
