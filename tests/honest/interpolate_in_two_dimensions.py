import numpy as np
from scipy import interpolate


def f(x):
    grid = interpolate.RegularGridInterpolator((np.arange(6), np.arange(3)), x)
    points = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]])
    values = np.array([0.0, 1, 2, 3])
    scattered = interpolate.griddata(points, values, [[0.25, 0.5]], method="linear")
    spline = interpolate.RectBivariateSpline(np.arange(6), np.arange(3), x, kx=2, ky=2)
    radial = interpolate.RBFInterpolator(points, values)
    return grid([[0.5, 0.5]]), scattered, spline(1.5, 0.5), radial([[0.5, 0.5]])
