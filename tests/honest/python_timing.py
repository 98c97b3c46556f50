import timeit
from timeit import default_timer


def f(x):
    started = default_timer()
    seconds = timeit.timeit(lambda: sum(range(10)), number=10)
    return seconds > 0, default_timer() > started, min(timeit.repeat("1 + 1", number=5, repeat=2)) >= 0
