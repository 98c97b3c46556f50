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
    raise NotImplementedError
