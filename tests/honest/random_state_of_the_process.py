import random

import numpy as np


def f(x):
    return np.random.rand(3), random.random(), np.random.normal(size=2), random.sample(range(9), 3)
