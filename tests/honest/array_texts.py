import numpy as np


def f(x):
    words = np.array(["one", "two", "three"])
    return (
        np.char.upper(words).tolist(),
        np.strings.str_len(words),
        np.char.add(words, "!").tolist(),
        (words == "two").tolist(),
    )
