import numbers
import operator as op
import types
from operator import attrgetter, itemgetter, methodcaller


def f(x):
    rows = sorted(x.tolist(), key=itemgetter(1, 0))
    space = types.SimpleNamespace(a=1)
    return (
        rows,
        op.matmul(x.T, x),
        attrgetter("a")(space),
        methodcaller("upper")("a"),
        isinstance(x[0, 0], numbers.Real),
        isinstance(3, numbers.Integral),
        dict(types.MappingProxyType({"k": 1})),
        isinstance(f, types.FunctionType),
    )
