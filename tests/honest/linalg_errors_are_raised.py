import numpy as np


def f(x):
    try:
        np.linalg.inv(np.zeros((2, 2)))
    except np.linalg.LinAlgError as fault:
        return str(fault)
