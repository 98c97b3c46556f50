import io

import numpy as np


def f(x):
    text = io.StringIO()
    np.savetxt(text, x, fmt="%.4f", delimiter=",")
    text.seek(0)
    data = io.BytesIO()
    np.save(data, x)
    np.savez(more := io.BytesIO(), a=x)
    more.seek(0)
    return (
        np.loadtxt(text, delimiter=","),
        np.load(io.BytesIO(data.getvalue())),
        np.load(more)["a"],
        np.genfromtxt(["1,2", "3,"], delimiter=","),
    )
