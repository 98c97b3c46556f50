r"""Variable elimination: answer a question without ever writing down the whole table.

Will the flight be late, given that it rains? Forty things have a say in it, each with a few values, and the table of
all their combinations does not fit on any disk. But each thing depends on two or three others, and sums can be pushed
inwards, past everything that does not depend on what is summed over. Then the largest table is a small one.

Maths. A factor is a pair (names, table), with one axis of the table for each name, in the order of the names. The
product of all factors, f_1 to f_m, is a table of everything, and the question wants some variables q, sums over
others u, and knows the values e of the rest:

$$r(q) = \sum_u f_1(q, u, e) \cdots f_m(q, u, e) \qquad z = \sum_q r(q) \qquad p(q) = \frac{r(q)}{z}$$

In a Bayesian network (every factor the probability of one variable given others) z is the probability of what was
observed. The sum is not done at the end. For the variables u, one after the other: multiply all factors that know u,
sum u out of this product, and put the result among the others in their place.

$$f(a)\, \sum_b g(a, b)\, \sum_c k(b, c) = \sum_b \sum_c f(a)\, g(a, b)\, k(b, c)$$

By hand. P(A) = [0.6, 0.4], P(B|A) = [[0.7, 0.3], [0.2, 0.8]] and P(C|B) = [[0.9, 0.1], [0.4, 0.6]], with names
("A",), ("A", "B") and ("B", "C"); C = 1 was observed, A is asked for. Observed, the third factor is [0.1, 0.6] over B.
Summed over B: 0.7 * 0.1 + 0.3 * 0.6 = 0.25 for A = 0 and 0.2 * 0.1 + 0.8 * 0.6 = 0.5 for A = 1. Times P(A):
r = [0.15, 0.20]. So z = 0.35, the probability of C = 1, and p = [0.4286, 0.5714].

Source: Koller & Friedman, Probabilistic Graphical Models (2009), sections 9.2 and 9.3, algorithm 9.1; Russell &
Norvig, Artificial Intelligence: A Modern Approach, section "Exact inference in Bayesian networks".
"""

import itertools
import math
import numpy as np


def variable_elimination(factors, query, evidence, order):
    """Return the distribution of some variables, given the values of others, and the weight of what was observed.

    Args:
        factors: list of factors (names, table). names is a tuple of different strings; table is a float array with
            one axis for each name, in the order of the names, and no entry is negative. A variable has the same number
            of values in all factors. They need not be probabilities.
        query: tuple of one or more different names, the variables that are asked for.
        evidence: dict from name to int, the observed values, numbered from 0; it may be empty. No name is in query and
            in evidence. Every name of query and evidence is in some factor.
        order: tuple of names, the order in which variables are summed out. It holds at least all those that are in
            neither query nor evidence. Names of query and evidence may stand in it as well, and are passed over.

    Returns:
        (names, p, z): names is query, as a tuple. p is a float array with one axis for each name, in this order, and
        adds up to 1. z is a float, the sum before p was divided by it, over all factors and with their own units. The
        arguments, the list among them, are left as they were.

    Raises:
        ValueError: z is 0: what was observed is impossible.

    No table may be larger than the ones that the given order needs: the table of all combinations of 24 variables with
    4 values each does not fit into the memory.
    """
    raise NotImplementedError
