r"""Shapley values: what is each one's share in what all have done together?

Three colleagues win a prize that none of them would have won alone. Four features of an application made the model
refuse. How should prize or refusal be divided? Let them arrive one after the other, give each what it adds on arrival,
and average over all orders in which they could have come.

Maths. There are n players, 0 to n - 1. v(S) is the value of the coalition S, a set of players, and S + i is S joined by
player i. Of the n! orders, |S|! (n - |S| - 1)! are those in which exactly S is there before i arrives: S in any order,
then i, then the rest in any order. So

$$\phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,\bigl(v(S + i) - v(S)\bigr)$$

where the sum runs over all sets S without i, the empty one too. The shares add up to v(all) - v(nobody).

By hand. One glove alone is worth nothing, a pair 1. Player 0 has a left glove, players 1 and 2 have a right one each.
Player 1 adds something only when player 0 is there and player 2 is not:

    S = {}: 1/3 * (0 - 0)      S = {0}: 1/6 * (1 - 0)      S = {2}: 1/6 * (0 - 0)      S = {0, 2}: 1/3 * (1 - 1)

So phi_1 = 1/6, phi_2 = 1/6 as well, and what is left of the pair's 1 is phi_0 = 2/3: rare gloves are dear.

Source: Shapley, A Value for n-Person Games (1953); Lundberg & Lee, A Unified Approach to Interpreting Model
Predictions (2017), section 2.4.
"""

from itertools import combinations
from math import factorial

import numpy as np

from grader.authoring import Named, alternative, case, drive, exercise, given, mistake, picture


@given
def gloves(S):
    """Return the number of pairs: player 0 has a left glove, players 1 and 2 have a right one each."""
    return float(min(len(S & {0}), len(S & {1, 2})))


@given
def twins(S):
    """Return the value of four features. 0 and 1 say the same, so either one gives 4; 2 gives 1, and 3 nothing."""
    return 4.0 * (len(S & {0, 1}) > 0) + 1.0 * (2 in S)


@given
def head_start(S):
    """Return 10 for nobody; 0 adds 3, 1 takes 2 away, and 0 and 2 together add 4 more."""
    return 10.0 + 3 * (0 in S) - 2 * (1 in S) + 4 * ({0, 2} <= S)


@given
def parliament(S):
    """Return 1 if the parties of S hold more than half of the 100 seats, and 0 otherwise."""
    seats = [40, 30, 20, 10]
    return float(sum(seats[i] for i in S) > 50)


@given
def tangle(S):
    """Return a value without any pattern, for any number of players."""
    return float(sum((i + 2) ** 3 for i in S) % 11 - len(S))


@exercise(
    points=5,
    difficulty=3,
    returns="phi",
    needs=[],
    hints=[
        "Write down the six orders in which three glove owners can arrive, and under each of them who makes the pair "
        "complete. Count: that is the answer. Which of the orders have {0} before 1?",
        "itertools.combinations(range(n), k) gives all coalitions of k players, and frozenset makes a set of each that "
        "can be a key of a dict. Ask for the value of every coalition once, and keep the values.",
        "For every player i and every coalition S without i, take the kept value of S with i, less that of S, times "
        "the weight of the statement, and add it to phi_i. frozenset({0, 2}) | {1} is the coalition joined by 1. "
        "math.factorial computes the factorials.",
    ],
    why=(
        "In every order of arrival, what is added sums to v(all) - v(nobody), and so does the average. What i adds "
        "depends on who is there and not on how they came, so 2^n sets do for n! orders."
    ),
    lesson="Fair shares",
)
def shapley_values(value, n):
    """Return the Shapley value of every player.

    Args:
        value: function of a frozenset of players (Python integers from 0 to n - 1) that returns a float, the value of
            this coalition. The value of frozenset() need not be 0. Asking may be dear: with 2^n questions everything is
            known, and in one of the edge cases it raises a RuntimeError at the next one.
        n: int, 1 to 12. The number of players.

    Returns:
        phi: float array, shape (n,). It adds up to value(all players) - value(frozenset()).
    """
    worth = {}
    for size in range(n + 1):
        for S in map(frozenset, combinations(range(n), size)):
            worth[S] = value(S)

    phi = np.zeros(n)
    for S in worth:
        for i in set(range(n)) - S:
            weight = factorial(len(S)) * factorial(n - len(S) - 1) / factorial(n)
            phi[i] += weight * (worth[S | {i}] - worth[S])
    return phi


@drive
def with_a_counter(shapley_values, value, n):
    """Call the function, and count its questions where n is 10 or more."""
    asked = []

    def counted(S):
        asked.append(S)
        if n >= 10 and len(asked) > 2**n:
            raise RuntimeError(f"value was asked more than 2^{n} = {2**n} times: keep what it has said")
        return value(frozenset(int(i) for i in S))

    return shapley_values(counted, n)


@case
def by_hand(rng):
    """The example of the statement: one left glove, two right ones."""
    return {"value": Named("gloves"), "n": 3}


@case
def two_features_that_say_the_same(rng):
    """Features 0 and 1 can stand in for each other, and feature 3 adds nothing to any coalition."""
    return {"value": Named("twins"), "n": 4}


@case
def something_for_nobody(rng):
    """The empty coalition is worth 10."""
    return {"value": Named("head_start"), "n": 3}


@case
def seats_and_power(rng):
    """Parties with 40, 30, 20 and 10 seats; more than 50 are needed. Whose voice decides how often?"""
    return {"value": Named("parliament"), "n": 4}


@case
def five_without_a_pattern(rng):
    """Five players, of whom no two are alike."""
    return {"value": Named("tangle"), "n": 5}


@case(hidden=True)
def six_without_a_pattern(rng):
    return {"value": Named("tangle"), "n": 6}


@case(edge=True)
def one_player(rng):
    """A single player gets everything that it adds to nobody."""
    return {"value": Named("head_start"), "n": 1}


@case(edge=True)
def ten_players(rng):
    """1024 coalitions, and value may be asked 1024 times."""
    return {"value": Named("tangle"), "n": 10}


@picture(case="two_features_that_say_the_same")
def bars_that_add_up(axes, arguments, answer):
    """Each bar is the share of one feature. 0 and 1 say the same and get equal shares, 3 adds nothing and gets none;
    the sum is the value of all four, 5."""
    heights = np.ravel(np.asarray(answer, float))
    axes.bar(range(len(heights)), heights, hatch="//", edgecolor="white")
    axes.axhline(0.0, color="black", linewidth=0.8)
    axes.set(title=f"sum = {heights.sum():.4f}", xlabel="feature", ylabel="share", xticks=range(len(heights)))


@alternative
def averages_size_by_size(value, n):
    # The mean over coalitions of one size, then the mean over the n sizes.
    known = {}

    def v(S):
        if S not in known:
            known[S] = value(S)
        return known[S]

    phi = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        means = []
        for size in range(n):
            added = [v(frozenset((*S, i))) - v(frozenset(S)) for S in combinations(others, size)]
            means.append(sum(added) / len(added))
        phi.append(sum(means) / n)
    return np.array(phi)


@alternative
def counts_in_binary(value, n):
    masks = np.arange(2**n)
    member = (masks[:, None] >> np.arange(n)) & 1  # (2^n, n)
    v = np.array([value(frozenset(np.flatnonzero(row).tolist())) for row in member])
    size = member.sum(axis=1)
    phi = np.empty(n)
    for i in range(n):
        S = masks[member[:, i] == 0]
        weight = np.array([factorial(s) * factorial(n - 1 - s) for s in size[S]], float) / factorial(n)
        phi[i] = weight @ (v[S | (1 << i)] - v[S])
    return phi


@alternative
def shares_every_synergy(value, n):
    # What a coalition has beyond all of its parts (Harsanyi's dividend) is shared equally among its members.
    players = [frozenset(i for i in range(n) if mask >> i & 1) for mask in range(2**n)]
    beyond = np.array([value(S) for S in players], float)
    for i in range(n):
        with_i = np.array([i in S for S in players])
        beyond[with_i] -= beyond[~with_i]
    return np.array([sum(beyond[m] / len(S) for m, S in enumerate(players) if i in S) for i in range(n)])


@alternative
def lets_everybody_join_by_a_coin(value, n):
    # phi_i is the integral over q from 0 to 1 of what i adds when each of the others is there with probability q: a
    # polynomial of degree n - 1, for which Gauss's rule is exact.
    v = {S: value(S) for k in range(n + 1) for S in map(frozenset, combinations(range(n), k))}
    nodes, weights = np.polynomial.legendre.leggauss(n)
    q = (nodes + 1) / 2
    chance = [np.sum(weights / 2 * q**s * (1 - q) ** (n - 1 - s)) for s in range(n)]
    return np.array([sum(chance[len(S)] * (v[S | {i}] - v[S]) for S in v if i not in S) for i in range(n)])


def _worth(value, n):
    return {S: value(S) for k in range(n + 1) for S in map(frozenset, combinations(range(n), k))}


def _added(worth, n, weight):
    """The sum over coalitions without i of weight(|S|) times what i adds, for every i."""
    return np.array(
        [sum(weight(len(S)) * (worth[S | {i}] - worth[S]) for S in worth if i not in S) for i in range(n)], float
    )


@mistake
def averages_over_coalitions(value, n):
    """Every coalition counts the same. There are far more coalitions of middle size than small or large ones, so that
    the shares do not add up. It is the orders of arrival that are equally likely: in how many is S there before i?"""
    return _added(_worth(value, n), n, lambda s: 1 / 2 ** (n - 1))


@mistake
def counts_the_player_twice(value, n):
    """The second factorial of the weight is that of n - |S|. Those who come after i are neither in S nor i: how many
    are left?"""
    return _added(_worth(value, n), n, lambda s: factorial(s) * factorial(n - s) / factorial(n))


@mistake
def forgets_the_orders_afterwards(value, n):
    """The weights are |S|! / n!. Once i has arrived, the rest still come in some order, and each of these orders
    counts."""
    return _added(_worth(value, n), n, lambda s: factorial(s) / factorial(n))


@mistake
def takes_everybody_away_once(value, n):
    """What all lose when i leaves. Two twins who can stand in for each other both get 0 that way, and the shares do not
    add up: i can arrive earlier than last."""
    worth = _worth(value, n)
    everybody = frozenset(range(n))
    return np.array([worth[everybody] - worth[everybody - {i}] for i in range(n)])


@mistake
def lets_everybody_come_first(value, n):
    """What i is worth alone, beyond nobody. What players can do only together is given to none of them: i can arrive
    later than first."""
    worth = _worth(value, n)
    return np.array([worth[frozenset({i})] - worth[frozenset()] for i in range(n)])


@mistake
def lets_them_come_in_one_order(value, n):
    """What each adds when they arrive as 0, 1, 2, ... In another order it would be another division; the average over
    all orders is asked for."""
    worth = _worth(value, n)
    return np.array([worth[frozenset(range(i + 1))] - worth[frozenset(range(i))] for i in range(n)])


@mistake
def calls_nobody_worthless(value, n):
    """Right, if the empty coalition is worth 0. Here it has a value of its own, and whoever comes first adds only what
    goes beyond it."""
    worth = _worth(value, n)
    worth[frozenset()] = 0.0
    return _added(worth, n, lambda s: factorial(s) * factorial(n - s - 1) / factorial(n))


@mistake
def leaves_out_nobody(value, n):
    """The sum begins with coalitions of one player. In one of n orders i is the first to come, and the coalition that
    it joins is the empty one."""
    return _added(_worth(value, n), n, lambda s: factorial(s) * factorial(n - s - 1) / factorial(n) if s else 0.0)


@mistake
def asks_again_and_again(value, n):
    """Right, but value is asked anew whenever a coalition turns up, n times for each of them. If a question takes a
    second, ten players cost hours: ask once, and keep the answer."""
    phi = np.zeros(n)
    for i in range(n):
        for k in range(n):
            for S in combinations([j for j in range(n) if j != i], k):
                weight = factorial(k) * factorial(n - k - 1) / factorial(n)
                phi[i] += weight * (value(frozenset((*S, i))) - value(frozenset(S)))
    return phi


@mistake
def asks_what_each_is_worth_alone(value, n):
    """The value of every player alone. Nobody's value is not subtracted, and what players can do only together is given
    to none of them: i can arrive later than first."""
    return np.array([value(frozenset({i})) for i in range(n)])
