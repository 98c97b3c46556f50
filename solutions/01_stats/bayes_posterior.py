r"""Bayes' rule: what do I believe, now that I have seen this?

A test for a rare disease is right nine times in ten, and it says yes. Are you ill? Probably not, for most of those who
get a yes are healthy people for whom the test is wrong. Bayes' rule does the counting, for any number of explanations
and any number of tests.

Maths. There are K explanations (classes) and N pieces of evidence. prior has shape (K,): how probable each class was
before. likelihood has shape (N, K): L_nk is the probability of evidence n if class k is the truth. Once the class is
given, the pieces of evidence do not depend on each other, so that their probabilities multiply, as for two dice: two
sixes have 1/6 * 1/6. post has shape (K,):

$$\text{post}_k = \frac{\text{prior}_k \prod_n L_{nk}}{\sum_j \text{prior}_j \prod_n L_{nj}}$$

The large Pi is a product over all n, as the large Sigma is a sum. Below the fraction bar the same is computed for every
class j and added up; dividing by this makes post add up to 1. Neither the rows nor the columns of L need to: column k
holds the probabilities of N different things, all in the world of class k.

With hundreds of pieces of evidence the products are smaller than the smallest float, and 0 / 0 is no answer. A
logarithm turns a product into a sum, and the logarithms of the products are ordinary numbers:

$$s_k = \log \text{prior}_k + \sum_n \log L_{nk} \qquad
\text{post}_k = \frac{e^{s_k - m}}{\sum_j e^{s_j - m}} \qquad m = \max_j s_j$$

Any m gives the same post, since e^{-m} is a factor above and below the fraction bar; with this one, the largest power
is 1. A probability of 0 has the logarithm minus infinity, and e to the power of that is 0 again, so that nothing
special needs to be done. NumPy warns of log(0), but a warning costs nothing.

By hand. Of 100 people 1 is ill; the test says yes to 0.9 of the ill and to 0.09 of the others. prior = [0.01, 0.99] and
likelihood = [0.9, 0.09] have the products 0.009 and 0.0891, their sum is 0.0981, and post = [0.0917, 0.9083].

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 1.2; MacKay, Information Theory, Inference, and
Learning Algorithms (2003), chapter 3.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns="post",
    needs=["logsumexp"],
    hints=[
        "Take 10 000 people and count: how many are ill, and how many of those get a yes? How many are healthy and get "
        "one all the same? Which share of all who get a yes is ill?",
        "For each class multiply its prior by everything in its column, and divide by the sum over the classes. "
        "np.atleast_2d makes one row of a single piece of evidence. Then think of 300 rows: which function turns "
        "products into sums?",
        "s = log(prior) + the sum of log(likelihood) over the rows has one number for each class. Subtract the largest "
        "of these before you take exp, and divide by the sum last. np.errstate(divide='ignore') around the logarithms "
        "keeps NumPy from warning of log(0), which is right here.",
    ],
    why=(
        "Only the ratios between classes count: a factor that all of them share cancels when you divide. That is why "
        "their logarithms may be shifted together until the powers fit into a float."
    ),
    lesson="Bayes: what do I believe now?",
)
def bayes_posterior(prior, likelihood):
    """Return the probability of every class after the evidence.

    Args:
        prior: float array, shape (K,). The probabilities of the classes before, from 0 to 1, sum 1.
        likelihood: float array, shape (N, K), or (K,) for a single piece of evidence. The probability of each piece of
            evidence if the class is the truth, from 0 to 1. N may be 0, as shape (0, K), and it may be hundreds: the
            evidence may point to one class first and to another one afterwards, so no class may get lost on the way.
            At least one class with a prior above 0 has no 0 in its column.

    Returns:
        post: float array, shape (K,), sum 1. Exactly 0 where the prior or a likelihood of the class is 0. Up to
        rounding, it is the prior where there is no evidence, and the order of the evidence does not matter. The
        arguments are left as they were.
    """
    with np.errstate(divide="ignore"):  # log(0) is minus infinity, and rightly so
        s = np.log(prior) + np.log(np.atleast_2d(likelihood)).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@case
def by_hand(rng):
    """The example of the statement: one test."""
    return {"prior": np.array([0.01, 0.99]), "likelihood": np.array([0.9, 0.09])}


@case
def three_tests(rng):
    """Two tests say yes and a third one says no."""
    return {"prior": np.array([0.01, 0.99]), "likelihood": np.array([[0.9, 0.09], [0.8, 0.25], [0.1, 0.91]])}


@case
def four_classes(rng):
    """Five pieces of evidence, four classes."""
    return {"prior": np.array([0.4, 0.3, 0.2, 0.1]), "likelihood": np.round(rng.uniform(0.2, 0.9, (5, 4)), 2)}


@case(hidden=True)
def three_classes(rng):
    return {"prior": np.array([0.5, 0.15, 0.35]), "likelihood": np.round(rng.uniform(0.1, 0.9, (4, 3)), 2)}


@case(edge=True)
def no_evidence(rng):
    """Nothing was seen: what was believed before is believed still."""
    return {"prior": np.array([0.25, 0.75]), "likelihood": np.zeros((0, 2))}


@case(edge=True)
def an_impossible_class(rng):
    """One class cannot have caused the second piece of evidence: it is out, exactly."""
    likelihood = np.array([[0.9, 0.2, 0.4], [0.0, 0.5, 0.1], [0.7, 0.3, 0.6]])
    return {"prior": np.array([0.6, 0.2, 0.2]), "likelihood": likelihood}


@case(edge=True)
def a_prior_of_zero(rng):
    """What was impossible before stays impossible."""
    return {"prior": np.array([0.0, 0.5, 0.5]), "likelihood": np.array([0.9, 0.3, 0.1])}


@case(edge=True)
def out_by_one_piece_of_many(rng):
    """399 of 400 rows speak for the first class, and by one it is impossible: the others are left."""
    likelihood = np.repeat([[0.0, 0.02, 0.01], [0.9, 0.02, 0.01]], [1, 399], axis=0)
    likelihood[200:, 1:] = [0.01, 0.02]
    return {"prior": np.array([0.6, 0.3, 0.1]), "likelihood": likelihood}


@case(edge=True)
def no_doubt_left(rng):
    """400 rows, all in favour of the first class: next to it the other one is nothing."""
    return {"prior": np.array([0.2, 0.8]), "likelihood": np.tile([0.9, 0.01], (400, 1))}


@case(edge=True)
def three_hundred_pieces(rng):
    """Probabilities from 0.01 to 0.02 in 300 rows: their product is smaller than any float."""
    likelihood = np.tile([[0.01, 0.02], [0.02, 0.01], [0.02, 0.02]], (100, 1))
    return {"prior": np.array([0.6, 0.4]), "likelihood": np.vstack([rng.permutation(likelihood), [[0.01, 0.02]]])}


@case(edge=True)
def the_tide_turns(rng):
    """150 rows speak for the first class, and then as many for the second, just as strongly: nothing was gained."""
    return {"prior": np.array([0.3, 0.7]), "likelihood": np.repeat([[0.9, 0.001], [0.001, 0.9]], 150, axis=0)}


def _rows(likelihood):
    return likelihood.reshape(-1, likelihood.shape[-1])


@alternative
def adds_logarithms_in_a_loop(prior, likelihood):
    import math

    def log(p):
        return math.log(p) if p > 0 else -math.inf

    sums = []
    for k, before in enumerate(prior):
        column = [likelihood[k]] if likelihood.ndim == 1 else likelihood[:, k]
        sums.append(log(before) + math.fsum(log(p) for p in column))
    powers = [math.exp(s - max(sums)) for s in sums]
    return np.array([power / sum(powers) for power in powers])


@alternative
def hears_one_piece_after_the_other_in_logarithms(prior, likelihood):
    with np.errstate(divide="ignore"):
        post = np.log(prior)
        for row in _rows(likelihood):
            post = post + np.log(row)
            post -= np.logaddexp.reduce(post)
    return np.exp(post)


@alternative
def multiplies_exact_fractions(prior, likelihood):
    from fractions import Fraction

    weights = [Fraction(float(p)) for p in prior]
    for row in _rows(likelihood):
        weights = [weight * Fraction(float(p)) for weight, p in zip(weights, row, strict=True)]
    return np.array([float(weight / sum(weights)) for weight in weights])


@alternative
def multiplies_mantissas_and_counts_powers_of_two(prior, likelihood):
    mantissa, power = np.frexp(prior)
    for row in _rows(likelihood):
        mantissa, more = np.frexp(mantissa * row)
        power = power + more
    post = np.ldexp(mantissa, power - power[mantissa > 0].max())
    return post / post.sum()


@mistake
def forgets_the_prior(prior, likelihood):
    """Only the evidence was weighed. A rare disease stays rare after one positive test: where does rarity come in?"""
    with np.errstate(divide="ignore"):
        s = np.log(_rows(likelihood)).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@mistake
def multiplies_until_nothing_is_left(prior, likelihood):
    """Right as long as there is little evidence. The product of 300 small numbers is smaller than the smallest float,
    all classes end at 0, and 0 / 0 is NaN. Sums of logarithms do not run out; and before exp is taken of them, the same
    number may be subtracted from all."""
    weights = prior * _rows(likelihood).prod(axis=0)
    return weights / weights.sum()


@mistake
def normalises_after_every_row(prior, likelihood):
    """Right, unless the evidence speaks for one class for a long time: then another one sinks to exactly 0, and nothing
    that comes later can bring it back. In logarithms nothing sinks that deep."""
    post = prior
    for row in _rows(likelihood):
        post = post * row / (post * row).sum()
    return post


@mistake
def counts_the_prior_with_every_piece(prior, likelihood):
    """The prior was multiplied in once for each row. It stands for what was known before, and was known once."""
    rows = _rows(likelihood)
    with np.errstate(divide="ignore"):
        s = np.log(prior * rows).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@mistake
def adds_up_the_evidence(prior, likelihood):
    """The probabilities of the pieces of evidence were added. That this and that happened has the product of the two as
    its probability: a class that explains one piece badly has to suffer for it."""
    weights = prior * (_rows(likelihood).sum(axis=0) if len(likelihood) else 1.0)
    return weights / weights.sum()


@mistake
def averages_the_answers(prior, likelihood):
    """Every piece of evidence gave an answer of its own, and their average was returned. Two tests that agree should
    convince you more than one; an average never does."""
    weights = prior * _rows(likelihood)
    return (weights / weights.sum(axis=1, keepdims=True)).sum(axis=0) / len(weights)


@mistake
def normalises_along_the_evidence(prior, likelihood):
    """The numbers of each column were made to add up to 1. What has to add up to 1 are the explanations that compete:
    which axis lists them?"""
    weights = prior * _rows(likelihood)
    return weights / weights.sum(axis=0)


@mistake
def multiplies_along_the_classes(prior, likelihood):
    """The likelihoods were multiplied along the last axis, over the classes. There is one product for each class, over
    the pieces of evidence."""
    weights = prior * np.atleast_2d(likelihood).prod(axis=1)
    return weights / weights.sum()


@mistake
def multiplies_a_single_row_away(prior, likelihood):
    """Right for a table of evidence, but not for a single row. The sum over axis 0 of shape (K,) runs over the classes,
    so that all of them get the same number. What shape do you want it to have first?"""
    with np.errstate(divide="ignore"):
        s = np.log(prior) + np.log(likelihood).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@mistake
def forgets_to_normalise(prior, likelihood):
    """These are the products above the line. Do they add up to 1?"""
    return prior * _rows(likelihood).prod(axis=0)


@mistake
def makes_every_row_add_up_to_one_only(prior, likelihood):
    """The likelihood was divided by its sum, and then multiplied by the prior. Divide last: what has to add up to 1 is
    the answer."""
    rows = _rows(likelihood)
    return prior * (rows / rows.sum(axis=1, keepdims=True)).prod(axis=0)


@mistake
def lifts_zeros_a_little(prior, likelihood):
    """A tiny number was added before the logarithm was taken. An impossible class should come out as exactly 0; what
    does exp make of minus infinity?"""
    s = np.log(prior + 1e-12) + np.log(_rows(likelihood) + 1e-12).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@mistake
def lifts_zeros_to_almost_nothing(prior, likelihood):
    """Zeros were lifted to a very small number before the logarithm was taken. What is impossible is hardly possible
    now, and with hundreds of other pieces of evidence behind it, it wins. What does exp make of minus infinity?"""
    s = np.log(np.maximum(prior, 1e-300)) + np.log(np.maximum(_rows(likelihood), 1e-300)).sum(axis=0)
    post = np.exp(s - s.max())
    return post / post.sum()


@mistake
def shifts_by_another_number(prior, likelihood):
    """The number that was subtracted before exp is not the largest one, but perhaps the mean, or the smallest. A class
    far above it gets a power that is too large for a float, and infinity / infinity is NaN."""
    with np.errstate(divide="ignore"):
        s = np.log(prior) + np.log(_rows(likelihood)).sum(axis=0)
    post = np.exp(s - s[np.isfinite(s)].mean())
    return post / post.sum()
