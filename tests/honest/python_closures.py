def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


STATE = {"calls": 0}
TOTAL = 0


def f(x):
    global TOTAL
    TOTAL += 1
    STATE["calls"] += 1
    step = counter()
    adders = [lambda v, k=k: v + k for k in range(3)]
    return (
        step(),
        step(5),
        [add(1) for add in adders],
        TOTAL,
        STATE["calls"],
        eval("1 + len(x)", {"x": x}),
        (lambda *a, **k: (a, k))(1, b=2),
    )
