import numpy as np
import scipy.fft as sfft


def f(x):
    a, b = x[:, 0], x[:, 1]
    n = len(a) + len(b) - 1
    return np.allclose(sfft.irfft(sfft.rfft(a, n) * sfft.rfft(b, n), n), np.convolve(a, b))
