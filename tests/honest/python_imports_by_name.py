import importlib


def f(x):
    linalg = importlib.import_module("scipy.linalg")
    stats = __import__("scipy.stats").stats
    special = importlib.import_module(".special", "scipy")
    late = importlib.import_module("sta" + "tistics")
    return linalg.det(x[:3]), stats.norm.ppf(0.975), special.gamma(5.0), late.mean([1, 2])
