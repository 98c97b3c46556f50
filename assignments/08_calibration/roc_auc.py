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
    raise NotImplementedError
