def primes(most):
    known = []
    for n in range(2, most):
        if all(n % p for p in known):
            known.append(n)
            yield n


def averaged():
    total, count, value = 0.0, 0, None
    while True:
        value = yield value
        total, count = total + value, count + 1
        value = total / count


def flat(nested):
    for part in nested:
        if isinstance(part, list):
            yield from flat(part)
        else:
            yield part


def f(x):
    running = averaged()
    next(running)
    return (
        list(primes(30)),
        [running.send(v) for v in x[0].tolist()],
        list(flat(x.tolist()))[:4],
        sum(v**2 for v in range(5)),
        dict(zip("ab", range(2), strict=True)),
    )
