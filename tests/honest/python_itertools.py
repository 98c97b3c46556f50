import itertools as it
from itertools import accumulate, combinations, groupby


def f(x):
    row = x[0].tolist()
    return (
        list(accumulate(row)),
        list(combinations(range(4), 2)),
        [(k, len(list(g))) for k, g in groupby("aabbb")],
        list(it.islice(it.cycle([1, 2]), 5)),
        list(it.product([0, 1], repeat=2)),
        list(it.chain.from_iterable([[1], [2, 3]])),
        list(it.zip_longest([1], [2, 3])),
        list(it.pairwise([1, 2, 3])),
        list(it.takewhile(lambda v: v < 3, it.count())),
    )
