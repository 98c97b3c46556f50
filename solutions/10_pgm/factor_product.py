r"""Factors: how do two tables become one, when each knows only some of the variables?

A doctor knows how common a disease is, a laboratory knows how its test behaves in the sick and in the healthy, and
neither has the table of both. Graphical models are made of such small tables, called factors. To multiply two of them
is the first of the two operations that all exact reasoning with them consists of.

Maths. A factor is a pair (names, table): a tuple of n different names and an array with n axes. Axis number i belongs
to the name number i; the length of the axis is the number of values that this variable can have, and they are numbered
from 0. The product looks every entry up by what the variables are called, and not by where their axes lie:

$$h(x) = f(x_f)\, g(x_g)$$

Here x gives a value to every variable of f and of g, x_f are the values of those in f, and x_g of those in g.

By hand. f = (("A",), [1, 2]) and g = (("B", "A"), [[3, 4], [5, 6]]): g has B along its rows and A along its columns.
The names of h are ("A", "B"), and h(A=1, B=0) = f(A=1) g(B=0, A=1) = 2 * 4 = 8. All four: [[3, 5], [8, 12]].

Source: Koller & Friedman, Probabilistic Graphical Models (2009), section 4.2.1; Bishop, Pattern Recognition and
Machine Learning (2006), section 8.3.2.
"""

import itertools

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["names", "table"],
    needs=["batch_bilinear"],
    hints=[
        "Take the example and forget arrays: for A = 1 and B = 0, which number of f and which number of g do you look "
        "up? What told you the order of the two indices?",
        "Write the names of h first: those of f, then those of g that are not there yet. Then bring both tables to "
        "this order of axes, with an axis of length 1 for a name that a table does not have. NumPy stretches those.",
        "np.einsum also takes the axes as lists of whole numbers: np.einsum(x, [0], y, [1, 0], [0, 1]) multiplies "
        "entries whose axes have the same number and sums over nothing that stands in the last list. A dict gives "
        "every name its number.",
    ],
    why=(
        "An entry is found by what its variables are called, so it is names that give axes their meaning: f times g "
        "and g times f are the same factor, with its axes in another order."
    ),
    lesson="Factors: names on the axes",
)
def factor_product(f, g):
    """Multiply two factors, matching their variables by name.

    Args:
        f: tuple (names, table). names is a tuple of different strings of any length, such as ("rain", "A"), or empty;
            table is a float array with one axis for each name, in the order of the names. The factor of no variables
            is a constant, such as ((), np.array(2.0)).
        g: a factor of the same form. It may share all, some or none of the names of f.

    Returns:
        (names, table): the product, a factor. Its names are those of f in their order, followed by those names of g
        that f does not have, in the order of g; table has one axis for each, in this order. Of two constants it is a
        constant, a single number. The arguments are left as they were.

    Raises:
        ValueError: a shared variable has another number of values in f than in g; also where one of the two numbers
            is 1.
    """
    (f_names, f_table), (g_names, g_table) = f, g
    size = dict(zip(f_names, f_table.shape, strict=True))
    for name, n in zip(g_names, g_table.shape, strict=True):
        if size.setdefault(name, n) != n:
            raise ValueError(f"{name} has {size[name]} values in f and {n} in g")
    axis = {name: i for i, name in enumerate(size)}
    f_axes, g_axes = [axis[name] for name in f_names], [axis[name] for name in g_names]
    return tuple(size), np.einsum(f_table, f_axes, g_table, g_axes, list(axis.values()))


def numbers(rng, *shape):
    """Return positive numbers with two decimals."""
    return np.round(rng.uniform(0.1, 3.0, shape), 2)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"f": (("A",), np.array([1.0, 2.0])), "g": (("B", "A"), np.array([[3.0, 4.0], [5.0, 6.0]]))}


@case
def nothing_in_common(rng):
    """No variable is shared: every entry of f meets every entry of g."""
    return {"f": (("C", "A"), numbers(rng, 2, 3)), "g": (("B",), numbers(rng, 4))}


@case
def words_for_names(rng):
    """Names are words, and one variable is shared."""
    return {
        "f": (("sprinkler", "rain"), numbers(rng, 2, 3)),
        "g": (("wet grass", "rain", "season"), numbers(rng, 2, 3, 4)),
    }


@case
def the_same_three_in_another_order(rng):
    """f and g have the same three variables, all of three values, and begin with different ones."""
    return {"f": (("Z", "X", "Y"), numbers(rng, 3, 3, 3)), "g": (("X", "Y", "Z"), numbers(rng, 3, 3, 3))}


@case
def as_many_values_by_accident(rng):
    """f has the variables C and B, g has A and C, and all of them have two values."""
    return {"f": (("C", "B"), numbers(rng, 2, 2)), "g": (("A", "C"), numbers(rng, 2, 2))}


@case(hidden=True)
def five_variables(rng):
    return {
        "f": (("D", "x1", "A", "x10"), numbers(rng, 2, 3, 2, 3)),
        "g": (("x10", "E", "D", "x1"), numbers(rng, 3, 2, 2, 3)),
    }


@case(edge=True)
def a_constant_first(rng):
    """f has no variables: it is the number 2.5."""
    return {"f": ((), np.array(2.5)), "g": (("B", "A"), numbers(rng, 2, 3))}


@case(edge=True)
def a_constant_last(rng):
    """g has no variables: it is the number 0.5."""
    return {"f": (("B", "A"), numbers(rng, 2, 3)), "g": ((), np.array(0.5))}


@case(edge=True)
def two_constants(rng):
    """Neither has variables: 2.5 times 0.5."""
    return {"f": ((), np.array(2.5)), "g": ((), np.array(0.5))}


@case(edge=True)
def a_variable_of_one_value(rng):
    """A variable that has a single value in both factors is a variable like others."""
    return {"f": (("A", "B"), numbers(rng, 1, 2)), "g": (("C", "A"), numbers(rng, 3, 1))}


@case(edge=True)
def sizes_that_differ(rng):
    """B has three values in f and two in g: they cannot mean the same variable."""
    return {"f": (("A", "B"), numbers(rng, 2, 3)), "g": (("B",), numbers(rng, 2))}


@case(edge=True)
def one_value_against_three(rng):
    """B has one value in f and three in g."""
    return {"f": (("A", "B"), numbers(rng, 2, 1)), "g": (("B",), numbers(rng, 3))}


def _names(f, g):
    return f[0] + tuple(name for name in g[0] if name not in f[0])


def _check(f, g):
    theirs = dict(zip(g[0], g[1].shape, strict=True))
    if any(theirs.get(name, n) != n for name, n in zip(f[0], f[1].shape, strict=True)):
        raise ValueError("one name, two sizes")


def _aligned(factor, names):
    """Return the table of the factor with an axis for each of the names, of length 1 for those that it has not."""
    have, table = factor
    table = table.transpose([have.index(name) for name in names if name in have])
    return table[tuple(slice(None) if name in have else None for name in names)]


@alternative
def stretches_axes_of_length_1(f, g):
    _check(f, g)
    names = _names(f, g)
    return names, _aligned(f, names) * _aligned(g, names)


@alternative
def looks_up_entry_by_entry(f, g):
    names, size = _names(f, g), {}
    for have, table in (f, g):
        for name, n in zip(have, table.shape, strict=True):
            if name in size and size[name] != n:
                raise ValueError(name)
            size[name] = n
    h = np.zeros([size[name] for name in names])
    for values in itertools.product(*(range(size[name]) for name in names)):
        x = dict(zip(names, values, strict=True))
        h[values] = f[1][tuple(x[name] for name in f[0])] * g[1][tuple(x[name] for name in g[0])]
    return list(names), h


@alternative
def takes_diagonals_of_the_outer_product(f, g):
    _check(f, g)
    names, table = [*f[0], *g[0]], np.multiply.outer(f[1], g[1])
    for name in f[0]:
        if names.count(name) == 2:  # np.diagonal puts the common axis last
            first = names.index(name)
            second = names.index(name, first + 1)
            table = table.diagonal(axis1=first, axis2=second)
            names = [n for n in names if n != name] + [name]
    wanted = _names(f, g)
    return wanted, table.transpose([names.index(name) for name in wanted])


@mistake
def multiplies_the_tables_as_they_lie(f, g):
    """The two arrays were multiplied as NumPy lays them over each other, last axis on last axis. Which axis of g
    belongs to which name?"""
    return _names(f, g), f[1] * g[1]


@mistake
def pairs_everything_with_everything(f, g):
    """Every entry of f was multiplied by every entry of g, so that a shared variable has two axes. It cannot have one
    value in f and another one in g at the same time."""
    return f[0] + g[0], np.multiply.outer(f[1], g[1])


@mistake
def sums_over_what_is_shared(f, g):
    """The shared variables are gone: they were summed over, as in the product of two matrices. Here they are matched
    and stay; summing is a step of its own."""
    _check(f, g)
    shared = [name for name in f[0] if name in g[0]]
    names = tuple(name for name in f[0] + g[0] if name not in shared)
    pairs = ([f[0].index(name) for name in shared], [g[0].index(name) for name in shared])
    return names, np.tensordot(f[1], g[1], axes=pairs)


@mistake
def reshapes_instead_of_transposing(f, g):
    """The table of g was brought to the new shape by reshape, which leaves the numbers in the order in which they lie.
    To exchange two axes the numbers have to change places: compare x.reshape(3, 2) with x.T for a 2 x 3 table x."""
    _check(f, g)
    names = _names(f, g)
    size = dict(zip(g[0], g[1].shape, strict=True))
    return names, _aligned(f, names) * g[1].reshape([size.get(name, 1) for name in names])


@mistake
def transposes_the_wrong_way_round(f, g):
    """Right for two variables, wrong for three that change places in a circle. table.transpose(order) wants to know,
    for every new axis, which old one it was; the list that was handed over says where every old one goes."""
    _check(f, g)
    names = _names(f, g)
    in_order = tuple(name for name in names if name in g[0])
    turned = g[1].transpose([in_order.index(name) for name in g[0]])
    return names, _aligned(f, names) * turned[tuple(slice(None) if name in g[0] else None for name in names)]


@mistake
def takes_every_letter_for_a_name(f, g):
    """Right for names of one letter, but letters were taken for names. Joined to one text, "rain" is four variables;
    and of two names the first letters may be the same. A dict can give every name a number, or a letter, of its own."""
    _check(f, g)
    names = _names(f, g)
    return names, np.einsum(f"{''.join(f[0])},{''.join(g[0])}->{''.join(names)}", f[1], g[1])


@mistake
def sorts_the_axes_by_name(f, g):
    """This is the product, but its axes are in alphabetical order. The statement asks for the names of f first, in
    their order, and then for those that g brings along."""
    _check(f, g)
    names = tuple(sorted(_names(f, g)))
    return names, _aligned(f, names) * _aligned(g, names)


@mistake
def puts_g_first(f, g):
    """This is the product, but the axes begin with those of g. The statement asks for the names of f first."""
    _check(f, g)
    names = _names(g, f)
    return names, _aligned(f, names) * _aligned(g, names)


@mistake
def drops_a_constant(f, g):
    """Right, unless one of the two has no variables: then the other one came back as it was. A constant is a factor,
    too, and multiplies every entry."""
    if not f[0] or not g[0]:
        return f if not g[0] else g
    _check(f, g)
    return _names(f, g), _aligned(f, _names(f, g)) * _aligned(g, _names(f, g))


@mistake
def lets_a_single_value_stretch(f, g):
    """Right, except where a shared variable has one value in one factor and several in the other. NumPy stretches an
    axis of length 1 without a word; you have to compare the sizes yourself."""
    return _names(f, g), _aligned(f, _names(f, g)) * _aligned(g, _names(f, g))


@mistake
def adds_instead_of_multiplying(f, g):
    """The entries were added. That is right for logarithms; these are the numbers themselves."""
    _check(f, g)
    return _names(f, g), _aligned(f, _names(f, g)) + _aligned(g, _names(f, g))
