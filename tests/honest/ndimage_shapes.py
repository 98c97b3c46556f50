import numpy as np
import scipy.ndimage


def f(x):
    labels, count = scipy.ndimage.label(x > 0)
    return (
        labels,
        count,
        scipy.ndimage.center_of_mass(abs(x)),
        scipy.ndimage.binary_dilation(x > 1),
        scipy.ndimage.distance_transform_edt(x > 0),
        scipy.ndimage.map_coordinates(x, np.array([[0.5], [1.5]])),
    )
