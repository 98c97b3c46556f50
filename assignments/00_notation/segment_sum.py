r"""Segment sum: add up whatever has the same number.

A bank has a list of payments, each with the number of an account, and wants one total for each account. Later on,
methods that group data will need the same. In formulas it is a sum over an index set. In code a plain loop does it, and
so do some calls of NumPy; but out[ids] += values, which looks right, adds only one of several values with the same id.

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
        values: float32, float64 or integer array, shape (N,) or (N, D). N may be 0.
        ids: integer array of any integer type, shape (N,). The segment of each value, from 0 to num_segments - 1, in
            any order and as often as you like.
        num_segments: int, at least 1. The number of segments.

    Returns:
        out: array, shape (num_segments,) or (num_segments, D). float32 and float64 stay what they are (float32 may be
        added up in either); integers become float64. A segment without values is 0. The arguments are left as they
        were.

    Memory and time: no table of N x num_segments numbers in between, and no search through all N values for each
    segment. An edge case has 600,000 values in 48,000 segments: as bytes the table would take 29 GB, and the searches
    would compare 29,000 million times. The limits are 512 MiB and 2 seconds; a plain loop over the values keeps to
    both.
    """
    raise NotImplementedError
