import numpy as np
from numpy.random import MT19937, PCG64DXSM, SFC64, Generator, Philox, SeedSequence


def f(x):
    drawn = [Generator(kind(5)).normal(size=2) for kind in (MT19937, PCG64DXSM, SFC64, Philox)]
    children = [np.random.default_rng(child).integers(100) for child in SeedSequence(1).spawn(3)]
    return drawn, children, np.random.RandomState(0).rand(2)
