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


def gloves(S):
    """Return the number of pairs: player 0 has a left glove, players 1 and 2 have a right one each."""
    return float(min(len(S & {0}), len(S & {1, 2})))


def twins(S):
    """Return the value of four features. 0 and 1 say the same, so either one gives 4; 2 gives 1, and 3 nothing."""
    return 4.0 * (len(S & {0, 1}) > 0) + 1.0 * (2 in S)


def head_start(S):
    """Return 10 for nobody; 0 adds 3, 1 takes 2 away, and 0 and 2 together add 4 more."""
    return 10.0 + 3 * (0 in S) - 2 * (1 in S) + 4 * ({0, 2} <= S)


def parliament(S):
    """Return 1 if the parties of S hold more than half of the 100 seats, and 0 otherwise."""
    seats = [40, 30, 20, 10]
    return float(sum(seats[i] for i in S) > 50)


def tangle(S):
    """Return a value without any pattern, for any number of players."""
    return float(sum((i + 2) ** 3 for i in S) % 11 - len(S))


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
    raise NotImplementedError
