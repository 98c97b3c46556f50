import asyncio


async def double(v):
    return 2 * v


def f(x):
    work = double(x[0, 0])
    try:
        work.send(None)
    except StopIteration as done:
        return done.value, asyncio.iscoroutinefunction(double)
