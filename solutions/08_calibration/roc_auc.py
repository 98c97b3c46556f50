r"""ROC AUC: does the model put the frauds first?

A model gives every payment a score. Whatever the threshold will be, a good model gives frauds higher scores than honest
payments. How often it does, for a fraud and an honest payment picked at random, is one number, which needs no threshold
and no probability: the area under the ROC curve.

Maths. y_true holds N zeros and ones, and scores N numbers. Of all pairs of a one and a zero, count those in which the
one has the higher score; a tie counts as half:

$$\text{auc} = \frac{1}{N_1 N_0} \sum_{i\,:\,y_i = 1} \;\sum_{j\,:\,y_j = 0}
\left( 1[s_i > s_j] + \tfrac12\, 1[s_i = s_j] \right)$$

1 is perfect, 0.5 is what guessing gives, 0 is perfect with the sign turned round. There are N_1 N_0 pairs, and for a
hundred thousand payments nobody wants to look at all of them. Sort the scores and number them from 1; equal scores
share the mean of their numbers. With R the sum of these *ranks* over the ones,

$$\text{auc} = \frac{R - N_1 (N_1 + 1) / 2}{N_1 N_0}$$

since the rank of a one counts how many lie below it, and N_1 (N_1 + 1) / 2 is what the ones count among themselves.

By hand. y = [0, 1, 0, 1], s = [0.1, 0.4, 0.4, 0.8]. The four pairs: 0.4 against 0.1 wins, 0.4 against 0.4 is a tie, 0.8
wins twice: 3.5 / 4 = 0.875. The ranks are 1, 2.5, 2.5, 4; R = 6.5, and (6.5 - 3) / 4 = 0.875.

Source: Mann & Whitney, On a test of whether one of two random variables is stochastically larger than the other (1947);
Fawcett, An introduction to ROC analysis (2006), section 7.
"""

import numpy as np

from grader.authoring import Drawn, alternative, case, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns="auc",
    needs=["one_hot"],
    banned=["scipy.stats.mannwhitneyu"],
    hints=[
        "Do the example with a pencil: write the scores in order, and under each how many zeros lie below it and how "
        "many are equal to it.",
        "For every one you need two numbers: how many zeros have a lower score, and how many an equal one. In a sorted "
        "list of the zeros' scores np.searchsorted finds both, with side='left' and side='right'.",
        "below = np.searchsorted(zeros, ones, 'left') counts the lower ones; with 'right' it counts the lower and the "
        "equal ones. The mean of the two is a win for each lower one and half a win for each tie.",
    ],
    why=(
        "Only the order of the scores counts, and a sorted list tells at once how many zeros lie below a one and how "
        "many are equal to it: so all N_1 N_0 pairs can be counted without looking at each."
    ),
    lesson="Is the score a probability?",
)
def roc_auc(y_true, scores):
    """Return the share of pairs of a one and a zero that the scores put in the right order.

    Args:
        y_true: integer array, shape (N,), of zeros and ones.
        scores: float array, shape (N,). The higher, the more likely a one; many may be equal, and some infinite, which
            are in order like others.

    Returns:
        auc: float from 0 to 1; ties count as half. Nothing is lost if the scores are changed in a way that keeps their
        order. The arguments are left as they were.

    Raises:
        ValueError: there are no ones, or no zeros: then there is no pair to look at.

    Memory: no table of N_1 x N_0 numbers. An edge case has 40,000 scores, where such a table takes over 3 GB (as truth
    values 400 MB); the limit is 512 MiB. mannwhitneyu of scipy.stats does in one call what you write here; a file that
    uses it is refused.
    """
    ones, zeros = scores[y_true == 1], np.sort(scores[y_true == 0])
    if not ones.size or not zeros.size:
        raise ValueError("there have to be ones and zeros, or there is no pair to compare")
    below = np.searchsorted(zeros, ones, side="left")
    not_above = np.searchsorted(zeros, ones, side="right")
    return float((below + not_above).sum() / (2 * ones.size * zeros.size))


@case
def by_hand(rng):
    """The example of the statement."""
    return {"y_true": np.array([0, 1, 0, 1]), "scores": np.array([0.1, 0.4, 0.4, 0.8])}


@case
def no_ties(rng):
    """Twelve different scores, ones and zeros mixed."""
    scores = np.round(rng.permutation(12) * 0.07 - 0.3, 2)
    return {"y_true": np.array([1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0]), "scores": scores}


@case
def many_ties(rng):
    """Twenty scores from a handful of values."""
    return {"y_true": rng.permutation(np.repeat([0, 1], [13, 7])), "scores": rng.choice([0.1, 0.2, 0.5, 0.9], 20)}


@case(hidden=True)
def other_scores(rng):
    return {"y_true": rng.permutation(np.repeat([0, 1], [6, 9])), "scores": np.round(rng.normal(size=15), 1)}


@case(edge=True)
def the_same_for_everybody(rng):
    """All scores are equal: as good as guessing."""
    return {"y_true": np.array([0, 1, 1, 0, 0]), "scores": np.full(5, 0.3)}


@case(edge=True)
def perfect(rng):
    """All ones have higher scores than all zeros; negative scores and infinity are scores like others."""
    return {"y_true": np.array([0, 1, 0, 1]), "scores": np.array([-np.inf, 3.0, -2.0, np.inf])}


@case(edge=True)
def tiny_scores(rng):
    """Scores of a rare event: all are close to 0, and in an order all the same. Two are equal."""
    return {"y_true": np.array([0, 1, 0, 1, 0, 1]), "scores": np.array([1e-9, 3e-9, 2e-9, 2e-9, 5e-9, 4e-9])}


@case(edge=True)
def ones_alone(rng):
    """There are no zeros."""
    return {"y_true": np.array([1, 1]), "scores": np.array([0.2, 0.4])}


@case(edge=True)
def zeros_alone(rng):
    """There are no ones."""
    return {"y_true": np.array([0, 0, 0]), "scores": np.array([0.2, 0.4, 0.4])}


@case(edge=True)
def many_payments(rng):
    """40,000 scores, half of them of ones."""
    return {"y_true": Drawn(1, (40_000,), below=2), "scores": Drawn(2, (40_000,))}


@alternative
def adds_up_ranks(y_true, scores):
    positive = y_true == 1
    n1, n0 = int(positive.sum()), int((~positive).sum())
    if n1 == 0 or n0 == 0:
        raise ValueError("one class only")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    return (ranks[positive].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


@alternative
def adds_up_trapezoids(y_true, scores):
    values = np.unique(scores)
    ones = np.bincount(np.searchsorted(values, scores[y_true == 1]), minlength=values.size)[::-1]
    zeros = np.bincount(np.searchsorted(values, scores[y_true == 0]), minlength=values.size)[::-1]
    if ones.sum() * zeros.sum() == 0:
        raise ValueError("one class only")
    high = np.cumsum(ones) / ones.sum()
    low = np.concatenate([[0.0], high[:-1]])
    return float(np.sum(zeros / zeros.sum() * (high + low) / 2))


@alternative
def walks_down_the_scores(y_true, scores):
    order = sorted(range(len(scores)), key=lambda n: -scores[n])
    seen, wins, tied_ones, tied_zeros, last = 0, 0.0, 0, 0, None
    for n in order:
        if scores[n] != last:
            wins += tied_zeros * (seen + tied_ones / 2)
            seen, tied_ones, tied_zeros, last = seen + tied_ones, 0, 0, scores[n]
        if y_true[n] == 1:
            tied_ones += 1
        else:
            tied_zeros += 1
    wins += tied_zeros * (seen + tied_ones / 2)
    total = seen + tied_ones
    if total == 0 or total == len(scores):
        raise ValueError("one class only")
    return wins / (total * (len(scores) - total))


def _share(y_true, scores, side):
    ones, zeros = scores[y_true == 1], np.sort(scores[y_true == 0])
    if not ones.size or not zeros.size:
        raise ValueError("one class only")
    return float(np.searchsorted(zeros, ones, side=side).sum() / (ones.size * zeros.size))


@mistake
def counts_ties_as_lost(y_true, scores):
    """A tie counted as nothing. If the model says the same of everybody it is as good as guessing, and guessing wins
    half of the time."""
    return _share(y_true, scores, "left")


@mistake
def counts_ties_as_won(y_true, scores):
    """A tie counted as a win, so that a model which says the same of everybody is perfect. It should be worth a
    half."""
    return _share(y_true, scores, "right")


@mistake
def makes_a_table_of_pairs(y_true, scores):
    """Right, and wasteful: a table of all pairs. For many payments it does not fit into the memory. A sorted list knows
    how many lie below a number without looking at each."""
    ones, zeros = scores[y_true == 1], scores[y_true == 0]
    if not ones.size or not zeros.size:
        raise ValueError("one class only")
    differences = ones[:, None] - zeros
    with np.errstate(all="ignore"):
        return float(np.mean((ones[:, None] > zeros) + 0.5 * (ones[:, None] == zeros) + 0.0 * np.isnan(differences)))


@mistake
def answers_a_half_for_one_class(y_true, scores):
    """Right, where there are ones and zeros. Where one of them is missing there is no pair, so the question has no
    answer; the docstring asks for a ValueError and not for a number that looks like one."""
    ones, zeros = scores[y_true == 1], np.sort(scores[y_true == 0])
    if not ones.size or not zeros.size:
        return 0.5
    both = np.searchsorted(zeros, ones, "left") + np.searchsorted(zeros, ones, "right")
    return float(both.sum() / (2 * ones.size * zeros.size))


@mistake
def turns_it_round(y_true, scores):
    """The zeros were counted as winners. Which of the two should have the higher score?"""
    return 1.0 - (_share(y_true, scores, "left") + _share(y_true, scores, "right")) / 2


@mistake
def counts_accuracy_at_a_half(y_true, scores):
    """This is the share of right answers at the threshold 0.5. The area under the curve needs no threshold: it asks for
    the order of the scores."""
    if len(set(y_true.tolist())) < 2:
        raise ValueError("one class only")
    return float(np.mean((scores >= 0.5) == (y_true == 1)))


@mistake
def gives_every_row_a_rank_of_its_own(y_true, scores):
    """Right, where no scores are equal. Equal scores got different ranks, by the order in which they happened to stand.
    They share the mean of their ranks."""
    ones = int((y_true == 1).sum())
    if ones in (0, len(y_true)):
        raise ValueError("one class only")
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1
    return float((ranks[y_true == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(y_true) - ones)))
