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

from grader.authoring import Drawn, alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns="out",
    needs=["one_hot"],
    hints=[
        "Do it by hand for ids = [0, 2, 0], with a pencil and three boxes. What happens in the box of segment 0?",
        "Adding to out[ids] with += looks right. Try it with ids = [0, 0]: NumPy computes all new entries first and "
        "writes each of them once. A loop over n does what you mean, and so does a function of np.add.",
        "np.add.at(out, ids, values) adds one after the other, rows as well as numbers. Before that, out is zeros of "
        "shape (num_segments, *values.shape[1:]).",
    ],
    why=(
        "Every value belongs to exactly one segment, so it has to be touched only once; the care is for ids that "
        "repeat, where each value must be added to what is already there."
    ),
    lesson="Sums over an index set",
)
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
    dtype = values.dtype if values.dtype.kind == "f" else float
    out = np.zeros((num_segments, *values.shape[1:]), dtype)
    np.add.at(out, ids, values)
    return out


@case
def by_hand(rng):
    """The example of the statement."""
    return {"values": np.array([1.0, 2.0, 4.0]), "ids": np.array([0, 2, 0]), "num_segments": 3}


@case
def repeated_ids(rng):
    """Ten numbers in four segments."""
    ids = np.array([3, 0, 1, 1, 2, 3, 3, 0, 1, 3])
    return {"values": np.round(rng.normal(size=10), 2), "ids": ids, "num_segments": 4}


@case
def rows(rng):
    """Six rows of three numbers."""
    return {"values": np.round(rng.normal(size=(6, 3)), 2), "ids": np.array([1, 0, 1, 2, 1, 0]), "num_segments": 3}


@case(hidden=True)
def more_rows(rng):
    return {
        "values": np.round(rng.normal(size=(9, 2)), 2),
        "ids": np.array([4, 4, 0, 2, 2, 2, 1, 4, 0]),
        "num_segments": 5,
    }


@case(edge=True)
def segments_that_are_never_used(rng):
    """The last segments have no values, and neither has the first."""
    return {"values": np.array([[1.5, -2.0], [0.25, 1.0]]), "ids": np.array([2, 2]), "num_segments": 6}


@case(edge=True)
def nothing_to_add(rng):
    """No values at all: all sums are empty."""
    return {"values": np.zeros((0, 2)), "ids": np.zeros(0, dtype=int), "num_segments": 3}


@case(edge=True)
def whole_numbers(rng):
    """Integers of one byte, whose sum is larger than a byte."""
    values = np.array([200, 100, 55, 250], dtype=np.uint8)
    return {"values": values, "ids": np.array([1, 1, 0, 1], dtype=np.uint8), "num_segments": 2}


@case(edge=True)
def single_precision(rng):
    """float32 goes in, so float32 comes out."""
    values = np.round(rng.normal(size=(4, 2)), 2).astype(np.float32)
    return {"values": values, "ids": np.array([0, 1, 1, 0]), "num_segments": 2}


@case(edge=True)
def many(rng):
    """600,000 values in 48,000 segments."""
    values, ids = Drawn(1, (600_000,)), Drawn(2, (600_000,), below=48_000)
    return {"values": values, "ids": ids, "num_segments": 48_000}


@alternative
def goes_one_by_one(values, ids, num_segments):
    kind = np.float64 if values.dtype.kind in "iu" else values.dtype
    out = np.zeros((num_segments, *values.shape[1:]), dtype=kind)
    for k, value in zip(ids, values, strict=True):
        out[k] += value
    return out


@alternative
def counts_with_weights(values, ids, num_segments):
    table = values[:, None] if values.ndim == 1 else values
    columns = [np.bincount(ids, weights=column, minlength=num_segments) for column in table.T]
    kind = values.dtype if values.dtype.kind == "f" else np.dtype(float)
    out = np.array(columns, dtype=float).reshape(len(columns), num_segments).T
    return out.reshape((num_segments, *values.shape[1:])).astype(kind)


@alternative
def sorts_and_cuts(values, ids, num_segments):
    from itertools import pairwise

    order = np.argsort(ids, kind="stable")
    ordered = values[order].astype(values.dtype if values.dtype.kind == "f" else float)
    ends = np.searchsorted(ids[order], np.arange(num_segments + 1))
    parts = [ordered[a:b].sum(axis=0) for a, b in pairwise(ends)]
    return np.array(parts, dtype=ordered.dtype)


def _empty(values, num_segments, dtype=None):
    kind = values.dtype if values.dtype.kind == "f" else np.dtype(float)
    return np.zeros((num_segments, *values.shape[1:]), kind if dtype is None else dtype)


@mistake
def writes_each_target_once(values, ids, num_segments):
    """Where a number occurs several times in ids, only its last value is there. += on out[ids] computes all new
    entries first and then writes each of them once; look for the relative of np.add that does not wait."""
    out = _empty(values, num_segments)
    out[ids] += values
    return out


@mistake
def multiplies_a_table_of_indicators(values, ids, num_segments):
    """Right, and wasteful: the table of indicators has N x num_segments entries, and all but N of them are 0. In the
    large case it does not fit into the memory."""
    table = (np.arange(num_segments)[:, None] == ids).astype(values.dtype if values.dtype.kind == "f" else float)
    return table @ values


@mistake
def searches_for_each_segment(values, ids, num_segments):
    """Right, and slow: for each segment all values were searched for those that belong to it. In the large case that is
    48,000 times 600,000 questions. How often does a pencil have to touch each value?"""
    out = _empty(values, num_segments)
    for k in range(num_segments):
        out[k] = values[ids == k].sum(axis=0, dtype=out.dtype)
    return out


@mistake
def adds_numbers_of_a_row_too(values, ids, num_segments):
    """Right for single numbers. Rows were added up to one number each. With values of shape (N, D) every segment gets a
    row."""
    flat = values if values.ndim == 1 else values.sum(axis=1)
    out = _empty(flat, num_segments)
    np.add.at(out, ids, flat)
    return out


@mistake
def gives_rows_to_a_function_of_numbers(values, ids, num_segments):
    """Right for single numbers, and it stops at rows of numbers: np.bincount takes one number for each id, and an out
    of shape (num_segments,) has room for no more. With values of shape (N, D) every segment gets a row."""
    return np.bincount(ids, weights=values, minlength=num_segments)


@mistake
def averages(values, ids, num_segments):
    """These are means: each sum was divided by how many values it has. The statement asks for the sum."""
    out, count = _empty(values, num_segments), np.bincount(ids, minlength=num_segments)
    np.add.at(out, ids, values)
    return (out.T / np.maximum(count, 1)).T.astype(out.dtype)


@mistake
def counts_the_segments_that_are_there(values, ids, num_segments):
    """There are as many segments as the largest number in ids says. How many there are is a fact about the problem, and
    those without values are 0."""
    out = _empty(values, int(ids.max()) + 1 if len(ids) else num_segments)
    np.add.at(out, ids, values)
    return out


@mistake
def keeps_small_integers(values, ids, num_segments):
    """Right for floats. The sums of integers were written into the type of the values, and a byte has no room for more
    than 255."""
    out = _empty(values, num_segments, values.dtype)
    np.add.at(out, ids, values)
    return out
