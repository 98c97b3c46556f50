from scipy import linalg


def f(x):
    a = x.T @ x + [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    return (
        linalg.signm(a),
        linalg.fractional_matrix_power(a, 0.5),
        linalg.solve_sylvester(a, a, x[:3]),
        linalg.solve_continuous_lyapunov(a, a),
        linalg.polar(a)[1],
        linalg.pinv(x),
    )
