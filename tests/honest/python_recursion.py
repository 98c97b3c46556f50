import sys
from functools import cache


@cache
def change(amount, coins=(1, 5, 10, 25)):
    if amount == 0:
        return 1
    return 0 if amount < 0 or not coins else change(amount - coins[-1], coins) + change(amount, coins[:-1])


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def hanoi(n, a, b, c):
    return [] if n == 0 else [*hanoi(n - 1, a, c, b), (a, c), *hanoi(n - 1, b, a, c)]


def f(x):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        return change(100), depth(800), depth(3000), hanoi(3, 1, 2, 3)
    finally:
        sys.setrecursionlimit(before)
