def f(x):
    if (n := len(x)) > 3:
        squares = {k: k**2 for k in range(n) if k % 2}
    first, *middle, last = [1, 2, 3, 4]
    words = sorted({"b", "a"}, key=lambda w: -ord(w))
    total = 0
    for value in x.flat:
        if value < 0:
            continue
        total += value
    else:
        total = round(total, 2)
    return (
        n,
        squares,
        middle,
        last,
        words,
        total,
        7 // -2,
        7 % -2,
        divmod(7, 2),
        0.1 + 0.2,
        10**30,
        ~5,
        1 if first else 2,
        [*range(3), *"ab"],
        {**{"a": 1}, "b": 2},
        any(v > 2 for v in x.flat),
        max("aa", "b", key=len),
        2**-1074,
        round(2.5),
        int("ff", 16),
        complex("1+2j"),
        chr(960),
        list(map(str, range(2))),
        list(filter(None, [0, 1])),
        list(enumerate("a")),
        list(reversed([1, 2])),
        bytes([65]).decode(),
    )
