import inspect


def g(a, b=2, *rest, c: int = 3, **more) -> float:
    """Add."""
    return a + b


def f(x):
    signature = inspect.signature(g)
    return (
        str(signature),
        inspect.getdoc(g),
        list(signature.parameters),
        inspect.isgeneratorfunction(f),
        signature.bind(1, c=5).arguments,
        inspect.currentframe().f_code.co_name,
        g.__defaults__,
    )
