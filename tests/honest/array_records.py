import numpy as np


def f(x):
    people = np.array([("Ada", 36, 1.6), ("Alan", 41, 1.8)], dtype=[("name", "U10"), ("age", "i4"), ("size", "f8")])
    table = np.rec.array(people)
    return (
        people["age"],
        np.sort(people, order="size")["name"].tolist(),
        str(people),
        table.name.tolist(),
        people.dtype.names,
    )
