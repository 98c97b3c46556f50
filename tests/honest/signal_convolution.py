from scipy.signal import convolve2d, fftconvolve, lti, oaconvolve, step


def f(x):
    kernel = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    return (
        convolve2d(x, kernel, mode="same"),
        fftconvolve(x, kernel, mode="same"),
        oaconvolve(x[:, 0], [1, 1]),
        step(lti([1], [1, 1]))[1][-1],
    )
