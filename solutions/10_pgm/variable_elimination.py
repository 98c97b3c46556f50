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

from grader.authoring import alternative, case, exercise, mistake, picture


@exercise(
    points=8,
    difficulty=4,
    returns=["names", "p", "z"],
    needs=["factor_product", "factor_reduce"],
    hints=[
        "Do the example on paper in the other order, all eight products first. How many multiplications was that, and "
        "how many in the statement? What would both numbers be with twenty variables in a chain?",
        "Begin with the evidence: cut it out of every factor that knows the variable. Then each step of the loop takes "
        "some factors from your own list and puts a single one back. Which ones does it take?",
        "At the end multiply all that is left, also factors without variables, and bring the axes into the order of "
        "query. z is the sum of this table. Your answers to the two exercises before may be copied into this file.",
    ],
    why=(
        "A factor that does not know a variable is a constant in the sum over it and can wait outside: ab + ac = a(b "
        "+ c). So every order gives the same answer, and only the size of the tables differs."
    ),
    lesson="Push the sums inwards",
)
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
    factors = [_observe(factor, evidence) for factor in factors]
    for name in order:
        if name not in query and name not in evidence:
            knowing = [factor for factor in factors if name in factor[0]]
            others = tuple(dict.fromkeys(other for names, _ in knowing for other in names if other != name))
            factors = [factor for factor in factors if name not in factor[0]] + [_product(knowing, others)]
    _, r = _product(factors, tuple(query))
    z = float(r.sum())
    if z == 0:
        raise ValueError("this evidence has probability 0")
    return tuple(query), r / z, z


def _observe(factor, evidence):
    """Return the factor with the observed values put in; their axes leave."""
    names, table = factor
    kept = tuple(name for name in names if name not in evidence)
    return kept, table[tuple(evidence.get(name, slice(None)) for name in names)]


def _product(factors, keep):
    """Multiply factors and sum out what is not in `keep`; its names give the order of the axes."""
    axis = {name: i for i, name in enumerate(dict.fromkeys([*keep, *(n for names, _ in factors for n in names)]))}
    operands = [part for names, table in factors for part in (table, [axis[name] for name in names])]
    return keep, np.asarray(np.einsum(*operands, [axis[name] for name in keep])) if operands else np.array(1.0)


CHAIN = [
    (("A",), np.array([0.6, 0.4])),
    (("A", "B"), np.array([[0.7, 0.3], [0.2, 0.8]])),
    (("B", "C"), np.array([[0.9, 0.1], [0.4, 0.6]])),
]


def numbers(rng, *shape):
    """Return positive numbers with two decimals."""
    return np.round(rng.uniform(0.1, 2.0, shape), 2)


@case
def by_hand(rng):
    """The example of the statement."""
    return {"factors": CHAIN, "query": ("A",), "evidence": {"C": 1}, "order": ("B",)}


@case
def a_star(rng):
    """A hub with four leaves, nothing observed; the hub is summed out first, and all of its factors have a say."""
    factors = [(("hub", leaf), numbers(rng, 3, 2)) for leaf in ("one", "two", "three", "four")]
    return {"factors": factors, "query": ("three",), "evidence": {}, "order": ("hub", "one", "four", "two")}


@case
def two_are_asked_for(rng):
    """A circle of five variables, the value 0 of one of them observed; query is in another order than the factors."""
    names, size = ("A", "B", "C", "D", "E"), {"A": 2, "B": 3, "C": 2, "D": 3, "E": 2}
    pairs = zip(names, (*names[1:], "A"), strict=True)
    factors = [(pair, numbers(rng, *(size[name] for name in pair))) for pair in pairs]
    return {"factors": factors, "query": ("D", "A"), "evidence": {"E": 0}, "order": ("C", "B")}


@case
def a_part_that_is_apart(rng):
    """What was observed tells nothing about the question: p would be the same without it, but z would not."""
    factors = [
        (("A", "B"), numbers(rng, 2, 3)),
        (("X",), numbers(rng, 3)),
        (("X", "Y"), numbers(rng, 3, 2)),
        (("B",), numbers(rng, 3)),
    ]
    return {"factors": factors, "query": ("B",), "evidence": {"Y": 1}, "order": ("A", "X")}


@case
def much_is_known(rng):
    """Two variables are observed, one of them in three factors, and one factor becomes a constant."""
    factors = [
        (("rain",), np.array([0.75, 0.25])),
        (("rain", "wind"), numbers(rng, 2, 3)),
        (("delay", "wind", "rain"), numbers(rng, 2, 3, 2)),
        (("crowd", "delay"), numbers(rng, 2, 2)),
    ]
    query, evidence = ("delay",), {"rain": 1, "crowd": 0}
    return {"factors": factors, "query": query, "evidence": evidence, "order": ("wind",)}


@case(hidden=True)
def seven_variables(rng):
    scopes = [("A", "B", "C"), ("C", "D"), ("B", "E"), ("E", "F", "D"), ("F",), ("G", "A"), ("G",)]
    factors = [(names, numbers(rng, *(2 + "BDG".count(name) for name in names))) for names in scopes]
    return {"factors": factors, "query": ("F", "C"), "evidence": {"G": 2}, "order": ("A", "E", "B", "D")}


@case(edge=True)
def the_order_names_all(rng):
    """The order lists every variable, also the one that is asked for and the one that was observed."""
    return {"factors": CHAIN, "query": ("B",), "evidence": {"C": 0}, "order": ("C", "B", "A")}


@case(edge=True)
def nothing_to_sum_out(rng):
    """Every variable is asked for or observed, and the order is empty."""
    return {"factors": CHAIN, "query": ("C", "A"), "evidence": {"B": 1}, "order": ()}


@case(edge=True)
def what_cannot_be(rng):
    """What was observed has probability 0: ValueError."""
    factors = [(("A",), np.array([0.5, 0.5])), (("A", "B"), np.array([[1.0, 0.0], [1.0, 0.0]]))]
    return {"factors": factors, "query": ("A",), "evidence": {"B": 1}, "order": ()}


@case(edge=True)
def rare_and_possible(rng):
    """What was observed has a probability of a few 1e-18. That is small, and it is not 0."""
    factors = [(("A",), np.array([2e-9, 3e-9])), (("A", "B"), np.array([[1.0, 4e-10], [1.0, 6e-10]]))]
    return {"factors": factors, "query": ("A",), "evidence": {"B": 1}, "order": ()}


@case(edge=True)
def a_long_chain(rng):
    """A chain of 24 variables with 4 values each. All combinations are about 281 million million."""
    names = [f"x{i}" for i in range(24)]
    factors = [((names[0],), numbers(rng, 4))]
    factors += [(pair, np.round(rng.uniform(0.05, 0.45, (4, 4)), 2)) for pair in itertools.pairwise(names)]
    return {"factors": factors, "query": ("x0",), "evidence": {"x23": 2}, "order": tuple(names[:0:-1])}


@picture(case="a_star")
def how_likely_each_value_is(axes, arguments, answer):
    """Two bars for the two values of the variable that is asked for. They add up to 1."""
    _, p, z = answer
    bars = axes.bar(range(len(p)), p, color="#0072B2")
    axes.bar_label(bars, [f"{float(share):.4f}" for share in p])
    axes.set(title=f"z = {float(z):.6g}", xlabel=arguments["query"][0], ylim=(0, 1.1), xticks=range(len(p)))


def _finished(r, query):
    z = float(np.sum(r))
    if z == 0:
        raise ValueError("impossible")
    return query, r / z, z


def _eliminated(factors, query, evidence, order, take=None, product=None):
    """Return what is left after the loop; `take` chooses among the factors that know a variable."""
    factors = [_observe(factor, evidence) for factor in factors]
    for name in order:
        if name in query or name in evidence:
            continue
        knowing = [i for i, (names, _) in enumerate(factors) if name in names]
        knowing = take(knowing) if take else knowing
        mine = [factors[i] for i in knowing]
        others = tuple(dict.fromkeys(n for names, _ in mine for n in names if n != name))
        rest = [factor for i, factor in enumerate(factors) if i not in knowing]
        factors = [*rest, (product or _product)(mine, others)]
    return factors


@alternative
def multiplies_two_tables_at_a_time(factors, query, evidence, order):
    def multiply(f, g):
        names = f[0] + tuple(n for n in g[0] if n not in f[0])
        wide = []
        for have, table in (f, g):
            turned = np.transpose(table, [have.index(n) for n in names if n in have])
            wide.append(turned[tuple(slice(None) if n in have else None for n in names)])
        return names, wide[0] * wide[1]

    left = []
    for names, table in factors:
        for name, value in evidence.items():
            if name in names:
                table = np.take(table, value, axis=names.index(name))
                names = tuple(n for n in names if n != name)
        left.append((names, table))
    for name in order:
        if name in evidence or name in query:
            continue
        h = ((), np.array(1.0))
        for factor in [f for f in left if name in f[0]]:
            left = [f for f in left if f is not factor]
            h = multiply(h, factor)
        axis = h[0].index(name)
        left.append((h[0][:axis] + h[0][axis + 1 :], h[1].sum(axis=axis)))
    names, r = (), np.array(1.0)
    for factor in left:
        names, r = multiply((names, r), factor)
    return _finished(r.transpose([names.index(name) for name in query]), query)


@alternative
def tries_every_value_of_the_query(factors, query, evidence, order):
    size = {name: n for names, table in factors for name, n in zip(names, table.shape, strict=True)}
    r = np.zeros([size[name] for name in query])
    for index in np.ndindex(r.shape):
        known = {**evidence, **dict(zip(query, index, strict=True))}
        r[index] = math.prod(float(table) for _, table in _eliminated(factors, (), known, order))
    return _finished(r, tuple(query))


@alternative
def multiplies_by_indicators_and_adds_logarithms(factors, query, evidence, order):
    size = {name: n for names, table in factors for name, n in zip(names, table.shape, strict=True)}
    seen = [((name,), np.eye(size[name])[value]) for name, value in evidence.items()]
    with np.errstate(divide="ignore"):
        logs = [(names, np.log(table)) for names, table in [*factors, *seen]]

    def log_product(mine, keep):
        names = [*keep, *dict.fromkeys(n for have, _ in mine for n in have if n not in keep)]
        total = np.zeros([size[name] for name in names])
        for have, table in mine:
            turned = table.transpose([have.index(n) for n in names if n in have])
            total = total + turned[tuple(slice(None) if n in have else None for n in names)]
        return keep, np.logaddexp.reduce(total, axis=tuple(range(len(keep), len(names))))

    out = dict.fromkeys([*evidence, *order])
    left = _eliminated(logs, query, {}, tuple(name for name in out if name not in query), product=log_product)
    _, log_r = log_product(left, tuple(query))
    return _finished(np.exp(log_r), tuple(query))


@mistake
def builds_the_table_of_everything(factors, query, evidence, order):
    """Right for a few variables, but all factors were multiplied before anything was summed. Push the sums inwards:
    that is the whole idea."""
    size = {name: n for names, table in factors for name, n in zip(names, table.shape, strict=True)}
    names, joint = tuple(size), np.ones(tuple(size.values()))
    for have, table in factors:
        turned = table.transpose([have.index(name) for name in names if name in have])
        joint *= turned[tuple(slice(None) if name in have else None for name in names)]
    return _finished(_product([_observe((names, joint), evidence)], query)[1], query)


@mistake
def multiplies_only_two(factors, query, evidence, order):
    """Of the factors that know a variable, two were multiplied before it was summed out, and the others met it too
    late. Everyone who knows it must sit at the table."""
    left = _eliminated(factors, query, evidence, order, take=lambda knowing: knowing[:2])
    return _finished(_product(left, query)[1], query)


@mistake
def sums_every_factor_by_itself(factors, query, evidence, order):
    """The variable was summed out of each factor separately, and then the sums were multiplied. A sum of products is
    not the product of the sums: multiply first."""
    left = [_observe(factor, evidence) for factor in factors]
    summed = [_product([factor], tuple(n for n in factor[0] if n in query)) for factor in left]
    return _finished(_product(summed, query)[1], query)


@mistake
def keeps_only_the_last_table(factors, query, evidence, order):
    """The answer was read off the last table that came out of the loop, and the factors that no step has used are
    missing from it. What is left in the list has a say, too."""
    left = _eliminated(factors, query, evidence, order)
    return _finished(_product([factor for factor in left if set(query) & set(factor[0])][-1:], query)[1], query)


@mistake
def drops_constants(factors, query, evidence, order):
    """p is right and z is not: factors that have lost all of their variables were left out at the end. They cancel in
    p, but they are a part of what was observed."""
    left = _eliminated(factors, query, evidence, order)
    return _finished(_product([factor for factor in left if factor[0]], query)[1], query)


@mistake
def normalises_on_the_way(factors, query, evidence, order):
    """p is right and z is not: the tables were divided on the way, and what they were divided by is forgotten. Divide
    once, at the end, or keep the product of all that you have divided by."""

    def shares(mine, keep):
        _, table = _product(mine, keep)
        return keep, table / table.sum()

    return _finished(_product(_eliminated(factors, query, evidence, order, product=shares), query)[1], query)


@mistake
def does_not_normalise(factors, query, evidence, order):
    """z is right, and p is what it should be divided into: p does not add up to 1 yet."""
    _, _, z = right = _finished(_product(_eliminated(factors, query, evidence, order), query)[1], query)
    return query, right[1] * z, z


@mistake
def makes_every_row_add_up_to_1(factors, query, evidence, order):
    """Every row of the table was divided by its own sum. That is the distribution of the last variable, given the
    others; the question is about all of them together."""
    r = _product(_eliminated(factors, query, evidence, order), query)[1]
    _, _, z = _finished(r, query)
    return query, r / r.sum(axis=-1, keepdims=True), z


@mistake
def ignores_the_evidence(factors, query, evidence, order):
    """This is the answer of somebody who has observed nothing: the variables in evidence were summed out like all
    others."""
    return _finished(_product(_eliminated(factors, query, {}, order), query)[1], query)


@mistake
def observes_in_one_factor_only(factors, query, evidence, order):
    """What was observed was put into the first factor that knows the variable, and the others go on as if it were open.
    Every factor that knows the variable has to learn its value."""
    left, told = [], set()
    for names, table in factors:
        new = {name: value for name, value in evidence.items() if name in names and name not in told}
        left.append(_observe((names, table), new))
        told |= set(new)
    return _finished(_product(_eliminated(left, query, {}, order), query)[1], query)


@mistake
def takes_the_axes_as_they_come(factors, query, evidence, order):
    """The numbers are right, but the axes of p are in the order in which the factors brought them. They should be in
    the order of query."""
    left = _eliminated(factors, query, evidence, order)
    names = tuple(sorted(query, key=lambda name: [n for have, _ in factors for n in have].index(name)))
    return query, *_finished(_product(left, names)[1], names)[1:]


@mistake
def takes_the_largest(factors, query, evidence, order):
    """The largest product was kept where the sum is asked for. That follows the single most likely combination; here
    all combinations count."""

    def best(mine, keep):
        names = [*keep, *dict.fromkeys(n for have, _ in mine for n in have if n not in keep)]
        _, table = _product(mine, tuple(names))
        return keep, table.max(axis=tuple(range(len(keep), len(names))))

    left = _eliminated(factors, query, evidence, order, product=best)
    return _finished(_product(left, query)[1], query)


@mistake
def sums_out_what_is_asked_for(factors, query, evidence, order):
    """Right, unless the order names a variable of query: then it was summed out, and nothing was left to answer with.
    The query must survive."""
    left = _eliminated(factors, (), evidence, order)
    names = tuple(name for have, _ in left for name in have)
    if not set(query) <= set(names):
        raise KeyError(query)
    return _finished(_product(left, query)[1], query)


@mistake
def lets_the_impossible_pass(factors, query, evidence, order):
    """Right, but what cannot have been observed gives NaN, which is 0 divided by 0. The caller was promised an
    exception, for NaN spreads without a word."""
    r = _product(_eliminated(factors, query, evidence, order), query)[1]
    with np.errstate(invalid="ignore"):
        return query, r / r.sum(), float(r.sum())


@mistake
def empties_the_callers_list(factors, query, evidence, order):
    """Right, but the factors were taken out of the caller's own list. Who asks a second question finds another model
    there. Begin with a list of your own."""
    left = list(factors)
    del factors[0]
    return _finished(_product(_eliminated(left, query, evidence, order), query)[1], query)
