from scipy import ndimage as ndi


def f(x):
    return (
        ndi.gaussian_filter(x, 1),
        ndi.sobel(x),
        ndi.median_filter(x, 3),
        ndi.convolve(x, [[1, 1], [1, 1]]),
        ndi.generic_filter(x, max, size=2),
        ndi.zoom(x, 2),
        ndi.rotate(x, 45, reshape=False),
    )
