r"""Equalised odds: is the model equally good, and equally wrong, about everybody?

Two groups apply for a loan. Of those who would pay back, the model finds 95 of 100 in one group and 70 of 100 in the
other. Each of the 30 who were turned away could ask: would it have been the same with another address? Equal selection
rates do not answer that; one has to look at people with the same outcome.

Maths. y is the outcome (1 or 0), yhat the prediction, g the group.

$$\text{tpr}_g = P(\hat y = 1 \mid y = 1, g) \qquad \text{fpr}_g = P(\hat y = 1 \mid y = 0, g)$$

$$d = \max\left(\max_g \text{tpr}_g - \min_g \text{tpr}_g,\; \max_g \text{fpr}_g - \min_g \text{fpr}_g\right)$$

The larger of two gaps: between those who should be selected, and between those who should not. d = 0 means that, once
the outcome is known, the group tells nothing more about the prediction. A model that is always right has d = 0 however
the groups differ.

By hand.

    group A: y = [1, 1, 0, 0], yhat = [1, 0, 0, 0]: tpr = 1/2, fpr = 0/2
    group B: y = [1, 0, 0, 0], yhat = [1, 1, 0, 0]: tpr = 1/1, fpr = 1/3

The gaps are 1/2 and 1/3, so d = 0.5.

Source: Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning (2016), section 2; fairlearn,
`fairlearn.metrics.equalized_odds_difference`, whose name and keyword are used here.
"""

import numpy as np

from grader.authoring import alternative, case, drive, exercise, mistake


@exercise(
    points=5,
    difficulty=3,
    returns=["d", "'the arguments are as before'"],
    needs=["group_rates", "demographic_parity_difference"],
    hints=[
        "Make two lists of people: those with outcome 1 and those with outcome 0. For each list alone the question is "
        "one that you have answered before: how far apart are the selection rates of the groups?",
        "A member of a group with a given outcome is found by two comparisons joined with &, each in brackets. A group "
        "that has nobody in the list has no rate there: leave it out of this list, and keep it in the other.",
        "Go through the outcomes 1 and 0. For each, collect the mean of y_pred for every group that has somebody with "
        "this outcome; the gap is largest less smallest, or 0 if the collection is empty. d is the larger gap.",
    ],
    why=(
        "Among people with the same outcome it no longer matters how common that outcome is in their group, so like "
        "is compared with like; and a rate over nobody is no rate and joins no gap."
    ),
    lesson="Two numbers for one question",
)
def equalized_odds_difference(y_true, y_pred, *, sensitive_features):
    """Return the larger of the gap between true-positive rates and the gap between false-positive rates.

    Args:
        y_true: integer array of any integer type, shape (N,). The outcomes, 0 or 1; N is at least 1.
        y_pred: integer array of any integer type, shape (N,). The predictions, 0 or 1.
        sensitive_features: array of strings or of integers, shape (N,). The name of everybody's group; a number is a
            name as well. It is given by its keyword. There may be any number of groups.

    Returns:
        d: float, between 0 and 1. A group without outcomes of 1 has no tpr and is left out of the gap between the tprs,
        while its fpr counts; a group without outcomes of 0 in the same way. A gap of one rate alone, or of none, is 0.
        The arguments are left as they were.
    """
    gaps = []
    for outcome in (1, 0):
        chosen, names = y_pred[y_true == outcome], sensitive_features[y_true == outcome]
        rates = [np.mean(chosen[names == name]) for name in np.unique(names)]
        gaps.append(max(rates) - min(rates) if rates else 0.0)
    return float(max(gaps))


@drive
def with_names_in_an_array(equalized_odds_difference, y_true, y_pred, sensitive_features):
    """Make an array of the names, call the function with its keyword, and look at the arguments where the names are
    given as {"watched": names}."""
    watched = isinstance(sensitive_features, dict)
    names = np.array(sensitive_features["watched"] if watched else sensitive_features)
    handed = [np.array(y_true), np.array(y_pred), names]
    before = [array.tobytes() for array in handed]
    d = equalized_odds_difference(handed[0], handed[1], sensitive_features=handed[2])
    return d, [array.tobytes() for array in handed] == before if watched else None


@case
def by_hand(rng):
    """The example of the statement."""
    return {
        "y_true": np.array([1, 1, 0, 0, 1, 0, 0, 0]),
        "y_pred": np.array([1, 0, 0, 0, 1, 1, 0, 0]),
        "sensitive_features": ["A", "A", "A", "A", "B", "B", "B", "B"],
    }


@case
def false_alarms_differ_more(rng):
    """The tprs are 2/3 and 1/2, the fprs 1/4 and 3/4."""
    return {
        "y_true": np.array([1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]),
        "y_pred": np.array([1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0]),
        "sensitive_features": ["A"] * 7 + ["B"] * 6,
    }


@case
def three_groups(rng):
    """Three groups: the tprs are 1/2, 1 and 1/4, the fprs 1/3, 0 and 1/2."""
    return {
        "y_true": np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]),
        "y_pred": np.array([1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0]),
        "sensitive_features": ["a"] * 5 + ["b"] * 4 + ["c"] * 6,
    }


@case
def the_model_is_always_right(rng):
    """Every prediction is the outcome; the groups differ in their outcomes, and d is 0."""
    y = np.array([1, 1, 1, 0, 1, 0, 0])
    return {"y_true": y, "y_pred": y.copy(), "sensitive_features": [0, 0, 0, 0, 1, 1, 1]}


@case(hidden=True)
def eighty_people(rng):
    return {
        "y_true": rng.integers(0, 2, 80),
        "y_pred": rng.integers(0, 2, 80),
        "sensitive_features": [["east", "north", "south", "west"][int(g)] for g in rng.integers(0, 4, 80)],
    }


@case(edge=True)
def nobody_to_be_found(rng):
    """Group 0 has no outcome of 1: its tpr is left out, its fpr of 1/2 counts."""
    return {
        "y_true": np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0]),
        "y_pred": np.array([1, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
        "sensitive_features": [0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    }


@case(edge=True)
def nobody_to_be_wronged(rng):
    """Group "A" has no outcome of 0: its fpr is left out; the other fprs are 1/2 and 3/4."""
    return {
        "y_true": np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0]),
        "y_pred": np.array([1, 1, 1, 1, 0, 1, 1, 1, 1, 0]),
        "sensitive_features": ["A", "A", "B", "B", "B", "C", "C", "C", "C", "C"],
    }


@case(edge=True)
def only_outcomes_of_one(rng):
    """Nobody has outcome 0, so there is no fpr at all; the tprs are 1 and 1/2."""
    return {
        "y_true": np.array([1, 1, 1, 1]),
        "y_pred": np.array([1, 1, 1, 0]),
        "sensitive_features": ["A", "A", "B", "B"],
    }


@case(edge=True)
def one_group(rng):
    """Everybody is of the same group."""
    return {"y_true": np.array([1, 0, 1]), "y_pred": np.array([1, 1, 0]), "sensitive_features": ["A", "A", "A"]}


@case(edge=True)
def of_one_byte(rng):
    """Outcomes and predictions of type uint8, and groups -3 and 99504."""
    return {
        "y_true": np.array([1, 0, 1, 0, 1, 0, 0], np.uint8),
        "y_pred": np.array([0, 0, 1, 1, 1, 1, 0], np.uint8),
        "sensitive_features": [-3, -3, -3, 99504, 99504, 99504, 99504],
    }


@case(edge=True)
def arguments_that_are_watched(rng):
    """A small example, after which the three arrays have to be as they were."""
    return {
        "y_true": np.array([1, 0, 1, 0]),
        "y_pred": np.array([1, 1, 0, 0]),
        "sensitive_features": {"watched": ["B", "A", "A", "B"]},
    }


@alternative
def counts_person_by_person(y_true, y_pred, *, sensitive_features):
    size, chosen = {}, {}
    for y, p, name in zip(y_true.tolist(), y_pred.tolist(), sensitive_features.tolist(), strict=True):
        size[y, name] = size.get((y, name), 0) + 1
        chosen[y, name] = chosen.get((y, name), 0) + p
    worst = 0.0
    for y, name in size:
        for other, its_name in size:
            if y == other:
                worst = max(worst, chosen[y, name] / size[y, name] - chosen[y, its_name] / size[y, its_name])
    return worst


@alternative
def skips_nan_in_a_table(y_true, y_pred, *, sensitive_features):
    names, place = np.unique(sensitive_features, return_inverse=True)
    table = np.full((2, len(names)), np.nan)
    for outcome in (0, 1):
        of = y_true == outcome
        size = np.bincount(place[of], minlength=len(names))
        chosen = np.bincount(place[of], weights=y_pred[of], minlength=len(names))
        np.divide(chosen, size, out=table[outcome], where=size > 0)
    table = table[~np.isnan(table).all(axis=1)]
    return (np.nanmax(table, axis=1) - np.nanmin(table, axis=1)).max()


@alternative
def takes_the_missed_share(y_true, y_pred, *, sensitive_features):
    # The gap between shares of missed people is that between shares of found ones.
    def gap(outcome):
        shares = []
        for name in dict.fromkeys(sensitive_features.tolist()):
            of = (sensitive_features == name) & (y_true == outcome)
            if of.any():
                shares.append(1 - np.count_nonzero(y_pred[of]) / np.count_nonzero(of))
        return np.ptp(shares) if shares else 0

    return np.maximum(gap(0), gap(1))


def _table(y_true, y_pred, names):
    """tpr and fpr of every group, shape (2, G), nan where there is none."""
    found = np.full((2, len(np.unique(names))), np.nan)
    for row, outcome in enumerate((1, 0)):
        for g, name in enumerate(np.unique(names)):
            of = (names == name) & (y_true == outcome)
            if of.any():
                found[row, g] = np.mean(y_pred[of])
    return found


def _gap(rates):
    known = rates[~np.isnan(rates)]
    return float(np.ptp(known)) if known.size else 0.0


@mistake
def adds_the_gaps(y_true, y_pred, *, sensitive_features):
    """The two gaps were added. Of the two the larger one counts, so that d stays a difference of rates, between 0 and
    1."""
    tpr, fpr = _table(y_true, y_pred, sensitive_features)
    return _gap(tpr) + _gap(fpr)


@mistake
def averages_the_gaps(y_true, y_pred, *, sensitive_features):
    """The mean of the two gaps. A model could be quite unjust to one kind of people and look half as bad; of the two
    gaps the larger one counts."""
    tpr, fpr = _table(y_true, y_pred, sensitive_features)
    return (_gap(tpr) + _gap(fpr)) / 2


@mistake
def forgets_the_false_alarms(y_true, y_pred, *, sensitive_features):
    """Only the gap between the true-positive rates was looked at. That is equal opportunity, half of the matter: the
    people with outcome 0 can be treated differently as well."""
    return _gap(_table(y_true, y_pred, sensitive_features)[0])


@mistake
def forgets_the_found(y_true, y_pred, *, sensitive_features):
    """Only the gap between the false-positive rates was looked at. The people with outcome 1 can be treated differently
    as well."""
    return _gap(_table(y_true, y_pred, sensitive_features)[1])


@mistake
def does_not_look_at_outcomes(y_true, y_pred, *, sensitive_features):
    """The selection rates of the groups were compared, which is demographic parity. Here only people with the same
    outcome are compared with each other."""
    return _gap(np.array([np.mean(y_pred[sensitive_features == name]) for name in np.unique(sensitive_features)]))


@mistake
def divides_by_the_group(y_true, y_pred, *, sensitive_features):
    """Found people and false alarms were divided by the size of the group. A rate among those with outcome 1 is divided
    by the number of those with outcome 1 in the group, and for 0 in the same way."""
    found = []
    for outcome in (1, 0):
        names = np.unique(sensitive_features)
        members = [sensitive_features == name for name in names]
        found.append(np.array([np.mean((y_pred[m] == 1) & (y_true[m] == outcome)) for m in members]))
    return max(map(_gap, found))


@mistake
def counts_among_the_selected(y_true, y_pred, *, sensitive_features):
    """The rates are shares of those who were selected, or of those who were not: how often is the model right when it
    says 1, and wrong when it says 0? The bar in P(yhat = 1 | y = 1) has y on its right."""
    return max(map(_gap, _table(y_pred, y_true, sensitive_features)))


@mistake
def takes_the_smaller_gap(y_true, y_pred, *, sensitive_features):
    """The smaller of the two gaps. A model that is fair to people with outcome 1 and to nobody else would get away with
    it: which of the gaps should count?"""
    return min(map(_gap, _table(y_true, y_pred, sensitive_features)))


@mistake
def lets_an_unknown_rate_spread(y_true, y_pred, *, sensitive_features):
    """Right, unless a group has nobody with outcome 1, or nobody with 0. The mean of nothing is nan, and a nan makes
    everything that it touches nan: leave such a group out of this gap."""
    table = _table(y_true, y_pred, sensitive_features)
    return float(np.max(table.max(axis=1) - table.min(axis=1)))


@mistake
def calls_an_unknown_rate_zero(y_true, y_pred, *, sensitive_features):
    """Right, unless a group has nobody with outcome 1, or nobody with 0. Its rate was taken to be 0, as if all of them
    had been turned away, and this made a gap where there is none."""
    return max(map(_gap, np.nan_to_num(_table(y_true, y_pred, sensitive_features))))


@mistake
def drops_the_whole_group(y_true, y_pred, *, sensitive_features):
    """Right, unless a group has one of the two rates and not the other. It was left out of both gaps, and an injustice
    to it remains unseen: the rate that it has should count."""
    table = _table(y_true, y_pred, sensitive_features)
    return max(map(_gap, table[:, ~np.isnan(table).any(axis=0)]))


@mistake
def turns_the_callers_labels_around(y_true, y_pred, *, sensitive_features):
    """Right, but y_true is no longer what it was: it was changed in place on the way to the false-positive rates. Work
    with a new array, or with a comparison, which makes one."""
    d = max(map(_gap, _table(y_true, y_pred, sensitive_features)))
    y_true ^= 1
    return d


@mistake
def lets_max_meet_a_nan(y_true, y_pred, *, sensitive_features):
    """Right, unless a group has nobody with outcome 1, or nobody with 0. Its rate is nan, and what Python's max and min
    make of a nan depends on where in the list it stands. Leave such a group out of this gap."""
    tpr, fpr = _table(y_true, y_pred, sensitive_features).tolist()
    return max(max(tpr) - min(tpr), max(fpr) - min(fpr))


@mistake
def mixes_both_kinds_of_rate(y_true, y_pred, *, sensitive_features):
    """The tpr of one group was compared with the fpr of another. That those who should be selected are selected more
    often than the others is what a good model does: the two kinds of rate have a gap each."""
    return _gap(_table(y_true, y_pred, sensitive_features))
