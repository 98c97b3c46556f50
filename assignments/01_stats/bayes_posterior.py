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
    raise NotImplementedError
