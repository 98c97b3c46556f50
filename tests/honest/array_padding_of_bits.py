import numpy as np


def f(x):
    bits = np.unpackbits(np.array([5, 200], np.uint8))
    return (
        bits,
        np.packbits(bits),
        np.bitwise_xor([1, 2], 3),
        np.left_shift(1, [1, 2]),
        np.binary_repr(9, 6),
        np.base_repr(255, 16),
    )
