import functools
from functools import cached_property, lru_cache, partial, reduce, singledispatch, total_ordering, wraps


@lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@singledispatch
def kind(value):
    return "other"


@kind.register
def _(value: int):
    return "int"


@total_ordering
class Size:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    @cached_property
    def double(self):
        return 2 * self.n


def twice(function):
    @wraps(function)
    def inner(v):
        return function(function(v))

    return inner


@twice
def add(v):
    return v + 1


def f(x):
    order = sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a))
    return (
        fibonacci(60),
        kind(3),
        Size(1) >= Size(2),
        Size(4).double,
        add(1),
        add.__name__,
        reduce(lambda a, b: a * b, range(1, 6)),
        partial(pow, 2)(5),
        order,
    )
