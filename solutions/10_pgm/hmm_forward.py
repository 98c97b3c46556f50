r"""The forward algorithm: how well does a model explain what was seen, whatever was hidden?

A watch hears how somebody breathes and never sees the stages of sleep that the breath comes from; one and the same
night can be explained by more courses of stages than there are atoms. To compare two models of sleep, the
probabilities of all of them have to be added up. The forward algorithm does it with one small table for each step.

Maths. K hidden states, V symbols, T steps. pi_i is the probability of beginning in state i, A_ij that of j after i, and
B_jv that of seeing the symbol v in state j. o_1, ..., o_T are the symbols that were seen. alpha_t(j) is the
probability of having seen o_1 to o_t and being in state j at step t:

$$\alpha_1(j) = \pi_j B_{j o_1} \qquad \alpha_t(j) = \sum_i \alpha_{t-1}(i)\, A_{ij}\, B_{j o_t} \qquad
p(o) = \sum_j \alpha_T(j)$$

The alternatives of yesterday add, the steps of one path multiply. After some hundred steps these products are smaller
than any float, so everything here is a logarithm, what comes in and what goes out. log_pi has shape (K,), log_A has
shape (K, K) with a row for each state that is left, log_B has shape (K, V), and log_alpha has shape (T, K).

$$\log \alpha_t(j) = \log \sum_i e^{\log \alpha_{t-1}(i) + \log A_{ij}} + \log B_{j o_t}$$

What is impossible has probability 0 and the logarithm minus infinity.

By hand. A patient is healthy (0) or has a fever (1), and feels normal (0), cold (1) or dizzy (2). pi = [0.6, 0.4], A =
[[0.7, 0.3], [0.4, 0.6]], B = [[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]; the diary says o = [0, 1, 2].

    alpha_1 = [0.6 * 0.5, 0.4 * 0.1] = [0.3, 0.04]
    alpha_2 = [(0.3 * 0.7 + 0.04 * 0.4) * 0.4, (0.3 * 0.3 + 0.04 * 0.6) * 0.3] = [0.0904, 0.0342]
    alpha_3 = [0.007696, 0.028584], in the same way

So p(o) = 0.03628, and log p(o) = -3.3165.

Source: Rabiner, A tutorial on hidden Markov models (1989), section III.A; Bishop, Pattern Recognition and Machine
Learning (2006), section 13.2.2.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["log_alpha", "loglik"],
    needs=["logsumexp"],
    hints=[
        "Do alpha_2 of the example on paper. Which two paths lead to fever on day 2, and which number do they share? "
        "Begin with a program for probabilities that gets the three days right.",
        "In logarithms products become sums, and the sum over yesterday's states becomes a log-sum-exp. Which axis of "
        "a table with entries log_alpha[t-1, i] + log_A[i, j] does it run along?",
        "One loop over the days is enough. np.logaddexp.reduce(table, axis=...) adds up what logarithms stand for, "
        "also where all of them are minus infinity. The symbol of the day comes after the sum, and on day 1 as well.",
    ],
    why=(
        "All paths that are in one state today have the same futures, with the same probabilities, so they can be "
        "added up at once: K numbers a day stand for all of the K^t paths."
    ),
    lesson="Forward: alternatives add, steps multiply",
)
def hmm_forward(log_pi, log_A, log_B, obs):
    """Return the forward numbers of a hidden Markov model and the log likelihood of what was seen.

    Args:
        log_pi: float array, shape (K,). Natural logarithms of the probabilities of the first state.
        log_A: float array, shape (K, K). log_A[i, j] is the logarithm of the probability that j follows i.
        log_B: float array, shape (K, V). log_B[j, v] is the logarithm of the probability to see v in state j.
        obs: integer array of any integer type, shape (T,). The symbols that were seen, from 0 to V - 1; T is at least
            1, and may be a thousand.

        Entries of the three tables may be minus infinity, the logarithm of 0.

    Returns:
        (log_alpha, loglik): log_alpha is a float array, shape (T, K); log_alpha[t, j] is the logarithm of the
        probability of seeing obs[0], ..., obs[t] and being in state j at step t. loglik is a float, the logarithm of
        the probability of all of obs. What is impossible is minus infinity, never NaN, and that holds for loglik as
        well. The arguments are left as they were.
    """
    log_alpha = np.empty((len(obs), len(log_pi)))
    log_alpha[0] = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        paths = log_alpha[t - 1][:, None] + log_A  # from i, down, to j, across
        log_alpha[t] = np.logaddexp.reduce(paths, axis=0) + log_B[:, obs[t]]
    return log_alpha, np.logaddexp.reduce(log_alpha[-1])


def logs(table):
    """Return logarithms, minus infinity for 0."""
    with np.errstate(divide="ignore"):
        return np.log(np.array(table, float))


def rows(rng, *shape):
    """Return probabilities with two decimals, 0.10 and more, that add up to 1 along the last axis."""
    share = rng.dirichlet(np.full(shape[-1], 2.0), shape[:-1])
    p = np.round(0.1 + (1 - 0.1 * shape[-1]) * share, 2)
    p[..., -1] += 1 - p.sum(axis=-1)
    return np.round(p, 2)


def model(rng, k, v):
    """Return the logarithms of three random tables, by the names of the arguments."""
    return {"log_pi": logs(rows(rng, k)), "log_A": logs(rows(rng, k, k)), "log_B": logs(rows(rng, k, v))}


@case
def by_hand(rng):
    """The example of the statement: three days of a patient."""
    return {
        "log_pi": logs([0.6, 0.4]),
        "log_A": logs([[0.7, 0.3], [0.4, 0.6]]),
        "log_B": logs([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]),
        "obs": np.array([0, 1, 2]),
    }


@case
def three_states(rng):
    """Three states and four symbols, seven steps."""
    return {**model(rng, 3, 4), "obs": np.array([3, 0, 0, 2, 1, 3, 2])}


@case(hidden=True)
def four_states_and_two_symbols(rng):
    return {**model(rng, 4, 2), "obs": np.array([1, 1, 0, 1, 0])}


@case(edge=True)
def a_single_day(rng):
    """T is 1: nothing was ever left."""
    return {**model(rng, 2, 3), "obs": np.array([2])}


@case(edge=True)
def symbols_of_one_byte(rng):
    """obs is of type uint8, as a file of small numbers is."""
    return {**model(rng, 2, 2), "obs": np.array([1, 0, 1, 1], dtype=np.uint8)}


@case(edge=True)
def a_state_that_cannot_be_reached(rng):
    """The machine is new at first, then worn, then broken, and stays so: on day 2 it cannot be broken yet."""
    return {
        "log_pi": logs([1.0, 0.0, 0.0]),
        "log_A": logs([[0.7, 0.3, 0.0], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]]),
        "log_B": logs([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]]),
        "obs": np.array([0, 1, 1, 1]),
    }


@case(edge=True)
def what_was_seen_is_impossible(rng):
    """Symbol 1 is never seen by this model, so that everything after it has probability 0."""
    return {
        "log_pi": logs([0.5, 0.5]),
        "log_A": logs([[0.7, 0.3], [0.4, 0.6]]),
        "log_B": logs([[0.8, 0.0, 0.2], [0.4, 0.0, 0.6]]),
        "obs": np.array([0, 1, 2]),
    }


@case(edge=True)
def a_thousand_days(rng):
    """Two states and four symbols, a thousand steps: the likelihood is too small for a float, its logarithm is not."""
    return {**model(rng, 2, 4), "obs": rng.integers(0, 4, 1000)}


@alternative
def goes_state_by_state(log_pi, log_A, log_B, obs):
    def log_sum_exp(numbers):
        top = max(numbers)
        return top if np.isneginf(top) else top + np.log(sum(np.exp(number - top) for number in numbers))

    states = range(len(log_pi))
    alpha = [[log_pi[j] + log_B[j, obs[0]] for j in states]]
    for symbol in obs[1:]:
        last = alpha[-1]
        alpha.append([log_B[j, symbol] + log_sum_exp([last[i] + log_A[i, j] for i in states]) for j in states])
    return np.array(alpha), float(log_sum_exp(alpha[-1]))


@alternative
def scales_probabilities_to_one(log_pi, log_A, log_B, obs):
    # Rabiner (1989), section V.A: after every step the numbers are divided by their sum, whose logarithm is kept.
    a, b, kept = np.exp(log_A), np.exp(log_B), 0.0
    log_alpha = np.full((len(obs), len(log_pi)), -np.inf)
    share = np.exp(log_pi) * b[:, obs[0]]
    for t in range(len(obs)):
        if t:
            share = share @ a * b[:, obs[t]]
        total = share.sum()
        if total == 0:
            return log_alpha, -np.inf
        share, kept = share / total, kept + np.log(total)
        with np.errstate(divide="ignore"):
            log_alpha[t] = np.log(share) + kept
    return log_alpha, kept


@alternative
def multiplies_by_the_matrix_of_the_day(log_pi, log_A, log_B, obs):
    # One day is one matrix; before each product the largest number is taken out.
    log_alpha = [log_pi + log_B[:, obs[0]]]
    for symbol in obs[1:]:
        day = np.exp(log_A + log_B[:, symbol])
        top = np.max(log_alpha[-1])
        top = top if np.isfinite(top) else 0.0
        with np.errstate(divide="ignore"):
            log_alpha.append(top + np.log(np.einsum("i,ij->j", np.exp(log_alpha[-1] - top), day)))
    return np.stack(log_alpha), np.logaddexp.reduce(log_alpha[-1])


def forward(log_pi, log_A, log_B, obs, first=True, add=np.logaddexp.reduce):
    """Return the forward numbers; mistakes are made by what is handed in."""
    log_alpha = [log_pi + log_B[:, obs[0]] if first else log_pi]
    for symbol in obs[1:]:
        log_alpha.append(add(log_alpha[-1][:, None] + log_A, axis=0) + log_B[:, symbol])
    return np.array(log_alpha)


def shifted(table, axis=None):
    """Log-sum-exp that subtracts the largest, whatever it is."""
    top = np.max(table, axis=axis)
    with np.errstate(all="ignore"):
        return top + np.log(np.sum(np.exp(table - top), axis=axis))


@mistake
def multiplies_probabilities(log_pi, log_A, log_B, obs):
    """Right for a short series. A thousand factors below one, multiplied as they are: what is left of them in a float?
    The logarithm is taken at the end, when the number is already lost."""
    with np.errstate(all="ignore"):
        a, b = np.exp(log_A), np.exp(log_B)
        alpha = [np.exp(log_pi) * b[:, obs[0]]]
        for symbol in obs[1:]:
            alpha.append(alpha[-1] @ a * b[:, symbol])
        return np.log(np.array(alpha)), np.log(np.sum(alpha[-1]))


@mistake
def forgets_the_first_symbol(log_pi, log_A, log_B, obs):
    """The first row is log_pi, as if nothing had been seen yet. The first symbol was seen, too: which factor does it
    bring?"""
    log_alpha = forward(log_pi, log_A, log_B, obs, first=False)
    return log_alpha, np.logaddexp.reduce(log_alpha[-1])


@mistake
def adds_the_logarithms_of_alternatives(log_pi, log_A, log_B, obs):
    """The logarithm of a sum was taken for the sum of the logarithms. Steps of one path multiply, so their logarithms
    add; alternatives add, and the logarithm of a sum is more than that."""
    log_alpha = forward(log_pi, log_A, log_B, obs, add=np.sum)
    return log_alpha, np.sum(log_alpha[-1])


@mistake
def subtracts_infinity_from_infinity(log_pi, log_A, log_B, obs):
    """Right, unless all ways to a state are impossible. Then the largest of them is minus infinity, and minus infinity
    minus minus infinity is NaN, which spreads. What is impossible has to stay impossible."""
    log_alpha = forward(log_pi, log_A, log_B, obs, add=shifted)
    return log_alpha, shifted(log_alpha[-1])


@mistake
def reads_the_table_by_columns(log_pi, log_A, log_B, obs):
    """A was read the other way round: row i of A is for the state that is left, column j for the one that is entered.
    The sum runs over where the path comes from."""
    log_alpha = forward(log_pi, log_A.T, log_B, obs)
    return log_alpha, np.logaddexp.reduce(log_alpha[-1])


@mistake
def stretches_yesterday_along_the_wrong_axis(log_pi, log_A, log_B, obs):
    """log_alpha[t-1] + log_A adds yesterday's number of state j to column j of A. It has to go to row i, the state that
    is left: which shape does NumPy need to stretch it the other way?"""
    log_alpha = [log_pi + log_B[:, obs[0]]]
    for symbol in obs[1:]:
        log_alpha.append(np.logaddexp.reduce(log_alpha[-1] + log_A, axis=0) + log_B[:, symbol])
    return np.array(log_alpha), np.logaddexp.reduce(log_alpha[-1])


@mistake
def adds_up_where_the_path_goes_to(log_pi, log_A, log_B, obs):
    """The sum ran over the states of today, for each state of yesterday, and what came out stands in yesterday's order.
    It has to run over where the path comes from."""
    log_alpha = [log_pi + log_B[:, obs[0]]]
    for symbol in obs[1:]:
        log_alpha.append(np.logaddexp.reduce(log_alpha[-1][:, None] + log_A, axis=1) + log_B[:, symbol])
    return np.array(log_alpha), np.logaddexp.reduce(log_alpha[-1])


@mistake
def keeps_only_the_best_path(log_pi, log_A, log_B, obs):
    """The largest of the alternatives was taken, which is the probability of one path. The likelihood counts all of
    them."""
    log_alpha = forward(log_pi, log_A, log_B, obs, add=np.max)
    return log_alpha, np.max(log_alpha[-1])


@mistake
def adds_up_all_days(log_pi, log_A, log_B, obs):
    """log_alpha is right. loglik adds up the numbers of all days, but those of the last day already contain all that
    came before: which of them speak of the whole series?"""
    log_alpha = forward(log_pi, log_A, log_B, obs)
    return log_alpha, np.logaddexp.reduce(log_alpha, axis=None)


@mistake
def forgets_to_take_the_logarithm(log_pi, log_A, log_B, obs):
    """log_alpha is right. loglik is the likelihood itself, where its logarithm is asked for."""
    log_alpha = forward(log_pi, log_A, log_B, obs)
    return log_alpha, np.exp(log_alpha[-1]).sum()


@mistake
def divides_every_day_by_its_sum(log_pi, log_A, log_B, obs):
    """loglik is right. Every row of log_alpha was scaled, so that its probabilities add up to 1: these are the states
    given what was seen. alpha is the probability of both together; what was divided by has to come back."""
    log_alpha = forward(log_pi, log_A, log_B, obs)
    with np.errstate(invalid="ignore"):
        return log_alpha - np.logaddexp.reduce(log_alpha, axis=1)[:, None], np.logaddexp.reduce(log_alpha[-1])


@mistake
def looks_at_the_symbol_of_yesterday(log_pi, log_A, log_B, obs):
    """The step to day t was weighted with the symbol of the day before. The state that was just entered is the one that
    shows itself."""
    log_alpha = forward(log_pi, log_A, log_B, np.concatenate([obs[:1], obs[:-1]]))
    return log_alpha, np.logaddexp.reduce(log_alpha[-1])
