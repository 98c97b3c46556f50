r"""The loss of a chain of labels: a softmax over all sentences at once.

A program marks the names in a text: each word begins a name, continues one, or does neither. A network scores the
labels of each word, but the words do not decide alone, since nothing can be continued that has not begun. A conditional
random field adds a score for each pair of neighbours and is trained on whole sentences; it is the last layer of many
taggers.

Maths. T words and K labels. The emissions e, shape (T, K), score each label at each word; the transitions a, shape
(K, K), score label j after label i at a_ij. y_1, ..., y_T are the right labels. A path z of labels has the score

$$s(z) = \sum_{t=1}^{T} e_{t, z_t} + \sum_{t=2}^{T} a_{z_{t-1} z_t} \qquad p(z) = \frac{e^{s(z)}}{Z} \qquad
Z = \sum_{z} e^{s(z)}$$

where Z adds up all K^T paths. The loss is the surprise at the right path, nll = log Z - s(y). log Z comes from the
forward pass of hmm_forward, with scores in place of log probabilities:

$$\log \alpha_1(j) = e_{1j} \qquad \log \alpha_t(j) = \log \sum_i e^{\log \alpha_{t-1}(i) + a_{ij}} + e_{tj} \qquad
\log Z = \log \sum_j \alpha_T(j)$$

The gradients are what the model expects, minus what was observed:

$$\frac{\partial\, nll}{\partial e_{tk}} = p(z_t = k) - 1[y_t = k] \qquad
\frac{\partial\, nll}{\partial a_{ij}} = \sum_{t=2}^{T} \Big( p(z_{t-1} = i, z_t = j) - 1[y_{t-1} = i, y_t = j] \Big)$$

beta_t(i) adds up all that may follow after label i at word t, without the score of i itself:

$$\log \beta_T(i) = 0 \qquad \log \beta_{t-1}(i) = \log \sum_j e^{a_{ij} + e_{tj} + \log \beta_t(j)}$$

$$p(z_t = k) = \frac{\alpha_t(k)\, \beta_t(k)}{Z} \qquad
p(z_{t-1} = i, z_t = j) = \frac{\alpha_{t-1}(i)\, e^{a_{ij} + e_{tj}}\, \beta_t(j)}{Z}$$

By hand. Two words, two labels, scores that are logs of whole numbers: e = log [[2, 1], [1, 3]], a = log [[2, 1], [3,
1]], y = [0, 1]. The weights e^s of the paths are

    0, 0:  2 * 2 * 1 = 4      0, 1:  2 * 1 * 3 = 6
    1, 0:  1 * 3 * 1 = 3      1, 1:  1 * 1 * 3 = 3      together Z = 16

so nll = log (16/6) = 0.9808. Label 0 at word 1 has (4 + 6)/16 = 0.625 and is right: 0.625 - 1 = -0.375. In the end
d_emissions = [[-0.375, 0.375], [0.4375, -0.4375]] and d_transitions = [[0.25, -0.625], [0.1875, 0.1875]].

Source: Lafferty, McCallum & Pereira, Conditional random fields (2001); Sutton & McCallum, An introduction to
conditional random fields (2012), sections 4.1 and 5.1.
"""

import itertools

import numpy as np

from grader.authoring import Consistent, Gradient, alternative, case, exercise, mistake


@exercise(
    points=12,
    difficulty=5,
    returns=["nll", "d_emissions", "d_transitions"],
    needs=["hmm_forward", "softmax_loss"],
    hints=[
        "Begin with the loss alone, and check it against the example and against your own sum over all paths, by "
        "itertools.product. What is the loss of a single word, and where have you seen its gradient?",
        "Go through the words once from the left for log alpha and once from the right for log beta. Both are "
        "log-sum-exps of a K by K table, one over where the path comes from and one over where it goes to. alpha "
        "contains the score of its own word, beta does not.",
        "At each word, alpha times beta, divided by Z, adds up to 1 over the labels: check this first. The pairs are a "
        "table for each step; add these tables up. A pair that occurs twice in y has to be subtracted twice, and "
        "array[rows, columns] -= 1 does it once: np.subtract.at or a loop counts.",
    ],
    why=(
        "log Z moves with a score at the rate at which paths use it, on average over p. A path through k at word t is "
        "a way to get there and a way to go on, so two passes give all these averages."
    ),
    lesson="Conditional random fields: train the chain",
)
def crf_nll(emissions, transitions, y):
    """Return the negative log likelihood of the right labels in a linear-chain CRF, and its gradients.

    Args:
        emissions: float array, shape (T, K). emissions[t, k] is the score of label k at word t; T is at least 1 and may
            be some hundreds. Scores may be as large as 1000 or as small as -1000.
        transitions: float array, shape (K, K). transitions[i, j] is the score of label j right after label i.
        y: integer array of any integer type, shape (T,). The right labels, from 0 to K - 1.

    Returns:
        (nll, d_emissions, d_transitions): nll is a float, log Z minus the score of y, in natural logarithms, summed
        over the words and not averaged. d_emissions is a float array, shape (T, K), and d_transitions a float array,
        shape (K, K): the slopes of nll with respect to emissions and transitions. If T is 1, d_transitions is zero.
        The arguments are left as they were.
    """
    T = len(emissions)
    log_alpha, log_beta = emissions.copy(), np.zeros_like(emissions)
    for t in range(1, T):
        log_alpha[t] += np.logaddexp.reduce(log_alpha[t - 1][:, None] + transitions, axis=0)
    for t in range(T - 1, 0, -1):
        log_beta[t - 1] = np.logaddexp.reduce(transitions + emissions[t] + log_beta[t], axis=1)
    log_z = np.logaddexp.reduce(log_alpha[-1])

    d_emissions = np.exp(log_alpha + log_beta - log_z)
    pairs = log_alpha[:-1, :, None] + transitions + (emissions + log_beta)[1:, None, :] - log_z
    d_transitions = np.exp(pairs).sum(axis=0)

    np.subtract.at(d_emissions, (np.arange(T), y), 1)
    np.subtract.at(d_transitions, (y[:-1], y[1:]), 1)
    score = emissions[np.arange(T), y].sum() + transitions[y[:-1], y[1:]].sum()
    return log_z - score, d_emissions, d_transitions


# Not of the long case, which would have to be nudged 1200 times, nor of scores near 1000: nll is a small difference of
# large numbers there, and its measured slope is not to be trusted.
SLOPES = [
    Gradient("d_emissions", wrt="emissions", loss="nll"),
    Gradient("d_transitions", wrt="transitions", loss="nll"),
    Consistent("d_emissions", wrt="emissions", loss="nll"),
    Consistent("d_transitions", wrt="transitions", loss="nll"),
]


def scores(rng, *shape):
    """Return scores with two decimals."""
    return np.round(rng.normal(size=shape), 2)


@case(checks=SLOPES)
def by_hand(rng):
    """The example of the statement: two words, two labels."""
    return {
        "emissions": np.log([[2.0, 1.0], [1.0, 3.0]]),
        "transitions": np.log([[2.0, 1.0], [3.0, 1.0]]),
        "y": np.array([0, 1]),
    }


@case(checks=SLOPES)
def all_scores_zero(rng):
    """Where nothing is known yet all 27 paths are equally probable, and nll is log 27."""
    return {"emissions": np.zeros((3, 3)), "transitions": np.zeros((3, 3)), "y": np.array([2, 0, 1])}


@case(checks=SLOPES)
def a_sentence(rng):
    """Six words and three labels; 0 follows 0 twice."""
    return {"emissions": scores(rng, 6, 3), "transitions": scores(rng, 3, 3), "y": np.array([0, 0, 0, 2, 1, 2])}


@case(hidden=True, checks=SLOPES)
def four_labels(rng):
    return {"emissions": scores(rng, 5, 4), "transitions": scores(rng, 4, 4), "y": np.array([3, 3, 1, 0, 2])}


@case(edge=True, checks=SLOPES)
def a_single_word(rng):
    """T is 1: this is softmax_loss of one row, and no transition is used."""
    return {"emissions": scores(rng, 1, 4), "transitions": scores(rng, 4, 4), "y": np.array([2])}


@case(edge=True, checks=SLOPES)
def labels_of_one_byte(rng):
    """y is of type uint8."""
    labels = np.array([1, 0, 1, 1], dtype=np.uint8)
    return {"emissions": scores(rng, 4, 2), "transitions": scores(rng, 2, 2), "y": labels}


@case(edge=True)
def large_scores(rng):
    """Scores near 1000: e^1000 is too large for a float."""
    return {"emissions": 1000 + scores(rng, 3, 2), "transitions": scores(rng, 2, 2), "y": np.array([1, 0, 0])}


@case(edge=True)
def very_negative_scores(rng):
    """Scores near -1000: e^-1000 is too small for a float."""
    return {"emissions": -1000 + scores(rng, 3, 2), "transitions": scores(rng, 2, 2), "y": np.array([1, 0, 0])}


@case(edge=True)
def six_hundred_words(rng):
    """A long text, two labels. Every transition has a low score, and the products of six hundred are too small for a
    float."""
    labels = rng.integers(0, 2, 600)
    return {"emissions": scores(rng, 600, 2), "transitions": scores(rng, 2, 2) - 4, "y": labels}


@alternative
def walks_back_through_the_forward_pass(emissions, transitions, y):
    # Backpropagation through log-sum-exp, whose slope is a softmax: where did the paths to j come from?
    T, K = emissions.shape
    log_alpha = [emissions[0]]
    for row in emissions[1:]:
        table = log_alpha[-1][:, None] + transitions
        top = table.max(axis=0)
        log_alpha.append(row + top + np.log(np.exp(table - top).sum(axis=0)))
    top = log_alpha[-1].max()
    log_z = top + np.log(np.sum(np.exp(log_alpha[-1] - top)))
    here = np.exp(log_alpha[-1] - log_z)
    d_emissions, d_transitions = np.zeros((T, K)), np.zeros((K, K))
    for t in range(T - 1, -1, -1):
        d_emissions[t] = here - np.eye(K)[y[t]]
        if t:
            pairs = here * np.exp(log_alpha[t - 1][:, None] + transitions + emissions[t] - log_alpha[t])
            d_transitions += pairs
            d_transitions[y[t - 1], y[t]] -= 1
            here = pairs.sum(axis=1)
    score = sum(emissions[t, k] for t, k in enumerate(y)) + sum(transitions[i, j] for i, j in itertools.pairwise(y))
    return float(log_z - score), d_emissions, d_transitions


@alternative
def scales_weights_at_every_word(emissions, transitions, y):
    T, K = emissions.shape
    tops = emissions.max(axis=1)
    w, a = np.exp(emissions - tops[:, None]), np.exp(transitions - transitions.max())
    alpha, scale = np.empty((T, K)), np.empty(T)
    for t in range(T):
        alpha[t] = w[t] if t == 0 else (alpha[t - 1] @ a) * w[t]
        scale[t] = alpha[t].sum()
        alpha[t] /= scale[t]
    beta = np.ones((T, K))
    for t in range(T - 2, -1, -1):
        beta[t] = a @ (w[t + 1] * beta[t + 1]) / scale[t + 1]
    right = np.eye(K)[y]
    pairs = np.einsum("ti,ij,tj->ij", alpha[:-1], a, w[1:] * beta[1:] / scale[1:, None])
    seen = right[:-1].T @ right[1:]
    behind = tops.sum() + (T - 1) * transitions.max() - (right * emissions).sum() - (seen * transitions).sum()
    return np.log(scale).sum() + behind, alpha * beta - right, pairs - seen


@alternative
def compares_every_path_with_the_right_one(emissions, transitions, y):
    # Scores relative to those of the right path: nll is then log Z itself, and its gradient is the same.
    def log_sum(table, axis):
        return np.logaddexp.reduce(table, axis=axis)

    T, K = emissions.shape
    less = emissions - emissions[np.arange(T), y][:, None]
    steps = [transitions - transitions[i, j] for i, j in itertools.pairwise(y)]
    left, right = [less[0]], [np.zeros(K)]
    for t in range(1, T):
        left.append(log_sum(left[-1].reshape(-1, 1) + steps[t - 1] + less[t].reshape(1, -1), 0))
        right.insert(0, log_sum(steps[T - 1 - t] + less[T - t] + right[0], 1))
    nll = log_sum(left[-1], 0)
    d_emissions, d_transitions = np.exp(np.array(left) + np.array(right) - nll), np.zeros((K, K))
    for t in range(T):
        d_emissions[t, y[t]] -= 1
        if t:
            d_transitions += np.exp(left[t - 1][:, None] + steps[t - 1] + less[t] + right[t] - nll)
            d_transitions[y[t - 1], y[t]] -= 1
    return nll, d_emissions, d_transitions


def log_sum_exp(table, axis):
    """Return the log-sum-exp along an axis."""
    return np.logaddexp.reduce(table, axis=axis)


def plain(table, axis):
    """Return the log of the sum of the powers, which may be too large or too small."""
    with np.errstate(all="ignore"):
        return np.log(np.sum(np.exp(table), axis=axis))


def passes(emissions, transitions, add=log_sum_exp):
    """Return log alpha, log beta and log Z; mistakes are made by what is handed in."""
    ahead, behind = [emissions[0]], [np.zeros(emissions.shape[1])]
    for row in emissions[1:]:
        ahead.append(add(ahead[-1][:, None] + transitions, axis=0) + row)
    for row in emissions[:0:-1]:
        behind.insert(0, add(transitions + row + behind[0], axis=1))
    return np.array(ahead), np.array(behind), add(ahead[-1], axis=0)


def expected(emissions, transitions, add=log_sum_exp):
    """Return log Z and the expected counts of labels and of pairs."""
    ahead, behind, log_z = passes(emissions, transitions, add)
    with np.errstate(all="ignore"):
        pairs = np.exp(ahead[:-1, :, None] + transitions + (emissions + behind)[1:, None, :] - log_z)
        return log_z, np.exp(ahead + behind - log_z), pairs.sum(axis=0)


def observed(emissions, y):
    """Return the counts of labels and of pairs in y."""
    labels = np.eye(emissions.shape[1])[y]
    return labels, labels[:-1].T @ labels[1:]


def score(emissions, transitions, y):
    """Return the score of y."""
    return emissions[np.arange(len(y)), y].sum() + transitions[y[:-1], y[1:]].sum()


def right(emissions, transitions, y, add=log_sum_exp):
    """Return the three parts as they should be, if `add` is."""
    log_z, labels, pairs = expected(emissions, transitions, add)
    seen, seen_pairs = observed(emissions, y)
    return log_z - score(emissions, transitions, y), labels - seen, pairs - seen_pairs


@mistake
def normalises_by_the_last_word_alone(emissions, transitions, y):
    """log Z was taken of the scores of the last word, and not of the forward numbers there. Z belongs to all paths, and
    a path is made of all words and all steps."""
    _, d_emissions, d_transitions = right(emissions, transitions, y)
    return log_sum_exp(emissions[-1], axis=0) - score(emissions, transitions, y), d_emissions, d_transitions


@mistake
def lets_each_word_decide_alone(emissions, transitions, y):
    """Every word got a softmax of its own, without the transitions. The probability of a label depends on its
    neighbours, through the scores of the pairs, on both sides."""
    return right(emissions, np.zeros_like(transitions), y)


@mistake
def reads_the_table_by_columns(emissions, transitions, y):
    """The transitions were read the other way round, in Z and in the score alike. Row i is for the label of the word
    before, column j for the label of this one."""
    nll, d_emissions, d_transitions = right(emissions, transitions.T, y)
    return nll, d_emissions, d_transitions.T


@mistake
def scores_the_right_path_backwards(emissions, transitions, y):
    """log Z is right, and the gradients are. In the score of y the transitions were read as from a label to the one
    before it."""
    nll, d_emissions, d_transitions = right(emissions, transitions, y)
    turned = transitions[y[:-1], y[1:]].sum() - transitions[y[1:], y[:-1]].sum()
    return nll + turned, d_emissions, d_transitions


@mistake
def leaves_the_transitions_out_of_the_score(emissions, transitions, y):
    """log Z is right. The score of y adds up its emissions only, and the right path has transitions as every path
    has."""
    nll, d_emissions, d_transitions = right(emissions, transitions, y)
    return nll + transitions[y[:-1], y[1:]].sum(), d_emissions, d_transitions


@mistake
def forgets_what_was_observed(emissions, transitions, y):
    """nll is right. The gradients are the expected counts alone, so that every score would have to fall for ever.
    Expectation minus what? The rows of d_emissions add up to 0."""
    log_z, labels, pairs = expected(emissions, transitions)
    return log_z - score(emissions, transitions, y), labels, pairs


@mistake
def turns_the_gradients_round(emissions, transitions, y):
    """nll is right. The gradients are those of the log likelihood, which is minus the loss. A higher score of the right
    label makes the loss smaller: which sign has the slope?"""
    nll, d_emissions, d_transitions = right(emissions, transitions, y)
    return nll, -d_emissions, -d_transitions


@mistake
def counts_a_repeated_pair_once(emissions, transitions, y):
    """Right, but for pairs of labels that occur more than once in y. With an array of rows and one of columns as index,
    -= 1 writes to each place once, however often the place is named."""
    log_z, labels, pairs = expected(emissions, transitions)
    pairs[y[:-1], y[1:]] -= 1
    return log_z - score(emissions, transitions, y), labels - observed(emissions, y)[0], pairs


@mistake
def takes_neighbours_for_independent(emissions, transitions, y):
    """nll and d_emissions are right. The probability of a pair was taken for the product of the probabilities of its
    two labels. Neighbours are not independent, that is what the transitions are for."""
    nll, d_emissions, _ = right(emissions, transitions, y)
    _, labels, _ = expected(emissions, transitions)
    return nll, d_emissions, labels[:-1].T @ labels[1:] - observed(emissions, y)[1]


@mistake
def leaves_the_second_word_out_of_the_pairs(emissions, transitions, y):
    """nll and d_emissions are right. In the probability of a pair the score of its second word is missing: it is
    neither in the alpha of the word before nor in its own beta."""
    nll, d_emissions, _ = right(emissions, transitions, y)
    ahead, behind, log_z = passes(emissions, transitions)
    with np.errstate(over="ignore"):
        pairs = np.exp(ahead[:-1, :, None] + transitions + behind[1:, None, :] - log_z).sum(axis=0)
    return nll, d_emissions, pairs - observed(emissions, y)[1]


@mistake
def counts_the_score_of_a_word_twice(emissions, transitions, y):
    """nll is right. Where alpha and beta meet, the score of the word itself was counted in both. Do alpha times beta,
    divided by Z, add up to 1 at every word?"""
    nll, _, d_transitions = right(emissions, transitions, y)
    ahead, behind, log_z = passes(emissions, transitions)
    with np.errstate(over="ignore"):
        return nll, np.exp(ahead + behind + emissions - log_z) - observed(emissions, y)[0], d_transitions


@mistake
def forgets_the_first_word(emissions, transitions, y):
    """The forward pass began with zeros. The score of the first word belongs to every path, in Z as in the score of
    y."""
    silent = emissions.copy()
    silent[0] = 0
    nll, d_emissions, d_transitions = right(silent, transitions, y)
    return nll - emissions[0, y[0]], d_emissions, d_transitions


@mistake
def looks_only_to_the_left(emissions, transitions, y):
    """nll is right. The probabilities at each word came from the forward pass alone, which knows of the words up to
    this one. The words to its right have a say, too: that is what beta is for."""
    ahead, _, log_z = passes(emissions, transitions)
    here = log_sum_exp(ahead, axis=1)
    pairs = np.exp(ahead[:-1, :, None] + (transitions + emissions[1:, None, :]) - here[1:, None, None]).sum(axis=0)
    seen, seen_pairs = observed(emissions, y)
    return log_z - score(emissions, transitions, y), np.exp(ahead - here[:, None]) - seen, pairs - seen_pairs


@mistake
def averages_over_the_words(emissions, transitions, y):
    """All three parts were divided by the number of words. The docstring says that they are sums."""
    return tuple(part / len(y) for part in right(emissions, transitions, y))


@mistake
def compares_with_the_best_path_only(emissions, transitions, y):
    """The largest score was taken where the paths are added up, so that the loss is 0 as soon as the right path is the
    best. The surprise counts all other paths as well."""
    ahead, _, best = passes(emissions, transitions, add=np.max)
    path = [int(np.argmax(ahead[-1]))]
    for t in range(len(y) - 1, 0, -1):
        path.insert(0, int(np.argmax(ahead[t - 1] + transitions[:, path[0]])))
    labels, pairs = observed(emissions, np.array(path))
    seen, seen_pairs = observed(emissions, y)
    return best - score(emissions, transitions, y), labels - seen, pairs - seen_pairs


@mistake
def exponentiates_the_raw_scores(emissions, transitions, y):
    """Right for small scores. exp(1000) is not a number that a float can hold, and exp(-1000) is 0. You have written
    logsumexp before: what does it subtract, and add again?"""
    return right(emissions, transitions, y, add=plain)


@mistake
def multiplies_weights_without_scaling(emissions, transitions, y):
    """Right for a short sentence. The largest score of every word was taken out, and still the product of some hundred
    weights leaves what a float can hold. Logarithms, or a scale that is renewed at every word, keep it."""
    tops = emissions.max(axis=1)
    w, a = np.exp(emissions - tops[:, None]), np.exp(transitions)
    ahead, behind = [w[0]], [np.ones(len(a))]
    with np.errstate(all="ignore"):
        for row in w[1:]:
            ahead.append(ahead[-1] @ a * row)
        for row in w[:0:-1]:
            behind.insert(0, a @ (row * behind[0]))
        z = ahead[-1].sum()
        pairs = np.einsum("ti,ij,tj->ij", ahead[:-1], a, w[1:] * behind[1:]) / z
        seen, seen_pairs = observed(emissions, y)
        nll = np.log(z) + tops.sum() - score(emissions, transitions, y)
        return nll, np.array(ahead) * np.array(behind) / z - seen, pairs - seen_pairs
