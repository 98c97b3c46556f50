import numpy as np


class Unit:
    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [i.values if isinstance(i, Unit) else i for i in inputs]
        return Unit(getattr(ufunc, method)(*plain, **options))


def f(x):
    return np.add(Unit(x), 1).values, np.asarray(Unit([1, 2]))
