from scipy.optimize import linprog, milp


def f(x):
    found = linprog([-1, 4], A_ub=[[-3, 1], [1, 2]], b_ub=[6, 4], bounds=[(None, None), (-3, None)])
    whole = milp([-1.0, -2.0], integrality=[1, 1], bounds=(0, 2.5))
    return found.x, found.fun, found.message, whole.x
