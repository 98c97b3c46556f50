r"""Validate a batch: what is it that comes in?

A model for loan applications runs for a month before somebody notices that since an update all incomes arrive in cents.
It did not crash; it answered. Before you ask how to train a system, ask what its inputs are, and have a small program
ask the same at every batch.

Maths. X should have shape (N, D), a row for each example and a column for each feature, and y shape (N,), the number of
each example's class. spec says what is expected: D is `n_features`; column d lies between low_d and high_d, the limits
included; a class is one of `classes`. A problem has a code:

    "dtype"    X holds neither floats nor integers (truth values and complex numbers are neither)
    "shape"    X is not of shape (N, n_features), for any N
    "nan"      an entry of X is NaN (not a number)
    "range"    an entry of X is below low_d or above high_d; infinity is, NaN is not
    "length"   y has another number of entries than X has rows
    "label"    an entry of y is not among the classes

A question that cannot be asked is not a problem of its own: of truth values and complex numbers nobody asks "nan" and
"range"; "range" needs the right shape; "length" needs at least one axis, along which X has its rows.

By hand. n_features = 2, low = [0, 0], high = [1, 150], classes = [0, 1]. X = [[0.5, 200]], y = [2]: column 1 is above
150, and there is no class 2. The answer is ["label", "range"].

Source: Zinkevich, Rules of Machine Learning (2016), the rules on training-serving skew; Breck et al., The ML test score
(2017), section II.
"""

import numpy as np

from grader.authoring import alternative, case, exercise, mistake


@exercise(
    points=3,
    difficulty=2,
    returns="problems",
    hints=[
        "Begin with an empty list and one if for each code. No answer of one question may keep another from being "
        "asked.",
        "X.dtype.kind is 'f' for floats, 'i' and 'u' for integers. X.ndim == 2 and X.shape[1] == ... is the shape.",
        "np.isnan(X).any() for NaN. X < spec['low'] compares every row with the limits of the columns; with NaN every "
        "comparison is False. np.isin(y, classes) says of each label whether it is known.",
    ],
    why=(
        "Each code answers a question of its own, asked whatever the others say. NaN needs its own, for it is neither "
        "below nor above any limit, nor even equal to itself."
    ),
    lesson="What comes in?",
)
def validate_batch(X, y, spec):
    """Return the codes of all problems of a batch.

    Args:
        X: array of any type and shape; it should be of floats or integers, shape (N, n_features).
        y: integer array, shape (M,). M should be N.
        spec: dict with "n_features" (int), "low" and "high" (float arrays, shape (n_features,), the limits of each
            column, both allowed) and "classes" (integer array, the known labels).

    Returns:
        problems: list of str, the codes of the statement, each once and in alphabetical order; [] where all is well, an
        empty batch included. Nothing is raised, whatever comes in. The arguments are left as they were.
    """
    problems = []
    numeric = X.dtype.kind in "fiu"
    fits = X.ndim == 2 and X.shape[1] == spec["n_features"]
    if not numeric:
        problems.append("dtype")
    if not fits:
        problems.append("shape")
    if numeric and np.isnan(X).any():
        problems.append("nan")
    if numeric and fits and ((spec["low"] > X) | (spec["high"] < X)).any():
        problems.append("range")
    if X.ndim >= 1 and len(y) != len(X):
        problems.append("length")
    if not np.isin(y, spec["classes"]).all():
        problems.append("label")
    return sorted(problems)


SPEC = {
    "n_features": 2,
    "low": np.array([0.0, 0.0]),
    "high": np.array([1.0, 150.0]),
    "classes": np.array([0, 1]),
}


def batch(X, y):
    """A case: an array, labels, and the usual expectations."""
    return {"X": np.array(X), "y": np.array(y, dtype=int), "spec": SPEC}


@case
def by_hand(rng):
    """The example of the statement."""
    return batch([[0.5, 200.0]], [2])


@case
def all_is_well(rng):
    """Three examples with nothing wrong."""
    return batch([[0.5, 20.0], [0.25, 149.0], [0.75, 3.5]], [0, 1, 1])


@case
def a_number_is_missing(rng):
    """One entry is NaN; all others are in range."""
    return batch([[0.5, np.nan], [0.25, 149.0]], [0, 1])


@case
def too_low(rng):
    """One entry is below its limit."""
    return batch([[0.5, 20.0], [0.25, -1.0]], [0, 1])


@case
def a_label_too_many(rng):
    """Two rows and three labels."""
    return batch([[0.5, 20.0], [0.25, 149.0]], [0, 1, 1])


@case
def a_column_too_many(rng):
    """Three columns, where two are expected."""
    return batch([[0.5, 20.0, 1.0], [0.25, 149.0, 1.0]], [0, 1])


@case
def several_at_once(rng):
    """A missing number, one out of range, and a label too few that is unknown as well."""
    return batch([[np.nan, 20.0], [0.25, 151.0]], [7])


@case(hidden=True)
def another_batch(rng):
    return batch([[1.5, np.nan], [0.25, 10.0], [0.5, 3.0]], [0, 1])


@case(edge=True)
def at_the_limits(rng):
    """Every entry is exactly at a limit, and the limits are allowed."""
    return batch([[0.0, 150.0], [1.0, 0.0]], [0, 1])


@case(edge=True)
def infinite(rng):
    """One entry is infinite: that is out of range, and it is not NaN."""
    return batch([[0.5, np.inf], [0.25, 3.0]], [0, 1])


@case(edge=True)
def whole_numbers(rng):
    """An array of integers, which cannot be NaN."""
    return batch([[1, 20], [0, 149]], [0, 1])


@case(edge=True)
def bytes_out_of_range(rng):
    """Integers from 0 to 255, as pictures have them, one of them above its limit."""
    return {**batch([], [0, 1]), "X": np.array([[1, 20], [0, 200]], dtype=np.uint8)}


@case(edge=True)
def complex_numbers(rng):
    """Complex numbers, one of them NaN: of the type alone is spoken then."""
    return batch([[0.5 + 0j, np.nan], [0.25 + 2j, 200.0]], [0, 1])


@case(edge=True)
def truth_values(rng):
    """An array of truth values, with a column too few."""
    return batch([[True], [False]], [0, 1])


@case(edge=True)
def no_rows_to_count(rng):
    """X is a single NaN, without an axis: "length" cannot be asked."""
    return batch(np.nan, [0])


@case(edge=True)
def one_axis(rng):
    """X is one row without its second axis; each number counts as a row then, and of columns nothing is asked."""
    return batch([1.5, np.nan], [1])


@case(edge=True)
def classes_with_a_gap(rng):
    """The known classes are 2, 5 and 7. There is a label between them that is none of them."""
    return {**batch([[0.5, 20.0], [0.25, 149.0]], [5, 3]), "spec": {**SPEC, "classes": np.array([2, 5, 7])}}


@case(edge=True)
def an_empty_batch(rng):
    """No examples, and nothing wrong with that."""
    return {"X": np.zeros((0, 2)), "y": np.zeros(0, int), "spec": SPEC}


@alternative
def asks_in_a_table(X, y, spec):
    numeric = np.issubdtype(X.dtype, np.floating) or np.issubdtype(X.dtype, np.integer)
    fits = X.shape[1:] == (spec["n_features"],) and X.ndim == 2
    known = set(spec["classes"].tolist())
    asked = {
        "dtype": lambda: not numeric,
        "label": lambda: any(label not in known for label in y.tolist()),
        "length": lambda: X.ndim > 0 and X.shape[0] != y.shape[0],
        "nan": lambda: numeric and bool((X != X).any()),
        "range": lambda: numeric and fits and not bool(((spec["low"] <= X) & (spec["high"] >= X) | (X != X)).all()),
        "shape": lambda: not fits,
    }
    return [code for code, question in asked.items() if question()]


@alternative
def goes_column_by_column(X, y, spec):
    found = set()
    numeric = X.dtype.kind in ("f", "i", "u")
    if not numeric:
        found.add("dtype")
    elif np.any(np.isnan(X)):
        found.add("nan")
    if X.ndim != 2 or X.shape[1] != spec["n_features"]:
        found.add("shape")
    elif numeric:
        for column, low, high in zip(X.T, spec["low"], spec["high"], strict=True):
            found |= {"range" for value in column if value < low or value > high}
    if X.ndim and X.shape[0] != y.size:
        found.add("length")
    if np.setdiff1d(y, spec["classes"]).size:
        found.add("label")
    return sorted(found)


def _asked(X, y, spec, strict=False, inside=False, infinite_is_nan=False, rows=True):
    """The codes, with the mistakes that can be made on the way; unsorted."""
    numeric = X.dtype.kind in "fiu"
    fits = X.ndim == 2 and X.shape[1] == spec["n_features"]
    codes = [] if numeric else ["dtype"]
    codes += [] if fits else ["shape"]
    if numeric and (not np.isfinite(X).all() if infinite_is_nan else np.isnan(X).any()):
        codes.append("nan")
    if numeric and fits:
        below, above = (spec["low"] >= X, spec["high"] <= X) if strict else (spec["low"] > X, spec["high"] < X)
        within = (spec["low"] <= X) & (spec["high"] >= X)
        outside = ~within if inside else below | above
        outside = outside & np.isfinite(X) if infinite_is_nan else outside
        codes += ["range"] if outside.any() else []
    if X.ndim >= 1 and rows and len(y) != len(X):
        codes.append("length")
    return codes if np.isin(y, spec["classes"]).all() else [*codes, "label"]


@mistake
def stops_at_the_first_problem(X, y, spec):
    """Only the first problem is reported. Somebody who mends it will come back with the next one, and the one after. A
    report lists everything that it has seen."""
    return sorted(_asked(X, y, spec))[:1]


@mistake
def forbids_the_limits(X, y, spec):
    """An entry exactly at a limit was reported. Look at the statement: are the limits themselves allowed?"""
    return sorted(_asked(X, y, spec, strict=True))


@mistake
def counts_nan_as_out_of_range(X, y, spec):
    """NaN was reported as "range" as well. Asking whether an entry is inside and turning the answer round gives
    something else than asking whether it is outside: every comparison with NaN is False."""
    return sorted(_asked(X, y, spec, inside=True))


@mistake
def counts_infinity_as_missing(X, y, spec):
    """Infinity was reported as "nan" and not as "range". It is a number, larger than every limit; np.isfinite asks for
    both at once."""
    return sorted(_asked(X, y, spec, infinite_is_nan=True))


@mistake
def forgets_to_count_the_labels(X, y, spec):
    """Nobody has asked whether there is a label for every row."""
    return sorted(_asked(X, y, spec, rows=False))


@mistake
def leaves_the_codes_in_the_order_of_asking(X, y, spec):
    """All codes are there, in the order in which they were found. The docstring promises another order, so that two
    reports can be compared."""
    return _asked(X, y, spec)


@mistake
def crashes_at_what_it_should_describe(X, y, spec):
    """Right for batches of the right form. Where X has another shape the comparison with the limits raises, and whoever
    called hears nothing. A validator describes; it does not crash. Ask for the shape first."""
    problems = [] if X.ndim == 2 and X.shape[1] == spec["n_features"] else ["shape"]
    if X.dtype.kind not in "fiu":
        problems.append("dtype")
    if np.isnan(X).any():
        problems.append("nan")
    for row in X:
        if any(v < low or v > high for v, low, high in zip(row, spec["low"], spec["high"], strict=True)):
            problems.append("range")
            break
    if len(y) != len(X):
        problems.append("length")
    if not np.isin(y, spec["classes"]).all():
        problems.append("label")
    return sorted(problems)
