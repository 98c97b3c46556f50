import numpy as np


def f(x):
    spectrum = np.fft.rfft(x[:, 0])
    return np.abs(spectrum), np.fft.irfft(spectrum, len(x)), np.fft.fftshift(np.fft.fftfreq(8, 0.5))
