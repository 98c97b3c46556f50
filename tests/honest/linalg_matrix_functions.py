from scipy.linalg import cosm, expm, logm, sqrtm


def f(x):
    a = x.T @ x / 10
    a = a + 2 * (a.max() + 1) * (a == a.T) * (a > 0) / 10
    b = x.T @ x + [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    return expm(a / 10), logm(b), sqrtm(b), cosm(a / 10)
