r"""Segment sum: add up whatever has the same number.

A bank has a list of payments, each with the number of an account, and wants one total for each account. The gradient of
an embedding table adds up in the same way what every occurrence of a word has to say, and k-means what belongs to each
centre. In formulas it is a sum over an index set; in code it is one call, if you know which.

Maths. values has shape (N,) or (N, D), ids shape (N,), with numbers from 0 to K - 1, where K is num_segments:

$$\text{out}_k = \sum_{n\,:\, \text{ids}_n = k} \text{values}_n$$

The colon is read "such that": the sum runs over all n such that ids_n is k. Where there is no such n, the sum is empty,
and an empty sum is 0. With values of shape (N, D), rows are added.

By hand. values = [1, 2, 4], ids = [0, 2, 0], num_segments = 3: segment 0 gets 1 + 4, segment 1 nothing, segment 2 gets
2. So out = [5, 0, 2].

Source: Graham, Knuth & Patashnik, Concrete Mathematics (1994), section 2.1, on sums over index sets; Deisenroth, Faisal
& Ong, Mathematics for Machine Learning (2020), table of symbols.
"""

import numpy as np


def segment_sum(values, ids, num_segments):
    """Return for every segment the sum of the values, or rows of values, that belong to it.

    Args:
        values: float or integer array, shape (N,) or (N, D). N may be 0.
        ids: integer array of any integer type, shape (N,). The segment of each value, from 0 to num_segments - 1, in
            any order and as often as you like.
        num_segments: int, at least 1. The number of segments.

    Returns:
        out: array, shape (num_segments,) or (num_segments, D). float32 and float64 stay what they are; integers become
        float64. A segment without values is 0. The arguments are left as they were.

    Memory and time: no table of N x num_segments numbers in between, and no search through all N values for each
    segment. An edge case has 600,000 values in 48,000 segments: as bytes the table would take 29 GB, where 512 MiB are
    there, and the searches would compare 29,000 million times, where 2 s are there. A loop over the values has time
    enough.
    """
    raise NotImplementedError
