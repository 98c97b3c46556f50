import numpy as np


def f(x):
    p = np.poly1d([1, -3, 2])
    return p.r, p(x), str(p), np.roots([1, 0, -1]), np.polyval([1, 2], 3), np.polyder([1, 2, 3])
