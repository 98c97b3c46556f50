import os

import numpy as np
from scipy import fft
from scipy.spatial import KDTree
from scipy.stats import qmc


def f(x):
    tall = np.ones((200, 512)) * np.arange(512)
    with fft.set_workers(-1):
        spectrum = fft.fft2(tall)
    points = qmc.Halton(2, seed=0).random(100)
    return (
        abs(spectrum).sum(),
        abs(fft.rfft(tall, workers=os.cpu_count() or 1)).sum(),
        KDTree(points).query(points, k=2, workers=-1)[0].sum(),
        qmc.discrepancy(points, workers=-1) > 0,
    )
