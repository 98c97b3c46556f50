import numpy as np
from scipy import signal


def f(x):
    b, a = signal.butter(3, 0.2)
    wave = np.sin(np.arange(60) / 3)
    return (
        signal.filtfilt(b, a, wave),
        signal.lfilter(b, a, wave),
        signal.savgol_filter(wave, 7, 2),
        signal.medfilt(wave, 3),
    )
