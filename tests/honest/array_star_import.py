from numpy import *


def f(x):
    return sum(x, axis=0), maximum(x, 0), exp(-abs(x)), pi
