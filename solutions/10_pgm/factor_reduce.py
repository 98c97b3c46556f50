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

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns=["names", "table"],
    needs=["factor_product"],
    hints=[
        "Both ways need the same two things: which axis belongs to var, and which names are left without it.",
        "The place of a name in the tuple is the number of its axis. sum has an argument for the axis, and "
        "np.take(table, value, axis=...) cuts one slice out.",
        "0 is a value like others, but Python takes it for False: ask whether value is None. And look at what a list "
        "answers to the index -1 before you trust an index to complain.",
    ],
    why=(
        "Neither way divides, so different variables may leave in any order, by either way; and what the rest adds up "
        "to still tells how much of the table agrees with what was observed."
    ),
    lesson="Factors: names on the axes",
)
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
    names, table = f
    if var not in names:
        raise KeyError(var)
    axis = names.index(var)
    left = names[:axis] + names[axis + 1 :]
    if value is None:
        return left, table.sum(axis=axis)
    if not 0 <= value < table.shape[axis]:
        raise IndexError(f"{var} has {table.shape[axis]} values, {value} is none of them")
    return left, table.take(value, axis=axis)


def numbers(rng, *shape):
    """Return positive numbers with two decimals."""
    return np.round(rng.uniform(0.1, 3.0, shape), 2)


SMALL = (("A", "B"), np.array([[1.0, 2.0], [3.0, 4.0]]))


@case
def sum_by_hand(rng):
    """The example of the statement: A is summed out."""
    return {"f": SMALL, "var": "A"}


@case
def observe_by_hand(rng):
    """The example of the statement: B = 1 is observed."""
    return {"f": SMALL, "var": "B", "value": 1}


@case
def sum_the_middle(rng):
    """Three variables of three values each; the one in the middle is summed out."""
    return {"f": (("rain", "traffic", "delay"), numbers(rng, 3, 3, 3)), "var": "traffic", "value": None}


@case
def observe_the_middle(rng):
    """Three variables of three values each; the one in the middle has the value 2."""
    return {"f": (("rain", "traffic", "delay"), numbers(rng, 3, 3, 3)), "var": "traffic", "value": 2}


@case
def observe_zero(rng):
    """The value 0 is observed."""
    return {"f": (("C", "A", "B"), numbers(rng, 2, 3, 2)), "var": "A", "value": 0}


@case(hidden=True)
def the_third_of_four(rng):
    return {"f": (("D", "B", "A", "C"), numbers(rng, 2, 2, 3, 2)), "var": "A"}


@case(hidden=True)
def observe_the_last_of_four(rng):
    return {"f": (("D", "B", "A", "C"), numbers(rng, 2, 2, 3, 2)), "var": "C", "value": 1}


@case(edge=True)
def sum_the_only_one(rng):
    """The only variable is summed out; a single number is left."""
    return {"f": (("A",), np.array([0.5, 1.25, 2.0])), "var": "A"}


@case(edge=True)
def observe_the_only_one(rng):
    """The only variable is observed; a single number is left."""
    return {"f": (("A",), np.array([0.5, 1.25, 2.0])), "var": "A", "value": 1}


@case(edge=True)
def sum_an_unknown_name(rng):
    """f has no such variable: KeyError."""
    return {"f": SMALL, "var": "C"}


@case(edge=True)
def observe_an_unknown_name(rng):
    """f has no such variable, whatever its value: KeyError."""
    return {"f": SMALL, "var": "C", "value": 0}


@case(edge=True)
def a_value_too_large(rng):
    """B has the values 0 and 1, and 2 is observed: IndexError."""
    return {"f": SMALL, "var": "B", "value": 2}


@case(edge=True)
def a_value_that_only_b_has(rng):
    """B = 3 is observed: B has four values, and A has two."""
    return {"f": (("A", "B"), numbers(rng, 2, 4)), "var": "B", "value": 3}


@case(edge=True)
def a_negative_value(rng):
    """-1 is observed, which stands for a missing value in some data sets: IndexError."""
    return {"f": SMALL, "var": "B", "value": -1}


def _checked(f, var, value):
    """Return the axis of var and the names that are left."""
    names, table = f
    if var not in names:
        raise KeyError(var)
    axis = names.index(var)
    if value is not None and not 0 <= value < table.shape[axis]:
        raise IndexError(value)
    return axis, names[:axis] + names[axis + 1 :]


@alternative
def brings_the_axis_to_the_front(f, var, value=None):
    axis, left = _checked(f, var, value)
    slices = np.moveaxis(f[1], axis, 0)
    return left, slices[value] if value is not None else np.add.reduce(slices)


@alternative
def multiplies_by_ones_or_by_an_indicator(f, var, value=None):
    axis, left = _checked(f, var, value)
    n = f[1].shape[axis]
    weights = np.ones(n) if value is None else np.eye(n)[value]
    return left, np.tensordot(f[1], weights, axes=(axis, 0))


@alternative
def adds_up_entry_by_entry(f, var, value=None):
    names, table = f
    axes = {name: i for i, name in enumerate(names)}
    axis = axes[var]
    if value is not None and value not in range(table.shape[axis]):
        raise IndexError(value)
    h = np.zeros(np.delete(table.shape, axis))
    for index, entry in np.ndenumerate(table):
        if value is None or index[axis] == value:
            h[index[:axis] + index[axis + 1 :]] += entry
    return [name for name in names if name != var], h


@mistake
def always_takes_the_first_axis(f, var, value=None):
    """The name that leaves is right, the axis is always the first one. Keep names and axes in step: where does var
    stand among the names?"""
    _, left = _checked(f, var, value)
    return left, f[1].sum(axis=0) if value is None else f[1][value]


@mistake
def always_takes_the_last_axis(f, var, value=None):
    """The name that leaves is right, the axis is always the last one. Keep names and axes in step: where does var stand
    among the names?"""
    _, left = _checked(f, var, value)
    return left, f[1].sum(axis=-1) if value is None else f[1][..., value]


@mistake
def keeps_var_and_sums_the_others(f, var, value=None):
    """var has stayed and everything else is gone. "To marginalise var" means that var leaves."""
    axis, left = _checked(f, var, value)
    if value is not None:
        return left, f[1].take(value, axis=axis)
    return (var,), f[1].sum(axis=tuple(i for i in range(f[1].ndim) if i != axis))


@mistake
def normalises_the_sum(f, var, value=None):
    """The sums were divided so that they add up to 1. Nobody has asked for probabilities yet, and who needs the total
    later cannot get it back."""
    axis, left = _checked(f, var, value)
    if value is not None:
        return left, f[1].take(value, axis=axis)
    return left, f[1].sum(axis=axis) / f[1].sum()


@mistake
def normalises_what_was_observed(f, var, value=None):
    """The slice was divided so that it adds up to 1. What it adds up to is the weight of the observation; it is needed
    later, so nothing is divided here."""
    axis, left = _checked(f, var, value)
    if value is None:
        return left, f[1].sum(axis=axis)
    kept = f[1].take(value, axis=axis)
    return left, kept / kept.sum()


@mistake
def takes_the_largest(f, var, value=None):
    """The largest entry was taken instead of the sum. That asks for the most likely value of var; here all of its
    values count."""
    axis, left = _checked(f, var, value)
    return left, f[1].max(axis=axis) if value is None else f[1].take(value, axis=axis)


@mistake
def takes_the_mean(f, var, value=None):
    """The mean was taken instead of the sum. The ways in which something can happen add up."""
    axis, left = _checked(f, var, value)
    return left, f[1].mean(axis=axis) if value is None else f[1].take(value, axis=axis)


@mistake
def keeps_an_axis_of_length_1(f, var, value=None):
    """The name is gone, but its axis is still there, with length 1. The table has to have one axis for each name."""
    axis, left = _checked(f, var, value)
    return left, f[1].sum(axis=axis, keepdims=True) if value is None else f[1].take([value], axis=axis)


@mistake
def takes_0_for_nothing(f, var, value=None):
    """Right, unless the value 0 is observed: then var was summed out. `if value:` is False for 0 as well as for
    None."""
    axis, left = _checked(f, var, value)
    return left, f[1].take(value, axis=axis) if value else f[1].sum(axis=axis)


@mistake
def sets_the_other_values_to_zero(f, var, value=None):
    """On an observation the other entries were set to 0, and var stayed. It is a way to do it, but here the variable
    leaves: its axis has nothing more to say."""
    axis, left = _checked(f, var, value)
    if value is None:
        return left, f[1].sum(axis=axis)
    seen = np.arange(f[1].shape[axis]) == value
    return f[0], f[1] * seen.reshape([-1 if i == axis else 1 for i in range(f[1].ndim)])


@mistake
def leaves_the_complaint_to_the_tuple(f, var, value=None):
    """Right, but for a name that f does not have it raises ValueError, as a tuple does when it is asked for the place
    of something that it does not hold. The statement promises KeyError to the caller."""
    axis = f[0].index(var)
    _, left = _checked(f, var, value)
    return left, f[1].sum(axis=axis) if value is None else f[1].take(value, axis=axis)


@mistake
def counts_from_the_end(f, var, value=None):
    """Right, but the value -1 is taken for the last one, as Python's indices do. A data set that writes -1 for
    "missing" would get an answer, and a wrong one."""
    axis, left = _checked(f, var, None)
    return left, f[1].sum(axis=axis) if value is None else f[1].take(value, axis=axis)
