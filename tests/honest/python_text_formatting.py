def f(x):
    number, name = float(x[0, 0]), "ß"
    return (
        f"{number:10.3f}|{number:+.2e}|{number!r}|{number:%}",
        f"{name:>5}{name:^5}{name:*<3}",
        "{:,} {:#x} {:08b} {:_}".format(1234567, 255, 5, 10**6),
        "%5.2f %s %d %r" % (number, name, 3, "a"),
        "{0[1]} {a}".format([1, 2], a=3),
        f"{number=:.1f}",
        name.upper(),
        "a,b".partition(","),
        "abc".translate(str.maketrans("a", "z")),
    )
