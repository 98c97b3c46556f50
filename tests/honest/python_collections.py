from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple


def f(x):
    groups = defaultdict(list)
    for value in x.ravel().tolist():
        groups[value > 0].append(value)
    line = deque([1, 2, 3], maxlen=2)
    line.appendleft(9)
    point = namedtuple("point", "x y")(1, 2)
    return (
        dict(groups),
        Counter("hello").most_common(2),
        list(line),
        point._asdict(),
        dict(ChainMap({"a": 1}, {"b": 2})),
        list(OrderedDict(a=1)),
    )
