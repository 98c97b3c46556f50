r"""Attention: look things up, softly.

In "the animal did not cross the street because it was too tired", the word "it" has to find out what it stands for.
Each word asks a question (its query), every word holds up a label (its key) and has something to say (its value).
Attention hands every question the values of the words whose labels fit, mixed by how well they fit.

Maths. q has shape (..., Lq, d), k (..., Lk, d) and v (..., Lk, dv); the axes in front, such as examples and heads, are
the same for all three and every entry of them is a matter of its own. Query n pays key m the share

$$w_{nm} = \frac{e^{q_n \cdot k_m / \sqrt d}}{\sum_j e^{q_n \cdot k_j / \sqrt d}} \qquad\qquad
\text{out}_n = \sum_m w_{nm}\, v_m$$

The inner product of two vectors of d random numbers has a spread of sqrt(d); dividing by it keeps the softmax from
being certain of something just because d is large. A mask says which keys a query may attend to: the sums over j and m
run over these alone, all other shares are exactly 0, and what stands in their keys and values, even NaN, plays no part.
A query that may attend to nothing gets shares of 0 and the answer 0.

By hand. q = [[1, 0, 0, 0]], k = [[2, 0, 0, 0], [0, 2, 0, 0]], v = [[10], [20]]: d = 4, the scores are 2 / 2 = 1 and 0,
the shares e / (e + 1) = 0.7311 and 0.2689, and out = 7.311 + 5.379 = 12.69.

Source: Vaswani et al., Attention is all you need (2017), section 3.2.1.
"""

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    """Return what every query hears, and the shares that it paid.

    Args:
        q: float array, shape (..., Lq, d). The queries; d is at least 1, and Lq and Lk too.
        k: float array, shape (..., Lk, d). The keys.
        v: float array, shape (..., Lk, dv). The values.
        mask: None, or a bool array that broadcasts to shape (..., Lq, Lk). True where a query may attend to a key. Keys
            and values to which no query may attend can hold anything, NaN and infinity included; where some query may,
            they are finite.

    Returns:
        (out, weights): float arrays of shape (..., Lq, dv) and (..., Lq, Lk) and of q's dtype. A row of weights adds up
        to 1, or is 0 where the query may attend to nothing; then its out is 0 as well. Scores may be as large as 1e4.
        The arguments are left as they were.

    softmax of scipy.special does in one call what this is about; a file that uses it is refused.
    """
    raise NotImplementedError
