def g(n):
    return g(n + 1) + 1


def f(x):
    try:
        return g(0)
    except RecursionError as fault:
        return str(fault)[:32]
