r"""Viterbi: the one hidden path that explains best what was seen.

A phone hears an hour of sound and has to write one sentence, not a probability for each moment. Choosing the best word
of every moment gives sentences that nobody would say; Viterbi's algorithm finds the best whole path among more paths
than can ever be listed, with work that grows only with the length. Mobile telephones use it to decode what the air has
damaged.

Maths. The model is that of hmm_forward: K states, V symbols, T steps, log_pi of shape (K,), log_A of shape (K, K) with
a row for each state that is left, log_B of shape (K, V). A path z_1, ..., z_T has, together with the symbols o_t, the
log probability

$$\log p(z, o) = \log \pi_{z_1} + \log B_{z_1 o_1} +
\sum_{t=2}^{T} \left( \log A_{z_{t-1} z_t} + \log B_{z_t o_t} \right)$$

The best path to state j at step t comes from some state i, and up to there it was the best path to i. So

$$\delta_1(j) = \log \pi_j + \log B_{j o_1} \qquad
\delta_t(j) = \max_i \left( \delta_{t-1}(i) + \log A_{ij} \right) + \log B_{j o_t}$$

psi_t(j), the back-pointer, remembers which i was the best. The last state of the best path is the j with the largest
delta_T(j), and the state before a state z_t is psi_t(z_t).

By hand. The patient of hmm_forward: pi = [0.6, 0.4], A = [[0.7, 0.3], [0.4, 0.6]], B = [[0.5, 0.4, 0.1], [0.1, 0.3,
0.6]], o = [0, 1, 2]. In probabilities, for they are easier on paper:

    day 1:  0.6 * 0.5 = 0.3                       0.4 * 0.1 = 0.04
    day 2:  max(0.3 * 0.7, 0.04 * 0.4) * 0.4      max(0.3 * 0.3, 0.04 * 0.6) * 0.3
            = 0.084, from 0                       = 0.027, from 0
    day 3:  max(0.084 * 0.7, 0.027 * 0.4) * 0.1   max(0.084 * 0.3, 0.027 * 0.6) * 0.6
            = 0.00588, from 0                     = 0.01512, from 0

The largest of day 3 is 0.01512, for state 1. Walking back from it gives path = [0, 0, 1], logp = log 0.01512 = -4.1917.

Source: Viterbi (1967); Rabiner, A tutorial on hidden Markov models (1989), section III.B.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["path", "logp"],
    needs=["hmm_forward"],
    hints=[
        "Draw the two states of the three days as circles. Write beside each circle the probability of the best way to "
        "it, and draw only the arrow that this best way came by. What do you read off in the end, and from which side?",
        "It is the forward algorithm with the largest in the place of the sum, and np.argmax along the same axis says "
        "where the largest was. Keep this table of pointers for every day but the first.",
        "Fill the path from its end: the last state is where delta is largest, and the pointers of day t, asked at the "
        "state of day t, name the state of day t - 1. np.argmax takes the first of equal numbers, which is the rule "
        "for ties.",
    ],
    why=(
        "What can follow is the same for all paths that meet in a state, so one that is behind there can never get "
        "ahead: one best path for each state is all that has to be kept."
    ),
    lesson="Viterbi: one path instead of all",
)
def hmm_viterbi(log_pi, log_A, log_B, obs):
    """Return the most probable path of hidden states, and its log probability.

    Args:
        log_pi: float array, shape (K,). Natural logarithms of the probabilities of the first state.
        log_A: float array, shape (K, K). log_A[i, j] is the logarithm of the probability that j follows i.
        log_B: float array, shape (K, V). log_B[j, v] is the logarithm of the probability to see v in state j.
        obs: integer array of any integer type, shape (T,). The symbols that were seen, from 0 to V - 1; T is at least
            1, and may be a thousand.

        Entries of the three tables may be minus infinity, the logarithm of 0; at least one path is possible.

    Returns:
        (path, logp): path is an integer array and not a list, shape (T,), the states from the first step to the last.
        Of several paths that are equally probable it is the one with the smallest last state, among these the one with
        the smallest state before it, and so on to the front. logp is a float, the logarithm of the probability of this
        path and obs together. The arguments are left as they were.
    """
    delta = log_pi + log_B[:, obs[0]]
    pointers = []
    for symbol in obs[1:]:
        ways = delta[:, None] + log_A  # from i, down, to j, across
        pointers.append(np.argmax(ways, axis=0))
        delta = np.max(ways, axis=0) + log_B[:, symbol]
    path = [np.argmax(delta)]
    for best_before in reversed(pointers):
        path.append(best_before[path[-1]])
    return np.array(path[::-1]), np.max(delta)


def logs(table):
    """Return logarithms, minus infinity for 0."""
    with np.errstate(divide="ignore"):
        return np.log(np.array(table, float))


def rows(rng, *shape):
    """Return random probabilities, none of them tiny, that add up to 1 along the last axis."""
    return 0.3 / shape[-1] + 0.7 * rng.dirichlet(np.full(shape[-1], 2.0), shape[:-1])


def each_symbol_once(rng, k, steps):
    """Return a random model and as many symbols as there are steps, in random order.

    Where two neighbours are the same symbol, a visit to another state may come a step earlier or later, with the same
    factors: the paths tie, and rounding would choose between them.
    """
    tables = {"log_pi": logs(rows(rng, k)), "log_A": logs(rows(rng, k, k)), "log_B": logs(rows(rng, k, steps))}
    return {**tables, "obs": rng.permutation(steps)}


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
def the_best_states_do_not_fit_together(rng):
    """On both days state 0 is the most probable, but 0 hardly ever follows 0. The symbols tell nothing."""
    return {
        "log_pi": logs([0.4, 0.32, 0.28]),
        "log_A": logs([[0.04, 0.9, 0.06], [0.92, 0.03, 0.05], [0.94, 0.04, 0.02]]),
        "log_B": logs([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]),
        "obs": np.array([0, 1]),
    }


@case
def today_leads_nowhere(rng):
    """The second symbol speaks for state 0, the third for a state that hardly ever follows it."""
    return {
        "log_pi": logs([0.5, 0.3, 0.2]),
        "log_A": logs([[0.6, 0.38, 0.02], [0.5, 0.15, 0.35], [0.3, 0.1, 0.6]]),
        "log_B": logs([[0.45, 0.5, 0.05], [0.2, 0.4, 0.4], [0.05, 0.05, 0.9]]),
        "obs": np.array([0, 1, 2, 2]),
    }


@case
def twelve_days(rng):
    """Three states, twelve steps, twelve symbols in some order."""
    return each_symbol_once(rng, 3, 12)


@case(hidden=True)
def four_states(rng):
    return each_symbol_once(rng, 4, 7)


@case(edge=True)
def a_single_day(rng):
    """T is 1: nothing was ever left."""
    return {**each_symbol_once(rng, 3, 3), "obs": np.array([2])}


@case(edge=True)
def symbols_of_one_byte(rng):
    """obs is of type uint8, as a file of small numbers is."""
    return {**each_symbol_once(rng, 2, 4), "obs": np.array([2, 0, 3, 1], dtype=np.uint8)}


@case(edge=True)
def all_paths_are_equally_probable(rng):
    """Every number of the model is a half: all eight paths tie."""
    half = logs([[0.5, 0.5], [0.5, 0.5]])
    return {"log_pi": half[0], "log_A": half, "log_B": half, "obs": np.array([0, 1, 1])}


@case(edge=True)
def two_paths_that_change_places(rng):
    """Each state leads to the other: 0, 1 and 1, 0 tie. The path is chosen from its end, not from its beginning."""
    return {
        "log_pi": logs([0.5, 0.5]),
        "log_A": logs([[0.0, 1.0], [1.0, 0.0]]),
        "log_B": logs([[0.5, 0.5], [0.5, 0.5]]),
        "obs": np.array([0, 1]),
    }


@case(edge=True)
def some_steps_are_impossible(rng):
    """The machine is new at first, then worn, then broken, and stays so."""
    return {
        "log_pi": logs([1.0, 0.0, 0.0]),
        "log_A": logs([[0.7, 0.3, 0.0], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]]),
        "log_B": logs([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]]),
        "obs": np.array([0, 1, 1, 1]),
    }


@case(edge=True)
def a_thousand_days(rng):
    """Two states, a thousand steps and symbols: the probability of a path is too small for a float."""
    return each_symbol_once(rng, 2, 1000)


@alternative
def carries_the_paths_along(log_pi, log_A, log_B, obs):
    best = [(log_pi[j] + log_B[j, obs[0]], [j]) for j in range(len(log_pi))]
    for symbol in obs[1:]:
        best = [
            (log_B[j, symbol] + number, [*path, j])
            for j in range(len(log_pi))
            for number, path in [max(((n + log_A[i, j], p) for i, (n, p) in enumerate(best)), key=lambda way: way[0])]
        ]
    number, path = max(best, key=lambda way: way[0])
    return np.array(path), float(number)


@alternative
def looks_again_without_pointers(log_pi, log_A, log_B, obs):
    found = [log_pi + log_B[:, obs[0]]]
    for symbol in obs[1:]:
        found.append(np.max(found[-1] + log_A.T, axis=1) + log_B[:, symbol])
    path = [int(np.argmax(found[-1]))]
    for yesterday in found[-2::-1]:
        path.append(int(np.argmax(yesterday + log_A[:, path[-1]])))
    return np.array(path[::-1]), found[-1].max()


@alternative
def scales_probabilities(log_pi, log_A, log_B, obs):
    a, b = np.exp(log_A), np.exp(log_B)
    best, kept, pointers = np.exp(log_pi) * b[:, obs[0]], 0.0, np.zeros((len(obs), len(log_pi)), int)
    for t in range(1, len(obs)):
        ways = best[:, np.newaxis] * a
        pointers[t] = ways.argmax(0)
        best = ways.max(0) * b[:, obs[t]]
        kept += np.log(best.max())
        best = best / best.max()
    path = np.full(len(obs), best.argmax())
    for t in range(len(obs) - 1, 0, -1):
        path[t - 1] = pointers[t, path[t]]
    return path, kept + np.log(best.max())


def deltas(log_pi, log_A, log_B, obs, first=True, add=np.max):
    """Return the best numbers of all days and the pointers, those of day 1 zeros; mistakes by what is handed in."""
    found, pointers = [log_pi + log_B[:, obs[0]] if first else log_pi], [np.zeros(len(log_pi), int)]
    for symbol in obs[1:]:
        ways = found[-1][:, None] + log_A
        pointers.append(np.argmax(ways, axis=0))
        found.append(add(ways, axis=0) + log_B[:, symbol])
    return np.array(found), np.array(pointers)


def walk_back(last, pointers):
    """Return the path that ends in the state `last`."""
    path = [int(last)]
    for row in pointers[:0:-1]:
        path.insert(0, int(row[path[0]]))
    return np.array(path)


@mistake
def takes_the_most_probable_state_of_each_day(log_pi, log_A, log_B, obs):
    """Each state is the most probable one of its day, by all that was seen. That answers another question: two such
    states need not follow each other, and the path as a whole may even be impossible."""
    after = [np.zeros(len(log_pi))]
    for symbol in obs[:0:-1]:
        after.insert(0, np.logaddexp.reduce(log_A + log_B[:, symbol] + after[0], axis=1))
    path = np.argmax(deltas(log_pi, log_A, log_B, obs, add=np.logaddexp.reduce)[0] + np.array(after), axis=1)
    steps = log_A[path[:-1], path[1:]].sum() + log_B[path, obs].sum()
    return path, log_pi[path[0]] + steps


@mistake
def takes_the_best_delta_of_each_day(log_pi, log_A, log_B, obs):
    """logp is right. On each day the state with the largest delta was taken, without a look at what comes later. The
    best present may have no good future: the path is read from its end, along the pointers."""
    found, _ = deltas(log_pi, log_A, log_B, obs)
    return np.argmax(found, axis=1), np.max(found[-1])


@mistake
def goes_forward_without_looking_back(log_pi, log_A, log_B, obs):
    """Each step went to the state that was best from where the path stood. Once a state is chosen like this, it is
    never reconsidered; a path that is a little worse today may be far better tomorrow."""
    number = log_pi + log_B[:, obs[0]]
    path = [int(np.argmax(number))]
    for symbol in obs[1:]:
        number = number[path[-1]] + log_A[path[-1]] + log_B[:, symbol]
        path.append(int(np.argmax(number)))
    return np.array(path), np.max(number)


@mistake
def asks_the_pointers_of_the_wrong_day(log_pi, log_A, log_B, obs):
    """logp is right. On the way back the pointers were asked a day off. The pointers that were stored on the way into
    day t speak of which day?"""
    found, pointers = deltas(log_pi, log_A, log_B, obs)
    path = [int(np.argmax(found[-1]))]
    for row in pointers[-2::-1]:
        path.insert(0, int(row[path[0]]))
    return np.array(path), np.max(found[-1])


@mistake
def adds_up_all_paths(log_pi, log_A, log_B, obs):
    """The paths to a state were added up where the best one of them was to be kept. One path, or all paths?"""
    found, pointers = deltas(log_pi, log_A, log_B, obs, add=np.logaddexp.reduce)
    return walk_back(np.argmax(found[-1]), pointers), np.logaddexp.reduce(found[-1])


@mistake
def forgets_the_first_symbol(log_pi, log_A, log_B, obs):
    """The path begins with log_pi alone. The first symbol was seen, too: which factor does it bring?"""
    found, pointers = deltas(log_pi, log_A, log_B, obs, first=False)
    return walk_back(np.argmax(found[-1]), pointers), np.max(found[-1])


@mistake
def reads_the_table_by_columns(log_pi, log_A, log_B, obs):
    """A was read the other way round: row i of A is for the state that is left, column j for the one that is entered.
    The largest is looked for among the states that the path may come from."""
    found, pointers = deltas(log_pi, log_A.T, log_B, obs)
    return walk_back(np.argmax(found[-1]), pointers), np.max(found[-1])


@mistake
def stretches_yesterday_along_the_wrong_axis(log_pi, log_A, log_B, obs):
    """delta + log_A adds yesterday's number of state j to column j of A. It has to go to row i, the state that is left:
    which shape does NumPy need to stretch it the other way?"""
    delta, pointers = log_pi + log_B[:, obs[0]], [None]
    for symbol in obs[1:]:
        pointers.append(np.argmax(delta + log_A, axis=0))
        delta = np.max(delta + log_A, axis=0) + log_B[:, symbol]
    return walk_back(np.argmax(delta), pointers), np.max(delta)


@mistake
def looks_for_the_best_step_onwards(log_pi, log_A, log_B, obs):
    """The largest was looked for among the states of today, for each state of yesterday, and what came out stands in
    yesterday's order. It is looked for among the states that the path may come from."""
    delta, pointers = log_pi + log_B[:, obs[0]], [None]
    for symbol in obs[1:]:
        ways = delta[:, None] + log_A
        pointers.append(np.argmax(ways, axis=1))
        delta = np.max(ways, axis=1) + log_B[:, symbol]
    return walk_back(np.argmax(delta), pointers), np.max(delta)


@mistake
def leaves_the_path_backwards(log_pi, log_A, log_B, obs):
    """logp is right, and so are the states, but the last one comes first. The path was found from its end."""
    found, pointers = deltas(log_pi, log_A, log_B, obs)
    return walk_back(np.argmax(found[-1]), pointers)[::-1], np.max(found[-1])


@mistake
def takes_the_last_of_equals(log_pi, log_A, log_B, obs):
    """Right, unless two paths are equally probable. Then the docstring says which of them is meant; a comparison with
    >= keeps the last of equal numbers, and so does sorting and taking the last."""
    found, pointers = deltas(log_pi[::-1], log_A[::-1, ::-1], log_B[::-1], obs)
    return len(log_pi) - 1 - walk_back(np.argmax(found[-1]), pointers), np.max(found[-1])


@mistake
def chooses_from_the_front(log_pi, log_A, log_B, obs):
    """Right, unless two paths are equally probable. Then the one with the smallest first state came back, and the
    docstring asks for the smallest last state: of equals it chooses from the end to the front."""
    ahead = [np.zeros(len(log_pi))]  # the best that may still follow after each state
    for symbol in obs[:0:-1]:
        ahead.insert(0, np.max(log_A + log_B[:, symbol] + ahead[0], axis=1))
    z = int(np.argmax(log_pi + log_B[:, obs[0]] + ahead[0]))
    path, logp = [z], log_pi[z] + log_B[z, obs[0]]
    for symbol, rest in zip(obs[1:], ahead[1:], strict=True):
        step = log_A[z] + log_B[:, symbol]
        z = int(np.argmax(step + rest))
        path.append(z)
        logp += step[z]
    return np.array(path), logp


@mistake
def multiplies_probabilities(log_pi, log_A, log_B, obs):
    """Right for a short series. A thousand factors below one, multiplied as they are, are 0 in a float, and among zeros
    none is the largest."""
    a, b, pointers = np.exp(log_A), np.exp(log_B), [None]
    best = np.exp(log_pi) * b[:, obs[0]]
    for symbol in obs[1:]:
        ways = best[:, None] * a
        pointers.append(np.argmax(ways, axis=0))
        best = np.max(ways, axis=0) * b[:, symbol]
    return walk_back(np.argmax(best), pointers), logs(np.max(best))


@mistake
def forgets_to_take_the_logarithm(log_pi, log_A, log_B, obs):
    """The path is right. logp is the probability itself, where its logarithm is asked for."""
    found, pointers = deltas(log_pi, log_A, log_B, obs)
    return walk_back(np.argmax(found[-1]), pointers), np.exp(np.max(found[-1]))
