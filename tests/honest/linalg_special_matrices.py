from scipy.linalg import block_diag, circulant, hilbert, solve_banded, solve_triangular, toeplitz


def f(x):
    band = [[0, 1, 1], [4, 4, 4], [1, 1, 0]]
    return (
        toeplitz(x[:, 0]),
        circulant([1, 2, 3]),
        hilbert(3),
        block_diag([[1, 2]], [[3]]),
        solve_banded((1, 1), band, [1, 2, 3]),
        solve_triangular([[1.0, 0], [2, 3]], [1, 2], lower=True),
    )
