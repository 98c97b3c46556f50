import os, sys, math as m, numpy as np; from functools import *

def f(x): return m.sqrt(2), np.sum(x), reduce(lambda a, b: a + b, [1, 2]), sys.version_info[0], os.name
