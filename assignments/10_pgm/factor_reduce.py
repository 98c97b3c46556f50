r"""Summing out and observing: the two ways in which a variable leaves a table.

A table tells how often every combination of weather, traffic and delay occurs. Somebody who does not care for the
traffic adds up over it; somebody who looks out of the window and sees rain keeps the part of the table where it rains.
Both leave a smaller table with one variable less, and both are one line, if names and axes stay together.

Maths. A factor is a pair (names, table), with one axis of the table for each name, in the order of the names. Write
f(v, x) for an entry of f, where v is the value of the variable that shall leave and x are the values of all others.
To sum it out, or to marginalise, is

$$h(x) = \sum_v f(v, x)$$

and to observe that it has the value v0 is

$$h(x) = f(v_0, x)$$

Nothing is divided. A table that adds up to 1 may add up to less after an observation: to the probability of what was
observed.

By hand. f = (("A", "B"), [[1, 2], [3, 4]]). A summed out: (("B",), [4, 6]). B = 1 observed: (("A",), [2, 4]).

Source: Koller & Friedman, Probabilistic Graphical Models (2009), definitions 9.3 (summing out) and 4.5 (observing).
"""

import numpy as np


def factor_reduce(f, var, value=None):
    """Sum a variable out of a factor, or observe its value.

    Args:
        f: tuple (names, table). names is a tuple of one or more different strings; table is a float array with one
            axis for each name, in the order of the names.
        var: string, the name of the variable that leaves.
        value: int, the value that was observed, from 0 to n - 1 if var has n values; then the part of the table with
            this value is kept. None, or left out: nothing was observed, and var is summed out.

    Returns:
        (names, table): a factor without var. The other names and their axes stay in their order. If var was the only
        one, names is () and table a single number. The arguments are left as they were.

    Raises:
        KeyError: f has no variable called var.
        IndexError: value is not from 0 to n - 1. A negative number does not count from the end.
    """
    raise NotImplementedError
