from collections import (
    Counter,
    deque,
)
from concurrent.futures import (
    Future,
)
from scipy.stats import (
    norm,
    uniform as flat,
)
from typing import (
    Optional,
)


def f(x):
    done = Future()
    done.set_result(3)
    value: Optional[int] = done.result()
    return value, norm.cdf(0.0), flat.cdf(0.25), Counter([1, 1])[1], deque([1])[0]
