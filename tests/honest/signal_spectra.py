import numpy as np
from scipy.signal import correlate, find_peaks, hilbert, periodogram, resample, spectrogram, welch
from scipy.signal.windows import hann


def f(x):
    wave = np.sin(np.arange(64) / 3)
    return (
        welch(wave, nperseg=32)[1],
        periodogram(wave)[1],
        find_peaks(wave)[0],
        abs(hilbert(wave)),
        hann(5),
        spectrogram(wave, nperseg=16)[2].shape,
        correlate(wave[:5], wave[:3]),
        resample(wave, 10),
    )
